"""The words of a clean body, without its markup."""

import re
from html import unescape

# These stand within words; all else parts them.
_INLINE = re.compile(r"</?(?:strong|em|cite|small|a|b|i|span)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")


def text_of(html: str) -> str:
    """What it says, its paragraphs on lines of their own."""
    return unescape(_TAG.sub("\n", _INLINE.sub("", html)))
