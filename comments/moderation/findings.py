"""What rules look at, and what they say of it."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Severity(models.IntegerChoices):
    """What a finding asks for; of several the gravest counts."""

    NOTE = 1, _("note")
    HOLD = 2, _("hold")


@dataclass(frozen=True)
class Submission:
    """A reply as it came in, before anything is decided of it."""

    name: str
    website: str
    text: str
    trap: str  # what stood in the field that people do not see
    seconds_taken: float | None  # from the drawing of the form to its sending; None: not known
    approved_before: int  # replies of this sender
    rejected_before: int


@dataclass(frozen=True)
class Finding:
    """What one rule saw. `span` is the part of the text it is about, as start and end."""

    rule: str
    severity: Severity
    reason: str
    span: tuple[int, int] | None = None
