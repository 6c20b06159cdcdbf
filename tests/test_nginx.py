"""deploy/nginx.conf by a real nginx, before a newsroom and before one that tells all it got."""

import gzip
import json
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.machine.nginx import HOST, Proxy, running_nginx
from tests.running import FirstStart, Running, spare_port

pytestmark = pytest.mark.sqlite_only


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nginx")


@pytest.fixture(scope="module")
def proxied(first_start: FirstStart, folder: Path) -> Iterator[tuple[Running, Proxy]]:
    """A newsroom behind nginx."""
    https, http = spare_port(), spare_port()
    site = f"https://{HOST}:{https}"
    with first_start.again(folder, SITE_URL=site, TRUSTED_PROXIES="127.0.0.1") as newsroom:
        before, state = port_of(newsroom), newsroom.state
        with running_nginx(folder, before=before, https=https, http=http, state=state) as proxy:
            yield newsroom, proxy


def port_of(newsroom: Running) -> int:
    return int(newsroom.url.rpartition(":")[2])


def ask(
    proxy: Proxy, path: str, headers: dict[str, str] | None = None, method: str = "GET"
) -> tuple[HTTPResponse, bytes]:
    context = ssl.create_default_context(cafile=str(proxy.certificate))
    connection = HTTPSConnection(HOST, proxy.https, context=context, timeout=20)
    connection.request(method, path, headers=headers or {})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


def test_a_page_comes_by_https_as_the_newsroom_has_stored_it(
    proxied: tuple[Running, Proxy],
) -> None:
    _, proxy = proxied
    answer, body = ask(proxy, "/", {"Accept-Encoding": "gzip"})
    assert answer.status == 200
    assert b"Pentagon chief" in gzip.decompress(body)
    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000"
    assert answer.headers["ETag"].startswith('"'), "a strong one, which nginx has left as it was"
    tag = {"Accept-Encoding": "gzip", "If-None-Match": answer.headers["ETag"]}
    assert ask(proxy, "/", tag)[0].status == 304
    assert f"https://{HOST}:{proxy.https}/" in gzip.decompress(body).decode()


def test_browsers_get_http_2(proxied: tuple[Running, Proxy]) -> None:
    _, proxy = proxied
    context = ssl.create_default_context(cafile=str(proxy.certificate))
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        socket.create_connection((HOST, proxy.https)) as plain,
        context.wrap_socket(plain, server_hostname=HOST) as connection,
    ):
        assert connection.selected_alpn_protocol() == "h2"
        assert connection.version() in {"TLSv1.2", "TLSv1.3"}


def test_plain_http_leads_to_https(proxied: tuple[Running, Proxy]) -> None:
    _, proxy = proxied
    connection = HTTPConnection("127.0.0.1", proxy.http, timeout=20)
    connection.request("GET", "/articles/x/?q=1", headers={"Host": HOST})
    answer = connection.getresponse()
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://{HOST}/articles/x/?q=1"
    connection.close()


def test_nobody_behind_it_counts_as_the_operator(proxied: tuple[Running, Proxy]) -> None:
    _, proxy = proxied
    forged = {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1"}
    for headers in ({}, forged):
        assert b"checks" not in ask(proxy, "/readyz", headers)[1]


def test_static_files_are_sent_by_nginx_compressed_and_kept_for_good(
    proxied: tuple[Running, Proxy],
) -> None:
    newsroom, proxy = proxied
    page = ask(proxy, "/")[1].decode()
    found = re.search(r'href="(/static/[^"]+\.css)"', page)
    assert found
    answer, body = ask(proxy, found[1], {"Accept-Encoding": "gzip"})
    file = newsroom.state / found[1].removeprefix("/")
    assert answer.headers["Server"] == "nginx"
    assert body == Path(f"{file}.gz").read_bytes()
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert ask(proxy, "/static/staticfiles.json")[0].headers.get_all("Cache-Control") != [
        "max-age=315360000, public, immutable"
    ]


def test_a_static_file_that_nginx_cannot_read_is_sent_by_the_newsroom(
    proxied: tuple[Running, Proxy], tmp_path: Path
) -> None:
    newsroom, proxy = proxied
    found = re.search(r'href="(/static/[^"]+\.css)"', ask(proxy, "/")[1].decode())
    assert found
    before, state = port_of(newsroom), tmp_path / "elsewhere"
    https, http = spare_port(), spare_port()
    with running_nginx(tmp_path, before=before, https=https, http=http, state=state) as other:
        answer, body = ask(other, found[1], {"Host": f"{HOST}:{proxy.https}"})
    assert answer.status == 200
    assert body == (newsroom.state / found[1].removeprefix("/")).read_bytes()


# --- What the newsroom is told ------------------------------------------------------------------


class Told(BaseHTTPRequestHandler):
    """Answers with the headers of the request, and the port that it came from."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        told = {"headers": [*self.headers.items()], "from": self.client_address[1]}
        body = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600, s-maxage=600")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


def test_it_is_told_who_asks_over_a_connection_that_stays_open_and_each_time(
    tmp_path: Path,
) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Told)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    ports = {"https": spare_port(), "http": spare_port()}
    forged = {"Forwarded": "for=1.2.3.4", "X-Real-IP": "1.2.3.4", "X-Forwarded-Host": "evil"}
    forged |= {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "gopher"}
    forged |= {"X-Forwarded-Port": "1"}
    with running_nginx(tmp_path, before=server.server_port, state=tmp_path, **ports) as proxy:
        told = [json.loads(ask(proxy, "/", forged)[1]) for _ in range(2)]
    server.shutdown()
    server.server_close()
    for each in told:
        headers = dict(each["headers"])
        assert len(headers) == len(each["headers"])
        assert headers["X-Forwarded-For"] == "203.0.113.9, 127.0.0.1"
        assert headers["X-Forwarded-Proto"] == "https"
        assert headers["Host"] == f"{HOST}:{proxy.https}"
        assert not headers.keys() & {"Forwarded", "X-Real-IP", "X-Forwarded-Host"}
        assert not headers.keys() & {"X-Forwarded-Port", "Connection"}
    assert told[0]["from"] == told[1]["from"], "by one connection"
