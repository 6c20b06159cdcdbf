from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comments.reader_form import ReaderForm


class AskForm(ReaderForm):
    """One's address, and a field that people do not see."""

    email = forms.EmailField(
        label=_("Email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Please give an email address."),
            "invalid": _("Please give an email address like name@example.org."),
        },
    )
    # Programs that fill in forms fill it in. So does some browsers' autofill: hence the error,
    # which a person reads, and not silence.
    subject = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("subject"):
            self.empty("subject")
            self.add_error(
                None, _("Something was filled in that people don't see. Please send this again.")
            )
        return self.cleaned_data
