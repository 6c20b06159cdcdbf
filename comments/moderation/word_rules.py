"""Rules for the words of a reply: those that are banned, and those that are watched."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from comments.moderation.addresses import Links
from comments.moderation.findings import Finding, Severity, Submission
from comments.moderation.word_list import Hit, word_list

SHOWN = 50  # characters of an entry, and of what is found, that a reason quotes


def banned_words(submission: Submission) -> Finding | None:
    """A word of the list of banned ones, in the text, the name or an address: rejected.

    The span is of `submission.readable`; there is none for what stands elsewhere.
    """
    found = _found(submission, submission.policy.banned_words)
    reason = _("“%(word)s” is on the list of banned words.")
    return _finding("banned_words", Severity.REJECT, reason, *found) if found else None


def watched_words(submission: Submission) -> Finding | None:
    """A word of the list of watched ones, found as banned ones are: held."""
    found = _found(submission, submission.policy.watched_words)
    reason = _("“%(word)s” is on the list of watched words.")
    return _finding("watched_words", Severity.HOLD, reason, *found) if found else None


def _finding(
    rule: str, severity: Severity, reason: str, hit: Hit, place: str, text: str
) -> Finding:
    """The reason tells how the word is written where that may be hard to find."""
    reason %= {"word": hit.entry[:SHOWN]}
    written = text[slice(*hit.span)]
    if written.casefold() != hit.entry.casefold():
        reason += " " + _("It is written “%(text)s”.") % {"text": written[:SHOWN]}
    if place == "name":
        reason += " " + _("It stands in the name.")
    elif place == "address":
        reason += " " + _("It stands in an address.")
    return Finding(rule, severity, reason, hit.span if place == "text" else None)


def _found(submission: Submission, lines: str) -> tuple[Hit, str, str] | None:
    """The first entry that is found; whether in the text, the name or an address; and which."""
    if not lines.strip():
        return None
    words = word_list(lines)
    for place, text in _places(submission):
        if hit := words.find(text):
            return hit, place, text
    return None


def _places(submission: Submission) -> Iterator[tuple[str, str]]:
    yield "text", submission.readable
    yield "name", submission.name
    addresses = [submission.website, *Links.of(submission.html).targets]
    unseen = [address for address in addresses if address and address not in submission.readable]
    if unseen:
        # Each on a line of its own, so that no phrase goes from one to the next.
        yield "address", "\n\n\n\n".join(dict.fromkeys(unseen))
