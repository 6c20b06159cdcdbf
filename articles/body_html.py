"""The HTML that the body of a piece or of a standing page may contain."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext_lazy as _

from articles.tidy_html import tidy
from articles.tidy_rules import ADDRESS, PICTURE, RECORDING, SPAN
from newsroom.clean_html import Allowlist, plain_html

MAX_LENGTH = 100_000  # characters of HTML; cleaning takes more than linear time

CELL = frozenset(["colspan", "rowspan"])
PLAYER = frozenset(["controls", "preload", "src"])
NOTHING, PRELOAD = re.compile(""), re.compile("metadata")
ALLOWED = Allowlist(
    tags=frozenset(
        [
            *("p", "br", "h2", "h3", "strong", "em", "a", "ul", "ol", "li", "blockquote", "cite"),
            *("hr", "figure", "img", "figcaption", "small", "table", "thead", "tbody", "tr", "th"),
            *("td", "aside", "audio", "video"),
        ]
    ),
    attributes={
        "a": frozenset(["href"]),
        "img": frozenset(["src", "alt"]),
        "audio": PLAYER,
        "video": PLAYER | {"poster"},
        "th": CELL,
        "td": CELL,
    },
    schemes=frozenset(["http", "https", "mailto"]),
    values={
        "a": {"href": ADDRESS},
        "img": {"src": PICTURE},
        "audio": {"src": RECORDING, "controls": NOTHING, "preload": PRELOAD},
        "video": {"src": RECORDING, "controls": NOTHING, "preload": PRELOAD, "poster": PICTURE},
        "th": dict.fromkeys(CELL, SPAN),
        "td": dict.fromkeys(CELL, SPAN),
    },
)

# A paste from a word processor brings style sheets, whose text bleach would leave standing.
CODE = re.compile(r"<(script|style)\b.*?(</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)


def clean(html: str) -> str:
    """The part of `html` that a body may contain, in the form in which bodies are kept.

    Raises ValidationError for more than MAX_LENGTH characters.
    """
    _check_length(html)
    cleaned = ALLOWED.clean(tidy(CODE.sub("", plain_html(html))))
    _check_length(cleaned)  # "<" has grown to "&lt;"
    return cleaned


def _check_length(html: str) -> None:
    if len(html) > MAX_LENGTH:
        raise ValidationError(_("A text can't be longer than 100,000 characters."))


class Cleaned(str):
    """What clean() gave, on its way to the database."""

    __slots__ = ()


class BodyField(models.TextField):
    """Text that is cleaned whenever it is written, whoever writes it and however.

    Forms clean it as well, and so tell what is too long.
    """

    def to_python(self, value: Any) -> Any:
        return clean(value) if isinstance(value, str) else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        html = clean(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, html)
        return Cleaned(html)

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """The last door: QuerySet.update(), bulk_update() and fixtures come by here alone."""
        if isinstance(value, str):
            value = str(value) if isinstance(value, Cleaned) else clean(value)
        return super().get_db_prep_save(value, connection)
