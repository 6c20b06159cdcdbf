from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from newsroom.site import without_site


@without_site
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the process answers. It asks nothing else, the database neither."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})
