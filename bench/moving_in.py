"""How long a WordPress site takes to move in, and what memory that needs.

    python -m bench.moving_in                         20,000 posts with 200,000 replies
    python -m bench.moving_in --posts 2000 --replies 20000
    python -m bench.moving_in --megabytes 2048        the same export, filled up to 2 GB
    python -m bench.moving_in --postgres URL          in a new database of that server, too

makes an export that is always the same, and brings it into an empty newsroom by the command, twice:
the second run changes nothing. Memory is the most that the process ever held. What fills a file up
are custom fields, as page builders leave them. With --docs the table goes to
docs/moving-figures.md.
"""

import argparse
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from articles.tests.wxr import HEAD, TAIL, author, category, item, reply, tag
from bench.progress import Progress
from tests.running import ROOT

SITE = "https://old.example"
PAGE = ROOT / "docs" / "moving-figures.md"
WORDS = [
    *("harbour", "ferry", "council", "budget", "road", "school", "winter", "bridge"),
    *("market", "river", "station", "hospital", "festival", "season", "vote", "library"),
    *("storm", "island", "company", "forest", "record", "museum", "teacher", "garden"),
    *("price", "water"),
]
BEGAN = datetime(2010, 1, 1, tzinfo=UTC)
MEGABYTE = 1024 * 1024
MOST_MEMORY = 300  # MB
PREPARE = """
import django; django.setup()
from django.core.management import call_command
from django.contrib.auth.models import User
call_command("migrate", verbosity=0)
call_command("make_keys")
User.objects.create_superuser("chief", password="pw")
"""


@dataclass(frozen=True)
class Size:
    posts: int
    replies: int
    megabytes: int = 0


@dataclass(frozen=True)
class Taken:
    """By one run: seconds by the clock and of the processor, and the most memory in MB."""

    seconds: float
    cpu: float
    memory: float


@dataclass(frozen=True)
class Row:
    database: str
    first: Taken
    second: Taken


def write_export(file: Path, size: Size) -> None:
    """A piece at a time; the same for the same size."""
    chance = random.Random(f"{size.posts} {size.replies}")
    moment = BEGAN
    number = 1_000_000  # of the next reply
    fill = size.megabytes * MEGABYTE // max(size.posts, 1)
    progress = Progress("writing", size.posts)
    with file.open("w", encoding="utf-8") as out:
        out.write(HEAD.format(site=SITE, language="en-US"))
        for each in range(1, 41):
            out.write(author(f"login{each}", f"Writer {each}", each))
        for each in range(1, 13):
            out.write(category(f"section-{each}", f"Section {each}", number=each))
        for each in range(1, 501):
            out.write(tag(f"tag-{each}", f"Tag {each}", 100 + each))
        for post in range(1, size.posts + 1):
            moment += timedelta(hours=6, minutes=chance.randrange(60))
            wanted = size.replies * post // size.posts - size.replies * (post - 1) // size.posts
            text = _post(post, moment, range(number, number + wanted), chance)
            number += wanted
            if fill > len(text):
                text = text.replace("</item>", f"{_filling(fill - len(text))}</item>")
            out.write(text)
            progress.at(post)
        out.write(TAIL)


def _post(number: int, moment: datetime, replies: range, chance: random.Random) -> str:
    tags = {f"tag-{chance.randrange(1, 501)}" for _each in range(3)}
    section = chance.randrange(1, 13)
    paragraphs = "\n\n".join(f"<p>{_words(chance, 70)}.</p>" for _each in range(8))
    return item(
        *(number, f"{_words(chance, 7).capitalize()} {number}"),
        at=f"{moment:%Y-%m-%d %H:%M:%S}",
        creator=f"login{chance.randrange(1, 41)}",
        excerpt=_words(chance, 20),
        text=f"{paragraphs}\n<h2>{_words(chance, 4)}</h2>\n<ul><li>{_words(chance, 9)}</li></ul>",
        terms=[
            ("category", f"section-{section}", f"Section {section}"),
            *(("post_tag", each, each.replace("tag-", "Tag ")) for each in sorted(tags)),
        ],
        meta={"_edit_last": "1", "_thumbnail_id": ""},
        replies=[
            reply(
                each,
                _words(chance, 40),
                name=f"Reader {chance.randrange(9000)}",
                email=f"reader{chance.randrange(20_000)}@reader.example",
                at=f"{moment + timedelta(minutes=10 * place):%Y-%m-%d %H:%M:%S}",
                approved=chance.choice(["1"] * 8 + ["0", "spam"]),
                parent=chance.choice([0, 0, each - 1]) if place else 0,
            )
            for place, each in enumerate(replies, start=0)
        ],
    )


def _words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(WORDS, k=count))


