"""Words that were sent before, the same or nearly."""

from typing import Any

import pytest

from comments.moderation.findings import Severity
from comments.moderation.repeats import nearly_same_words, same_words
from comments.tests.typed import typed

SPAM = "Earn 5000 dollars a week from home, just like I did. Ask me how it works, friends!"
LETTER = "The council has closed the library without asking anyone. We will not accept that."
JAPANESE = "在宅で月に百万円稼げます。詳しくは私のページをご覧ください。"

NEARLY = [
    ("another case and other signs", SPAM.upper().replace(",", "!!"), SPAM, True),
    ("another number", SPAM.replace("5000", "7421"), SPAM, True),
    ("a name in front", f"Kevin, {SPAM}", SPAM, True),
    ("some letters behind", f"{SPAM} xqzt87", SPAM, True),
    ("a word changed", SPAM.replace("week", "month"), SPAM, True),
    ("spaces between letters", " ".join(SPAM), SPAM, True),
    ("letters of another alphabet", SPAM.replace("o", "о"), SPAM, True),
    ("tags between", f"<b>{SPAM[:30]}</b>{SPAM[30:]}", SPAM, True),
    ("Japanese with a sign changed", JAPANESE.replace("百", "二百"), JAPANESE, True),
    ("another text", LETTER, SPAM, False),
    (
        "another text on the same",
        LETTER,
        "The library was closed by the council; rightly so!",
        False,
    ),
    ("short thanks", "Thank you so much!", "Thank you so much!!", False),
    ("short agreement", "I agree with you.", "I agree with you", False),
    ("short Japanese", "ありがとうございます", "ありがとうございます。", False),
    (
        "a quotation and an answer",
        f"<blockquote>{LETTER}</blockquote>And who is to pay for keeping it open, tell me that?",
        LETTER,
        False,
    ),
    ("the same quotation, short thanks", f"<blockquote>{LETTER}</blockquote>Quite.", LETTER, False),
    ("half of it", SPAM[: len(SPAM) // 2], SPAM, False),
]


@pytest.mark.parametrize(
    ("text", "earlier", "is_held"), [case[1:] for case in NEARLY], ids=[case[0] for case in NEARLY]
)
def test_nearly_the_same_words_are_held(text, earlier, is_held):
    finding: Any = nearly_same_words(typed(text, recent_texts=("Something else.", earlier)))
    assert (finding is not None) == is_held
    if finding:
        assert (finding.rule, finding.severity) == ("nearly_same_words", Severity.HOLD)


def test_the_reason_says_how_near():
    finding: Any = nearly_same_words(typed(SPAM, recent_texts=(SPAM.lower(),)))
    assert finding.reason == "Nearly the same words (100%) were sent shortly before."


def test_nothing_was_sent_before():
    assert nearly_same_words(typed(SPAM)) is None
    assert same_words(typed(SPAM)) is None


@pytest.mark.parametrize(("count", "times"), [(1, "1 time"), (7, "7 times")])
def test_the_same_words_anywhere_are_held(count, times):
    finding: Any = same_words(typed(SPAM, same_words=count))
    assert (finding.rule, finding.severity) == ("same_words", Severity.HOLD)
    assert finding.reason == f"These words were sent {times} before."


@pytest.mark.parametrize("text", ["Thank you!", "I agree.", "Well said, Hana.", "同感です。", "👍"])
def test_what_many_say_may_be_said_again(text):
    assert same_words(typed(text, same_words=40)) is None


def test_the_same_words_are_found_once():
    assert nearly_same_words(typed(SPAM, same_words=1, recent_texts=(SPAM,))) is None
