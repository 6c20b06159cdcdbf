"""Measures search over a large archive, through its page.

    python -m bench.search --pieces 50000

makes the archive and its index in a state directory of its own (SQLite, unless DATABASE_URL names
another database) and prints how long the index takes, how large it is, and how long each kind of
question takes, the web server apart: as it passes for the reader, and as the processor works. The
next run finds the archive there and begins at once.
"""

import sys
from statistics import median
from time import perf_counter, process_time

from bench.set_up import say, set_up

ALLOWED_MS = 50


def main() -> int:
    options = set_up(__doc__, state="newsroom-bench-search", pieces=50_000, times=20)
    from bench import news, searches  # noqa: PLC0415  (the models need the settings)

    news.fill(options.pieces, say)
    begin, worked = perf_counter(), process_time()
    changed = searches.index(say)
    if changed:
        took, worked = perf_counter() - begin, process_time() - worked
        print(f"indexed {changed:,} pieces in {took:.0f} s, {worked:.0f} s of one processor")
    print(f"size: {searches.sizes()}")
    print(f"{'':34}{'pieces':>8}{'median':>10}{'p95':>10}{'processor':>11}{'queries':>9}")
    every: list[searches.Seconds] = []
    for what, address in searches.questions().items():
        hits, queries = searches.look(address)
        times = [searches.seconds(address) for _ in range(options.times)]
        print(f"{what:34}{hits:>8}{searches.summary(times)}{queries:>9}")
        every += times
    print(f"{'all questions':34}{'':8}{searches.summary(every)}")
    return int(median(each.passed for each in every) * 1000 > ALLOWED_MS)


if __name__ == "__main__":
    sys.exit(main())
