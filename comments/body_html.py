"""The HTML that a reply may contain, and how it is made of what a reader typed."""

import re
import unicodedata
from html import unescape

from comments.invisible import without_invisible
from newsroom.clean_html import Allowlist, plain_html

MAX_LENGTH = 5000  # characters as typed; cleaning takes more than linear time

ALLOWED = Allowlist(
    tags=frozenset(
        ["p", "br", "a", "b", "strong", "i", "em", "code", "blockquote", "cite", "q", "del"]
    ),
    attributes={"a": frozenset(["href"])},
    schemes=frozenset(["http", "https"]),
    set_attributes={"a": {"rel": "nofollow ugc noopener"}},
)

EMPTY_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def clean(text: str) -> str:
    """HTML of a reply: empty lines part paragraphs, single line ends are kept.

    Raises ValueError for more than MAX_LENGTH characters.
    """
    if len(text) > MAX_LENGTH:
        raise ValueError(f"A reply has at most {MAX_LENGTH} characters.")
    paragraphs = EMPTY_LINES.split(plain_html(text).strip())
    return ALLOWED.clean("".join(f"<p>{part.replace('\n', '<br>')}</p>" for part in paragraphs))


def readable(html: str) -> str:
    """What readers see of `html`, the result of clean(), without its markup."""
    lines = re.sub(r"</?(?:p|br|blockquote)>", "\n", html)
    return unescape(re.sub(r"<[^>]*>", "", lines)).strip()


def is_empty(html: str) -> bool:
    """Whether nothing can be read in `html`, the result of clean()."""
    seen = without_invisible(readable(html))
    return not any(unicodedata.category(letter)[0] in "LNPS" for letter in seen)
