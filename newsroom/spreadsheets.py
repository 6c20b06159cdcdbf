"""Tables that people open in a spreadsheet program: comma-separated values (RFC 4180)."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import StreamingHttpResponse

# What a program may take for a formula, or for the end of a cell (OWASP, "CSV Injection").
STARTS_A_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def as_text(value: Any) -> str:
    """The cell as text that no program calculates: what looks like a formula gets a `'`."""
    text = "" if value is None else str(value).replace("\0", "")
    return f"'{text}" if text.lstrip(" ").startswith(STARTS_A_FORMULA) else text


def from_text(cell: str) -> str:
    """What as_text() was given."""
    is_quoted = cell.startswith("'") and cell[1:].lstrip(" ").startswith(STARTS_A_FORMULA)
    return cell[1:] if is_quoted else cell


class _Line:
    """For csv.writer: gives a line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """A line at a time, so that a table of any length needs little memory.

    It begins with a byte order mark, by which programs know that it is UTF-8.
    """
    writer = csv.writer(_Line())
    yield "\ufeff"
    for row in rows:
        yield writer.writerow([as_text(cell) for cell in row])


def download(rows: Iterable[Iterable[Any]], *, name: str) -> StreamingHttpResponse:
    """`rows`, the first of which are the headings, as a file `name`.csv."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return StreamingHttpResponse(
        lines(rows), content_type="text/csv; charset=utf-8", headers=headers
    )
