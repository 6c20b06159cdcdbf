"""What a real server does with clients of all kinds."""

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

import pytest

from tests.gateway import site_lines
from tests.running import ROOT, environment, spare_port

pytestmark = pytest.mark.sqlite_only
SERVE = """
import django
django.setup()
from newsroom import serving
from newsroom.gateway import bodies
bodies.SILENCE = bodies.BEGINNING = 2.0
serving.web_server()
"""


class Server:
    def __init__(self, folder):
        self.port, self.state = spare_port(), folder / "state"
        self.state.mkdir(mode=0o700)
        settings = {"DJANGO_SETTINGS_MODULE": "tests.gateway.settings", "WORKERS": "1"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVE],
            cwd=ROOT,
            env=environment(self.state, self.port, **settings),
            start_new_session=True,
        )
        deadline = time.monotonic() + 60
        while True:
            assert time.monotonic() < deadline
            try:
                self.ask("/echo/")
                return
            except OSError:
                time.sleep(0.05)

    def ask(self, path, method="GET", body=None, headers=None, chunked=False):
        client = HTTPConnection("127.0.0.1", self.port, timeout=30)
        client.request(method, path, body, headers or {}, encode_chunked=chunked)
        answer = client.getresponse()
        sent = answer.read()
        client.close()
        return answer.status, sent

    def send(self, text):
        client = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        client.sendall(text.encode("iso-8859-1"))
        return client

    def drawn(self):
        return len((self.state / "drawn").read_text())

    def megabytes(self):
        children = subprocess.run(
            ["ps", "-o", "rss=", "--ppid", str(self.process.pid)], capture_output=True, text=True
        )
        return max(map(int, children.stdout.split())) / 1024


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("gateway"))
    yield server
    if server.process.poll() is None:
        os.killpg(server.process.pid, signal.SIGTERM)
    server.process.wait(20)


def test_clients_that_send_no_body_keep_no_reader_waiting_and_go(server):
    head = "POST /echo/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc"
    slow = [server.send(head) for _ in range(10)]
    begun = time.monotonic()
    assert server.ask("/echo/")[0] == 200
    assert time.monotonic() - begun < 1.5
    for client in slow:
        assert client.recv(100).startswith(b"HTTP/1.1 408 ")
        client.close()


def test_a_page_that_many_ask_for_at_once_is_drawn_once(server):
    server.ask("/page/", headers={"Accept-Encoding": "gzip"})
    server.ask("/purge/")
    before = server.drawn()
    request = "GET /page/ HTTP/1.1\r\nHost: x\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
    clients = [server.send(request) for _ in range(200)]
    answers = [client.makefile("rb").read() for client in clients]
    for client in clients:
        client.close()
    assert {answer[:15] for answer in answers} == {b"HTTP/1.1 200 OK"}
    assert server.drawn() == before + 1


def test_a_large_upload_arrives_whole_in_one_piece_or_in_chunks(server):
    body = os.urandom(6_000_000)
    digest = hashlib.sha256(body).hexdigest()
    status, sent = server.ask("/echo/", "POST", body)
    assert (status, json.loads(sent)["sent"]) == (200, digest)
    parts = (body[first : first + 100_000] for first in range(0, len(body), 100_000))
    headers = {"Transfer-Encoding": "chunked"}
    status, sent = server.ask("/echo/", "POST", parts, headers, chunked=True)
    assert (status, json.loads(sent)["sent"]) == (200, digest)
    assert json.loads(sent)["environ"]["CONTENT_LENGTH"] == "6000000"


def test_an_upload_that_is_too_large_is_refused_before_it_is_sent(server):
    client = server.send("POST /echo/ HTTP/1.1\r\nHost: x\r\nContent-Length: 99000000\r\n\r\n")
    assert client.recv(100).startswith(b"HTTP/1.1 413 ")
    client.close()


def test_a_request_whose_body_breaks_off_is_not_passed_on(server):
    client = server.send("POST /echo/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc")
    client.shutdown(socket.SHUT_WR)
    assert b" 200 " not in client.recv(100)
    client.close()


def test_a_client_that_asks_whether_to_go_on_is_told_to(server):
    head = "POST /echo/ HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
    client = server.send(head)
    assert client.recv(100).startswith(b"HTTP/1.1 100 ")
    client.sendall(b"abc")
    assert client.recv(100).startswith(b"HTTP/1.1 200 ")
    client.close()


