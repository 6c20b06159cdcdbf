"""What is read is counted: without knowing by whom, without waiting for the database."""

import threading
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client

from articles import beacon, reading
from articles.beacon import is_bot
from articles.models import Activity, FormerSlug
from articles.models.activity import Hour
from articles.most_read import DAY, WEEK, ranking
from articles.reading import Reads
from articles.tests.factories import make_article, make_draft, make_staff
from newsroom.tests.browsing import dom, links, text_at, the
from newsroom.tests.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

HOUR = timedelta(hours=1)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
FROM_THIS_SITE = {"Sec-Fetch-Site": "same-origin", "User-Agent": FIREFOX}


@pytest.fixture
def reads(monkeypatch):
    reads = Reads()
    monkeypatch.setattr(beacon, "reads", reads)
    return reads


def tell(client, article, **headers):
    return client.post(f"/articles/{article.slug}/read/", headers=FROM_THIS_SITE | headers)


def counted():
    return {(row.article_id, row.hour): row.reads for row in Activity.objects.all()}


def test_a_piece_that_is_read_is_counted_by_the_hour(client, clock, reads):
    one, other = make_article(), make_article()
    for article in (one, one, other):
        response = tell(client, article)
        assert (response.status_code, response.content) == (204, b"")
    clock.shift(HOUR)
    tell(client, one)
    assert counted() == {}
    reads.write()
    assert counted() == {(one.pk, NOON): 2, (other.pk, NOON): 1, (one.pk, NOON + HOUR): 1}
    tell(client, one)
    reads.write()
    reads.write()
    assert counted()[one.pk, NOON + HOUR] == 2


def test_it_sets_no_cookie_and_asks_for_no_token(reads):
    client = Client(enforce_csrf_checks=True)
    response = tell(client, make_article())
    assert response.status_code == 204
    assert not response.cookies and not client.cookies
    assert "no-store" in response["Cache-Control"]


def test_counting_asks_the_database_for_the_piece_alone(client, reads, django_assert_num_queries):
    article = make_article()
    with django_assert_num_queries(1):
        tell(client, article)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {},
    ],
)
def test_only_pages_of_this_site_can_tell(client, reads, headers):
    address = f"/articles/{make_article().slug}/read/"
    assert client.post(address, headers={"User-Agent": FIREFOX} | headers).status_code == 403
    assert reads.waiting == 0


def test_an_old_browser_tells_by_its_origin(client, reads):
    address = f"/articles/{make_article().slug}/read/"
    headers = {"User-Agent": FIREFOX, "Origin": "http://testserver"}
    assert client.post(address, headers=headers).status_code == 204
    assert reads.waiting == 1


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_nothing_is_told_by_another_method(client, reads, method):
    address = f"/articles/{make_article().slug}/read/"
    assert getattr(client, method)(address, headers=FROM_THIS_SITE).status_code == 405
    assert reads.waiting == 0


def test_what_readers_cannot_see_is_not_counted(client, reads):
    by = make_staff()
    withdrawn = make_article(by=by)
    withdrawn.withdraw(by=by)
    to_come = make_article(at=NOON + HOUR, by=by)
    assert tell(client, withdrawn).status_code == 410
    assert tell(client, to_come).status_code == 404
    assert tell(client, make_draft()).status_code == 404
    assert client.post("/articles/no-such/read/", headers=FROM_THIS_SITE).status_code == 404
    assert reads.waiting == 0


def test_a_page_opened_before_the_address_changed_is_counted(client, reads):
    article = make_article()
    FormerSlug.objects.create(slug="former", article=article)
    assert client.post("/articles/former/read/", headers=FROM_THIS_SITE).status_code == 204
    reads.write()
    assert counted() == {(article.pk, NOON): 1}


@pytest.mark.parametrize(
    "name",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
        "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.1)",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0.0.0 Safari",
        "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
        "facebookexternalhit/1.1",
        "curl/8.5.0",
        "python-requests/2.31.0",
        "",
        "  ",
    ],
)
def test_bots_are_not_counted(client, reads, name):
    assert tell(client, make_article(), **{"User-Agent": name}).status_code == 204
    assert reads.waiting == 0


@pytest.mark.parametrize(
    "name",
    [
        FIREFOX,
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 14; CUBOT X70) AppleWebKit/537.36 Chrome/124.0 Mobile Safari",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/124.0 Edg/124.0",
        "Opera/9.80 (J2ME/MIDP; Opera Mini/7.1; U; en) Presto/2.12",
    ],
)
def test_browsers_are_no_bots(name):
    assert not is_bot(name)


# --- Writing -------------------------------------------------------------------------------------


def test_what_the_database_cannot_take_now_is_kept(client, reads, monkeypatch):
    article = make_article()
    tell(client, article)

    def locked(*args):
        raise OperationalError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(type(Activity.objects.all()), "add_reads", locked)
        patch.setattr(Activity, "objects", Activity.objects.all())
        reads.write()
    assert reads.waiting == 1
    tell(client, article)
    reads.write()
    assert (reads.waiting, counted()) == (0, {(article.pk, NOON): 2})


def test_a_piece_that_was_deleted_meanwhile_is_left_out(reads):
    kept = make_article()
    for pk in (kept.pk, kept.pk + 999):
        reads.count(pk)
    reads.write()
    assert (reads.waiting, counted()) == (0, {(kept.pk, NOON): 1})


def test_memory_is_bounded_while_the_database_takes_nothing(reads, monkeypatch):
    monkeypatch.setattr(reading, "MOST_WAITING", 3)
    for pk in (1, 2, 3, 4, 5, 3, 3):
        reads.count(pk)
    assert reads.waiting == 5


