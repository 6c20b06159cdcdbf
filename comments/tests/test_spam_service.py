"""An Akismet-compatible service on this machine: what it is told, and what comes of its verdict."""

import logging
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
from django_tasks_db.models import DBTaskResult

from articles.models import Replies
from articles.tests.factories import make_article, make_staff
from comments.models import Comment, Policy
from comments.moderation import spam_service
from comments.moderation.spam_service import SpamServiceFailed, is_spam
from comments.tasks import SPAM_ATTEMPTS, ask_spam_service
from comments.tests.factories import make_comment, post_reply

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

SPAM, HAM = b"true", b"false"


class Service(HTTPServer):
    """Keeps what it is told, and answers with `status` and `body`."""

    status, body = 200, HAM

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Told)
        self.told: list[dict[str, list[str]]] = []
        self.headers: list[dict[str, str]] = []


class Told(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self):
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.told.append(parse_qs(sent))
        self.server.headers.append(dict(self.headers))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *args):
        pass


@pytest.fixture
def service(settings):
    server = Service()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.AKISMET_URL = f"http://127.0.0.1:{server.server_port}/1.1/comment-check"
    settings.AKISMET_KEY = "s3cret"
    yield server
    server.shutdown()
    server.server_close()


def ask(reply, attempt=1):
    ask_spam_service.func(reply.pk, attempt)
    reply.refresh_from_db()
    return reply


def waiting():
    return DBTaskResult.objects.filter(task_path="comments.tasks.ask_spam_service")


def test_it_is_told_text_name_and_website_and_nothing_else_of_the_reader(client, service):
    post_reply(
        client,
        make_article(slug="a-piece"),
        comment="Cheap watches",
        author="Hana",
        email="canary@example.org",
        url="https://example.com/",
    )
    assert is_spam(Comment.objects.get()) is False
    (told,) = service.told
    assert told.pop("blog_lang") == ["en"]
    assert told == {
        "api_key": ["s3cret"],
        "blog": ["http://localhost:8000"],
        "comment_type": ["comment"],
        "comment_author": ["Hana"],
        "comment_author_url": ["https://example.com/"],
        "comment_content": ["Cheap watches"],
        "permalink": ["http://localhost:8000/articles/a-piece/"],
        "blog_charset": ["UTF-8"],
    }
    assert "canary" not in repr(service.told) + repr(service.headers)
    assert service.headers[0]["User-Agent"] == "Newsroom"


def test_the_worker_is_asked_to_ask_about_what_is_held_alone(service):
    held = make_comment()
    assert [each.args_kwargs["args"] for each in waiting()] == [[held.pk]]
    Policy(replies=Replies.OPEN, hold_first=0).save()
    make_comment()
    assert waiting().count() == 1


def test_without_a_service_nobody_is_asked():
    make_comment()
    assert not waiting().exists()


def test_what_it_takes_for_spam_stays_held_with_a_note(service):
    service.body = SPAM
    reply = ask(make_comment())
    assert reply.is_held
    assert reply.findings.get(rule="spam_service").reason == "The spam service takes it for spam."
    assert ask(reply).findings.filter(rule="spam_service").count() == 1


def test_or_is_marked_as_spam_by_the_rules_and_can_be_brought_back(service):
    Policy(spam_verdict="spam").save()
    service.body = SPAM
    reply = ask(make_comment())
    assert reply.status == "spam"
    assert reply.decisions.first().rule == "spam_service"
    reply.restore(by=make_staff("Moderators"))
    assert ask(reply).is_held


def test_what_it_takes_for_no_spam_stays_held_too(service):
    Policy(replies=Replies.OPEN).save()
    reply = ask(make_comment())
    assert reply.is_held
    assert reply.decisions.count() == 1


LETS_OUT = {"replies": Replies.OPEN, "spam_service_lets_out": True}


def test_unless_the_rules_let_it_bring_newcomers_in(service):
    Policy(**LETS_OUT).save()
    reply = ask(make_comment())
    assert reply.is_approved
    assert reply.decisions.first().rule == "spam_service"


def holding(**fields):
    return lambda: make_comment(**fields)


def put_back():
    reply, by = make_comment(), make_staff("Moderators")
    reply.reject(by=by)
    reply.restore(by=by)
    return reply


HELD_ANYWAY = {
    "another rule holds it": ({}, holding(trap="x")),
    "every reply is held": ({"replies": Replies.HELD}, holding()),
    "a moderator put it back": ({}, put_back),
}


@pytest.mark.parametrize(("fields", "make"), HELD_ANYWAY.values(), ids=HELD_ANYWAY)
def test_it_lets_out_nothing_that_is_held_for_more(service, fields, make):
    Policy(**LETS_OUT | fields).save()
    assert ask(make()).is_held


def test_what_was_decided_meanwhile_is_not_asked_about(service):
    reply = make_comment()
    reply.reject(by=make_staff("Moderators"))
    assert ask(reply).status == "rejected"
    assert not service.told


FAILURES = {
    "an error": (500, HAM),
    "no right": (403, HAM),
    "a redirect": (302, HAM),
    "no verdict": (200, b"invalid"),
    "a page": (200, b"<html>" * 10_000),
    "nothing": (200, b""),
}


@pytest.mark.parametrize(("status", "body"), FAILURES.values(), ids=FAILURES)
def test_a_failure_leaves_it_held_and_is_tried_again(service, clock, status, body):
    Policy(**LETS_OUT).save()
    service.status, service.body = status, body
    reply = make_comment()
    waiting().delete()
    assert ask(reply).is_held
    assert [each.args_kwargs["args"] for each in waiting()] == [[reply.pk, 2]]
    assert len(service.told) == 1


def test_in_the_end_it_waits_for_a_moderator_and_the_log_says_so(service, caplog):
    service.status = 500
    reply = make_comment(text="My secret text")
    waiting().delete()
    with caplog.at_level(logging.DEBUG):
        ask(reply, attempt=SPAM_ATTEMPTS)
    assert not waiting().exists()
    (record,) = caplog.records
    assert record.getMessage() == "The spam service failed: it answered 500."
    assert "secret" not in caplog.text
    assert "s3cret" not in caplog.text


def test_nobody_there_is_a_failure_too(settings):
    settings.AKISMET_URL = "http://127.0.0.1:9/1.1/comment-check"
    with pytest.raises(SpamServiceFailed, match="ConnectionRefusedError"):
        is_spam(make_comment())


def test_a_service_that_says_nothing_is_not_waited_for(settings, monkeypatch):
    monkeypatch.setattr(spam_service, "SECONDS", timedelta(milliseconds=50).total_seconds())
    with HTTPServer(("127.0.0.1", 0), Told) as silent:  # listens, and never answers
        settings.AKISMET_URL = f"http://127.0.0.1:{silent.server_port}/"
        with pytest.raises(SpamServiceFailed, match="TimeoutError"):
            is_spam(make_comment())
