"""What readers fill in to report a reply."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comments.forms import ScriptField
from comments.models import Report
from comments.models.report import MAX_WORDS
from comments.reader_form import ReaderForm, TrapField, WordsField


class ReportForm(ReaderForm):
    """What is wrong with a reply, and, as its reader likes, in their own words."""

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=Report.Reason,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose what is wrong with it.")},
    )
    words = WordsField(longest=MAX_WORDS)
    subject = TrapField()
    proof = ScriptField(longest=400)  # tokens of earlier replies, parted by spaces

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("subject"):
            # An error, which a person reads whose browser filled it in, and not silence.
            self.empty("subject")
            self.add_error(
                None, _("Something was filled in that people don't see. Please send this again.")
            )
        if data.get("reason") == Report.Reason.OTHER and data.get("words") == "":
            self.add_error("words", _("Please say in your own words what is wrong."))
        return data