def test_writing_leaves_replies_as_they_are(reads):
    article = make_article()
    Activity.objects.set_replies({Hour(article.pk, NOON): 4})
    reads.count(article.pk)
    reads.write()
    row = Activity.objects.get()
    assert (row.reads, row.replies) == (1, 4)
    Activity.objects.set_replies({Hour(article.pk, NOON): 2})
    row.refresh_from_db()
    assert (row.reads, row.replies) == (1, 2)


def test_a_thread_writes_when_enough_was_read(monkeypatch):
    """And soon after, if it was not enough."""
    written = threading.Event()
    monkeypatch.setattr(Reads, "start", START)
    monkeypatch.setattr(Reads, "write", lambda self: written.set())
    monkeypatch.setattr(reading, "EVERY_READS", 3)
    monkeypatch.setattr(reading, "EVERY_SECONDS", 3600)
    reads = Reads()
    for _ in range(2):
        reads.count(1)
    assert not written.wait(0.05)
    reads.count(1)
    assert written.wait(10)


START = Reads.start


# --- Most read -----------------------------------------------------------------------------------


def add(article, *, ago=timedelta(), reads=0, replies=0):
    hour = Hour.of(article.pk, NOON - ago)
    Activity.objects.create(article=article, hour=hour.start, reads=reads, replies=replies)


def of(ranked):
    return [(each.piece.headline, each.number) for each in ranked]


def test_the_most_read_stand_first_and_what_nobody_read_does_not():
    by = make_staff()
    one, two, three, four = (make_article(headline=n, by=by) for n in ("1", "2", "3", "4"))
    add(one, reads=3, replies=1)
    add(one, ago=3 * HOUR, reads=4)
    add(two, reads=9)
    add(three, replies=2)
    found = ranking(DAY, 5)
    assert of(found.most_read) == [("2", 9), ("1", 7)]
    assert of(found.most_replied) == [("3", 2), ("1", 1)]


def test_only_what_is_within_the_period_counts(clock):
    article = make_article(headline="1")
    add(article, ago=23 * HOUR, reads=1)
    add(article, ago=24 * HOUR, reads=10)
    add(article, ago=167 * HOUR, reads=100)
    add(article, ago=168 * HOUR, reads=1000)
    assert of(ranking(DAY, 5).most_read) == [("1", 1)]
    assert of(ranking(WEEK, 5).most_read) == [("1", 111)]


def test_of_equals_the_newest_stands_first():
    by = make_staff()
    pieces = [make_article(headline=f"{n}", at=NOON - n * HOUR, by=by) for n in (3, 1, 2)]
    for each in pieces:
        add(each, reads=2)
    assert [each.piece.headline for each in ranking(DAY, 2).most_read] == ["1", "2"]


def test_what_is_not_public_any_more_makes_room_for_others():
    by = make_staff()
    for number in range(8):
        article = make_article(headline=f"{number}", by=by)
        add(article, reads=10 - number, replies=10 - number)
        if number < 5:
            article.withdraw(by=by)
    found = ranking(DAY, 2)
    assert of(found.most_read) == of(found.most_replied) == [("5", 5), ("6", 4)]


def test_a_ranking_is_two_queries(django_assert_num_queries):
    by = make_staff()
    for _ in range(6):
        add(make_article(by=by), reads=1, replies=1)
    with django_assert_num_queries(2):
        found = ranking(DAY, 5)
        assert [each.piece.get_absolute_url() for each in found.most_read]
        assert len(found.most_replied) == 5


def test_the_front_page_has_a_box_of_the_last_day(client):
    assert dom(client.get("/")).find(".//*[@class='popular-box']") is None
    article = make_article(headline="Ferry")
    add(article, reads=2)
    box = the(client.get("/"), ".//*[@class='popular-box']")
    assert [a.get("href") for a in box.findall(".//li/a")] == [article.get_absolute_url()]
    assert "/popular/" in links(client.get("/"))


def test_the_page_of_the_most_read_has_the_day_and_the_week(client):
    assert text_at(client.get("/popular/")).count("Nothing has been counted yet.") == 2
    article = make_article(headline="Ferry")
    add(article, ago=40 * HOUR, reads=2)
    add(article, replies=1)
    page = dom(client.get("/popular/"))
    lists = {
        section.get("aria-labelledby"): [a.get("href") for a in section.findall(".//li/a")]
        for section in page.findall(".//section[@class='ranked']")
    }
    # The day and the week have lists of the same names: each is called by both headings.
    names = ("period-1 most-replied-1", "period-2 most-read-2", "period-2 most-replied-2")
    assert lists == {name: [article.get_absolute_url()] for name in names}


def test_the_page_of_a_piece_carries_the_script_and_a_preview_does_not(client):
    article = make_article()
    script = the(client.get(article.get_absolute_url()), ".//script[@data-beacon]")
    assert script.get("data-beacon") == f"/articles/{article.slug}/read/"
    article.withdraw(by=make_staff())
    page = dom(client.get(article.get_absolute_url()))
    assert page.find(".//script[@data-beacon]") is None


@pytest.mark.sqlite_only
def test_the_figures_of_a_period_are_read_from_an_index_alone():
    with connection.cursor() as cursor:
        cursor.execute(
            "EXPLAIN QUERY PLAN SELECT article_id, SUM(reads) FROM articles_activity "
            "WHERE hour > '2026-03-01' AND reads > 0 GROUP BY article_id"
        )
        plan = " ".join(row[3] for row in cursor.fetchall())
    assert "COVERING INDEX activity_of_period (hour>?)" in plan
