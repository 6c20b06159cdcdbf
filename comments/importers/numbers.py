"""Primary keys for replies that come in many at once, and from elsewhere."""

from collections.abc import Sequence

from django.db import connection, transaction

from comments.models import Comment

HIGHEST = 2**31 - 1  # nothing higher is taken for a number that somebody counted to
AHEAD = 1000  # so many more are set aside on PostgreSQL each time

TABLE = Comment._meta.db_table


def may_keep(numbers: Sequence[int]) -> bool:
    """Whether these numbers of a former site can be primary keys here: in this order, which is
    that of the page, and of no reply here."""
    ordered = all(low < high for low, high in zip(numbers, numbers[1:], strict=False))
    if not ordered or not 0 < numbers[0] <= numbers[-1] <= HIGHEST:
        return False
    return not Comment.objects.filter(pk__in=numbers).exists()


def set_aside(highest: int) -> None:
    """Nobody is given a number up to this one from now on, whatever becomes of this transaction.

    SQLite sees to that by itself when a row is written.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        name = _sequence(cursor)
        # Two who do this at once would set the clock back.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
        cursor.execute(f"SELECT last_value FROM {name}")
        (last,) = cursor.fetchone()
        if last < highest:
            # Those who take one meanwhile get lower ones: not AHEAD of them in this moment.
            cursor.execute("SELECT setval(%s, %s)", [name, highest + AHEAD])


def new_numbers(count: int, *, above: int) -> list[int]:
    """So many that no reply has or will be given, in order, and all of them higher than `above`.
    Within a transaction: on SQLite nobody else writes until its end."""
    set_aside(above)
    assert transaction.get_connection().in_atomic_block
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            name = _sequence(cursor)
            cursor.execute(
                "SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [name, count]
            )
            return sorted(number for (number,) in cursor.fetchall())
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [TABLE])
        row = cursor.fetchone()
        first = max(row[0] if row else 0, above) + 1
        return list(range(first, first + count))


def _sequence(cursor: object) -> str:
    cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [TABLE])  # type: ignore[attr-defined]
    (name,) = cursor.fetchone()  # type: ignore[attr-defined]
    return str(name)
