"""How long a text takes to read, found out once, when it is written."""

import re
from typing import Any

from django.db import models
from django.utils.translation import ngettext

from articles.body_text import text_of
from articles.drawn_html import MadeOfBody

# What people read in a minute. Chinese, Japanese and Korean are counted by characters, whatever
# language a text says it is in; everything else by words.
WORDS, CHARACTERS = 230, 500
CJK = re.compile(r"[぀-ヿ㐀-䶿一-鿿가-힣豈-﫿ｦ-ﾝ\U00020000-\U0003ffff]")
WORD = re.compile(r"\w+(?:['’.,-]\w+)*")


def counts(html: str) -> tuple[int, int]:
    """The words of a clean body, and the characters of those languages that count by them."""
    text = text_of(html)
    return len(WORD.findall(CJK.sub(" ", text))), len(CJK.findall(text))


def minutes(html: str) -> int:
    """For the clean `html` of a body: at least one where there is anything to read, else 0."""
    words, characters = counts(html)
    return min(-int(-(words / WORDS + characters / CHARACTERS) // 1), 999)


def reading_time(minutes: int) -> str:
    """“4 min read”; empty where there is nothing to read."""
    if not minutes:
        return ""
    return ngettext("%(minutes)d min read", "%(minutes)d min read", minutes) % {"minutes": minutes}


class ReadingTimeField(MadeOfBody, models.PositiveSmallIntegerField):
    """Minutes, of the body of the same row. Stands after it, so that it is clean by then."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs | {"editable": False, "default": 0})

    def made_of(self, body: str) -> int:
        return minutes(body)
