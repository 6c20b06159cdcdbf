"""The pages of a reader's rights. The session plays no part, and nothing here sets a cookie."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.core.paginator import Paginator
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from comments.models import Comment, Commenter, DataRequest, TooManyRequests
from comments.network import network_of
from comments.rights import record
from comments.rights.forms import AskForm
from comments.rights.links import LASTS, BadLink, Expired, data_url, sender_of
from newsroom.private_pages import private
from newsroom.same_origin import proof_in_address
from newsroom.see_other import SeeOther

ON_ONE_PAGE = 20  # replies
BY_ITS_AUTHOR = "erased_by_its_author"  # stands in the log as a rule does

type Page = Callable[Concatenate[HttpRequest, Commenter, str, ...], HttpResponse]


@csrf_exempt
@sensitive_post_parameters("email")
@sensitive_variables("form")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """Take an address: 303 to a page that says the same of every address; 422 for what is none.

    Nobody is asked here whether the address is known: the mail worker finds out.
    """
    if request.method != "POST":
        return _draw_form(request, AskForm())
    form = AskForm(request.POST)
    if not form.is_valid():
        return _draw_form(request, form, status=422)
    try:
        DataRequest.objects.take(form.cleaned_data["email"], network=network_of(request))
    except TooManyRequests as refusal:
        form.add_error(None, str(refusal))
        return _draw_form(request, form, status=429, retry="60")
    except OperationalError:
        # The database is locked or full, and reading may still work.
        form.add_error(None, _("We can't take this just now. Please send it again later."))
        return _draw_form(request, form, status=503, retry="30")
    return SeeOther(reverse("comments:data_asked"))


def _draw_form(
    request: HttpRequest, form: AskForm, *, status: int = 200, retry: str = ""
) -> HttpResponse:
    response = render(request, "comments/your_data/ask.html", {"form": form}, status=status)
    if retry:
        response.headers["Retry-After"] = retry
    return response


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    hours = int(LASTS.total_seconds() // 3600)
    return render(request, "comments/your_data/asked.html", {"hours": hours})


@require_safe
def erased(request: HttpRequest) -> HttpResponse:
    return render(request, "comments/your_data/erased.html")


def page_of_a_sender(view: Page) -> Callable[..., HttpResponse]:
    """`view` of the sender whose token stands in the address: 410 for one that has expired, 404
    for one that this site has not made.
    """

    @proof_in_address
    @private
    @wraps(view)
    def page(request: HttpRequest, token: str, **arguments: int) -> HttpResponse:
        try:
            return view(request, sender_of(token), token, **arguments)
        except BadLink:
            raise Http404 from None
        except Expired:
            return render(request, "comments/your_data/expired.html", status=410)

    return page


@page_of_a_sender
@require_safe
def data(request: HttpRequest, sender: Commenter, token: str) -> HttpResponse:
    """All that is kept of the sender."""
    replies = Paginator(record.replies_of(sender), ON_ONE_PAGE)
    context = {
        "token": token,
        "sender": sender,
        "page": replies.get_page(request.GET.get("page")),
        "count": replies.count,
        "standings": record.standings_of(sender),
        "reports": record.reports_of(sender),
        "subscriptions": sender.subscriptions.not_ended().select_related("article").order_by("pk"),
        "mails_sent": sender.mails.filter(sent_at__isnull=False).count(),
        "kept_until": record.kept_until(sender),
    }
    return render(request, "comments/your_data/data.html", context)


@page_of_a_sender
@require_safe
def download(request: HttpRequest, sender: Commenter, token: str) -> HttpResponse:
    return JsonResponse(
        record.as_json(sender),
        json_dumps_params={"ensure_ascii": False, "indent": 2},
        headers={"Content-Disposition": 'attachment; filename="your-data.json"'},
    )


@page_of_a_sender
@require_http_methods(["GET", "HEAD", "POST"])
def erase_all(request: HttpRequest, sender: Commenter, token: str) -> HttpResponse:
    """Ask, and erase all replies and the sender when it is confirmed."""
    if request.method == "POST":
        return _erase(request, lambda: sender.erase(rule=BY_ITS_AUTHOR), token)
    return _confirm(request, token, count=Comment.objects.filter(commenter=sender).count())


@page_of_a_sender
@require_http_methods(["GET", "HEAD", "POST"])
def erase_one(request: HttpRequest, sender: Commenter, token: str, number: int) -> HttpResponse:
    """Ask, and erase one reply of the sender when it is confirmed."""
    comment = get_object_or_404(record.replies_of(sender), pk=number)
    if request.method == "POST":
        return _erase(request, lambda: comment.erase(rule=BY_ITS_AUTHOR), token)
    return _confirm(request, token, comment=comment)


def _confirm(
    request: HttpRequest, token: str, *, comment: Comment | None = None, count: int = 1
) -> HttpResponse:
    context = {"token": token, "comment": comment, "count": count}
    return render(request, "comments/your_data/erase.html", context)


def _erase(request: HttpRequest, erase: Callable[[], object], token: str) -> HttpResponse:
    try:
        erase()
    except OperationalError:
        response = render(request, "comments/your_data/not_erased.html", status=503)
        response.headers["Retry-After"] = "30"
        return response
    try:
        sender_of(token)
    except Expired:
        return SeeOther(reverse("comments:data_erased"))
    return SeeOther(data_url(token))
