"""Who else is at work in a piece, told when it is opened and while it is open."""

from datetime import UTC, datetime, timedelta

import pytest

from articles.models import WorkingCopy
from articles.models.working_copy import OPEN_WITHOUT_SCRIPT, REPORTS_WITHIN
from articles.tests.desk import ADD, page_of
from articles.tests.factories import make_article, make_draft, make_staff
from articles.tests.open_forms import send
from newsroom.tests.browsing import dom, fields_of, text_at, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

NOW = datetime(2026, 3, 2, 14, 3, tzinfo=UTC)


@pytest.fixture
def article():
    article = make_draft(headline="As it was")
    article.record(by=make_staff())
    return article


@pytest.fixture
def maud(client):
    """Another browser, with maud at it."""
    browser = type(client)()
    browser.force_login(make_staff("Editors", username="maud"))
    return browser


@pytest.fixture
def desk(client):
    client.force_login(make_staff("Editors", username="nils"))
    return client


def others(response):
    return [text_of(item) for item in dom(response).iterfind(".//div[@id='others']/ul/li")]


def open_window(browser, article):
    return fields_of(browser.get(page_of(article)))


def test_nobody_else_is_told_where_nobody_else_is(desk, article):
    assert others(desk.get(page_of(article))) == []


def test_opening_a_piece_that_somebody_else_has_open_says_who_and_since_when(
    desk, maud, article, clock
):
    window = open_window(maud, article)
    send(maud, window, doing="stay")
    clock.shift(20)
    assert others(desk.get(page_of(article))) == [
        "maud has been writing in this piece since 14:03. Last seen 20 s ago."
    ]


def test_another_window_of_ones_own_is_told_as_well(desk, article):
    open_window(desk, article)
    assert others(desk.get(page_of(article))) == [
        "You have been writing in this piece in another window since 14:03."
    ]


def test_the_first_is_told_of_the_second_while_it_is_open(desk, maud, article, clock):
    first = open_window(maud, article)
    assert send(maud, first, doing="stay").json()["others"] == []
    clock.shift(60)
    second = open_window(desk, article)
    send(desk, second, doing="stay")
    told = send(maud, first, doing="stay").json()["others"]
    assert [(each["text"], each["seen"]) for each in told] == [
        ("nils has been writing in this piece since 14:04.", "Last seen 0 s ago.")
    ]
    told = send(desk, second, doing="write", headline="Typed").json()["others"]
    assert [each["text"] for each in told] == ["maud has been writing in this piece since 14:03."]


def test_one_who_only_looks_is_told_and_not_told_of(client, maud, article):
    article.publish(by=make_staff())
    open_window(maud, article)
    client.force_login(make_staff("Reporters"))
    assert others(client.get(page_of(article))) == [
        "maud has been writing in this piece since 14:03."
    ]
    assert len(WorkingCopy.objects.all()) == 1


def test_a_window_that_reports_is_open_for_two_minutes_after_it_was_seen(
    desk, maud, article, clock
):
    window = open_window(maud, article)
    clock.shift(60)
    send(maud, window, doing="stay")
    clock.shift(REPORTS_WITHIN - timedelta(seconds=1))
    assert len(others(desk.get(page_of(article)))) == 1
    WorkingCopy.objects.exclude(window=window["window"]).delete()
    clock.shift(1)
    assert others(desk.get(page_of(article))) == []


def test_a_window_without_scripts_is_open_for_half_an_hour_after_it_was_opened(
    desk, maud, article, clock
):
    open_window(maud, article)
    clock.shift(OPEN_WITHOUT_SCRIPT - timedelta(seconds=1))
    assert others(desk.get(page_of(article))) == [
        "maud has been writing in this piece since 14:03."
    ]
    WorkingCopy.objects.filter(by__username="nils").delete()
    clock.shift(1)
    assert others(desk.get(page_of(article))) == []


def test_a_refused_saving_shows_that_a_window_without_scripts_is_open(desk, maud, article, clock):
    window = open_window(maud, article)
    clock.shift(OPEN_WITHOUT_SCRIPT)
    maud.post(page_of(article), window | {"headline": "", "_save": "pressed"})
    assert others(desk.get(page_of(article))) == [
        "maud has been writing in this piece since 14:03."
    ]


def test_saving_and_leaving_end_it(desk, maud, article):
    window = open_window(maud, article)
    send(maud, window, doing="leave")
    assert others(desk.get(page_of(article))) == []
    WorkingCopy.objects.all().delete()
    window = open_window(maud, article)
    assert maud.post(page_of(article), window | {"_save": "pressed"}).status_code == 302
    assert others(desk.get(page_of(article))) == []


def test_a_window_that_comes_back_is_open_again(desk, maud, article):
    window = open_window(maud, article)
    send(maud, window, doing="leave")
    send(maud, window, doing="stay")
    assert len(others(desk.get(page_of(article)))) == 1


def test_what_another_typed_and_left_is_told_without_the_text(desk, maud, article, clock):
    window = open_window(maud, article)
    clock.shift(60)
    send(maud, window, headline="Typed by maud", _leaving="1")
    response = desk.get(page_of(article))
    assert others(response) == ["maud typed something here, 14:04, that is not saved."]
    assert "Typed by maud" not in response.content.decode()


def test_a_time_on_another_day_is_told_with_the_day(desk, maud, article, clock):
    window = open_window(maud, article)
    clock.move_to(NOW + timedelta(hours=11))
    send(maud, window, doing="stay")
    assert others(desk.get(page_of(article))) == [
        "maud has been writing in this piece since 2 March 2026, 14:03. Last seen 0 s ago."
    ]


def test_whoever_writes_is_told_at_once_that_a_newer_version_was_saved(desk, maud, article):
    window = open_window(desk, article)
    article.headline = "Theirs"
    article.save()
    article.record(by=make_staff("Editors", username="tobias"))
    for doing in ("stay", "write"):
        answer = send(desk, window, doing=doing, headline="Mine").json()
        assert answer["newer"] == (
            "tobias saved version 2, 14:03. Yours is kept; saving will show you both."
        )
    assert WorkingCopy.objects.unsaved().get().headline == "Mine"


def test_a_decision_made_meanwhile_is_told_at_once(desk, maud):
    article = make_article()
    window = open_window(desk, article)
    article.withdraw(by=make_staff("Editors", username="tobias"))
    answer = send(desk, window, doing="stay").json()
    assert "tobias saved version 2, 14:03: withdrawn." in answer["newer"]


def test_a_new_piece_is_nobody_elses_matter(desk, maud):
    window = fields_of(maud.get(ADD))
    assert send(maud, window, doing="stay").json()["others"] == []
    assert "maud" not in text_at(desk.get(ADD), ".//div[@id='content']")


def test_the_question_and_the_fact_agree(desk, maud, article, clock):
    windows = {
        "reports": open_window(maud, article),
        "silent": open_window(maud, article),
        "left": open_window(maud, article),
    }
    send(maud, windows["reports"], doing="stay")
    send(maud, windows["left"], doing="leave")
    for seconds in (0, 119, 1, 1679, 1, 60):
        clock.shift(seconds)
        copies = WorkingCopy.objects.all()
        assert {copy for copy in copies if copy.is_open} == set(WorkingCopy.objects.open())
    assert not WorkingCopy.objects.open().exists()
