"""What a run of an import came to, by kinds: for its report in a terminal, the admin, a file."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db.models import Count, F, QuerySet, Window
from django.db.models.functions import RowNumber

from articles.importers.wordpress.reporting import FOUND
from articles.models import MovedKind, MoveNote, MoveReport, Outcome

# What has a line of its own for each item.
NOTED = (Outcome.LEFT_OUT, Outcome.CHANGED)
CHUNK = 1000
REASONS = 20  # of a part that are told


@dataclass(frozen=True)
class Tally:
    """Of one kind. `changed` counts changes, of which an item may have several."""

    kind: MovedKind
    found: int
    brought: int
    unchanged: int
    changed: int
    left_out: int


@dataclass
class Part:
    """What was left out, or changed, of one kind: how many lines, why and how often, and the first
    of them."""

    outcome: Outcome
    kind: MovedKind
    count: int
    reasons: list[tuple[str, int]] = field(default_factory=list)
    notes: list[MoveNote] = field(default_factory=list)

    @property
    def is_cut(self) -> bool:
        return self.count > len(self.notes)

    @property
    def more(self) -> int:
        return self.count - len(self.notes)


def tallies(report: MoveReport) -> list[Tally]:
    """Of the kinds of which the run met any, in the order of MovedKind."""
    return [_tally(kind, report.counts[kind]) for kind in MovedKind if report.counts.get(kind)]


def _tally(kind: MovedKind, counts: dict[str, int]) -> Tally:
    numbers = {name: counts.get(name, 0) for name in (FOUND, *Outcome.values)}
    return Tally(kind, **numbers)


def parts(report: MoveReport, *, first: int) -> list[Part]:
    """In the order of NOTED and of MovedKind, each with its `first` lines; in two queries, however
    many lines there are."""
    found: dict[tuple[str, str], Part] = {}
    notes = MoveNote.objects.filter(report=report)
    rows = notes.order_by().values_list("outcome", "kind", "why").annotate(number=Count("pk"))
    for outcome, kind, why, number in rows:
        key = (outcome, kind)
        part = found.setdefault(key, Part(Outcome(outcome), MovedKind(kind), 0))
        part.count += number
        part.reasons.append((why, number))
    nth = Window(RowNumber(), partition_by=[F("outcome"), F("kind")], order_by=F("pk").asc())
    for note in notes.annotate(nth=nth).filter(nth__lte=first).order_by("pk"):
        found[note.outcome, note.kind].notes.append(note)
    for part in found.values():
        part.reasons.sort(key=lambda reason: (-reason[1], reason[0]))
    kinds = list(MovedKind)
    return sorted(
        found.values(), key=lambda part: (NOTED.index(part.outcome), kinds.index(part.kind))
    )


def lines(report: MoveReport) -> Iterator[MoveNote]:
    """All of them, part by part, read in pieces."""
    for outcome in NOTED:
        for kind in MovedKind:
            last = 0
            while some := list(_of(report, outcome, kind, last)[:CHUNK]):
                yield from some
                last = some[-1].pk


def _of(report: MoveReport, outcome: str, kind: str, after: int) -> QuerySet[MoveNote]:
    notes = MoveNote.objects.filter(report=report, outcome=outcome, kind=kind, pk__gt=after)
    return notes.order_by("pk")
