"""How quick the newsroom is, with the bars it is held against and others' sites beside it.

    make bench                          10,000 pieces, everything five times: about half an hour
    python -m bench --quick             a small newsroom, once: under three minutes
    python -m bench --only fresh,stored
    python -m bench --size 1m           what readers and editors ask for among 1,000,000 pieces

starts the newsroom as `make run` does, with data that is always the same, and loads it with wrk.
CPU is the time of all its processes, in the kernel too, for each request: what another program
does meanwhile counts little in it, and much in requests a second and in what the client waits.
Prints a table, and writes it with a picture and the JSON to the state directory, with `--docs` to
docs/, too. Exit code 1 where a bar is missed, 2 where something could not be measured.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench import behind_tls, memory, moderating, readers, writing
from bench.compared import picture
from bench.newsrooms import copied, newspaper, started
from bench.peers import comments_xtd
from bench.peers.nginx import Server
from bench.posting import SET_UP
from bench.progress import Progress
from bench.readers import Effort
from bench.report import as_json, markdown, table
from bench.rows import Row, row
from bench.wrk import NotInstalled, Unanswered, load
from tests.running import ROOT, Running

GROUPS = ("stored", "memory", "pages", "fresh", "writing", "admin", "search", "tls", "peers")
DOCS, RUN = ROOT / "docs", "run"  # the copy that is started
FULL = Effort(times=5, seconds=3, purges=60)
QUICK = Effort(times=1, seconds=1, purges=10)
REPLIES, REPLIES_QUICK = 400, 100  # posted in one sample


type Step = tuple[str, Callable[[Any], list[Row]]]


@dataclass(frozen=True)
class Phase:
    """What is measured of one started server; `steps` are given what `start` gives."""

    name: str
    start: Callable[[], AbstractContextManager[Any]]
    steps: list[Step]


def main() -> int:
    given = arguments()
    effort = QUICK if given.quick else FULL
    effort = effort._replace(times=given.times or effort.times)
    phases = [each for each in plan(given, effort) if each.steps]
    rows, failed = measure(phases)
    shutil.rmtree(given.state / RUN, ignore_errors=True)
    if rows:
        print(table(rows))
        write(rows, given, effort)
    for each in failed:
        print(f"not measured: {each}", file=sys.stderr)
    missed = [each for each in rows if each.missed]
    return 2 if failed else int(bool(missed))


def write(rows: list[Row], given: argparse.Namespace, effort: Effort) -> None:
    conditions = {"size": given.size, "quick": given.quick} | effort._asdict()
    texts = {
        "bench.md": markdown(rows, conditions),
        "bench.json": as_json(rows, conditions),
        "bench.svg": picture(rows),
    }
    for place in [given.state, *([DOCS] if given.docs else [])]:
        for name, text in texts.items():
            (place / name).write_text(text, encoding="utf-8")


def arguments() -> argparse.Namespace:
    about = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m bench", description=about)
    parser.add_argument("--quick", action="store_true", help="a small newsroom, everything once")
    parser.add_argument("--size", help="pieces: 1k, 10k, 100k, 1m (default: 10k, quick: 1k)")
    parser.add_argument("--times", type=int, help="samples of each figure (default: 5)")
    parser.add_argument("--only", help=f"some of {', '.join(GROUPS)}, with commas")
    parser.add_argument("--docs", action="store_true", help="write docs/bench.md, .json and .svg")
    place = Path(tempfile.gettempdir()) / "newsroom-bench"
    parser.add_argument("--state", type=Path, default=place, help=f"default: {place}")
    given = parser.parse_args()
    given.size = given.size or ("1k" if given.quick else "10k")
    given.only = set(given.only.split(",")) if given.only else set(GROUPS)
    if unknown := given.only - set(GROUPS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    given.state.mkdir(parents=True, exist_ok=True)
    return given


def measure(phases: list[Phase]) -> tuple[list[Row], list[str]]:
    """The rows, and what could not be measured and why."""
    rows: list[Row] = []
    failed: list[str] = []
    progress = Progress("measuring", sum(len(each.steps) for each in phases))
    for phase in phases:
        with ExitStack() as stack:
            try:
                server = stack.enter_context(phase.start())
            except (NotInstalled, Unanswered) as error:
                failed.append(f"{phase.name}: {error}")
                progress.at(progress.done + len(phase.steps))
                continue
            for name, step in phase.steps:
                progress.at(progress.done, name)
                try:
                    rows += step(server)
                except (NotInstalled, Unanswered) as error:
                    failed.append(f"{name}: {error}{said_by(server)}")
                progress.step()
    return rows, failed


def said_by(server: Any) -> str:
    """The last that the newsroom wrote to its terminal."""
    lines = server.printed.splitlines()[-3:] if isinstance(server, Running) else []
    return "".join(f"\n    {line}" for line in lines)


def plan(given: argparse.Namespace, effort: Effort) -> Iterator[Phase]:
    """In the order of the table."""
    run = partial(run_of, given.state, given.size)
    replies = REPLIES_QUICK if given.quick else REPLIES

    def chosen(group: str, steps: list[Step]) -> list[Step]:
        return steps if group in given.only else []

    for workers in (1, 2):
        beside = partial(readers.beside_nginx, folder=given.state, workers=workers, effort=effort)
        steps = chosen("stored", [(f"nginx beside {workers}", beside)])
        if workers == 2:
            steps += chosen(
                "memory",
                [
                    ("memory, idle", partial(memory.idle, effort=effort)),
                    ("memory, under load", partial(memory.under_load, effort=effort)),
                ],
            )
        yield Phase(f"{workers} server processes", partial(run, WORKERS=str(workers)), steps)
    pages = chosen("pages", each_page("stored", readers.stored, effort))
    pages += chosen("pages", [("304", partial(readers.unchanged, effort=effort))])
    pages += chosen("fresh", each_page("fresh", readers.fresh, effort))
    pages += chosen("fresh", each_page("after a purge", readers.after_purge, effort))
    pages += chosen("writing", [
        ("approving one", partial(moderating.one_by_one, effort=effort)),
        ("approving 1,000", partial(moderating.in_bulk, effort=effort)),
    ])  # fmt: skip
    for n in (16, 64):
        post = partial(writing.posting, connections=n, replies=replies, times=effort.times)
        pages += chosen("writing", [(f"posting, {n}", post)])
    pages += chosen("admin", [("admin", partial(moderating.lists, effort=effort))])
    yield Phase("the newsroom", run, pages)
    size = given.size if given.quick else "50k"
    yield Phase(
        "search", partial(run_of, given.state, size),
        chosen("search", [("search", partial(readers.search, effort=effort, size=size))]),
    )  # fmt: skip
    yield Phase(
        "TLS", partial(behind, given.state, given.size),
        chosen("tls", [("TLS", partial(behind_tls.stored, effort=effort))]),
    )  # fmt: skip
    numbers = (100, 1000)
    yield Phase(
        "django-comments-xtd", partial(comments_xtd.serving, given.state / "xtd", numbers),
        chosen("peers", [(f"xtd, {n}", partial(xtd, replies=n, effort=effort)) for n in numbers]),
    )  # fmt: skip


def each_page(kind: str, measured: Callable[..., list[Row]], effort: Effort) -> list[Step]:
    return [
        (f"{what}, {kind}", partial(measured, what=what, effort=effort)) for what in readers.PAGES
    ]


@contextmanager
def run_of(state: Path, size: str, **variables: str) -> Iterator[Any]:
    folder = copied(newspaper(state, size), state / RUN)
    with started(folder, **variables) as newsroom:
        newsroom.run(SET_UP)
        yield newsroom


@contextmanager
def behind(state: Path, size: str) -> Iterator[behind_tls.Site]:
    with behind_tls.started(copied(newspaper(state, size), state / RUN)) as site:
        yield site


def xtd(server: Server, replies: int, effort: Effort) -> list[Row]:
    samples = [
        load(f"{server.url}{replies}/", server.pid, seconds=effort.seconds)
        for _ in range(effort.times)
    ]
    return [row(f"django-comments-xtd, {replies:,} replies", "others, fresh", samples)]


if __name__ == "__main__":
    sys.exit(main())
