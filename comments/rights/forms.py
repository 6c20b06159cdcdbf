from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class AskForm(forms.Form):
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
    error_css_class = "has-error"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "%s", "label_suffix": ""} | kwargs)

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("subject"):
            self.data = {name: self.data[name] for name in self.data} | {"subject": ""}
            self.add_error(
                None, _("Something was filled in that people don't see. Please send this again.")
            )
        return self.cleaned_data
