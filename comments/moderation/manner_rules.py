"""Rules for how something is said: shouted, in signs alone, in another language."""

from django.utils.translation import gettext as _

from comments.moderation import languages
from comments.moderation.addresses import Links, in_text
from comments.moderation.findings import Finding, Severity, Submission

FEWEST_CAPITALS = 20
FEWEST_WORDS = 4
SHARE = 0.75  # of the letters, and of the words


def shouting(submission: Submission) -> Finding | None:
    """Mostly capitals, in scripts that have them. Short texts and a few acronyms are none."""
    if not submission.policy.hold_shouting:
        return None
    capitals = cased = words = loud_words = 0
    for word in submission.readable.split():
        upper = sum(map(str.isupper, word))
        letters = upper + sum(map(str.islower, word))
        capitals, cased = capitals + upper, cased + letters
        if letters > 1 and "://" not in word:
            words += 1
            loud_words += upper == letters
    if capitals < FEWEST_CAPITALS or loud_words < FEWEST_WORDS:
        return None
    if capitals < SHARE * cased or loud_words < SHARE * words:
        return None
    return Finding("shouting", Severity.HOLD, _("It is mostly in capitals."))


def only_emoji(submission: Submission) -> Finding | None:
    """Emoji or other signs, and no letter or digit."""
    if not submission.policy.hold_shouting or not submission.readable.strip():
        return None
    if any(letter.isalnum() for letter in submission.readable):
        return None
    return Finding("only_emoji", Severity.HOLD, _("There is no word in it, only emoji or signs."))


def other_language(submission: Submission) -> Finding | None:
    """Written in another language than the piece, as far as that can be told.

    Names, quotations, short texts and languages without a profile are let pass.
    """
    if not submission.policy.hold_other_language:
        return None
    text = Links.of(submission.html).outside if submission.html else submission.readable
    for address in in_text(text):
        start, end = address.span or (0, 0)
        text = text[:start] + " " * (end - start) + text[end:]
    if not languages.is_other(text, submission.language):
        return None
    return Finding(
        "other_language", Severity.HOLD, _("It seems to be in another language than the piece.")
    )
