"""Rules for words that were sent before, the same or nearly."""

import re
import unicodedata
from functools import lru_cache
from html import unescape

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from rapidfuzz import fuzz, process

from comments.moderation.findings import Finding, Severity, Submission

SHORTEST = 40  # letters; "Thank you!" is said by many. A sign of Chinese or Japanese counts twice
NEARLY = 85  # of 100, by the letters that two texts have in common and in order
QUOTED = re.compile(r"(</?blockquote[^<>]*>)", re.IGNORECASE)
TAG = re.compile(r"<[^<>]*>")
NO_LETTERS = re.compile(r"[\W_]+")
COMPARED = 1000  # letters from the beginning


def same_words(submission: Submission) -> Finding | None:
    """The very words of an earlier reply, anywhere on the site."""
    count = submission.same_words
    if not count or not is_long_enough(comparable(submission.text)):
        return None
    reason = ngettext(
        "These words were sent %(count)d time before.",
        "These words were sent %(count)d times before.",
        count,
    )
    return Finding("same_words", Severity.HOLD, reason % {"count": count})


def nearly_same_words(submission: Submission) -> Finding | None:
    """The words of a recent reply with small changes; what is quoted counts on neither side."""
    if submission.same_words:
        return None
    mine = comparable(submission.text)
    if not is_long_enough(mine):
        return None
    others = map(comparable, submission.recent_texts)
    alike = process.extractOne(mine, list(others), scorer=fuzz.ratio, score_cutoff=NEARLY)
    if alike is None:
        return None
    reason = _("Nearly the same words (%(share)d%%) were sent shortly before.")
    return Finding("nearly_same_words", Severity.HOLD, reason % {"share": int(alike[1])})


def is_long_enough(letters: str) -> bool:
    return len(letters) + sum(letter > "\u2e7f" for letter in letters[:SHORTEST]) >= SHORTEST


@lru_cache(maxsize=1000)
def comparable(text: str) -> str:
    """The letters of a text as typed, folded, without markup, quotations and all between them."""
    depth, own = 0, []
    for part in QUOTED.split(text):
        if part[:2] == "</" and QUOTED.fullmatch(part):
            depth = max(0, depth - 1)
        elif QUOTED.fullmatch(part):
            depth += 1
        elif not depth:
            own.append(part)
    folded = unicodedata.normalize("NFKC", unescape(TAG.sub("", " ".join(own)))).casefold()
    return NO_LETTERS.sub("", folded)[:COMPARED]
