"""The pages of one reply that its author alone can open: what became of it, and what they can do.

The signed address is the only proof there is; the session plays no part.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django import forms
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comments.author_forms import ChangeForm, SecondLookForm
from comments.editing import NotChanged
from comments.explanations import explain
from comments.models import Comment
from comments.models.second_look import NotRefused
from comments.status_address import comment_of, comment_sent_with, status_url
from newsroom.language import speaking
from newsroom.primary_keys import is_key
from newsroom.private_pages import private
from newsroom.same_origin import proof_in_address
from newsroom.see_other import SeeOther

MOST_KEY = 64  # characters of the form's key

type Page = Callable[Concatenate[HttpRequest, Comment, ...], HttpResponse]


def page_of_a_reply(view: Page) -> Callable[..., HttpResponse]:
    """`view` of the reply whose token stands in the address, in the language of its piece.

    404 for every other token.
    """

    @proof_in_address
    @sensitive_post_parameters("comment", "words")
    @private
    @wraps(view)
    def page(request: HttpRequest, token: str) -> HttpResponse:
        try:
            comment = comment_of(token)
        except Comment.DoesNotExist:
            raise Http404 from None
        with speaking(comment.article.language):
            return view(request, comment)

    return page


@csrf_exempt  # the key is proof enough, and pages are the same for everybody
@sensitive_post_parameters("key")
@require_POST
@never_cache
def own(request: HttpRequest) -> HttpResponse:
    """Lead the author of a reply that appeared at once to its page: 303, or 404."""
    number, key = request.POST.get("number", ""), request.POST.get("key", "")
    if not is_key(number) or len(key) > MOST_KEY:
        raise Http404
    try:
        comment = comment_sent_with(int(number), key)
    except Comment.DoesNotExist:
        raise Http404 from None
    return SeeOther(status_url(comment), headers={"Referrer-Policy": "no-referrer"})


@page_of_a_reply
@require_safe
def status(request: HttpRequest, comment: Comment) -> HttpResponse:
    return _draw(request, comment)


@page_of_a_reply
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, comment: Comment) -> HttpResponse:
    """Change what it says: 303 to the page of the reply, or 422 with what was typed."""
    if request.method != "POST":
        return redirect(status_url(comment))
    form = ChangeForm(comment, request.POST)
    if not form.is_valid():
        return _draw(request, comment, form, status=422)
    try:
        comment.edit(form.cleaned_data["comment"], seen=form.cleaned_data["seen"])
    except NotChanged as refusal:
        comment = Comment.objects.select_related("article").get(pk=comment.pk)
        return _draw(request, comment, _again(comment, form, str(refusal)), status=422)
    except OperationalError:
        return _not_now(request, comment, form)
    return SeeOther(f"{status_url(comment)}#saved")


@page_of_a_reply
@require_http_methods(["GET", "HEAD", "POST"])
def taking_back(request: HttpRequest, comment: Comment) -> HttpResponse:
    """Asks first, then makes it a tombstone."""
    if request.method == "POST":
        try:
            comment.take_back()
        except NotChanged:
            return _draw(
                request, Comment.objects.get(pk=comment.pk), came_too_late=True, status=422
            )
        except OperationalError:
            as_it_is = {"comment": comment.body, "seen": comment.as_seen}
            return _not_now(request, comment, ChangeForm(comment, as_it_is))
        return SeeOther(status_url(comment))
    if comment.changeable_until is None:
        return redirect(status_url(comment))
    return render(request, "comments/status_taking_back.html", _addresses(comment))


@page_of_a_reply
@require_http_methods(["GET", "HEAD", "POST"])
def second_look(request: HttpRequest, comment: Comment) -> HttpResponse:
    """Ask, once, that another moderator looks at a refused reply."""
    if request.method != "POST":
        return redirect(status_url(comment))
    form = SecondLookForm(request.POST)
    if not form.is_valid():
        return _draw(request, comment, form, status=422)
    try:
        comment.ask_again(form.cleaned_data["words"])
    except NotRefused:
        form.add_error(None, _("Your reply isn't turned down, so there is nothing to look at."))
        return _draw(request, Comment.objects.get(pk=comment.pk), form, status=422)
    except OperationalError:
        return _not_now(request, comment, form)
    return SeeOther(status_url(comment))


def _not_now(request: HttpRequest, comment: Comment, form: forms.Form) -> HttpResponse:
    """The database is locked or full, and reading may still work."""
    form.add_error(None, _("We can't take changes just now. Please send this again later."))
    response = _draw(request, comment, form, status=503)
    response.headers["Retry-After"] = "30"
    return response


def _again(comment: Comment, form: ChangeForm, refusal: str) -> ChangeForm:
    """The same form, for the reply as it is now."""
    data = {"comment": form.data.get("comment", ""), "seen": comment.as_seen}
    again = ChangeForm(comment, data)
    again.add_error(None, refusal)
    return again


def _draw(
    request: HttpRequest,
    comment: Comment,
    form: forms.Form | None = None,
    *,
    came_too_late: bool = False,
    status: int = 200,
) -> HttpResponse:
    """The page of the reply. `form` is the one that was sent back, with its errors."""
    until, look = comment.changeable_until, getattr(comment, "second_look", None)
    may_ask = comment.is_refused and look is None
    change = form if isinstance(form, ChangeForm) else None
    question = form if isinstance(form, SecondLookForm) else None
    return render(
        request,
        "comments/status.html",
        _addresses(comment)
        | {
            "explanation": explain(comment),
            "changeable_until": until,
            "change": change or (ChangeForm(comment) if until else None),
            "look": look,
            "question": question or (SecondLookForm() if may_ask else None),
            "may_ask": may_ask,
            "came_too_late": came_too_late,
        },
        status=status,
    )


def _addresses(comment: Comment) -> dict[str, object]:
    here = status_url(comment)
    return {
        "comment": comment,
        "here": here,
        "text_address": f"{here}text/",
        "taking_back_address": f"{here}taking-back/",
        "second_look_address": f"{here}second-look/",
    }
