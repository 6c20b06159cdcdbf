"""HTML from people, made safe by two parsers that share no code.

bleach cleans first; nh3 (the parser of Servo) cleans what bleach gave, with the same allowlist,
and what nh3 gives is what is stored. Nothing may touch the HTML afterwards. Each app names what
it allows in its own body_html.py.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape

import nh3
from bleach.sanitizer import Cleaner

# C0 and C1 controls but tab and line feed, lone surrogates, the byte order mark, and the two
# non-characters that XML forbids: they would break the feeds.
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
CHARACTER_REFERENCE = re.compile(r"&#(?:[0-9]+|x[0-9a-f]+);?", re.IGNORECASE)


def plain(text: str) -> str:
    """`text` in NFC with line feeds as its only control characters but tabs."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", CONTROLS.sub("", lines))


def plain_html(html: str) -> str:
    """plain(), also without references to control characters such as &#1;.

    The text between tags is normalised by itself: a mark that stands after a tag would become
    one character with its ">", and the tag be lost.
    """
    parts = (plain(part) for part in re.split("([<>])", html))
    return CHARACTER_REFERENCE.sub(
        lambda reference: reference[0] if plain(unescape(reference[0])) else "", "".join(parts)
    )


@dataclass(frozen=True)
class Allowlist:
    """Tags, attributes per tag, URL schemes, and attributes that are set whatever was written.

    An attribute of a tag for which `values` has a pattern must match all of it, or it goes.
    """

    tags: frozenset[str]
    attributes: Mapping[str, frozenset[str]]
    schemes: frozenset[str]
    set_attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, re.Pattern[str]]] = field(default_factory=dict)

    @property
    def _bleach(self) -> Cleaner:
        """A new one each time: it keeps what it reads, and threads would mix their texts up."""
        return Cleaner(
            tags=self.tags,
            attributes=self._allows,
            protocols=self.schemes,
            strip=True,
        )

    @cached_property
    def _nh3(self) -> nh3.Cleaner:
        return nh3.Cleaner(
            tags=set(self.tags),
            attributes={tag: set(names) for tag, names in self.attributes.items()},
            url_schemes=set(self.schemes),
            set_tag_attribute_values={
                tag: dict(values) for tag, values in self.set_attributes.items()
            },
            attribute_filter=lambda tag, name, value: (
                value if self._fits(tag, name, value) else None
            ),
            link_rel=None,
        )

    def _allows(self, tag: str, name: str, value: str) -> bool:
        return name in self.attributes.get(tag, ()) and self._fits(tag, name, value)

    def _fits(self, tag: str, name: str, value: str) -> bool:
        pattern = self.values.get(tag, {}).get(name)
        return pattern is None or pattern.fullmatch(value) is not None

    def clean(self, html: str) -> str:
        """`html`, the result of plain_html(), with what is allowed and nothing else.

        It must be bounded: bleach takes more than linear time.
        """
        return self._nh3.clean(self._bleach.clean(html))