def _filling(length: int) -> str:
    return (
        "<wp:postmeta><wp:meta_key>_builder</wp:meta_key><wp:meta_value><![CDATA["
        f"{'x' * length}]]></wp:meta_value></wp:postmeta>"
    )


# --- Measuring ------------------------------------------------------------------------------------


@contextmanager
def newsroom(state: Path, postgres: str = "") -> Iterator[dict[str, str]]:
    """The environment of an empty one, which is removed again."""
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {"NEWSROOM_STATE": str(state), "DJANGO_SETTINGS_MODULE": "newsroom.settings"}
    name = f"moving_in_{os.getpid()}"
    if postgres:
        _on_server(postgres, f"CREATE DATABASE {name}")
        environment["DATABASE_URL"] = urlunsplit(urlsplit(postgres)._replace(path=f"/{name}"))
    try:
        subprocess.run([sys.executable, "-c", PREPARE], cwd=ROOT, env=environment, check=True)
        yield environment
    finally:
        shutil.rmtree(state, ignore_errors=True)
        if postgres:
            _on_server(postgres, f"DROP DATABASE {name} WITH (FORCE)")


def _on_server(address: str, statement: str) -> None:
    import psycopg  # noqa: PLC0415 - only where there is such a server

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement)


def run(file: Path, environment: dict[str, str]) -> Taken:
    """The command, in a process of its own. Raises CalledProcessError."""
    command = [sys.executable, "manage.py", "import_wordpress", str(file)]
    begun = time.monotonic()
    with tempfile.TemporaryFile() as told:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=told, stderr=None)
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            told.seek(0)
            raise subprocess.CalledProcessError(process.returncode, command, told.read())
    took = time.monotonic() - begun
    return Taken(took, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def measure(database: str, file: Path, state: Path, postgres: str = "") -> Row:
    with newsroom(state, postgres) as environment:
        first = run(file, environment)
        return Row(database, first, run(file, environment))


# --- Telling --------------------------------------------------------------------------------------


def table(rows: list[Row], size: Size, megabytes: float) -> str:
    items = size.posts + size.replies
    lines = [
        f"{size.posts:,} posts with {size.replies:,} replies, {megabytes:,.0f} MB.",
        "",
        "| | by the clock | processor | items a second | most memory |",
        "|---|--:|--:|--:|--:|",
    ]
    for row in rows:
        for name, taken in (("first run", row.first), ("second run", row.second)):
            lines.append(
                f"| {row.database}, {name} | {taken.seconds:,.0f} s | {taken.cpu:,.0f} s"
                f" | {items / taken.seconds:,.0f} | {taken.memory:,.0f} MB |"
            )
    return "\n".join(lines)


def markdown(tables: list[str]) -> str:
    return "\n".join(
        [
            "# A WordPress site moves in",
            "",
            f"Made by `python -m bench.moving_in`, {datetime.now(UTC):%Y-%m-%d}, on"
            f" {os.cpu_count()} processors ({platform.machine()}), Python"
            f" {platform.python_version()}. An item is a post or a reply. The second run finds"
            f" all of it there, and changes nothing. Memory is to stay below {MOST_MEMORY} MB.",
            "",
            *("\n\n".join(tables), ""),
        ]
    )


def main() -> int:
    given = arguments()
    size = Size(given.posts, given.replies, given.megabytes)
    given.state.mkdir(parents=True, exist_ok=True)
    file = given.state / "export.xml"
    write_export(file, size)
    rows = [measure("SQLite", file, given.state / "run")]
    if given.postgres:
        rows.append(measure("PostgreSQL", file, given.state / "run", given.postgres))
    told = table(rows, size, file.stat().st_size / MEGABYTE)
    file.unlink()
    print(told)
    if given.docs:
        before = PAGE.read_text(encoding="utf-8").split("\n\n")[2:] if given.add else []
        PAGE.write_text(markdown([*("\n\n".join(before).strip(),) * bool(before), told]), "utf-8")
    runs = [taken for row in rows for taken in (row.first, row.second)]
    return int(any(taken.memory > MOST_MEMORY for taken in runs))


def arguments() -> argparse.Namespace:
    about = (__doc__ or "").partition("\n")[0]
    parser = argparse.ArgumentParser(prog="python -m bench.moving_in", description=about)
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--replies", type=int, default=200_000)
    parser.add_argument("--megabytes", type=int, default=0, help="fills the file up to this")
    parser.add_argument("--postgres", default="", metavar="URL", help="of a server, as well")
    parser.add_argument("--docs", action="store_true", help=f"writes {PAGE.name}")
    parser.add_argument("--add", action="store_true", help="keeps the tables that stand there")
    place = Path(tempfile.gettempdir()) / "newsroom-moving-in"
    parser.add_argument("--state", type=Path, default=place, help=f"default: {place}")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
