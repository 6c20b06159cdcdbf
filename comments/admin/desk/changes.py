"""What else a moderator does with a reply in the queue: take something out of its text, note
something, answer it, block or trust its sender. Each is a form in the card, or on a page."""

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from comments import body_html
from comments.admin.desk.requests import (
    Outcome,
    answer,
    for_moderators,
    is_from_script,
    moderator,
)
from comments.admin.standings import STANDINGS, StandingForm
from comments.correcting import NotCorrected
from comments.deciding import ChangedMeanwhile
from comments.forms import ReplyTextField
from comments.meanwhile import DecidedMeanwhile, as_seen
from comments.models import Comment, Decision, Standing
from comments.models.decision import MAX_NOTE, Kind
from comments.models.second_look import ForAnotherModerator
from comments.models.standing import SenderForgotten
from comments.posting import Refused
from newsroom.admin_site import site


class Change(forms.Form):
    """One thing that is done with `comment`. `seen` is what the moderator has read of it."""

    heading: Promise
    button: Promise
    seen = forms.RegexField(r"^[a-z]{1,10}\.[0-9]{1,9}$", widget=forms.HiddenInput)

    def __init__(self, comment: Comment, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"seen": comment.as_seen} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs | {"auto_id": "change-%s"})
        self.comment = comment

    @property
    def is_possible(self) -> bool:
        """Whether it makes sense for this reply at all."""
        return not self.comment.is_erased

    def save(self, request: HttpRequest) -> Outcome:
        raise NotImplementedError


class TextForm(Change):
    heading, button = gettext_lazy("Take something out of the text"), gettext_lazy("Save the text")
    text = ReplyTextField(
        label=gettext_lazy("Text"),
        max_length=body_html.MAX_LENGTH,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "For a name or a number that must not be public. Readers see “edited by a moderator”; "
            "the former text is kept for moderators."
        ),
    )

    def __init__(self, comment: Comment, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"text": comment.body}
        super().__init__(comment, *args, **kwargs)

    def save(self, request: HttpRequest) -> Outcome:
        data, by = self.cleaned_data, moderator(request)
        with transaction.atomic():
            if not self.comment.correct(data["text"], by=by, seen=data["seen"]):
                return Outcome(_("The text was so already."))
            made = self.comment.decisions.filter(by=by, kind=Kind.CORRECTED).latest("pk")
        return Outcome(_("The text is saved."), decisions=[made.pk])


class NoteForm(Change):
    heading, button = gettext_lazy("Note for moderators"), gettext_lazy("Save the note")
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=MAX_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Neither readers nor the reply's author see it."),
    )

    def save(self, request: HttpRequest) -> Outcome:
        with transaction.atomic():
            now = Comment.objects.select_for_update().get(pk=self.comment.pk)
            if now.is_erased:
                return Outcome(_("The reply was erased."), "decided")
            made = Decision.objects.record(
                now,
                by=moderator(request),
                from_status=now.status,
                to=now.status,
                note=self.cleaned_data["note"],
                kind=Kind.NOTED,
            )
        return Outcome(_("The note is saved."), decisions=[made.pk])


class AnswerForm(Change):
    heading = gettext_lazy("Answer as the newsroom")
    text = ReplyTextField(
        label=gettext_lazy("Answer"),
        max_length=body_html.MAX_LENGTH,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy(
            "Published at once, under the name of the piece's author where your login is theirs, "
            "else under that of the site. Your own name is kept in the log."
        ),
    )

    @property
    def button(self) -> str:  # type: ignore[override]  # it depends on the reply
        if self.comment.is_held:
            return _("Approve the reply and publish the answer")
        return _("Publish the answer")

    @property
    def is_possible(self) -> bool:
        return not self.comment.is_refused and super().is_possible

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if body_html.is_empty(body_html.clean(text)):
            raise forms.ValidationError(_("Please write your comment."))
        return text

    def save(self, request: HttpRequest) -> Outcome:
        """The reply and its answer are let out together, or not at all."""
        if not request.user.has_perm("comments.answer_comment"):
            raise PermissionDenied
        by = moderator(request)
        with transaction.atomic():
            now, made = as_seen(self.comment, self.cleaned_data["seen"]), list[Decision]()
            if now.is_held and now.approve(by=by):
                made.append(now.decisions.latest("pk"))
            text = self.cleaned_data["text"]
            answered = Comment.objects.answer(now.article, parent=now, text=text, by=by)
            made.append(answered.decisions.latest("pk"))
        told = _("Your answer is published, as %(name)s.") % {"name": answered.name}
        return Outcome(told, decisions=[each.pk for each in made])


