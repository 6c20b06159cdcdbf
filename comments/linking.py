"""Bare addresses in a reply become links."""

import re
import unicodedata
from html import escape, unescape

from django.core.exceptions import ValidationError

from comments.identity import web_address
from comments.normalising import TAG, as_html

# Nothing is linked within these: it is a link already, or an example.
LEFT_ALONE = re.compile("<(/?)(?:a|code)[ >]")

# A host in any script. After it letters of scripts that put spaces between words: in the others
# ("https://example.org/をご覧ください") nothing tells where the address ends, and browsers copy
# such letters percent-coded.
ADDRESS = re.compile(
    r"(?<![a-z0-9@./_-])(?:https?://|(?=www\.))"
    r"(?P<host>[a-z0-9.\-\u00c0-\u1fff\u3005-\u3007\u3040-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]+)"
    r"(?P<port>:[0-9]{1,5})?"
    r"(?P<rest>[/?#][a-z0-9\-._~:/?#@!$&'()*+,;=%"
    r"\u00c0-\u0dff\u10a0-\u10ff\u1200-\u139f\u1e00-\u1fff]*)?",
    re.IGNORECASE,
)
# Somebody's name and password before the host, or what an attacker wants to be read as a host.
CREDENTIALS = re.compile(r":?[^\s@/?#<>]{0,200}@")
ENDS_SENTENCE = frozenset(".,:;!?'")


def linked(html: str) -> str:
    """Clean `html` with links at the http and https addresses in its text.

    It must be cleaned again. What ends a sentence or closes a bracket opened before the address
    is no part of it. Email addresses, and what web_address() refuses, stay text.
    """
    if not ADDRESS.search(html):
        return html
    pieces = TAG.split(html)
    depth = 0
    for number, piece in enumerate(pieces):
        if number % 2 == 0:
            pieces[number] = piece if depth else _linked_text(unescape(piece))
        elif tag := LEFT_ALONE.match(piece):
            depth += -1 if tag[1] else 1
    return "".join(pieces)


def _linked_text(text: str) -> str:
    html, done = "", 0
    for found in ADDRESS.finditer(text):
        if CREDENTIALS.match(text, found.end()):
            continue
        shown = _without_end(found)
        try:
            address = web_address(shown.replace("'", "%27"))
        except ValidationError:
            continue
        html += as_html(text[done : found.start()])
        html += f'<a href="{escape(address)}">{as_html(shown)}</a>'
        done = found.start() + len(shown)
    return html + as_html(text[done:])


def _without_end(found: re.Match[str]) -> str:
    """The address without what belongs to the sentence around it."""
    host = found["host"].rstrip(".-")
    before, dot, last = host.rpartition(".")
    if last[:1].isascii() and not last.isascii():
        # Japanese goes on without a space: example.orgをご覧ください
        ascii_end = re.match(r"[a-zA-Z0-9-]*", last)
        last = ascii_end[0] if ascii_end else last
    start = found[0][: found.start("host") - found.start()] + before + dot + last
    if len(start) < found.end("host") - found.start():
        return start
    rest = found["rest"] or ""
    unclosed = rest.count("(") - rest.count(")")
    while rest:
        if rest[-1] == ")" and unclosed < 0:
            unclosed += 1
        elif rest[-1] not in ENDS_SENTENCE and not _is_punctuation(rest[-1]):
            break
        rest = rest[:-1]
    return start + (found["port"] or "") + rest


def _is_punctuation(letter: str) -> bool:
    """Of another script: of ASCII, ENDS_SENTENCE says which."""
    return not letter.isascii() and unicodedata.category(letter)[0] == "P"
