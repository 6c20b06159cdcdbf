"""How each measurement begins: its arguments, and a newsroom of its own."""

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import django
from django.core.management import call_command


class Options(NamedTuple):
    pieces: int
    times: int


def set_up(about: str | None, *, state: str, pieces: int, times: int) -> Options:
    """Read the command line and make the newsroom ready, in the directory of temporary files
    unless `--state` says otherwise. Models can be imported from then on."""
    parser = argparse.ArgumentParser(description=(about or "").partition("\n")[0])
    parser.add_argument("--pieces", type=int, default=pieces)
    parser.add_argument("--times", type=int, default=times, help="how often each page is asked for")
    given = begin(parser, state=state)
    return Options(given.pieces, given.times)


def begin(parser: argparse.ArgumentParser, *, state: str) -> argparse.Namespace:
    """The same, with arguments of one's own."""
    place = Path(tempfile.gettempdir()) / state
    parser.add_argument("--state", type=Path, default=place, help=f"default: {place}")
    given = parser.parse_args()
    os.environ["NEWSROOM_STATE"] = str(given.state)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    return given


def say(progress: str) -> None:
    print(progress, file=sys.stderr)
