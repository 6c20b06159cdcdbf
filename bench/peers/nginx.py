"""nginx as the limit: it sends one finished, compressed file, with the headers of our page."""

import gzip
import http.client
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bench.wrk import Unanswered, program
from tests.running import spare_port

START_SECONDS, STOP_SECONDS = 10, 10
# What a server writes itself.
OWN = {
    "connection", "content-length", "content-type", "content-encoding", "date", "etag",
    "keep-alive", "last-modified", "server", "transfer-encoding", "vary",
}  # fmt: skip
CONFIGURATION = """
{user}
worker_processes {processes};
pid {folder}/nginx.pid;
error_log {folder}/error.log;
daemon off;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    types {{ text/html html; }}
    charset utf-8;
    client_body_temp_path {folder}/temporary;
    proxy_temp_path {folder}/temporary;
    fastcgi_temp_path {folder}/temporary;
    uwsgi_temp_path {folder}/temporary;
    scgi_temp_path {folder}/temporary;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 10000000;
    open_file_cache max=100;
    open_file_cache_valid 60s;
    server {{
        listen 127.0.0.1:{port} reuseport;
        root {folder}/pages;
        gzip_static always;
        gzip_vary on;
        {headers}
    }}
}}
"""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Server:
    """Where a peer answers, and the process that its other ones descend from."""

    url: str
    pid: int


def fetch(url: str, headers: Mapping[str, str] | None = None) -> Answer:
    """One answer, as it was sent: nothing is unpacked, nobody is followed."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    try:
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", path, headers={"Accept-Encoding": "gzip"} | dict(headers or {}))
        found = connection.getresponse()
        names = {name.lower(): value for name, value in found.getheaders()}
        return Answer(found.status, names, found.read())
    finally:
        connection.close()


@contextmanager
def serving(folder: Path, page: Answer, *, processes: int) -> Iterator[Server]:
    """Started with `page` as /page.html. Raises NotInstalled."""
    nginx = program("nginx", "nginx-light")
    shutil.rmtree(folder, ignore_errors=True)
    for place in ("pages", "temporary"):
        (folder / place).mkdir(parents=True)
    packed = page.headers.get("content-encoding") == "gzip"
    body = page.body if packed else gzip.compress(page.body, 9)
    (folder / "pages" / "page.html.gz").write_bytes(body)
    port = spare_port()
    lines = [
        f'add_header {name} "{_quoted(value)}";'
        for name, value in page.headers.items()
        if name not in OWN
    ]
    (folder / "nginx.conf").write_text(
        CONFIGURATION.format(
            # Started by root, its processes read the file as root, too.
            user="user root;" if os.geteuid() == 0 else "",
            processes=processes, folder=folder, port=port, headers="\n        ".join(lines),
        )
    )  # fmt: skip
    command = [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    process = subprocess.Popen([*command, "-e", str(folder / "error.log")])
    try:
        server = Server(f"http://127.0.0.1:{port}/page.html", process.pid)
        _wait(server.url, process)
        yield server
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("$", "")


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            answer = fetch(url)
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise Unanswered(
                    "nginx did not start: see error.log beside its nginx.conf"
                ) from None
            time.sleep(0.05)
            continue
        if answer.status != 200:
            raise Unanswered(f"nginx answers {answer.status}")
        return
