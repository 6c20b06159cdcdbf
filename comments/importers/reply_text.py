"""What a reply of WordPress says, and by whom, as it can stand here; and what was changed of it."""

import re
import unicodedata
from collections.abc import Callable
from hashlib import sha256
from html import unescape

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from comments import body_html, identity
from comments.invisible import FILLERS, without_invisible
from comments.normalising import JOINER_IN_PLACE, normalised
from newsroom.clean_html import plain

type Changed = Callable[[str], object]  # is told each change, as a sentence

TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)\b[^>]*>", re.IGNORECASE)
WITH_ALL_IN_IT = re.compile(r"<(script|style)\b.*?(?:</\1\s*>|\Z)", re.IGNORECASE | re.DOTALL)
COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
SPELLED_OTHERWISE = {"s": "del", "strike": "del"}
# They stand on lines of their own; of a line here, nothing but the text is left.
BLOCKS = frozenset(
    [
        *("address", "article", "dd", "div", "dl", "dt", "figure", "h1", "h2", "h3", "h4", "h5"),
        *("h6", "hr", "li", "ol", "pre", "section", "table", "tr", "ul"),
    ]
)
# What says nothing by itself: nothing is lost with it.
PLAIN = frozenset(
    [
        *("abbr", "acronym", "bdi", "bdo", "big", "center", "font", "ins", "kbd", "mark", "small"),
        *("span", "sub", "sup", "tt", "u"),
    ]
)
PIECE_OR_TAG = re.compile(r"<[^>]*>|\s+|[^<\s]+|<")
LONGEST_PART = 4500  # characters that are cleaned at once, fewer than a reply may have


def text_of(text: str, *, email: str, changed: Changed) -> str:
    """As its author would have typed it here."""
    text = WITH_ALL_IN_IT.sub("", COMMENT.sub("", text))
    if email and email.lower() in text.lower():
        text = re.sub(re.escape(email), "…", text, flags=re.IGNORECASE)
        changed(_("The address of its sender stood in the text and was taken out."))
    lost: set[str] = set()

    def spelled(match: re.Match[str]) -> str:
        closes, name = match[1], match[2].lower()
        if name in body_html.ALLOWED.tags:
            return match[0]
        if name in SPELLED_OTHERWISE:
            return f"<{closes}{SPELLED_OTHERWISE[name]}>"
        if name in BLOCKS:
            return "\n"
        if name not in PLAIN:
            lost.add(name)
        return ""

    text = TAG.sub(spelled, text)
    if lost:
        names = ", ".join(sorted(lost))
        changed(_("Left out of its text: %(tags)s") % {"tags": names})
    return normalised(text).strip()


def html_of(text: str, *, changed: Changed) -> str:
    """Clean, and whole, however long it is: what is longer than a reply can be is cleaned in parts.
    Emphasis that reaches over the end of a part ends there."""
    if len(text) <= body_html.MAX_LENGTH:
        return body_html.clean(text)
    changed(_("It is longer than replies may be here, and was kept whole."))
    return "".join(map(body_html.clean, _parts(text)))


def _parts(text: str) -> list[str]:
    """Parted between words, where there are any, and outside of tags."""
    parts = [""]
    for piece in PIECE_OR_TAG.findall(text):
        if piece.startswith("<") and len(piece) > LONGEST_PART:
            continue  # a tag of that length is none
        for begin in range(0, len(piece), LONGEST_PART):
            some = piece[begin : begin + LONGEST_PART]
            if len(parts[-1]) + len(some) > LONGEST_PART:
                parts.append("")
            parts[-1] += some
    return [part for part in parts if part.strip()]


def digest_of(text: str) -> str:
    """By which the same words are known again: that of posting.Draft."""
    words = unicodedata.normalize("NFKC", text).casefold().split()
    return sha256(" ".join(words).encode()).hexdigest()


def name_of(name: str, *, changed: Changed) -> str:
    """A name that a reply may have here; “Reader” where nothing is left of it."""
    name = " ".join(plain(unescape(name)).split())
    if identity.holds_an_address(name):
        changed(_("Its name was an email address, and is not shown."))
        return _("Reader")
    try:
        return identity.clean_name(name)
    except ValidationError:
        mended = _mended(name)
    try:
        mended = identity.clean_name(mended)
    except ValidationError:
        mended = _("Reader")
    if name:
        changed(_("Its name was changed to one that can be shown."))
    else:
        changed(_("It has no name."))
    return mended


def _mended(name: str) -> str:
    """Without what cannot be seen, and not too long."""
    name = FILLERS.sub("", unicodedata.normalize("NFKC", without_invisible(name)))
    seen = "".join(
        each if unicodedata.category(each)[0] not in "CZ" or JOINER_IN_PLACE.match(each) else " "
        for each in name
    )
    if identity.TOWER.search("".join(map(unicodedata.category, seen))):
        seen = "".join(each for each in seen if unicodedata.category(each) not in {"Mn", "Me"})
    return " ".join(seen.split())[: identity.MAX_NAME].strip()


def website_of(website: str, *, changed: Changed) -> str:
    """The address of a public page; empty for anything else."""
    website = unescape(website).strip()
    if website.lower() in {"", "http://", "https://"}:
        return ""
    try:
        cleaned = identity.clean_website(website)
    except ValidationError:
        cleaned = ""
    if not cleaned or identity.holds_an_address(cleaned):
        changed(_("Its website is no address of a public page, and was left out."))
        return ""
    return cleaned
