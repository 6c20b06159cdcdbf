"""The fields of one line that a wire gives to its piece, each by the name of the piece's field."""

from typing import Any

from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from articles.models import Article, WireVersion

# What a comparison lets a person choose, in the order of the page.
LABELS: dict[str, str | Promise] = {
    "headline": _("headline"),
    "standfirst": _("standfirst"),
    "dateline": _("dateline"),
    "credit_line": _("credit line"),
}
_OF_A_WIRE = {"credit_line": "credit"}


def lines_of_wire(version: WireVersion) -> dict[str, str]:
    """As long as the fields of a piece may be."""
    return {name: shortened(name, getattr(version, _OF_A_WIRE.get(name, name))) for name in LABELS}


def lines_of_piece(article: Article) -> dict[str, str]:
    return {name: getattr(article, name) for name in LABELS}


def shortened(name: str, text: str) -> str:
    field: Any = Article._meta.get_field(name)
    return Truncator(" ".join(text.split())).chars(field.max_length)
