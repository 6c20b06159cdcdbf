"""The senders of replies that come in many at once: their addresses are sealed before all else.

None of what is here may be logged, printed or reported.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from comments import email_privacy
from comments.models import Commenter

AT_ONCE = 500
LONGEST_ADDRESS = 254  # of an email address (RFC 5321)


class Sent(NamedTuple):
    """A reply by its number, the address as it was typed, and when it was sent."""

    number: int
    email: str
    at: datetime

    def __repr__(self) -> str:
        return f"Sent({self.number})"


def senders_of(replies: Sequence[Sent]) -> dict[int, Commenter]:
    """Of each reply, by its number: one for each address, known or made with the first of its
    replies; one of their own for those without an address."""
    first_seen: dict[str, datetime] = {}
    typed: dict[str, str] = {}  # by the form that is matched
    of_record: dict[int, str] = {}
    for each in replies:
        address = email_privacy.normalise(each.email)
        if "@" in address and len(address) <= LONGEST_ADDRESS:
            of_record[each.number] = address
            typed.setdefault(address, each.email)
            first_seen[address] = min(each.at, first_seen.get(address, each.at))
    known = _known(first_seen, typed)
    nameless = {
        each.number: Commenter(fingerprint=None, sealed_address=b"", first_seen=each.at)
        for each in replies
        if each.number not in of_record
    }
    Commenter.objects.bulk_create(nameless.values(), batch_size=AT_ONCE)
    return {number: known[address] for number, address in of_record.items()} | nameless


def _known(first_seen: Mapping[str, datetime], typed: Mapping[str, str]) -> dict[str, Commenter]:
    """The senders with these addresses, by address. Whoever writes at the same moment may make
    one: then that is it."""
    if not first_seen:
        return {}
    fingerprints = {address: email_privacy.fingerprints(address) for address in first_seen}
    made = False
    while True:
        wanted = [each for of_one in fingerprints.values() for each in of_one]
        # Locked, so that none of them goes before their replies are here.
        rows = Commenter.objects.select_for_update(no_key=True).filter(fingerprint__in=wanted)
        by_print = {row.fingerprint: row for row in rows.order_by("pk")}
        senders = {
            address: by_print[found]
            for address, of_one in fingerprints.items()
            if (found := next((each for each in of_one if each in by_print), None))
        }
        missing = [address for address in first_seen if address not in senders]
        if not missing:
            break
        assert not made, "a sender was erased while replies were brought"
        made = True
        Commenter.objects.bulk_create(
            (
                Commenter(
                    fingerprint=fingerprints[each][0],
                    sealed_address=email_privacy.seal(typed[each], bound_to=fingerprints[each][0]),
                    first_seen=first_seen[each],
                )
                for each in missing
            ),
            batch_size=AT_ONCE,
            ignore_conflicts=True,
        )
    for address, sender in senders.items():
        if sender.first_seen > first_seen[address]:
            Commenter.objects.filter(pk=sender.pk).update(first_seen=first_seen[address])
    return senders
