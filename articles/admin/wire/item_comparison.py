"""The wire as it was taken, our text and the newest wire beside each other, to choose from.

What the form was drawn from, our version and the wire's, comes back with it. Where either has
moved on, nothing is saved: the page is drawn again from what there is now, with the choices that
still apply. It works without any script: each button sends the whole form.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.admin.wire.compared import Comparison
from articles.models import Article, Correction, WireEvent, WireItem
from articles.wire import drafts, taking
from newsroom.see_other import SeeOther

MOVED_ON = _(
    "The piece or the wire has changed while you were choosing. Nothing was saved: look at what "
    "there is now. Your choices are kept wherever the texts are still the same."
)


class CorrectionForm(forms.Form):
    """Whether readers are told, and in which words."""

    tells = forms.BooleanField(label=_("Tell readers of the correction"), required=False)
    text = forms.CharField(
        label=_("Correction"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What stood there, and what is right. It stands at the top of the piece."),
    )

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("tells") and not found.get("text", "").strip():
            self.add_error("text", ValidationError(_("Say what was wrong and what is right.")))
        return found


def comparison_page(request: HttpRequest, item: WireItem, around: dict[str, Any]) -> HttpResponse:
    """GET draws it. POST previews (200), saves or keeps ours (303), or draws it again with what is
    missing (422) or has moved on (409)."""
    with transaction.atomic():
        current = _read(item, is_locked=request.method == "POST")
        if not current.needs_person or current.article is None or not has_text(current):
            messages.info(request, gettext("Nothing waits to be compared."))
            return _to_item(item)
        if request.method == "POST":
            return _decide(request, current, around)
    comparison = Comparison.of(current, {})
    return _draw(request, comparison, around, form=_form(request, comparison))


def has_text(item: WireItem) -> bool:
    """Whether there is one to compare with. A kill has none, and must not blank ours."""
    return bool(not item.is_killed and item.newest and item.newest.body)


def _read(item: WireItem, *, is_locked: bool) -> WireItem:
    """With the three texts. Locked, nobody changes them while the outcome is saved."""
    items = WireItem.objects.select_related("newest", "taken_version").defer(
        *("search_text", "newest__original", "taken_version__original")
    )
    articles = Article.objects.select_related("section", "source").defer("body_html", "desk_notes")
    if is_locked:
        items = items.select_for_update(of=("self",))
        articles = articles.select_for_update(of=("self",))
    current = items.get(pk=item.pk)
    if current.article_id:
        current.article = articles.get(pk=current.article_id)
    return current


def _decide(request: HttpRequest, item: WireItem, around: dict[str, Any]) -> HttpResponse:
    comparison = Comparison.of(item, request.POST)
    form = _form(request, comparison)
    draw = partial(_draw, request, comparison, around, form=form)
    if not comparison.was_drawn_from(request.POST):
        return draw(refused=[MOVED_ON], status=409)
    by = cast(User, request.user)
    if "_keep_ours" in request.POST:
        done = gettext("Our text stays as it is; the new wire is marked as seen.")
        return _do(request, item, draw, lambda: taking.keep_ours(item, by=by), done=done)
    if comparison.undecided:
        return draw(asks=True, status=422)
    if form and not form.is_valid():
        return draw(status=422)
    if "_save" in request.POST:
        done = gettext("Saved: the piece has what you chose.")
        return _do(request, item, draw, lambda: _save(comparison, form, by=by), done=done)
    try:
        return draw(preview={"body_html": comparison.body_html})
    except ValidationError as error:  # a text of both together is too long
        return draw(refused=error.messages, status=422)


def _save(comparison: Comparison, form: CorrectionForm | None, *, by: User) -> None:
    """Raises ValidationError where the piece can't be like that."""
    item = comparison.item
    if comparison.byline is not None:
        drafts.write_byline(comparison.article, comparison.byline)
    taking.accept(item, by=by, body=comparison.body, fields=comparison.fields)
    if form and form.cleaned_data["tells"]:
        article = Article.objects.get(pk=comparison.article.pk)
        text = form.cleaned_data["text"]
        article.correct(by=by, kind=Correction.Kind.CORRECTION, text=text)
        WireEvent.objects.create(
            item=item,
            kind=WireEvent.Kind.CORRECTED,
            version=comparison.newest.number,
            by=by,
            note=text[:300],
        )


def _do(
    request: HttpRequest,
    item: WireItem,
    draw: Callable[..., HttpResponse],
    verb: Callable[[], Any],
    *,
    done: str,
) -> HttpResponse:
    try:
        with transaction.atomic():
            verb()
    except ValidationError as error:
        return draw(refused=error.messages, status=422)
    messages.success(request, done)
    return _to_item(item)


def _form(request: HttpRequest, comparison: Comparison) -> CorrectionForm | None:
    """Of a correction that readers have to be told of; whoever may not publish can't tell them."""
    if not comparison.can_tell_readers or not request.user.has_perm("articles.publish_article"):
        return None
    if request.method == "POST":
        return CorrectionForm(request.POST)
    text = comparison.newest.correction
    return CorrectionForm(initial={"tells": bool(text), "text": text})


def _to_item(item: WireItem) -> SeeOther:
    return SeeOther(reverse("admin:articles_wireitem_change", args=[item.pk]))


def _draw(
    request: HttpRequest,
    comparison: Comparison,
    around: dict[str, Any],
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    return TemplateResponse(
        request,
        "admin/articles/wire/comparison.html",
        around
        | {
            "opts": WireItem._meta,
            "item": comparison.item,
            "article": comparison.article,
            "comparison": comparison,
            "title": gettext("Compare with the new wire"),
        }
        | context,
        status=status,
    )
