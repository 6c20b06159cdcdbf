"""What is written in a letter and in its answer."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from comments.models.letter import MAX_LENGTH
from comments.reader_form import ReaderForm
from newsroom.clean_html import plain


class PlainTextField(forms.CharField):
    """Lines of text without control characters; a line end is one character."""

    widget = forms.Textarea(attrs={"rows": 10})

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MAX_LENGTH, strip=True, **options)

    def to_python(self, value: Any) -> str | None:
        return super().to_python(plain(str(value)) if value else value)


class LetterForm(forms.Form):
    """The newsroom's."""

    text = PlainTextField(
        label=_("Letter"),
        help_text=_("Its reader sees the name of the site, not yours, unless you sign."),
        error_messages={"required": _("Please write your letter.")},
    )


class AnswerForm(ReaderForm):
    """The reader's."""

    answer = PlainTextField(
        label=_("Your answer"), error_messages={"required": _("Please write your answer.")}
    )

    def clean_answer(self) -> str:
        answer: str = self.cleaned_data["answer"]
        if not any(letter.isprintable() and not letter.isspace() for letter in answer):
            raise ValidationError(self.fields["answer"].error_messages["required"], "required")
        return answer
