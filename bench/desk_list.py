"""Measures the desk's list of pieces, and the front page, over a large archive.

    python -m bench.desk_list --pieces 100000

makes the archive in a state directory of its own (SQLite, unless DATABASE_URL names another
database) and prints how long each page takes, the web server apart. The next run finds the
archive there and begins at once.
"""

import sys

from bench.set_up import say, set_up

ALLOWED_MS = 400


def main() -> int:
    options = set_up(__doc__, state="newsroom-bench", pieces=100_000, times=20)
    from bench import archive, measure  # noqa: PLC0415  (the models need the settings)

    archive.fill(options.pieces, say)
    figures = measure.measure(options.times)
    print(f"{'':32}{'median':>10}{'p95':>10}{'queries':>9}{'kB':>6}")
    for each in figures:
        print(
            f"{each.what:32}{each.median * 1000:>7.0f} ms{each.p95 * 1000:>7.0f} ms"
            f"{each.queries:>9}{each.kilobytes:>6}"
        )
    return int(figures[0].p95 * 1000 > ALLOWED_MS)


if __name__ == "__main__":
    sys.exit(main())
