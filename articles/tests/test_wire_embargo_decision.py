"""An embargo that could not be read: an editor decides, for the wire and for its piece."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from articles.models import Article, WireEvent, WireItem
from articles.tests.wire_desk import bring, page_of
from articles.wire.embargo import decide_embargo
from articles.wire.taking import take
from newsroom.tests.browsing import dom, text_at, text_of, the
from newsroom.tests.factories import make_staff

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def a_morning(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def editor(client):
    editor = make_staff("Editors")
    client.force_login(editor)
    return editor


def send(client, item, **fields):
    return client.post(f"{page_of(item)}embargo/", fields)


def until(moment):
    return {"kind": "until", "until_0": f"{moment:%Y-%m-%d}", "until_1": f"{moment:%H:%M:%S}"}


# --- The page -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("editor")
def test_it_is_asked_where_it_is_unclear_and_nowhere_else(client):
    unclear, clear = bring(embargo_is_unclear=True), bring()
    assert "Decide the embargo" in text_at(client.get(f"{page_of(unclear)}change/"))
    assert "Decide the embargo" not in text_at(client.get(f"{page_of(clear)}change/"))


@pytest.mark.usefixtures("editor")
def test_an_editor_sets_a_moment(client):
    item = bring(embargo_is_unclear=True)
    response = send(client, item, **until(LATER))
    assert (response.status_code, response["Location"]) == (303, f"{page_of(item)}change/")
    item.refresh_from_db()
    assert (item.embargo_until, item.embargo_is_unclear) == (LATER, False)


@pytest.mark.usefixtures("editor")
def test_an_editor_says_that_there_is_none(client):
    item = bring(embargo_is_unclear=True)
    assert send(client, item, kind="none", until_0="2030-01-01", until_1="10:00").status_code == 303
    item.refresh_from_db()
    assert (item.embargo_until, item.embargo_is_unclear) == (None, False)


@pytest.mark.usefixtures("editor")
@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"kind": "perhaps"},
        {"kind": "until"},
        {"kind": "until", "until_0": "2030-01-01"},
        {"kind": "until", "until_0": "tomorrow", "until_1": "noon"},
        {"kind": "until", "until_0": "9999-99-99", "until_1": "99:99"},
        {"kind": "until", "until_0": "2026-11-24", "until_1": "08:59:59"},
        {"kind": "until", "until_2": "junk\x00"},
    ],
)
def test_what_is_no_decision_decides_nothing(client, fields):
    item = bring(embargo_is_unclear=True)
    response = send(client, item, **fields)
    assert response.status_code == 422
    assert "Please look at the fields below." in text_at(response)
    item.refresh_from_db()
    assert item.embargo_is_unclear


def test_a_reporter_does_not_decide_when_pieces_are_seen(client):
    item = bring(embargo_is_unclear=True)
    client.force_login(make_staff("Reporters"))
    assert "Decide the embargo" not in text_of(dom(client.get(f"{page_of(item)}change/")))
    assert send(client, item, kind="none").status_code == 403
    item.refresh_from_db()
    assert item.embargo_is_unclear


@pytest.mark.usefixtures("editor")
def test_of_two_editors_who_decide_otherwise_the_second_is_told(client):
    item = bring(embargo_is_unclear=True)
    send(client, item, **until(LATER))
    assert send(client, item, **until(LATER)).status_code == 303  # the same once more
    refused = send(client, item, kind="none")
    assert refused.status_code == 409
    assert "was decided already" in text_of(the(refused, ".//p[@class='errornote']"))
    item.refresh_from_db()
    assert item.embargo_until == LATER


# --- The verb -----------------------------------------------------------------------------------


def test_its_piece_is_held_as_well(editor):
    item = bring(embargo_is_unclear=True)
    article = take(item, by=editor)
    before = article.version
    decide_embargo(item, by=editor, until=LATER)
    article.refresh_from_db()
    assert article.embargo_until == LATER
    assert article.version == before + 1
    article.publish(by=editor)
    assert not article.is_public


def test_a_piece_of_an_unclear_one_is_published_only_once_it_is_decided(editor):
    item = bring(embargo_is_unclear=True)
    article = take(item, by=editor)
    with pytest.raises(ValidationError):
        article.publish(by=editor)
    decide_embargo(item, by=editor, until=None)
    article = Article.objects.get(pk=article.pk)
    article.publish(by=editor)
    assert article.is_public


def test_what_was_decided_holds_for_a_piece_that_is_taken_later(editor):
    item = bring(embargo_is_unclear=True)
    decide_embargo(item, by=editor, until=LATER)
    article = take(item, by=editor)
    assert article.embargo_until == LATER
    article.publish(by=editor)
    assert not article.is_public


def test_an_embargo_that_the_desk_set_itself_stays_where_the_wire_has_none(editor):
    item = bring(embargo_is_unclear=True)
    article = take(item, by=editor)
    article.embargo_until = LATER
    article.save()
    decide_embargo(item, by=editor, until=None)
    article.refresh_from_db()
    assert article.embargo_until == LATER


def test_it_is_on_record_once(editor):
    item = bring(embargo_is_unclear=True)
    assert decide_embargo(item, by=editor, until=LATER) is True
    assert decide_embargo(item, by=editor, until=LATER) is False
    event = WireEvent.objects.get(item=item, kind="embargo")
    assert (event.by, event.version) == (editor, 1)
    assert "25 November 2026" in event.note


def test_the_item_in_hand_says_so_as_well(editor):
    item = bring(embargo_is_unclear=True)
    decide_embargo(item, by=editor, until=LATER)
    assert (item.embargo_until, item.embargo_is_unclear) == (LATER, False)


@pytest.mark.parametrize("moment", [NOW, NOW - timedelta(seconds=1)])
def test_a_moment_that_has_passed_is_none(editor, moment):
    item = bring(embargo_is_unclear=True)
    with pytest.raises(ValidationError, match="This moment has passed"):
        decide_embargo(item, by=editor, until=moment)
    assert WireItem.objects.get().embargo_is_unclear


def test_readers_never_lose_sight_of_a_piece_by_it(editor):
    item = bring()
    article = take(item, by=editor)
    article.publish(by=editor)
    WireItem.objects.update(embargo_is_unclear=True)
    with pytest.raises(ValidationError):
        decide_embargo(item, by=editor, until=LATER)
    article.refresh_from_db()
    assert article.is_public
    assert WireItem.objects.get().embargo_is_unclear
