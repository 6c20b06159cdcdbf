"""What forms that readers fill in have in common."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from comments import identity
from newsroom.clean_html import plain


class ReaderForm(forms.Form):
    """A form of the public pages: each field's name is its id, as browsers know it."""

    error_css_class = "has-error"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "%s", "label_suffix": ""} | kwargs)

    def empty(self, field: str) -> None:
        """Draw `field` without what was sent in it."""
        self.data = {name: self.data[name] for name in self.data} | {field: ""}


class AddressField(forms.EmailField):
    """The reader's own email address."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Email"),
            max_length=254,
            widget=forms.EmailInput(attrs={"autocomplete": "email"}),
            error_messages={
                "required": _("Please give an email address."),
                "invalid": _("Please give an email address like name@example.org."),
            },
        )


class TrapField(forms.CharField):
    """Readers don't see it; programs that fill in forms do, and so does some browsers' autofill."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Leave this field empty"),
            required=False,
            widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
        )


class WordsField(forms.CharField):
    """What a reader tells the moderators; may be left empty."""

    def __init__(self, *, longest: int) -> None:
        super().__init__(
            label=_("What should the moderator know?"),
            max_length=longest,
            required=False,
            widget=forms.Textarea(attrs={"rows": 5}),
            help_text=_("You may leave this empty. It is read by moderators alone."),
        )

    def clean(self, value: Any) -> str:
        words = plain(super().clean(value))
        if identity.addresses_in(words):
            raise ValidationError(
                _("Please leave out email addresses: moderators see none of anybody.")
            )
        return words
