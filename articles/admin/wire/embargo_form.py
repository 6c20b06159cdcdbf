from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.admin.times import SiteTimeField, SiteTimeWidget


class EmbargoForm(forms.Form):
    """What a person makes of an embargo that nobody could read. `until` is None: there is none."""

    kind = forms.ChoiceField(
        label=_("What the agency means"),
        choices=[("none", _("There is no embargo.")), ("until", _("There is one, until:"))],
        widget=forms.RadioSelect,
    )
    until = SiteTimeField(label=_("Embargo until"), required=False, widget=SiteTimeWidget)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        until: datetime | None = found.get("until")
        if found.get("kind") == "none":
            found["until"] = None
        elif found.get("kind") == "until" and "until" not in self.errors:
            if until is None:
                self.add_error("until", ValidationError(_("Enter both a date and a time.")))
            elif until <= timezone.now():
                self.add_error("until", ValidationError(_("This moment has passed.")))
        return found
