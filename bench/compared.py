"""The picture of what a request costs here, and what it costs elsewhere."""

from collections.abc import Sequence

from bench.picture import Drawn, bars
from bench.rows import Row

TITLE = "What one request costs"
UNIT = "CPU of all processes, in milliseconds; red: the bar it is held against"
# Debian's WordPress with nginx, PHP-FPM (opcache) and MariaDB and its default theme, measured once
# on a machine with two processors.
WORDPRESS = {
    "fresh": [
        ("WordPress, article", 48.0),
        ("WordPress, article, 100 replies", 370.0),
        ("WordPress, article, 1,000 replies", 3300.0),
        ("WordPress, front page", 67.0),
        ("WordPress, feed", 79.0),
    ],
    "search": [("WordPress, search among 10,000", 240.0)],
    "writing": [("WordPress, taking in a reply", 22.0)],
    "stored, beside nginx": [("WordPress behind nginx's page cache", 0.9)],
}
KINDS = {"stored, beside nginx": "ours", "stored": "ours", "others, fresh": "peer"}
LEFT_OUT = {"admin", "memory (PSS)", "fresh after a purge"}


def picture(rows: Sequence[Row]) -> str:
    """In the order of the table, WordPress at the end of each group."""
    groups = list(dict.fromkeys(each.group for each in rows if each.group not in LEFT_OUT))
    drawn: list[Drawn] = []
    for group in groups:
        drawn += [_drawn(each) for each in rows if each.group == group and "cpu" in each.values]
        drawn += [Drawn(name, cpu, "peer") for name, cpu in WORDPRESS.get(group, [])]
    return bars(TITLE, UNIT, [each for each in drawn if each.value > 0])


def _drawn(row: Row) -> Drawn:
    is_peer = row.what.startswith(("  nginx", "django-comments"))
    kind = "peer" if is_peer else KINDS.get(row.group, "fresh")
    allowed = next((bar.at_most for bar in row.bars if bar.of == "cpu"), None)
    word = "stored" if row.group.startswith("stored") else row.group
    name = row.what.strip() if is_peer or word in row.what else f"{row.what}, {word}"
    return Drawn(name, row.values["cpu"], kind, allowed)
