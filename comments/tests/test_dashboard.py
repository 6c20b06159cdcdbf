"""The figures on the desk."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from articles.tests.factories import make_article, make_staff
from comments import charts, figures
from comments.models import CannedReason, DayFigure, SecondReading
from comments.tests.factories import make_comment
from newsroom.tests.browsing import dom, text_at, text_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"
DASHBOARD = "/admin/comments/dashboard/"


@pytest.fixture
def moderator(client):
    user = make_staff("Moderators")
    client.force_login(user)
    return user


def make_history(client, clock, moderator):
    """Replies of two days: two published, one rejected, one spam, two waiting. The moderator's
    session has ended meanwhile."""
    article = make_article(headline="The quiet harbour")
    replies = [make_comment(article=article) for _ in range(5)]
    clock.shift(timedelta(minutes=30))
    replies[0].approve(by=moderator)
    replies[1].approve(by=moderator)
    insult = CannedReason.objects.get(code="insult")
    replies[2].reject(by=moderator, canned=insult, reason="Be kind.")
    replies[3].mark_spam(by=moderator)
    clock.shift(timedelta(hours=23))
    make_comment(article=article)
    figures.keep_up()
    client.force_login(moderator)
    return replies


def rows_of(page, heading):
    """The lines of the table below a heading, as texts."""
    section = next(
        each for each in dom(page).iter("section") if each.get("aria-labelledby") == heading
    )
    return [[text_of(cell) for cell in row] for row in section.iterfind(".//tbody/tr")]


def test_the_dashboard_tells_what_came_in_and_what_became_of_it(client, clock, moderator):
    make_history(client, clock, moderator)
    page = client.get(DASHBOARD)
    today, yesterday, *_before = rows_of(page, "flow")
    assert today == ["11 March 2026", "1", "0", "0", "0"]
    assert yesterday == ["10 March 2026", "5", "2", "1", "1"]
    assert rows_of(page, "waits")[1] == ["10 March 2026", "4", "30 minutes", "30 minutes"]
    ages = {row[0]: row[2] for row in rows_of(page, "waiting")}
    assert ages["less than an hour"] == ages["4 to 24 hours"] == "1"
    assert rows_of(page, "reasons") == [
        ["It attacks a person instead of what was said.", "", "1"],
    ]
    assert rows_of(page, "pieces") == [["The quiet harbour", "", "6", "2"]]
    newcomers = next(row for row in rows_of(page, "rules") if "First replies" in row[0])
    assert newcomers[2:] == ["6", "2", "50", "4"]


def test_every_chart_has_a_name_and_its_table(client, clock, moderator):
    make_history(client, clock, moderator)
    page = dom(client.get(DASHBOARD))
    sections = list(page.iter("section"))
    assert len(sections) == 7
    assert sum(1 for each in page.iter(f"{SVG}svg") if each.get("role") == "img") == 2
    for section in sections:
        images = [each for each in section.iter(f"{SVG}svg") if each.get("role") == "img"]
        assert all(each.get("aria-label") for each in images)
        assert section.find(".//table") is not None or "nothing" in str(
            [each.get("class") for each in section.iter("p")]
        )
    said = [each.text for each in page.iter(f"{SVG}title")]
    assert "10 March 2026: 5 came in; 2 published, 1 rejected, 1 spam" in said


def test_how_far_moderators_agree(client, clock, moderator):
    replies = make_history(client, clock, moderator)
    for reply, verdict in zip(replies, ("approved", "rejected", "rejected", "spam"), strict=False):
        SecondReading.objects.create(
            decision=reply.decisions.get(by=moderator),
            comment=reply,
            version=1,
            reader=make_staff("Moderators"),
            verdict=verdict,
            read_at=timezone.now(),
        )
    page = client.get(DASHBOARD)
    assert rows_of(page, "agreement") == [
        ["approved", "1", "1", "0"],
        ["rejected", "0", "1", "0"],
        ["spam", "0", "0", "1"],
    ]
    assert "75 %" in text_at(page)


def test_any_time_can_be_asked_for(client, clock, moderator):
    for days in ("7", "90", "364", "0", "-1", "31", "a" * 9999, "\x00", "٣"):
        page = client.get(DASHBOARD, {"days": days})
        assert page.status_code == 200, days
        shown = page.context["period"].days
        assert shown == (int(days) if days in {"7", "90", "364"} else 30)
        assert sum(1 for _ in rows_of(page, "flow")) == {7: 7, 30: 30, 90: 90, 364: 52}[shown]


def test_an_empty_newsroom_has_a_dashboard(client, moderator):
    page = client.get(DASHBOARD)
    assert page.status_code == 200
    assert "Nothing that waited was decided in this time." in text_at(page, ".//body")


def test_it_costs_the_same_however_much_happened(
    client, clock, moderator, django_assert_num_queries
):
    make_history(client, clock, moderator)
    with django_assert_num_queries(20):
        client.get(DASHBOARD)
    for _more in range(3):
        make_history(client, clock, moderator)
    with django_assert_num_queries(20):
        client.get(DASHBOARD, {"days": 364})


def test_places_in_a_chart_are_written_alike_in_every_language(clock):
    with translation.override("de"):
        chart = charts.columns(
            ["a", "b", "c"],
            [[("approved", 1)], [], [("spam", 7)]],
            [3, 0, 9],
            ["", "", ""],
            line_kind="received",
        )
    slot = chart.slots[0]
    assert slot.left == "0%"
    assert slot.width == "33.333%"
    assert [tick.label for tick in chart.ticks][0] == "0"
    assert max(float(each.y) for each in chart.ticks) == charts.BOTTOM
    assert all(float(box.y) >= charts.TOP for slot in chart.slots for box in slot.boxes)


def test_a_line_has_a_gap_where_nothing_was_decided():
    hour = timedelta(hours=1)
    values = [(hour, 2 * hour), (None, None), (hour, hour), (hour, 9 * hour)]
    chart = charts.wait_lines(list("abcd"), values, list("abcd"), kinds=("median", "p90"))
    assert [len(line.points.split()) for line in chart.lines] == [1, 1, 2, 2]
    assert len(chart.areas) == 2


def test_the_waiting_link_leads_to_the_queue(client, moderator):
    links = [each.get("href") for each in dom(client.get(DASHBOARD)).iter("a")]
    assert "/admin/comments/queue/" in links
    assert "/about/moderation/" in links


def test_what_came_in_is_compared_with_as_many_days_before(client, moderator):
    today = figures.today()
    for days, number in ((1, 30), (8, 20)):
        DayFigure.objects.keep(today - timedelta(days=days), {("received", ""): number})
    assert "in the time before" not in text_at(client.get(DASHBOARD, {"days": 7}))
    DayFigure.objects.keep(today - timedelta(days=13), {("received", ""): 0})
    assert "50 % more than in the time before" in text_at(client.get(DASHBOARD, {"days": 7}))