def test_the_application_is_told_what_pep_3333_says(server):
    head = "GET /echo/?a=%C3%A9&b HTTP/1.1\r\nHost: x:81\r\nCookie: a=1\r\nCookie: b=2\r\n"
    head += "X-Forwarded-For: 1.1.1.1\r\nX-Forwarded-For: 2.2.2.2\r\nConnection: close\r\n\r\n"
    client = server.send(head)
    environ = json.loads(client.makefile("rb").read().partition(b"\r\n\r\n")[2])["environ"]
    client.close()
    expected = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/echo/",
        "QUERY_STRING": "a=%C3%A9&b",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": str(server.port),
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "x:81",
        "HTTP_COOKIE": "a=1; b=2",
        "HTTP_X_FORWARDED_FOR": "1.1.1.1,2.2.2.2",
        "wsgi.url_scheme": "http",
    }
    assert {name: environ.get(name) for name in expected} == expected
    assert "NEWSROOM_STATE" not in environ


def test_an_answer_to_head_has_the_headers_alone(server):
    client = server.send("HEAD /page/ HTTP/1.0\r\nHost: x\r\n\r\n")
    head, _, body = client.makefile("rb").read().partition(b"\r\n\r\n")
    client.close()
    assert b"content-length: 7000" in head
    assert not body


def test_a_table_is_sent_as_it_is_taken_and_ends_where_the_client_does(server):
    status, sent = server.ask("/lines/")
    assert (status, sent) == (200, site_lines(400_000))
    (server.state / "ended").unlink()
    client = server.send("GET /lines/ HTTP/1.1\r\nHost: x\r\n\r\n")
    client.recv(1000)
    assert server.ask("/echo/")[0] == 200
    client.close()
    deadline = time.monotonic() + 20
    while not (server.state / "ended").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    while not (ended := (server.state / "ended").read_text()):
        time.sleep(0.01)
    assert int(ended) < 399_999


def test_a_large_file_is_sent_without_being_in_memory(server):
    size = 80_000_000
    with (server.state / "large").open("wb") as file:
        file.truncate(size)
    before = server.megabytes()
    client = server.send("GET /file/ HTTP/1.1\r\nHost: x\r\n\r\n")
    head = client.recv(200)
    assert b"content-length: 80000000" in head.lower()
    time.sleep(0.3)
    assert server.megabytes() - before < 30
    client.close()
    status, sent = server.ask("/file/")
    assert (status, len(sent)) == (200, size)


def test_who_waits_for_a_lock_lets_another_work(server):
    with ThreadPoolExecutor(2) as threads:
        waits = threads.submit(server.ask, "/lock/")
        time.sleep(0.4)
        begun = time.monotonic()
        assert server.ask("/echo/")[0] == 200
        assert time.monotonic() - begun < 0.9
        assert waits.result() == (200, b"had to wait")


def test_what_fails_is_answered_and_the_next_one_too(server):
    assert server.ask("/fails/")[0] == 500
    assert server.ask("/echo/")[0] == 200


def test_what_has_begun_is_finished_when_the_server_is_told_to_end(tmp_path):
    server = Server(tmp_path)
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(server.ask, "/slow/")
        time.sleep(0.5)
        os.kill(server.process.pid, signal.SIGTERM)
        assert slow.result() == (200, b"slowly")
    assert server.process.wait(20) == 0


def test_players_get_the_part_of_a_file_that_they_ask_for(server):
    content = os.urandom(1_000_000)
    (server.state / "recording").write_bytes(content)
    parts = {
        "bytes=0-": content,
        "bytes=10-19": content[10:20],
        "bytes=300000-": content[300_000:],
        "bytes=300000-799999": content[300_000:800_000],
        "bytes=-250000": content[-250_000:],
    }
    for asked, part in parts.items():
        status, sent = server.ask("/recording/", headers={"Range": asked})
        assert (status, sent == part) == (200 if part is content else 206, True), asked
    assert server.ask("/recording/")[1] == content
    assert server.ask("/recording/", headers={"Range": "bytes=1000000-"}) == (416, b"")
    assert server.ask("/recording/", method="HEAD") == (200, b"")
