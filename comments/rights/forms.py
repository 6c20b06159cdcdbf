from typing import Any

from django.utils.translation import gettext_lazy as _

from comments.reader_form import AddressField, ReaderForm, TrapField


class AskForm(ReaderForm):
    """One's address, and a field that people do not see."""

    email = AddressField()
    subject = TrapField()

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("subject"):
            # An error, which a person reads whose browser filled it in, and not silence.
            self.empty("subject")
            self.add_error(
                None, _("Something was filled in that people don't see. Please send this again.")
            )
        return self.cleaned_data
