"""A network of caches: what pages tell it, and that it learns of every change."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from newsroom import cdn, env, health
from newsroom.models import CdnPurge, SignOfLife, SiteSettings
from newsroom.page_store import changes_only, kind
from newsroom.page_store.generations import Proof
from newsroom.page_store.pages import page_of
from newsroom.page_store.wrapper import PageStore
from newsroom.tasks import purge_cdn, purge_cdn_again
from newsroom.tests.asking import ask

NOW = 1_800_000_000.0


class Network(HTTPServer):
    """Keeps what it is told, and answers each with the next of its `answers`, the last for good."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Told)
        self.told = []
        self.secrets = set()
        self.answers = [200]

    def keys(self):
        """What it was told to forget since this was asked last, a list for each time."""
        told, self.told = self.told, []
        return told


class Told(BaseHTTPRequestHandler):
    server: Network

    def do_POST(self):
        self.server.told.append(self.headers["Surrogate-Key"].split(" "))
        self.server.secrets.add(self.headers["Fastly-Key"])
        answers = self.server.answers
        self.send_response(answers.pop(0) if len(answers) > 1 else answers[0])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def network(settings):
    network = Network()
    thread = threading.Thread(target=network.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    settings.CDN_PURGE_URL = f"http://127.0.0.1:{network.server_port}/service/x/purge"
    settings.CDN_PURGE_HEADER = ("Fastly-Key", "secret")
    yield network
    network.shutdown()
    thread.join()
    network.server_close()


def page(*tags, ends=float("inf"), headers=()):
    headers = [("Content-Type", "text/html"), *headers]
    proof = Proof(0, ())
    return page_of(b"<p>", headers, "gzip", begun=NOW, ends=ends, proof=proof, tags=tags)


def told(page, now=NOW + 10):
    """What a page tells the network: how long, and the keys."""
    headers = dict(cdn.with_its_headers(page.encoded("gzip").dated, page, now))
    return headers.get("Cache-Control"), headers.get("Surrogate-Key")


# --- What pages tell ---------------------------------------------------------------------------


def test_a_page_tells_for_how_long_and_under_which_keys_it_may_be_kept():
    revalidated = [("Cache-Control", "no-cache")]
    assert told(page("articles_article", "replies:12", headers=revalidated)) == (
        "max-age=0, must-revalidate, s-maxage=3600",
        "newsroom articles_article replies:12",
    )
    for_a_while = page("articles_article", headers=[("Cache-Control", "max-age=60")])
    assert told(for_a_while)[0] == "max-age=60, s-maxage=3600"


def test_a_page_that_the_clock_changes_is_kept_until_then():
    soon = page("articles_article", ends=NOW + 130.5)
    assert told(soon)[0] == "max-age=0, must-revalidate, s-maxage=120"
    assert told(soon, NOW + 130) == ("private, no-cache", None)


@pytest.mark.parametrize("tags", [(), tuple(f"x:{number}" for number in range(2000))])
def test_a_page_whose_changes_it_would_not_learn_is_not_kept(tags):
    no_cache = [("Cache-Control", "no-cache")]
    assert told(page(*tags, headers=no_cache)) == ("private, no-cache", None)


def test_other_answers_are_not_kept():
    """Fastly heeds `private`, and gives no heed to `no-cache`."""

    def django(environ, start):
        start("404 Not Found", environ["headers"])
        return [b""]

    seen = []
    application = cdn.keeping_nothing_else(django)
    for given in (None, "no-cache", "max-age=5", "private, max-age=5"):
        headers = [("cache-control", given)] if given else []
        application({"headers": headers}, lambda status, headers, error: seen.append(headers))
    said = [[value for _name, value in headers] for headers in seen]
    assert said == [["private, no-cache"], ["private, no-cache"], ["max-age=5"], [given]]


@pytest.mark.django_db
def test_what_one_person_sees_is_kept_by_no_cache_in_front(network):
    """At the same address a stored page lies for all others."""
    as_reader, as_staff = ask_front(), ask_front(cookie=f"{settings.SESSION_COOKIE_NAME}=x")
    assert "s-maxage" in as_reader and "private" not in as_reader
    assert as_staff == "private, no-cache"


def ask_front(**headers):
    newsroom = PageStore(get_wsgi_application())
    return ask(newsroom, "/", **headers).headers["cache-control"]


def enqueued():
    return DBTaskResult.objects.filter(task_path=purge_cdn.module_path).count()


# --- What it is told ---------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_change_is_told_when_and_only_when_it_commits(network):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        SiteSettings.objects.create(name="The Owl")
        1 / 0  # noqa: B018
    assert not CdnPurge.objects.exists() and not enqueued()
    with transaction.atomic():
        SiteSettings.objects.create(name="The Owl")
        assert not CdnPurge.objects.exists()
    assert enqueued() == 1
    purge_cdn.call()
    assert network.keys() == [["newsroom_sitesettings"]]
    assert network.secrets == {"secret"}
    SiteSettings.objects.update(name="The Early Owl")  # a lone statement
    purge_cdn.call()
    assert network.keys() == [["newsroom_sitesettings"]]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_readers_do_not_see_is_not_told_and_what_is_narrowed_by_its_tag(network, monkeypatch):
    monkeypatch.setattr("newsroom.page_store.kinds._kinds", {})
    kind("names", written={"newsroom_sitesettings"}, read={"newsroom_sitesettings"})
    SignOfLife.objects.give("worker")
    with changes_only():
        SiteSettings.objects.create(name="The Owl")
    assert not CdnPurge.objects.exists()
    with changes_only("names:1"), transaction.atomic():
        SiteSettings.objects.update(name="The Early Owl")
    purge_cdn.call()
    assert network.keys() == [["names", "names:1"]]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_without_a_network_nothing_is_written_down():
    SiteSettings.objects.create(name="The Owl")
    assert not CdnPurge.objects.exists() and not enqueued()


@pytest.mark.django_db
def test_a_change_is_told_once_more_when_what_was_under_way_has_come_to_its_end(network, clock):
    cdn.note({"articles_article"})
    purge_cdn.call()
    purge_cdn.call()
    purge_cdn_again.call()
    assert network.keys() == [["articles_article"]]
    clock.shift(cdn.UNDER_WAY)
    purge_cdn.call()
    assert network.keys() == []
    purge_cdn_again.call()
    assert network.keys() == [["articles_article"]]
    assert not CdnPurge.objects.exists()


@pytest.mark.django_db
def test_what_it_does_not_take_is_tried_until_it_does(network, clock):
    network.answers = [503]
    cdn.note({"articles_article"})
    with pytest.raises(cdn.PurgeFailed, match="it answered 503"):
        purge_cdn.call()
    cdn.note({"articles_section"})
    purge_cdn.call()  # it is left in peace for a while
    assert len(network.keys()) == 1
    clock.shift(timedelta(days=1))
    with pytest.raises(cdn.PurgeFailed):
        purge_cdn_again.call()
    network.answers = [200]
    network.keys()
    purge_cdn_again.call()
    assert network.keys() == [["articles_article", "articles_section"]]
    assert not CdnPurge.objects.exists()


@pytest.mark.django_db
def test_many_tags_are_told_in_several_requests_each_once(network):
    tags = {f"replies:{number}" for number in range(300)}
    cdn.note(tags)
    cdn.note(tags)
    assert cdn.send() == 300
    first, second = network.keys()
    assert (len(first), len(second)) == (256, 44) and {*first, *second} == tags


@pytest.mark.django_db
def test_what_has_waited_long_goes_in_parts(network, clock, monkeypatch):
    monkeypatch.setattr(cdn, "MOST_ROWS", 2)
    for number in range(5):
        cdn.note({f"replies:{number}"})
    clock.shift(timedelta(hours=1))
    purge_cdn_again.call()
    assert network.keys() == [
        *(["replies:0", "replies:1"], ["replies:2", "replies:3"], ["replies:4"])
    ]
    assert not CdnPurge.objects.exists()


@pytest.mark.django_db
def test_a_network_that_is_away_is_named_by_its_error_alone(settings):
    settings.CDN_PURGE_URL, settings.CDN_PURGE_HEADER = "http://127.0.0.1:9/", ("Key", "secret")
    cdn.note({"articles_article"})
    with pytest.raises(cdn.PurgeFailed) as failed:
        cdn.send()
    assert str(failed.value) == "ConnectionRefusedError"
    assert CdnPurge.objects.get().failed_at


@pytest.mark.django_db
def test_the_operator_learns_that_it_takes_nothing(network, clock):
    assert health.cdn_purges().state == health.State.READY
    cdn.note({"articles_article"})
    clock.shift(timedelta(minutes=2))
    assert health.cdn_purges().state == health.State.READY
    clock.shift(timedelta(minutes=2))
    report = health.cdn_purges()
    assert report.state == health.State.DEGRADED and "has not taken" in report.words


# --- Its settings ------------------------------------------------------------------------------


def test_the_header_of_a_purge_is_read_and_a_mistyped_one_is_not_repeated(monkeypatch):
    assert env.header("CDN_PURGE_HEADER") is None
    monkeypatch.setenv("CDN_PURGE_HEADER", "Authorization: Bearer a+b/c=")
    assert env.header("CDN_PURGE_HEADER") == ("Authorization", "Bearer a+b/c=")
    for wrong in ("s3cret", "Key: s3cret\nX: y", ": s3cret", "Fastly Key: s3cret"):
        monkeypatch.setenv("CDN_PURGE_HEADER", wrong)
        with pytest.raises(ImproperlyConfigured, match=r"\ACDN_PURGE_HEADER\b") as refused:
            env.header("CDN_PURGE_HEADER")
        assert "s3cret" not in str(refused.value)
