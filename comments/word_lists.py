"""The lists of words, hosts and names in the rules for replies: what is on each, and since when.

The lists are fields of the Policy, one entry a line; who added what is read from its changes.
"""

import csv
import io
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from typing import cast

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import TextField
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.models import Policy, PolicyChange
from comments.models.policy import MAX_LIST
from comments.moderation.addresses import DomainList
from comments.moderation.word_list import LONGEST_ENTRY
from newsroom.spreadsheets import from_text

LISTS = ("banned_words", "watched_words", "blocked_domains", "reserved_names")
HEADINGS = ("entry", "added_by", "added_at")


class NotTaken(Exception):
    """The list stays as it is; the message says why."""


@dataclass(frozen=True)
class Entry:
    """A line of a list, and the change that put it there: None where none is on record."""

    text: str
    added: PolicyChange | None = None


@dataclass(frozen=True)
class Difference:
    added: int
    removed: int

    def __str__(self) -> str:
        told = []
        if self.added:
            words = ngettext("%(count)d entry added.", "%(count)d entries added.", self.added)
            told.append(words % {"count": self.added})
        if self.removed:
            words = ngettext("%(count)d entry removed.", "%(count)d entries removed.", self.removed)
            told.append(words % {"count": self.removed})
        return " ".join(told) or _("The list was so already.")


def lines_of(text: str) -> list[str]:
    """The entries of a list: one a line, none empty and none twice."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if line))


def lines_of_table(text: str) -> list[str]:
    """The entries in the first column of comma-separated values, as export() gives them. Raises
    NotTaken."""
    try:
        rows = [row for row in csv.reader(io.StringIO(text), strict=True) if row]
    except csv.Error:
        raise NotTaken(_("The file is no table of comma-separated values.")) from None
    if rows and rows[0][0].strip().lower() == HEADINGS[0]:
        rows = rows[1:]
    return lines_of("\n".join(from_text(row[0]) for row in rows))


def field_of(name: str) -> TextField:
    """The rule that the list is: it says what it is called and what for."""
    return cast(TextField, Policy._meta.get_field(name))


def entries(name: str) -> list[Entry]:
    """What is on the list now, in its order: two queries."""
    added: dict[str, PolicyChange] = {}
    changes = PolicyChange.objects.filter(field=name).select_related("by").order_by("at", "pk")
    for change in changes:
        added |= dict.fromkeys(change.after.splitlines(), change)
    lines = str(getattr(Policy.objects.current(), name)).splitlines()
    return [Entry(line, added.get(line)) for line in lines]


def change(
    name: str,
    *,
    by: User,
    add: Iterable[str] = (),
    remove: Iterable[str] = (),
    instead: bool = False,
) -> Difference:
    """Put entries on the list and take others off; with `instead`, all that aren't added.

    Goes through Policy.adopt(), which records it. Raises NotTaken for what is no entry, and where
    the list would be too long; then nothing is changed.
    """
    add, gone = list(dict.fromkeys(add)), set(remove)
    with transaction.atomic():
        before = Policy.objects.select_for_update().first() or Policy()
        had = lines_of(getattr(before, name))
        kept = [] if instead else [line for line in had if line not in gone]
        new = list(dict.fromkeys([*kept, *add]))
        for line in set(add) - set(had):
            _check(name, line)
        text = "\n".join(new)
        if len(text) > MAX_LIST:
            raise NotTaken(
                _("The list would be too long: %(length)d characters, of %(most)d at most.")
                % {"length": len(text), "most": MAX_LIST}
            )
        after = copy(before)
        setattr(after, name, text)
        after.adopt(by=by)
    return Difference(added=len(set(new) - set(had)), removed=len(set(had) - set(new)))


def _check(name: str, line: str) -> None:
    """Raises NotTaken for what could never be found in a reply."""
    shown = {"entry": line[:LONGEST_ENTRY], "most": LONGEST_ENTRY}
    if len(line) > LONGEST_ENTRY:
        raise NotTaken(_("“%(entry)s…” is longer than %(most)d characters.") % shown)
    if name == "blocked_domains" and (" " in line or not DomainList(line)):
        raise NotTaken(_("“%(entry)s” is no host. One is written as example.com.") % shown)
    if not line.strip("* "):
        raise NotTaken(_("“%(entry)s” has no letters.") % shown)
