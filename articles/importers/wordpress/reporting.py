"""What an import found, brought, changed on the way and left out: counted, with lines by item."""

from copy import deepcopy
from types import TracebackType
from typing import Self

from articles.importers.errors import Place
from articles.models import MovedKind, MoveNote, MoveReport, Outcome

FOUND = "found"
AT_ONCE = 200  # notes written by one statement


class Reporting:
    """The report of one run. Counts are kept in memory, lines become MoveNote rows.

    Lines are written within the caller's transaction, by `write` at its end at the latest. Used as
    a context it takes back what was counted since, and what was not yet written, when the block
    raises: so that counts and lines stay those of what was kept.

        with transaction.atomic(), reporting:
            reporting.found(MovedKind.PIECE)
            ...
    """

    def __init__(self, report: MoveReport, *, is_rehearsed: bool = False) -> None:
        """A rehearsal keeps its lines in memory, until write_all()."""
        self.report, self.is_rehearsed = report, is_rehearsed
        self.counts: dict[str, dict[str, int]] = {}
        self._waiting: list[MoveNote] = []
        self._before: tuple[dict[str, dict[str, int]], int] | None = None

    def __enter__(self) -> Self:
        self._before = (deepcopy(self.counts), len(self._waiting))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None and self._before:
            self.counts, waiting = self._before
            del self._waiting[waiting:]
        else:
            self.write()
        self._before = None

    def found(self, kind: str, count: int = 1) -> None:
        """So many items of a Kind were in the export."""
        self._count(kind, FOUND, count)

    def brought(self, kind: str, count: int = 1) -> None:
        self._count(kind, Outcome.BROUGHT, count)

    def unchanged(self, kind: str, count: int = 1) -> None:
        """They are here from a run before."""
        self._count(kind, Outcome.UNCHANGED, count)

    def changed(self, kind: str, item: str, why: str, place: Place | str = "") -> None:
        """It was brought, but not quite as it was: a line for each thing. The item is counted
        by `brought` besides."""
        self._count(kind, Outcome.CHANGED)
        self._note(kind, Outcome.CHANGED, item, why, place)

    def left_out(
        self, kind: str, item: str, why: str, place: Place | str = "", count: int = 1
    ) -> None:
        """It was not brought. Many that need no line each are one line with their `count`."""
        self._count(kind, Outcome.LEFT_OUT, count)
        self._note(kind, Outcome.LEFT_OUT, item, why, place)

    def count_of(self, kind: str, what: str) -> int:
        return self.counts.get(kind, {}).get(what, 0)

    def write(self) -> None:
        """The lines that wait, and the counts, to the database; not in a rehearsal."""
        if not self.is_rehearsed:
            self.write_all()

    def write_all(self) -> None:
        if self._waiting:
            MoveNote.objects.bulk_create(self._waiting, batch_size=AT_ONCE)
            self._waiting = []
        MoveReport.objects.filter(pk=self.report.pk).update(counts=self.counts)
        self.report.counts = self.counts

    def _count(self, kind: str, what: str, count: int = 1) -> None:
        of_kind = self.counts.setdefault(str(MovedKind(kind)), {})
        of_kind[str(what)] = of_kind.get(str(what), 0) + count

    def _note(self, kind: str, outcome: str, item: str, why: str, place: Place | str) -> None:
        self._waiting.append(
            MoveNote(
                report=self.report,
                kind=MovedKind(kind),
                outcome=outcome,
                item=fitting(item, 200),
                why=fitting(why, 300),
                place=fitting(str(place), 200),
            )
        )


def fitting(text: str, most: int) -> str:
    """On one line, and no longer than the field."""
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
