"""The newsroom behind nginx as TLS proxy, with the configuration that is shipped."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from bench import newsrooms
from bench.processes import processor_seconds
from bench.readers import ARTICLE, Effort
from bench.rows import Row, row
from bench.wrk import STORED_CONNECTIONS, NotInstalled, load
from tests.machine import MachineLacks
from tests.machine.nginx import HOST, running_nginx
from tests.running import Running, spare_port


class Site(NamedTuple):
    newsroom: Running
    url: str
    nginx: int  # its process


@contextmanager
def started(folder: Path) -> Iterator[Site]:
    """A newspaper as `make run` starts it, and nginx with one process before it. Raises
    NotInstalled."""
    https, http, place = spare_port(), spare_port(), folder / "tls"
    place.mkdir(exist_ok=True)
    site = f"https://{HOST}:{https}"
    with newsrooms.started(folder, SITE_URL=site) as newsroom:
        port = urlsplit(newsroom.url).port or 0
        try:
            with running_nginx(place, before=port, https=https, http=http, state=newsroom.state):
                yield Site(newsroom, site, int((place / "nginx.pid").read_text()))
        except MachineLacks as lack:
            raise NotInstalled(str(lack)) from None


def stored(site: Site, effort: Effort) -> list[Row]:
    """By HTTP/1.1 over connections that stay open; the CPU is of nginx, too."""
    samples, of_nginx = [], []
    for _ in range(effort.times):
        begun = processor_seconds(site.nginx)
        found = load(
            site.url + ARTICLE, site.newsroom.process.pid, seconds=effort.seconds,
            connections=STORED_CONNECTIONS,
        )  # fmt: skip
        answered = found.per_second * effort.seconds
        of_nginx.append((processor_seconds(site.nginx) - begun) * 1000 / answered)
        samples.append(replace(found, cpu=found.cpu + of_nginx[-1]))
    note = f"nginx {min(of_nginx):.3f} to {max(of_nginx):.3f} ms of that"
    return [row("article, 100 replies, by HTTPS", "stored, behind nginx", samples, note=note)]
