"""The report of an import for a terminal, and as a file of its own."""

from collections.abc import Iterable, Iterator
from typing import TextIO

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles.importers.wordpress.tallies import REASONS, Part, Tally, lines, parts, tallies
from articles.models import MoveNote, MoveReport, Outcome

FIRST = 20  # lines of each part that the terminal tells


def summary(report: MoveReport, *, is_kept: bool = True) -> str:
    """For a terminal: a table of what there was by kinds; then of what was left out and changed
    why, how often, and the first lines. Nothing in it is of a reader's address. Of a report that
    is not kept, no page is named."""
    told = list(_summary(report))
    if is_kept:
        told += ["", _("All of it: %(address)s") % {"address": address_of(report)}]
    return "\n".join(told)


def address_of(report: MoveReport) -> str:
    """Of its page in the admin, which has all lines."""
    path = reverse("admin:articles_movereport_change", args=[report.pk])
    return f"{settings.SITE_URL}{path}"


def _summary(report: MoveReport) -> Iterator[str]:
    yield from _table(tallies(report))
    for part in parts(report, first=FIRST):
        yield ""
        yield f"{part.outcome.label.capitalize()}: {part.kind.label}"
        for why, number in part.reasons[:REASONS]:
            yield f"  {number:>6} × {why}"
        if len(part.reasons) > REASONS:
            others = sum(number for _why, number in part.reasons[REASONS:])
            yield "  " + _("%(number)6d × for other reasons") % {"number": others}
        yield from (f"    {_line(note)}" for note in part.notes)
        if part.is_cut:
            yield "    " + _("… and %(number)d more") % {"number": part.more}


def headings() -> tuple[str, ...]:
    return (
        *(_("kind"), _("found"), str(Outcome.BROUGHT.label), str(Outcome.UNCHANGED.label)),
        *(str(Outcome.CHANGED.label), str(Outcome.LEFT_OUT.label)),
    )


def _row(tally: Tally) -> tuple[str, ...]:
    numbers = (tally.found, tally.brought, tally.unchanged, tally.changed, tally.left_out)
    return (str(tally.kind.label), *(str(each) for each in numbers))


def _table(found: list[Tally]) -> Iterator[str]:
    rows = [headings(), *map(_row, found)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for kind, *numbers in rows:
        cells = (each.rjust(width) for each, width in zip(numbers, widths[1:], strict=True))
        yield "  ".join([kind.ljust(widths[0]), *cells]).rstrip()


def _line(note: MoveNote) -> str:
    text = f"{note.item}: {note.why}" if note.item else note.why
    return f"{text} ({note.place})" if note.place else text


# --- As a file ----------------------------------------------------------------------------------


def write_html(report: MoveReport, file: TextIO) -> None:
    """The whole report as one page that needs nothing else, with all lines; a piece at a time."""
    for text in _html(report):
        file.write(text)


def _html(report: MoveReport) -> Iterator[str]:
    title = _("Report of a move: %(site)s") % {"site": report.site or "—"}
    yield format_html(
        '<!doctype html>\n<html lang="{}">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><title>{}</title></head>\n'
        "<body>\n<h1>{}</h1>\n<p>{}</p>\n",
        *(get_language() or "en", title, title, _told(report)),
    )
    yield _html_table(title, headings(), map(_row, tallies(report)))
    yield from _html_parts(report)
    yield "</body>\n</html>\n"


def _told(report: MoveReport) -> str:
    began = timezone.localtime(report.began_at).isoformat(" ", "minutes")
    ended = (
        timezone.localtime(report.ended_at).isoformat(" ", "minutes") if report.ended_at else "—"
    )
    files = ", ".join(map(str, report.files))
    return f"{began} – {ended}; {report.by.get_username()}; {files}"


def _html_parts(report: MoveReport) -> Iterator[str]:
    known: dict[tuple[str, str], Part] = {
        (part.outcome, part.kind): part for part in parts(report, first=0)
    }
    before: tuple[str, str] | None = None
    for note in lines(report):
        key = (note.outcome, note.kind)
        if key != before:
            if before:
                yield "</tbody></table>\n"
            part = known[key]
            yield format_html(
                "<h2>{}: {} ({})</h2>\n<table>\n{}<tbody>\n",
                *(part.outcome.label.capitalize(), part.kind.label, part.count),
                _html_heads([_("item"), _("why"), _("place")]),
            )
            before = key
        yield _html_row([note.item, note.why, note.place])
    if before:
        yield "</tbody></table>\n"


def _html_table(caption: str, heads: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> str:
    body = format_html_join("", "{}", ((_html_row(row),) for row in rows))
    return format_html(
        "<table>\n<caption>{}</caption>\n{}<tbody>\n{}</tbody></table>\n",
        *(caption, _html_heads(heads), body),
    )


def _html_heads(heads: Iterable[str]) -> str:
    cells = format_html_join("", '<th scope="col">{}</th>', ((each,) for each in heads))
    return format_html("<thead><tr>{}</tr></thead>\n", cells)


def _html_row(cells: Iterable[str]) -> str:
    drawn = format_html_join("", "<td>{}</td>", ((each,) for each in cells))
    return format_html("<tr>{}</tr>\n", drawn)
