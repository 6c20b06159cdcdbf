"""How a reply would look, for its author while it is written."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from articles.addresses import piece_at
from comments.forms import TextForm
from newsroom.language import speaking
from newsroom.same_origin import Sender, sender


@csrf_exempt
@sensitive_post_parameters("comment")
@require_POST
@never_cache
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The clean HTML that the reply `comment` to a piece would become; 422 with the reason, as
    plain text, where its text would be refused. Nothing but the text is read, nothing is stored.

    There is no token on the page: only scripts of this site ask, and their browsers say so.
    """
    if sender(request) is not Sender.THIS_SITE:
        raise PermissionDenied("This is for the pages of this site.")
    with speaking(piece_at(slug).language):
        form = TextForm({"comment": request.POST.get("comment", "")})
        if form.is_valid():
            response = HttpResponse(form.html)
        else:
            reasons = "\n".join(map(str, form.errors["comment"]))
            response = HttpResponse(reasons, content_type="text/plain; charset=utf-8", status=422)
    response.headers["X-Robots-Tag"] = "noindex"
    return response
