import re
from typing import TYPE_CHECKING, Any

from django.db import models

from newsroom.clean_html import CONTROLS

if TYPE_CHECKING:
    CharField = models.CharField[str, str]
else:
    CharField = models.CharField

NOT_IN_A_LINE = re.compile(f"{CONTROLS.pattern}|[\t\n\u2028\u2029]")


class LineField(CharField):
    """A line of text: control characters and line ends are taken for spaces.

    They come with what is pasted from word processors, and no feed and no valid page can hold
    them.
    """

    def to_python(self, value: Any) -> Any:
        """Asked by forms, before they look for doubles, and for all that goes to the database."""
        text = super().to_python(value)
        return text if text is None else NOT_IN_A_LINE.sub(" ", text)

    def deconstruct(self) -> Any:
        """In the database, and so to migrations, it is what it is made of."""
        name, _, positional, keywords = super().deconstruct()
        return name, "django.db.models.CharField", positional, keywords
