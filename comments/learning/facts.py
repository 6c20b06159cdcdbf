"""What else is known of a reply when it comes in, as short codes, and the words for them.

What is so of nearly all replies is no fact: it would seem to speak for what is decided mostly.
"""

import re
from collections.abc import Collection
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.learning.words import has_long_number, words_of
from comments.models import Record
from comments.moderation.rule_names import name_of

SHORT, LONG = 40, 1000  # characters
MANY = 5
CAPITALS = 0.5  # of the letters
RULE = "rule:"
LANGUAGE = "language:"

FACTS = {
    "links:1": gettext_lazy("a link"),
    "links:2": gettext_lazy("several links"),
    "links:5": gettext_lazy("many links"),
    "website": gettext_lazy("a website with the name"),
    "answer": gettext_lazy("an answer to another reply"),
    "short": gettext_lazy("very short"),
    "long": gettext_lazy("very long"),
    "capitals": gettext_lazy("mostly capitals"),
    "long_number": gettext_lazy("a long number"),
    "approved:1": gettext_lazy("an approved reply of this sender"),
    "approved:2": gettext_lazy("several approved replies of this sender"),
    "approved:5": gettext_lazy("many approved replies of this sender"),
    "refused:1": gettext_lazy("a refused reply of this sender"),
    "refused:2": gettext_lazy("several refused replies of this sender"),
    "refused:5": gettext_lazy("many refused replies of this sender"),
}


class Reading(NamedTuple):
    """All that is read of a reply."""

    words: list[str]
    facts: list[str]


def reading_of(
    text: str,
    record: Record,
    *,
    rules: Collection[str],
    website: str,
    is_answer: bool,
    language: str,
) -> Reading:
    """`text` as readers see it; `record` of the sender's other replies; `rules` that found
    something in it; `language` of the piece."""
    links = len(re.findall(r"https?://|www\.", text, re.IGNORECASE))
    letters = [letter for letter in text if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    holds = {
        f"links:{_about(links)}": links > 0,
        "website": bool(website),
        "answer": is_answer,
        "short": len(text) < SHORT,
        "long": len(text) > LONG,
        "capitals": len(letters) > 10 and capitals > CAPITALS * len(letters),
        "long_number": has_long_number(text),
        f"approved:{_about(record.approved)}": record.approved > 0,
        f"refused:{_about(record.rejected)}": record.rejected > 0,
        f"{LANGUAGE}{language.partition('-')[0]}": True,
    }
    facts = [code for code, is_so in holds.items() if is_so]
    return Reading(words_of(text), [*facts, *(f"{RULE}{rule}" for rule in sorted(set(rules)))])


def in_words(code: str) -> str:
    """What a fact says; empty for one of which nothing is told."""
    if code.startswith(RULE):
        return _("rule: %(rule)s") % {"rule": name_of(code.removeprefix(RULE))}
    return str(FACTS.get(code, ""))


def _about(count: int) -> int:
    """0, 1, several or many."""
    return count if count < 2 else 2 if count < MANY else MANY
