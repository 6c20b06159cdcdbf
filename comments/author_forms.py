"""What authors fill in on the page of their own reply."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from comments import identity
from comments.forms import ScriptField, TextForm
from comments.models import Comment
from comments.models.second_look import MAX_WORDS
from comments.reader_form import ReaderForm, WordsField


class ChangeForm(TextForm):
    """Another text for a reply.

    The address of its author is sealed, and whoever holds the status address must not learn by
    trying whether it is this one or that. So an email address can't be added at all.
    """

    seen = ScriptField(longest=40)  # Comment.as_seen; written by the page itself

    def __init__(self, reply: Comment, *args: Any, **kwargs: Any) -> None:
        initial = {"comment": reply.body, "seen": reply.as_seen}
        super().__init__(*args, **{"initial": initial} | kwargs)
        self.reply = reply

    def clean_comment(self) -> str:
        text = super().clean_comment()
        before = identity.addresses_in(f"{self.reply.body}\n{self.reply.body_html}")
        if identity.addresses_in(f"{text}\n{self.readable}") - before:
            raise ValidationError(
                _("An email address can't be added to a reply: it would be public.")
            )
        return text


class SecondLookForm(ReaderForm):
    """Why an author asks for a second look; may be left empty."""

    words = WordsField(longest=MAX_WORDS)
