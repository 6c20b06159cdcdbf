import gzip
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

import pytest

from newsroom import fetching
from newsroom.fetching import NotFetched, fetch

LOOPBACK = [ip_network("127.0.0.1")]


class Site(BaseHTTPRequestHandler):
    """Answers what the test has laid down for a path: (status, headers, data)."""

    answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
    asked: list[tuple[str, dict[str, str]]] = []

    def do_GET(self):
        self.asked.append((self.path, dict(self.headers)))
        status, headers, data = self.answers[self.path.partition("?")[0]]
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(data))} | headers).items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format, *args):
        pass


@contextmanager
def serving(**laid):
    class OneSite(Site):
        answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        asked: list[tuple[str, dict[str, str]]] = []

    kind = OneSite
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    base = f"http://127.0.0.1:{server.server_address[1]}"
    for name, (status, headers, data) in laid.items():
        told = {key: value.replace("BASE", base) for key, value in headers.items()}
        kind.answers[f"/{name}"] = (status, told, data)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield base, kind.asked
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def open_loopback(settings):
    settings.FETCH_ALSO_FROM = LOOPBACK


PICTURE = (200, {"Content-Type": "image/png; charset=x"}, b"pixels")


def why(address, **how):
    with pytest.raises(NotFetched) as refused:
        fetch(address, **{"most": 100} | how)
    return str(refused.value), refused.value.permanent


def test_a_file_comes_with_its_type_and_address(open_loopback):
    with serving(a=PICTURE) as (base, asked):
        got = fetch(f"{base}/a?x=1", most=6, kinds=["image/"])
    assert (got.data, got.content_type, got.status) == (b"pixels", "image/png", 200)
    assert got.address == f"{base}/a?x=1"
    assert asked[0][0] == "/a?x=1"
    assert asked[0][1]["Host"] == base.removeprefix("http://")


def test_a_path_in_other_letters_is_asked_for_as_browsers_do(open_loopback):
    with serving(**{"%E5%86%99%20%e7%9c%9f": PICTURE}) as (base, _):
        assert fetch(f"{base}/写 %e7%9c%9f", most=100).data == b"pixels"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.0.0.1",
        "localhost",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fc00::1]",
        "[ff02::1]",
    ],
)
def test_nothing_is_fetched_from_a_network_that_is_not_public(host):
    assert why(f"http://{host}/") == ("This address is not on the public internet.", True)


def test_a_public_host_is_one_whose_addresses_are_all_public(monkeypatch):
    numbers = ["93.184.216.34", "10.0.0.1"]
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *a, **k: [(0, 0, 0, "", (n, 80)) for n in numbers]
    )
    assert why("http://mixed.example/") == ("This address is not on the public internet.", True)


def test_the_connection_goes_to_the_address_that_was_looked_at(monkeypatch, open_loopback):
    """A name that means another machine when it is asked for again leads nowhere else."""
    with serving(a=PICTURE) as (base, asked):
        port = int(base.rpartition(":")[2])
        answers = iter([[(0, 0, 0, "", ("127.0.0.1", port))]])
        monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: next(answers))
        connect, seen = socket.create_connection, []

        def connecting(address, *args):
            seen.append(address)
            monkeypatch.undo()
            return connect(address, *args)

        monkeypatch.setattr(socket, "create_connection", connecting)
        fetch(f"http://turning.example:{port}/a", most=100)
    assert seen == [("127.0.0.1", port)]
    assert asked[0][1]["Host"] == f"turning.example:{port}"


def test_redirects_are_followed_and_each_is_looked_at(open_loopback):
    inward = (302, {"Location": "http://10.0.0.1/secret"}, b"")
    onward = (301, {"Location": "/a"}, b"")
    for_ever = (302, {"Location": "BASE/again"}, b"")
    other = (302, {"Location": "file:///etc/passwd"}, b"")
    with serving(a=PICTURE, on=onward, inward=inward, again=for_ever, other=other) as (base, _):
        assert fetch(f"{base}/on", most=100).address == f"{base}/a"
        assert why(f"{base}/inward") == ("This address is not on the public internet.", True)
        assert why(f"{base}/again") == ("It leads on and on.", True)
        assert why(f"{base}/other") == ("This is no address on the web.", True)


@pytest.mark.parametrize("told", [{}, {"Content-Length": "", "Connection": "close"}])
def test_more_bytes_than_asked_for_are_refused(open_loopback, told):
    with serving(a=(200, told, b"x" * 101)) as (base, _):
        assert why(f"{base}/a") == ("It has more than 100 bytes.", True)
        assert fetch(f"{base}/a", most=101).data == b"x" * 101


def test_what_is_of_another_kind_is_refused(open_loopback):
    page = (200, {"Content-Type": "text/html"}, b"<p>")
    with serving(page=page, nothing=(200, {}, b"x")) as (base, _):
        assert why(f"{base}/page", kinds=["image/"]) == ("It is of another kind: text/html.", True)
        assert why(f"{base}/nothing", kinds=["image/"]) == ("It is of another kind: ?.", True)


def test_compressed_bytes_are_refused_before_they_grow(open_loopback):
    bomb = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"0" * 10_000))
    with serving(a=bomb) as (base, _):
        assert why(f"{base}/a")[0] == "It came compressed, which was not asked for."


def test_what_broke_off_is_not_taken_for_whole(open_loopback):
    with serving(a=(200, {"Content-Length": "50"}, b"x" * 20)) as (base, _):
        assert why(f"{base}/a")[1] is False


def test_a_file_that_has_not_changed_is_said_to_be_so(open_loopback):
    with serving(a=(304, {"ETag": '"1"'}, b"")) as (base, asked):
        got = fetch(f"{base}/a", most=100, headers={"If-None-Match": '"1"'})
    assert (got.status, got.data) == (304, b"")
    assert asked[0][1]["If-None-Match"] == '"1"'


@pytest.mark.parametrize(
    ("status", "permanent"), [(404, True), (410, True), (403, True), (500, False), (429, False)]
)
def test_a_refusal_says_whether_to_ask_again(open_loopback, status, permanent):
    with serving(a=(status, {}, b"")) as (base, _):
        assert why(f"{base}/a") == (f"It answered {status}.", permanent)


@pytest.mark.parametrize(
    "address",
    ["", "x", "ftp://example.org/", "http://", "http://[::1", "http://u:p@example.org/", "//a/b"]
    + ["http://example.org:99999/", "http://\x00/"],
)
def test_what_is_no_address_on_the_web_is_refused(address):
    assert why(address)[1] is True


def test_a_host_that_is_not_there_may_be_there_later():
    assert why("http://nowhere.invalid/") == ("There is no such host.", False)


def test_a_server_that_is_silent_is_not_waited_for(open_loopback, monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS_OF_SILENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert why(f"http://127.0.0.1:{port}/") == ("It did not answer in time.", False)


def test_a_server_that_drips_is_let_go(open_loopback, monkeypatch):
    monkeypatch.setattr(fetching, "SECONDS_IN_ALL", 0)
    with serving(a=PICTURE) as (base, _):
        assert why(f"{base}/a") == ("It did not answer in time.", False)
