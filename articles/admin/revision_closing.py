"""Versions whose words readers shall not see: closing, opening again, and erasing them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from articles.admin.collisions import moment
from articles.admin.desk_page import desk_page, draw
from articles.content import content_of, readers_digest
from articles.models import Article, Revision, RevisionDecision
from articles.removed_words import first_held, removed_runs, text_of

TEMPLATE = "admin/articles/revisions/decide.html"


class DecisionForm(forms.Form):
    """Why, and which other versions it is about, too."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
    also = forms.TypedMultipleChoiceField(
        label=gettext_lazy("The same for these versions"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Beside each stands what it says like this version, and the piece no longer does."
        ),
    )

    def __init__(
        self, others: dict[Revision, str], *args: Any, is_checked: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not others:
            del self.fields["also"]
            return
        also = cast(forms.TypedMultipleChoiceField, self.fields["also"])
        also.choices = [(each.number, _label(each, held)) for each, held in others.items()]
        if is_checked:
            also.initial = [each.number for each, held in others.items() if held]


def _label(revision: Revision, held: str) -> str:
    when = f"{revision}, {moment(revision.at)}"
    if not held:
        return when
    words = held.strip(" ,.;:")
    return _("%(when)s – also says “… %(words)s …”") % {"when": when, "words": words}


@dataclass(frozen=True)
class Decision:
    """What is asked of whom, and which verb is called."""

    title: str | Promise
    button: str | Promise
    done: Callable[[int], str]
    reason: str | Promise


CLOSE = Decision(
    title=gettext_lazy("Close version %d to readers"),
    button=gettext_lazy("Close to readers"),
    done=lambda count: ngettext("%d version is closed.", "%d versions are closed.", count),
    reason=gettext_lazy(
        "Readers find it where the version stood. Repeat nothing of what they shall not see."
    ),
)
REOPEN = Decision(
    title=gettext_lazy("Open version %d to readers again"),
    button=gettext_lazy("Open it again"),
    done=lambda count: ngettext("%d version is open again.", "%d versions are open again.", count),
    reason=gettext_lazy("For the desk alone."),
)
ERASE = Decision(
    title=gettext_lazy("Erase version %d"),
    button=gettext_lazy("Erase for good"),
    done=lambda count: ngettext("%d version is erased.", "%d versions are erased.", count),
    reason=CLOSE.reason,
)


def urls(model_admin: ModelAdmin) -> list[URLPattern]:
    route = "revisions/<int:number>"
    return [
        desk_page(model_admin, f"{route}/close/", close_revision, needs="publish"),
        desk_page(model_admin, f"{route}/reopen/", reopen_revision, needs="publish"),
        desk_page(model_admin, f"{route}/erase/", erase_revision),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def close_revision(request: HttpRequest, article: Article, number: int) -> HttpResponse:
    revision = get_object_or_404(article.revisions, number=number)
    seen = article.revisions.defer("content").seen_by_readers()
    pool = [each for each in seen if not each.is_closed]
    verb = RevisionDecision.objects.close
    fits = not revision.is_closed and not _stands(article, revision, is_seen=article.is_public)
    return _decide(request, article, revision, CLOSE, verb, pool=pool, fits=fits)


@require_http_methods(["GET", "HEAD", "POST"])
def reopen_revision(request: HttpRequest, article: Article, number: int) -> HttpResponse:
    revision = get_object_or_404(article.revisions, number=number)
    fits = bool(revision.closed_at) and not revision.erased_at
    verb = RevisionDecision.objects.reopen
    return _decide(request, article, revision, REOPEN, verb, pool=[], fits=fits)


@require_http_methods(["GET", "HEAD", "POST"])
def erase_revision(request: HttpRequest, article: Article, number: int) -> HttpResponse:
    if not request.user.has_perm("articles.erase_revision"):
        raise PermissionDenied
    revision = get_object_or_404(article.revisions, number=number)
    pool = list(article.revisions.filter(erased_at=None).defer("content").order_by("number"))
    fits = not revision.erased_at and not _stands(article, revision, is_seen=True)
    verb = RevisionDecision.objects.erase
    return _decide(request, article, revision, ERASE, verb, pool=pool, fits=fits)


def _stands(article: Article, revision: Revision, *, is_seen: bool) -> bool:
    """Whether the piece reads so now, so that nothing would be gained."""
    return is_seen and revision.digest == readers_digest(content_of(article))


def _decide(
    request: HttpRequest,
    article: Article,
    revision: Revision,
    decision: Decision,
    verb: Callable[..., list[int]],
    *,
    pool: list[Revision],
    fits: bool,
) -> HttpResponse:
    twins = [each for each in pool if each.digest == revision.digest and each != revision]
    others = _others(article, revision, pool) if fits else {}
    # Closing can be undone, so the careful choice is made beforehand. Erasing can't.
    form = DecisionForm(
        others,
        request.POST if request.method == "POST" else None,
        is_checked=decision is CLOSE,
    )
    form.fields["reason"].help_text = str(decision.reason)
    if fits and form.is_valid():
        numbers = [revision.number, *form.cleaned_data.get("also", [])]
        try:
            done = verb(
                article,
                numbers,
                by=request.user,
                reason=form.cleaned_data["reason"],
            )
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, decision.done(len(done)) % len(done))
            compared = reverse("admin:articles_article_compare_revisions", args=[article.pk])
            return redirect(f"{compared}?to={revision.number}")
    return draw(
        request,
        TEMPLATE,
        article,
        str(decision.title) % revision.number,
        status=409 if request.method == "POST" and not fits else 200,
        form=form,
        fits=fits,
        revision=revision,
        twins=twins,
        button=decision.button,
        is_erasing=decision is ERASE,
        is_closing=decision is CLOSE,
        former_slugs=article.former_slugs.all() if decision is ERASE else [],
    )


def _others(article: Article, revision: Revision, pool: list[Revision]) -> dict[Revision, str]:
    """The versions that it may be about, too, with words of it that the piece has no more."""
    now = content_of(article)
    standing = readers_digest(now)
    runs = removed_runs(revision.content, now)
    apart = [each for each in pool if each.digest not in (revision.digest, standing)]
    contents = article.revisions.filter(pk__in=[each.pk for each in apart])
    texts = dict(contents.values_list("pk", "content"))
    return {each: first_held(text_of(texts[each.pk]), runs) for each in apart}
