"""The archive: its months, and the pieces of one."""

from datetime import UTC, datetime, timedelta

import pytest

from articles import archive, list_pages
from articles.tests.factories import make_article, make_draft, make_staff
from newsroom.models import SiteSettings
from newsroom.tests.browsing import dom, links, text_at, text_of
from newsroom.tests.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def make_dated(*moments, **fields):
    by = make_staff()
    return [
        make_article(headline=f"{at:%Y-%m-%d %H}", at=at, by=by, **fields)
        for at in (datetime(*each).replace(tzinfo=UTC) for each in moments)
    ]


def months(client):
    return [link for link in links(client.get("/archive/")) if link.startswith("/archive/2")]


def headlines(response):
    return [text_of(each) for each in dom(response).findall(".//*[@class='card-headline']")]


def test_the_archive_lists_the_months_that_have_pieces_by_years(client):
    make_dated((2026, 3, 1), (2026, 3, 2), (2025, 12, 31), (2025, 2, 1), (2019, 7, 15))
    assert months(client) == [
        *("/archive/2026/03/", "/archive/2025/12/", "/archive/2025/02/", "/archive/2019/07/")
    ]
    page = dom(client.get("/archive/"))
    assert [text_of(each) for each in page.findall(".//main//h2")] == ["2026", "2025", "2019"]


def test_a_month_with_nothing_public_is_not_in_the_archive(client, clock):
    by = make_staff()
    [withdrawn, *_] = make_dated((2025, 5, 1), (2025, 7, 1))
    withdrawn.withdraw(by=by)
    make_draft(published_at=datetime(2025, 6, 1, tzinfo=UTC))
    make_article(at=NOON + timedelta(days=40), by=by)
    make_article(at=datetime(2025, 4, 1, tzinfo=UTC), embargo_until=None, by=by)
    assert months(client) == ["/archive/2025/07/", "/archive/2025/04/"]
    for path in ("/archive/2025/05/", "/archive/2025/06/", "/archive/2026/04/"):
        assert client.get(path).status_code == 404
    clock.shift(timedelta(days=40))
    assert months(client)[0] == "/archive/2026/04/"


def test_an_empty_archive_says_so(client):
    assert "Nothing has been published yet." in text_at(client.get("/archive/"))


def test_the_archive_is_linked_from_every_page(client):
    assert "/archive/" in links(client.get("/"))


def test_a_month_shows_its_pieces_by_days(client):
    make_dated((2025, 5, 31, 23), (2025, 5, 7, 8), (2025, 5, 7, 9), (2025, 4, 30), (2025, 6, 1))
    response = client.get("/archive/2025/05/")
    assert headlines(response) == ["2025-05-31 23", "2025-05-07 09", "2025-05-07 08"]
    days = [
        (text_of(day.findall("h2")[0]), len(day.findall(".//article")))
        for day in dom(response).findall(".//section[@class='archive-day']")
    ]
    assert days == [("31 May 2025", 1), ("7 May 2025", 2)]
    assert text_at(response, ".//h1") == "May 2025"


def test_months_and_days_are_those_of_the_clock_of_the_site(client):
    SiteSettings.objects.create(time_zone="Asia/Tokyo")
    make_dated((2025, 4, 30, 14), (2025, 4, 30, 15))
    assert months(client) == ["/archive/2025/05/", "/archive/2025/04/"]
    assert headlines(client.get("/archive/2025/05/")) == ["2025-04-30 15"]
    assert headlines(client.get("/archive/2025/04/")) == ["2025-04-30 14"]


def test_a_month_leads_to_the_nearest_ones_with_pieces(client):
    make_dated((2026, 3, 1), (2025, 5, 1), (2025, 5, 2), (2019, 7, 15))
    response = client.get("/archive/2025/05/")
    found = [each.get("href") for each in dom(response).findall(".//nav[@class='months']/a")]
    assert found == ["/archive/2019/07/", "/archive/2026/03/"]
    first = dom(client.get("/archive/2019/07/")).findall(".//nav[@class='months']/a")
    assert [each.get("href") for each in first] == ["/archive/2025/05/"]


@pytest.mark.parametrize(
    "path",
    [
        *("2025/06/", "2025/00/", "2025/13/", "2025/5/", "0000/05/", "0001/05/", "9999/12/"),
        *("20255/05/", "2025/005/", "2025/", "year/month/", "-2025/05/", "２０２５/05/"),
    ],
)
def test_a_month_without_pieces_or_sense_is_not_found(client, path):
    make_dated((2025, 5, 1))
    assert client.get(f"/archive/{path}").status_code == 404


def test_the_first_and_the_last_year_that_there_can_be_are_no_error(client):
    for path in ("/archive/0002/01/", "/archive/9998/12/"):
        assert client.get(path).status_code == 404


def test_a_long_month_has_several_pages_and_none_of_another_month(client, monkeypatch):
    monkeypatch.setattr(list_pages, "MONTH_PIECES", 3)
    make_dated(*((2025, 5, day) for day in range(1, 9)), (2025, 4, 30), (2025, 6, 1))
    path, found = "/archive/2025/05/", []
    query: str | None = ""
    while query is not None:
        response = client.get(path + query)
        found += headlines(response)
        older = dom(response).find(".//nav[@class='pages']/a[@rel='next']")
        query = None if older is None else older.get("href")
    assert found == [f"2025-05-0{day} 00" for day in range(8, 0, -1)]
    assert len(headlines(client.get(f"{path}?page=3"))) == 2
    for query in ("?before=20250101T000000-1", "?before=20260101T000000-1", "?after=x"):
        assert headlines(client.get(path + query))[0] == "2025-05-08 00"


def test_a_piece_dated_by_mistake_does_not_make_the_archive_endless(client, monkeypatch):
    monkeypatch.setattr(archive, "MOST_MONTHS", 12)
    make_dated((1203, 1, 1), (2026, 3, 1), (2025, 4, 1), (2025, 3, 1))
    assert months(client) == ["/archive/2026/03/", "/archive/2025/04/"]
    assert client.get("/archive/1203/01/").status_code == 200