class SenderForm(Change, StandingForm):
    heading, button = gettext_lazy("The sender of this reply"), gettext_lazy("Save")
    field_order = ("standing", "days", "reason", "seen")

    def __init__(self, comment: Comment, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"standing": Standing.Kind.BLOCKED}
        super().__init__(comment, *args, **kwargs)
        # To lift a standing is for the page of the sender, where it is seen.
        cast(forms.ChoiceField, self.fields["standing"]).choices = STANDINGS

    @property
    def is_possible(self) -> bool:
        sender = self.comment.commenter
        return sender is not None and sender.fingerprint is not None

    def save(self, request: HttpRequest) -> Outcome:
        kind = Standing.Kind(self.cleaned_data["standing"])
        comment, by = self.comment, moderator(request)
        assert comment.commenter is not None
        try:
            with transaction.atomic():
                is_block = kind == Standing.Kind.BLOCKED
                made = Decision.objects.record(
                    comment,
                    by=by,
                    from_status=comment.status,
                    to=comment.status,
                    kind=Kind.BLOCKED if is_block else Kind.TRUSTED,
                )
                self.apply(comment.commenter, by=by, decision=made)
        except SenderForgotten:
            return Outcome(_("Nothing is left by which the sender could be known."), "refused")
        words = {
            Standing.Kind.BLOCKED: _("The sender of this reply is blocked."),
            Standing.Kind.TRUSTED: _("The sender of this reply is trusted."),
        }
        return Outcome(words[kind], decisions=[made.pk])


def page_of(form_class: type[Change]) -> Callable[..., HttpResponse]:
    @for_moderators
    @require_http_methods(["GET", "HEAD", "POST"])
    def page(request: HttpRequest, number: int) -> HttpResponse:
        replies = Comment.objects.select_related("article__section", "commenter", "parent")
        comment = get_object_or_404(replies, pk=number)
        form = form_class(comment, request.POST if request.method == "POST" else None)
        if form_class is AnswerForm and not request.user.has_perm("comments.answer_comment"):
            raise PermissionDenied
        if not form.is_possible:
            impossible = _("This can't be done with the reply as it is now.")
            return answer(request, Outcome(impossible, "decided"), comment)
        if request.method == "POST" and form.is_valid():
            try:
                return answer(request, form.save(request), comment)
            except (NotCorrected, Refused, DecidedMeanwhile, ForAnotherModerator) as refusal:
                form.add_error(None, str(refusal))
            except ChangedMeanwhile:
                form.add_error(None, _("The reply has another text by now: please read it again."))
        return _draw(request, form)

    return page


def _draw(request: HttpRequest, form: Change) -> HttpResponse:
    context = {"form": form, "comment": form.comment, "address": request.get_full_path()}
    status = 422 if form.errors else 200
    if is_from_script(request):
        return TemplateResponse(
            request, "admin/comments/queue/_change.html", context, status=status
        )
    context |= site.each_context(request) | {"title": form.heading}
    return TemplateResponse(request, "admin/comments/queue/change.html", context, status=status)


for _name, _form in {
    "text": TextForm,
    "note": NoteForm,
    "answer": AnswerForm,
    "sender": SenderForm,
}.items():
    site.add_page(
        f"comments/queue/<int:number>/{_name}/", page_of(_form), name=f"comments_queue_{_name}"
    )
