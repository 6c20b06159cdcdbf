"""Moments at the desk: typed in the site's time zone, which is named, and shown in UTC too."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.forms import Form
from django.utils import timezone

from articles.admin.times import SiteTimeField, spelled
from articles.models import Article
from articles.tests.desk import at, buttons, edit, errors, page_of, write
from articles.tests.factories import make_article, make_draft, make_staff
from newsroom.models import SiteSettings
from newsroom.tests.browsing import dom, fields_of, text_at, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

NOW = datetime(2026, 3, 2, 12, 30, 15, 123456, tzinfo=UTC)  # as exact as a clock is
HOUR = timedelta(hours=1)
BERLIN = "Europe/Berlin"


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    SiteSettings.objects.create(time_zone=BERLIN)
    return client


def embargo(date, time):
    return {"embargo_until_0": date, "embargo_until_1": time}


def messages(client, response):
    return text_at(client.get(response["Location"]), ".//ul[@class='messagelist']")


def field_of(response, name):
    return next(
        each
        for each in dom(response).iter("div")
        if "site-time" in each.get("class", "") and f'name="{name}_0"' in _html(each)
    )


def _html(element):
    return " ".join(f'name="{each.get("name")}"' for each in element.iter("input"))


# --- The form -----------------------------------------------------------------------------------


def test_the_zone_is_named_beside_every_moment_and_the_result_given_in_utc(desk, editor):
    article = make_draft(published_at=datetime(2026, 7, 1, 12, tzinfo=UTC))
    page = desk.get(page_of(article))
    published = field_of(page, "published_at")
    assert published.get("data-zone") == BERLIN
    assert "Time zone of the site: Europe/Berlin." in text_of(published)
    assert "That is 12:00 UTC." in text_of(published)
    assert fields_of(page)["published_at_1"] == "14:00:00"
    assert "Europe/Berlin" in text_of(field_of(page, "embargo_until"))
    for part in published.iter("input"):
        if part.get("type") != "hidden":
            described = f".//*[@id='{part.get('aria-describedby')}']"
            assert "Europe/Berlin" in text_at(page, described)


def test_the_day_is_given_where_utc_has_another(desk):
    article = make_draft(published_at=datetime(2026, 6, 30, 22, 30, tzinfo=UTC))
    page = desk.get(page_of(article))
    assert fields_of(page)["published_at_0"] == "2026-07-01"
    assert "That is 30 June 2026, 22:30 UTC." in text_of(field_of(page, "published_at"))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 7, 1, 12, tzinfo=UTC), "1 July 2026, 14:00 CEST (12:00 UTC)"),
        (
            datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
            "1 January 2027, 00:30 CET (31 December 2026, 23:30 UTC)",
        ),
    ],
)
def test_a_moment_is_spelled_in_the_sites_time_and_in_utc(moment, expected):
    with timezone.override(BERLIN):
        assert spelled(moment) == expected
    with timezone.override("UTC"):
        assert spelled(datetime(2026, 7, 1, 12, tzinfo=UTC)) == "1 July 2026, 12:00 UTC"


@pytest.mark.parametrize(
    ("date", "time", "why"),
    [
        ("2026-03-29", "02:30", "There is no 02:30 on this day in Europe/Berlin"),
        ("2026-10-25", "02:30", "02:30 comes twice on this day in Europe/Berlin"),
        ("2026-03-02", "", "Enter both a date and a time."),
        ("", "08:00", "Enter both a date and a time."),
        ("29.3.", "08:00", "Enter a valid date."),
        ("2026-03-02", "25:00", "Enter a valid time."),
        ("0001-01-01", "00:00", "Enter a year from 1600 to 2999."),
        ("9999-12-31", "23:59", "Enter a year from 1600 to 2999."),
    ],
)
@pytest.mark.parametrize("field", ["published_at", "embargo_until"])
def test_a_time_that_is_none_is_refused_with_the_reason(desk, field, date, time, why):
    article = make_draft(headline="Old")
    typed = {f"{field}_0": date, f"{field}_1": time}
    response = edit(desk, article, "_publish", headline="New", **typed)
    assert any(why in each for each in errors(response)), errors(response)
    assert fields_of(response)[f"{field}_1"] == time
    assert (article.headline, article.status) == ("Old", "draft")


def test_a_piece_published_in_the_hour_that_comes_twice_can_still_be_saved(desk, clock, editor):
    second = datetime(2026, 10, 25, 1, 30, 15, 123456, tzinfo=UTC)  # 02:30 for the second time
    clock.move_to(second)
    desk.force_login(editor)  # whose session of the spring is over
    article = make_article(by=editor)
    clock.shift(HOUR)
    assert edit(desk, article, headline="Better").status_code == 302
    assert (article.headline, article.published_at) == ("Better", second)
    assert article.state_changes.count() == 1


def test_a_moment_that_is_kept_is_no_other_than_the_one_that_is_seen(desk, editor):
    """What the form keeps beside date and time counts only while they say the same."""
    article = make_draft(published_at=datetime(2026, 7, 1, 12, tzinfo=UTC))
    edit(desk, article, published_at_2="2020-01-01T00:00:00+00:00")
    assert article.published_at == datetime(2026, 7, 1, 12, tzinfo=UTC)
    for junk in ("junk", "2026-07-01T12:00:00", "\x00", "9" * 300):
        assert edit(desk, article, published_at_2=junk).status_code == 302
        assert article.published_at == datetime(2026, 7, 1, 12, tzinfo=UTC)
    edit(desk, article, **at("", ""))
    assert article.published_at is None


def test_any_form_can_have_such_a_field():
    class Until(Form):
        until = SiteTimeField()

    with timezone.override(BERLIN):
        form = Until({"until_0": "2026-07-01", "until_1": "14:00"})
        assert form.is_valid()
        assert form.cleaned_data["until"] == datetime(2026, 7, 1, 12, tzinfo=UTC)
        assert Until({}).errors["until"] == ["This field is required."]
        with pytest.raises(ValidationError, match="There is no 02:30"):
            SiteTimeField().clean(["2026-03-29", "02:30"])


# --- What the desk is told ----------------------------------------------------------------------


def test_who_schedules_is_told_when_readers_see_it(desk):
    response = write(desk, "_publish", **at("2026-07-01", "14:00"))
    assert "Readers see it from 1 July 2026, 14:00 CEST (12:00 UTC) on." in messages(desk, response)
    article = Article.objects.get()
    assert article.is_scheduled
    history = text_at(desk.get(page_of(article)), ".//ol[@class='history']")
    assert history.startswith("Scheduled by ")
    assert "2 March 2026, 13:30 CET Dated 1 July 2026, 14:00 CEST" in history


def test_who_dates_a_piece_back_is_told_that_readers_see_it_now(desk):
    response = write(desk, "_publish", **at("2026-03-01", "08:00"))
    told = messages(desk, response)
    assert "Readers see it now, dated 1 March 2026, 08:00 CET (07:00 UTC)." in told
    assert Article.objects.get().is_public


def test_an_embargo_moves_the_publication_and_the_desk_is_told(desk):
    response = write(desk, "_publish", **embargo("2026-03-02", "18:00"))
    told = messages(desk, response)
    assert "Readers see it from 2 March 2026, 18:00 CET (17:00 UTC) on." in told


def test_a_scheduled_piece_is_given_another_time_and_published_now(desk, editor):
    article = make_draft()
    article.publish(by=editor, at=NOW + HOUR)
    assert "_publish_now" in buttons(desk.get(page_of(article)))
    edit(desk, article, **at("2026-03-02", "20:00"))
    assert article.published_at == datetime(2026, 3, 2, 19, tzinfo=UTC)
    response = edit(desk, article, "_publish_now", headline="Earlier")
    assert "Readers see it now" in messages(desk, response)
    assert (article.headline, article.published_at) == ("Earlier", NOW)
    assert article.is_public


def test_publishing_now_does_not_pass_by_an_embargo(desk, editor):
    article = make_draft(embargo_until=NOW + HOUR)
    article.publish(by=editor)
    edit(desk, article, "_publish_now")
    assert article.published_at == NOW + HOUR
    assert article.is_scheduled


@pytest.mark.parametrize("field", ["published_at", "embargo_until"])
def test_what_readers_see_is_given_no_time_to_come(desk, editor, field):
    article = make_article(headline="Old", by=editor)
    typed = {f"{field}_0": "2026-03-03", f"{field}_1": "08:00"}
    response = edit(desk, article, headline="New", **typed)
    assert any("Readers can see this piece already" in each for each in errors(response))
    assert (article.headline, article.is_public, article.embargo_until) == ("Old", True, None)


def test_a_withdrawn_piece_shows_its_times_and_lets_none_be_typed(desk, editor):
    article = make_article(by=editor)
    article.withdraw(by=editor)
    page = desk.get(page_of(article))
    assert "2 March 2026, 13:30 CET (12:30 UTC)" in text_at(page)
    assert not [name for name in fields_of(page) if name.startswith(("published", "embargo"))]
    edit(desk, article, **at("2999-01-01", "08:00"), **embargo("2999-01-01", "08:00"))
    assert (article.published_at, article.embargo_until) == (NOW, None)


def test_who_can_only_look_is_shown_the_times_with_their_zone(desk, editor):
    article = make_article(by=editor)
    desk.force_login(make_staff("Reporters"))
    assert "2 March 2026, 13:30 CET (12:30 UTC)" in text_at(desk.get(page_of(article)))
