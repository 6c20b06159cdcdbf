"""The HTML that a reply may contain, and how it is made of what a reader typed."""

import re
import unicodedata
from html import unescape

from comments.invisible import without_invisible
from comments.linking import linked
from comments.normalising import normalised_html
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
PARAGRAPH = re.compile(r"<(?:p|blockquote)[ >/]", re.IGNORECASE)
# An address between angle brackets, as in mails, which a parser takes for a tag.
BRACKETED = re.compile(r"<(https?://[^\s<>]*)>", re.IGNORECASE)
ROUNDS = 4


def clean(text: str) -> str:
    """HTML of a reply: empty lines part paragraphs, single line ends are kept, bare addresses
    become links, what cannot be seen goes. Cleaning the result again changes nothing.

    What passed the gates once is sure to have the tags that it seems to have, so that its text
    can be told from its markup and be changed. Whatever is changed passes the gates again.
    Raises ValueError for more than MAX_LENGTH characters.
    """
    if len(text) > MAX_LENGTH:
        raise ValueError(f"A reply has at most {MAX_LENGTH} characters.")
    draft = _in_paragraphs(BRACKETED.sub(r"&lt;\1&gt;", plain_html(text)).strip())
    for _round in range(ROUNDS):
        html = ALLOWED.clean(draft)
        draft = _in_paragraphs(linked(normalised_html(html)).replace("<p></p>", ""))
        if draft == html:
            break
    return html


def _in_paragraphs(text: str) -> str:
    return "".join(
        part if PARAGRAPH.match(part) else f"<p>{part}</p>"
        for part in EMPTY_LINES.split(text)
        if part
    ).replace("\n", "<br>")


def readable(html: str) -> str:
    """What readers see of `html`, the result of clean(), without its markup."""
    lines = re.sub(r"</?(?:p|br|blockquote)>", "\n", html)
    return unescape(re.sub(r"<[^>]*>", "", lines)).strip()


def is_empty(html: str) -> bool:
    """Whether nothing can be read in `html`, the result of clean()."""
    seen = without_invisible(readable(html))
    return not any(unicodedata.category(letter)[0] in "LNPS" for letter in seen)
