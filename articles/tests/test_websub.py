"""A hub is told which feeds changed: when, which, and what happens where it does not answer."""

import logging
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from articles import websub
from articles.tasks import tell_hub, tell_hub_when_public
from articles.tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_section,
    make_source,
    make_topic,
    save_version,
)
from articles.tests.pictures import make_image
from articles.tests.pictures import media_root as media_root
from newsroom.retrying import ATTEMPTS
from newsroom.tests.clock import NOON, SITE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


class Hub(HTTPServer):
    """Keeps what it is told, and answers each with the next of its `answers`, the last for good."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Told)
        self.told: list[dict[str, list[str]]] = []
        self.paths: list[str] = []
        self.answers = [204]

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/hub"


class Told(BaseHTTPRequestHandler):
    server: Hub

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.told.append(parse_qs(body))
        self.server.paths.append(self.path)
        answers = self.server.answers
        status = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        if status in {301, 302, 303, 307, 308}:
            self.send_header("Location", "file:///etc/passwd" if status == 301 else "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self):
        self.server.paths.append(f"GET {self.path}")
        self.send_error(404)

    def log_message(self, *args):
        pass


@pytest.fixture
def hub(settings, monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    with Hub() as hub:
        thread = threading.Thread(target=hub.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        settings.WEBSUB_HUB = hub.url
        yield hub
        hub.shutdown()
        thread.join()


@pytest.fixture
def noted(settings):
    """Where what the hub would be told is looked up among the tasks alone."""
    settings.WEBSUB_HUB = "http://hub.invalid/"


def waiting():
    """The tasks for the hub since they were last asked for."""
    ours = DBTaskResult.objects.filter(task_path__startswith="articles.tasks.tell_hub")
    tasks = list(ours.order_by("enqueued_at", "run_after"))
    ours.delete()
    return tasks


def lists_told():
    return [task.args_kwargs["args"][0] for task in waiting()]


def make_whole(**fields):
    return make_draft(
        section=make_section(name="World"),
        topics=[make_topic("Japan")],
        authors=[make_author("Maud", slug="maud")],
        source=make_source("AFP"),
        **fields,
    )


# --- What it is told ----------------------------------------------------------------------------


def test_the_hub_is_told_of_every_feed_in_which_a_new_piece_stands(hub, editor):
    article = make_whole()
    article.publish(by=editor)
    [task] = waiting()
    tell_hub.call(*task.args_kwargs["args"])
    [told] = hub.told
    assert told["hub.mode"] == ["publish"]
    stems = ["feeds/latest", "sections/world/feed", "topics/japan/feed"]
    stems += ["authors/maud/feed", "sources/afp/feed"]
    assert sorted(told["hub.url"]) == sorted(
        f"{SITE}/{stem}.{kind}" for stem in stems for kind in ("rss", "atom", "json")
    )


def test_the_addresses_that_the_hub_is_told_are_those_that_the_feeds_say_of_themselves(
    client, hub, editor
):
    make_whole().publish(by=editor)
    [task] = waiting()
    for address in websub.feeds_of(task.args_kwargs["args"][0]):
        response = client.get(address.removeprefix(SITE))
        assert response.status_code == 200
        assert response["Link"] == f'<{hub.url}>; rel="hub", <{address}>; rel="self"'


@pytest.mark.usefixtures("noted")
def test_a_piece_that_moved_concerns_the_lists_it_left_and_those_it_came_to(editor):
    article = make_whole()
    article.publish(by=editor)
    old, new = article.section, make_section(name="Sport")
    waiting()
    article.move_to(new, by=editor)
    [lists] = lists_told()
    assert lists["section"] == sorted([old.pk, new.pk])


@pytest.mark.usefixtures("noted")
@pytest.mark.parametrize(
    ("change", "is_told"),
    [
        (lambda piece, by: save_version(piece, by=by, headline="Better"), True),
        (lambda piece, by: save_version(piece, by=by, slug="elsewhere"), True),
        (lambda piece, by: save_version(piece, by=by, headline="Bettr", is_minor=True), False),
        (lambda piece, by: save_version(piece, by=by, desk_notes="Call."), False),
        (lambda piece, by: piece.record(by=by), False),
        (lambda piece, by: piece.correct(by=by, kind="update", text="It sank."), True),
        (lambda piece, by: piece.withdraw(by=by), True),
        (lambda piece, by: piece.publish(by=by), False),
    ],
)
def test_the_hub_is_told_of_changes_in_substance_alone(editor, change, is_told):
    article = make_article(by=editor)
    waiting()
    change(article, editor)
    assert len(waiting()) == is_told


@pytest.mark.usefixtures("noted")
def test_a_correction_that_is_taken_back_and_a_piece_that_comes_back_are_news(editor):
    article = make_article(by=editor)
    correction = article.correct(by=editor, kind="update", text="It sank.")
    waiting()
    correction.take_back(by=editor, reason="It did not.")
    assert len(waiting()) == 1
    article.withdraw(by=editor)
    waiting()
    article.bring_back(by=editor)
    assert len(waiting()) == 1


@pytest.mark.usefixtures("noted")
def test_work_that_readers_do_not_see_is_none_of_the_hubs(editor):
    article = make_draft()
    article.record(by=editor)
    article.submit_for_review(by=editor)
    save_version(article, by=editor, headline="Better")
    article.send_back(by=editor)
    assert waiting() == []


def test_without_a_hub_nothing_is_noted(editor):
    article = make_article(by=editor)
    article.correct(by=editor, kind="update", text="It sank.")
    make_draft().schedule(by=editor, at=NOON + HOUR)
    assert waiting() == []


@pytest.mark.usefixtures("noted")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_change_that_is_rolled_back_is_none(editor):
    article = make_article(by=editor)
    waiting()
    with pytest.raises(RuntimeError), transaction.atomic():
        article.withdraw(by=editor)
        raise RuntimeError
    assert waiting() == []


# --- A piece that has its time to come ----------------------------------------------------------


def at_its_moment(task, clock):
    clock.move_to(task.run_after)
    tell_hub_when_public.call(*task.args_kwargs["args"])


@pytest.mark.usefixtures("noted")
def test_a_scheduled_piece_is_told_at_its_moment(clock, editor):
    article = make_whole()
    article.schedule(by=editor, at=NOON + HOUR)
    [task] = waiting()
    assert task.run_after == NOON + HOUR
    at_its_moment(task, clock)
    [lists] = lists_told()
    assert lists["section"] == [article.section.pk]


@pytest.mark.usefixtures("noted")
def test_it_is_noted_once_whatever_is_still_changed_in_its_text(editor):
    article = make_draft()
    article.schedule(by=editor, at=NOON + HOUR)
    save_version(article, by=editor, headline="Better")
    assert len(waiting()) == 1


@pytest.mark.usefixtures("noted")
def test_an_embargo_is_waited_for(clock, editor):
    article = make_draft(embargo_until=NOON + 2 * HOUR)
    article.publish(by=editor, at=NOON)
    [task] = waiting()
    assert task.run_after == NOON + 2 * HOUR
    at_its_moment(task, clock)
    assert len(waiting()) == 1


@pytest.mark.usefixtures("noted")
@pytest.mark.parametrize(
    "taken_back",
    [
        lambda piece, by: piece.send_back(by=by),
        lambda piece, by: piece.withdraw(by=by),
        lambda piece, by: piece.schedule(by=by, at=NOON + 2 * HOUR),
    ],
)
def test_a_piece_taken_back_before_its_moment_is_not_told(clock, editor, taken_back):
    article = make_draft()
    article.schedule(by=editor, at=NOON + HOUR)
    [task] = waiting()
    taken_back(article, editor)
    waiting()
    at_its_moment(task, clock)
    assert waiting() == []


@pytest.mark.usefixtures("noted")
def test_a_piece_brought_forward_is_told_at_its_new_moment_and_not_again(clock, editor):
    article = make_draft()
    article.schedule(by=editor, at=NOON + 2 * HOUR)
    [late] = waiting()
    article.schedule(by=editor, at=NOON + HOUR)
    [early] = waiting()
    at_its_moment(early, clock)
    assert len(waiting()) == 1
    at_its_moment(late, clock)
    assert waiting() == []


@pytest.mark.usefixtures("noted")
def test_a_piece_that_is_no_more_is_not_told():
    tell_hub_when_public.call(999_999, NOON.isoformat())
    assert waiting() == []


@pytest.mark.usefixtures("noted", "media_root")
def test_it_is_told_of_a_picture_that_was_killed(editor):
    image = make_image()
    make_whole(lead_image=image).publish(by=editor)
    make_draft(lead_image=image)
    waiting()
    image.withdraw(by=editor, reason="Killed.")
    [lists] = lists_told()
    assert sorted(lists) == ["author", "section", "source", "topic"]
    image.bring_back(by=editor)
    assert len(lists_told()) == 1
    make_image(name="Unused").withdraw(by=editor, reason="Killed.")
    assert lists_told() == []


# --- When the hub does not take it ----------------------------------------------------------------


def test_a_hub_that_fails_is_told_again_later(hub, caplog):
    hub.answers = [503, 204]
    tell_hub.call({"section": []})
    [again] = waiting()
    assert again.run_after == NOON + MINUTE
    assert again.args_kwargs["args"] == [{"section": []}, 2]
    assert "it answered 503" in caplog.text and "hub.url" not in caplog.text
    tell_hub.call(*again.args_kwargs["args"])
    assert len(hub.told) == 2
    assert waiting() == []


def test_the_pauses_grow_and_the_last_failure_is_seen(hub):
    hub.answers = [500]
    waits = []
    for attempt in range(1, ATTEMPTS):
        tell_hub.call({}, attempt)
        [again] = waiting()
        waits.append((again.run_after - NOON) // MINUTE)
    assert waits == [1, 2, 4, 8, 16, 32, 64]
    with pytest.raises(websub.HubFailed):
        tell_hub.call({}, ATTEMPTS)
    assert waiting() == []


@pytest.mark.parametrize("status", [400, 403, 404, 410])
def test_a_hub_that_refuses_is_not_told_again(hub, status):
    hub.answers = [status]
    with pytest.raises(websub.HubFailed, match=f"it answered {status}"):
        tell_hub.call({})
    assert waiting() == []


@pytest.mark.parametrize("status", [408, 429])
def test_a_hub_that_asks_for_patience_gets_it(hub, status):
    hub.answers = [status]
    tell_hub.call({})
    assert len(waiting()) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_leads_nowhere(hub, status):
    hub.answers = [status]
    with pytest.raises(websub.HubFailed) as failed:
        websub.publish([])
    assert failed.value.permanent
    assert hub.paths == ["/hub"]


def test_a_hub_that_cannot_be_reached_is_told_again_later(hub, settings, caplog):
    hub.server_close()
    with caplog.at_level(logging.WARNING):
        tell_hub.call({})
    assert len(waiting()) == 1
    assert "ConnectionRefusedError" in caplog.text


def test_a_task_from_a_time_when_there_was_a_hub_does_nothing():
    tell_hub.call({"section": [1]})
    assert waiting() == []
