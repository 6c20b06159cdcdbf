"""The HTML that the body of a piece or of a standing page may contain."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from newsroom.clean_html import Allowlist, plain_html

MAX_LENGTH = 100_000  # characters of HTML; cleaning takes more than linear time

ALLOWED = Allowlist(
    tags=frozenset(
        ["p", "br", "h2", "h3", "strong", "em", "a", "ul", "ol", "li", "blockquote", "cite", "hr"]
    ),
    attributes={"a": frozenset(["href"])},
    schemes=frozenset(["http", "https", "mailto"]),
)

# What the editor in the admin offers: the same, in the names of its parts.
EDITOR = {
    "extensions": {
        "Bold": True,
        "Italic": True,
        "Heading": {"levels": [2, 3]},
        "BulletList": True,
        "OrderedList": True,
        "ListItem": True,
        "Blockquote": True,
        "HorizontalRule": True,
        "HardBreak": True,
        "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    }
}

# A paste from a word processor brings style sheets, whose text bleach would leave standing.
CODE = re.compile(r"<(script|style)\b.*?(</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)


def clean(html: str) -> str:
    """The part of `html` that a body may contain.

    Raises ValidationError for more than MAX_LENGTH characters.
    """
    if len(html) > MAX_LENGTH:
        raise ValidationError(_("A text can't be longer than 100,000 characters."))
    return ALLOWED.clean(CODE.sub("", plain_html(html)))


class BodyField(models.TextField):
    """Text that is cleaned whenever it is written, whoever writes it.

    Forms clean it as well, and so tell what is too long.
    """

    def to_python(self, value: Any) -> Any:
        return clean(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        html = clean(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, html)
        return html
