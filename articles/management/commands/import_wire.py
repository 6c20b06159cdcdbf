from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles.importers.wire.recognising import MOST_BYTES
from articles.models import WireStream
from articles.wire.looking import PICTURES, Look, bring
from articles.wire.receiving import Received
from newsroom.fetching import NotFetched, fetch


class Command(BaseCommand):
    help = "Brings wires from files, directories and addresses to the wire desk."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("places", nargs="+", metavar="DIR|FILE|URL")
        parser.add_argument(
            "--wire",
            help="The name of the wire (in the admin) that they come by. It may be left out where"
            " there is one.",
        )

    def handle(self, *args: Any, places: list[str], wire: str | None, **options: Any) -> None:
        stream, look = stream_named(wire), Look()
        for place in places:
            told = len(look.received), len(look.refused)
            self.read(place, stream, look)
            for received in look.received[told[0] :]:
                self.stdout.write(line_of(received))
            for name, why in look.refused[told[1] :]:
                self.stderr.write(f"refused   {name}: {why}")
        counted = f"{len(look.received)} received, {len(look.refused)} refused."
        if look.refused:
            raise CommandError(counted)
        self.stdout.write(counted)

    def read(self, place: str, stream: WireStream, look: Look) -> None:
        if place.startswith(("http://", "https://")):
            try:
                bring(fetch(place, most=MOST_BYTES).data, place, stream, look)
            except NotFetched as error:
                look.refused.append((place, str(error)))
            return
        path = Path(place)
        if not path.exists():
            raise CommandError(f"There is no {place}.")
        files = sorted(path.iterdir()) if path.is_dir() else [path]
        for file in files:
            is_meant = file == path or not file.name.lower().endswith(PICTURES)
            if is_meant and file.is_file() and not file.name.startswith("."):
                with file.open("rb") as opened:
                    bring(opened.read(MOST_BYTES + 1), file.name, stream, look)


def stream_named(name: str | None) -> WireStream:
    streams = list(
        WireStream.objects.all() if name is None else WireStream.objects.filter(name=name)
    )
    if len(streams) == 1:
        return streams[0]
    there = ", ".join(WireStream.objects.values_list("name", flat=True)) or "none"
    raise CommandError(f"Name the wire with --wire. Set up in the admin: {there}.")


def line_of(received: Received) -> str:
    item = received.item
    return (
        f"{received.outcome.value:<9} {item.provider} {item.guid} ({item.version}) {item.headline}"
    )
