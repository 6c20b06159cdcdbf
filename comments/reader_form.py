from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


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
