"""Where the script of a form sends what was typed, and that it is open still: desk-autosave.js.

A POST holds the fields of the form and `_doing`:

write   keep the fields; `_step` counts the changes, `_same` says that nothing unsaved is in them
bring   the same for a text that a browser kept and whose window the server knows no more;
        `_piece` is the key of the piece, or "new"
stay    the form is open
leave   its window was closed

The answer is JSON: 200 with what the form shows, or a status with the `text` that tells why not,
and `problem`: signed_out, forbidden, unknown, too_long, unreadable. A GET gives a new CSRF token,
for a form whose author has logged in again in another window.
"""

from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from articles.admin.collisions import find_collision, moment
from articles.admin.presence import others_in
from articles.models import Article, WorkingCopy
from articles.models.working_copy import as_window, fields_of

if TYPE_CHECKING:
    from articles.admin.working_copies import KeepsWhatIsTyped


class Refused(Exception):
    """What was sent is not kept: `status`, `problem` and the text for who sent it."""

    def __init__(self, status: int, problem: str, text: str) -> None:
        super().__init__(problem)
        self.status, self.problem, self.text = status, problem, text


def autosave_view(model_admin: "KeepsWhatIsTyped") -> Any:
    """The view. No admin_view(): a script can do nothing with the page for logging in."""

    @never_cache
    @require_http_methods(["GET", "POST"])
    def autosave(request: HttpRequest) -> HttpResponse:
        try:
            if not model_admin.admin_site.has_permission(request):
                raise Refused(401, "signed_out", _("Your session has ended."))
            if request.method == "GET":
                return JsonResponse({"token": get_token(request)})
            with transaction.atomic():
                return JsonResponse(_answer(model_admin, request))
        except Refused as refused:
            told = {"problem": refused.problem, "text": refused.text}
            return JsonResponse(told, status=refused.status)

    return autosave


def _answer(model_admin: "KeepsWhatIsTyped", request: HttpRequest) -> dict[str, Any]:
    by, doing = cast(User, request.user), request.POST.get("_doing")
    if doing == "bring":
        copy = WorkingCopy.objects.begin(_piece(request), by=by)
    else:
        copy = _window(request, by)
    if doing == "leave":
        copy.leave()
        return {}
    _check(model_admin, request, copy.article)
    if doing in {"write", "bring"}:
        _keep(request, copy)
    elif doing != "stay":
        raise Refused(400, "unreadable", _("This request can't be understood."))
    if doing == "bring" or "_leaving" in request.POST:
        copy.leave()
    else:
        copy.see(reports=True)
    return {"kept": moment(timezone.now())} | _happened(request, copy)


def _window(request: HttpRequest, by: User) -> WorkingCopy:
    window = as_window(request.POST.get("window", ""))
    copy = (
        WorkingCopy.objects.select_for_update(of=("self",))
        .select_related("article", "by")
        .filter(window=window, by=by)
        .first()
    )
    if copy is None:
        raise Refused(
            404,
            "unknown",
            _("This form was saved or thrown away in the meantime. Open the piece again."),
        )
    return copy


def _piece(request: HttpRequest) -> Article | None:
    key = request.POST.get("_piece", "")
    if key == "new":
        return None
    is_number = key.isascii() and key.isdigit() and len(key) < 18
    article = Article.objects.filter(pk=int(key)).first() if is_number else None
    if article is None:
        raise Refused(404, "unknown", _("This piece is no more."))
    return article


def _check(model_admin: "KeepsWhatIsTyped", request: HttpRequest, article: Article | None) -> None:
    if not model_admin.may_write(request, article):
        text = _("You may not change this piece.")
        if article and article.status not in {Article.Status.DRAFT, Article.Status.IN_REVIEW}:
            label = article.get_status_display()
            text = _("The piece is %s now, and you may no longer change it.") % label
        raise Refused(403, "forbidden", text)


def _keep(request: HttpRequest, copy: WorkingCopy) -> None:
    step = request.POST.get("_step", "")
    if not (step.isascii() and step.isdigit() and len(step) < 9):
        raise Refused(400, "unreadable", _("This request can't be understood."))
    try:
        fields = {} if "_same" in request.POST else fields_of(request.POST.lists())
    except ValidationError as error:
        raise Refused(413, "too_long", " ".join(error.messages)) from None
    copy.keep(fields, step=int(step))


def _happened(request: HttpRequest, copy: WorkingCopy) -> dict[str, Any]:
    """Who else is at work, and what was saved since the form was opened."""
    article, user = copy.article, cast(User, request.user)
    if article is None:
        return {"others": [], "newer": ""}
    opened = request.POST.get("opened", str(copy.based_on))
    collision = find_collision(article, opened)
    newer = ""
    if collision:
        told = collision.told(user)[-1:]
        newer = " ".join([*told, _("Yours is kept; saving will show you both.")])
    return {"others": others_in(article, user, copy), "newer": newer}
