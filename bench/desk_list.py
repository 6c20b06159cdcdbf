"""Measures the desk's list of pieces, and the front page, over a large archive.

    python -m bench.desk_list --pieces 100000

makes the archive in a state directory of its own (SQLite, unless DATABASE_URL names another
database) and prints how long each page takes, the web server apart. The next run finds the
archive there and begins at once.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

import django
from django.core.management import call_command

STATE = Path(tempfile.gettempdir()) / "newsroom-bench"
ALLOWED_MS = 400


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pieces", type=int, default=100_000)
    parser.add_argument("--state", type=Path, default=STATE, help=f"default: {STATE}")
    parser.add_argument("--times", type=int, default=20, help="how often each page is asked for")
    options = parser.parse_args()
    os.environ["NEWSROOM_STATE"] = str(options.state)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    django.setup()
    from bench import archive, measure  # noqa: PLC0415  (the models need the settings)

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    archive.fill(options.pieces, lambda progress: print(progress, file=sys.stderr))
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
