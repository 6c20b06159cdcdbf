"""An editor at work. What reporters and moderators may do: test_roles.py."""

from datetime import UTC, datetime, timedelta

import pytest

from articles.admin.article import VERBS
from articles.models import Article
from articles.tests.desk import LIST, at, buttons, edit, errors, page_of, write
from articles.tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_section,
    make_source,
    make_staff,
    make_topic,
)
from newsroom.models import SiteSettings
from newsroom.tests.browsing import dom, fields_of, links, text_at, text_of, the

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

NOW = datetime(2026, 3, 2, 12, 30, 15, 123456, tzinfo=UTC)  # as exact as a clock is
HOUR = timedelta(hours=1)


def changes_of(article):
    return list(article.state_changes.order_by("pk").values_list("from_status", "to_status"))


def test_an_editor_writes_a_piece_and_sees_it_on_the_site(desk):
    maud, tobias = make_author("Maud Ellery"), make_author("Tobias Renn")
    response = write(
        desk,
        "_publish",
        headline="Alliance called essential",
        slug="alliance",
        standfirst="On his visit to Tokyo.",
        body="<p>He spoke of <strong>deterrence</strong>.</p>",
        section=make_section(name="World").pk,
        language="en",
        topics=[make_topic("Japan").pk, make_topic("China").pk],
        dateline="TOKYO",
        source=make_source("AFP").pk,
        source_url="https://www.afp.com/en/story",
        **at("2026-03-02", "08:00:00"),
        **{
            "bylines-TOTAL_FORMS": "2",
            "bylines-0-author": maud.pk,
            "bylines-0-position": "2",
            "bylines-1-author": tobias.pk,
            "bylines-1-position": "1",
        },
    )
    assert response.status_code == 302
    page = desk.get("/articles/alliance/")
    text = text_at(page)
    for shown in ("Alliance called essential", "On his visit to Tokyo.", "TOKYO", "deterrence"):
        assert shown in text
    assert text_at(page, ".//p[@class='byline']") == "By Tobias Renn and Maud Ellery"
    assert the(page, ".//time").get("datetime") == "2026-03-02T08:00:00+00:00"
    assert {"/sections/world/", "/topics/japan/", "/topics/china/"} <= set(links(page))
    assert "https://www.afp.com/en/story" in links(page)
    for path in ("/", "/sections/world/", "/topics/japan/", "/sources/afp/"):
        assert "/articles/alliance/" in links(desk.get(path))


def test_a_piece_that_is_only_saved_is_a_draft_that_nobody_sees(desk):
    assert write(desk, **at("2026-03-02", "08:00:00")).status_code == 302
    article = Article.objects.get()
    assert article.status == "draft"
    assert desk.get(article.get_absolute_url()).status_code == 404
    assert changes_of(article) == []


def test_a_piece_without_a_time_is_dated_at_the_moment_it_is_published(desk, editor):
    write(desk, "_publish")
    article = Article.objects.get()
    assert article.published_at == NOW
    assert changes_of(article) == [("draft", "published")]
    assert article.state_changes.get().by == editor


def test_a_piece_with_a_time_to_come_is_unseen_until_then(desk, clock):
    response = write(desk, "_publish", **at("2026-03-02", "14:00:00"))
    article = Article.objects.get()
    told = text_of(dom(desk.get(response["Location"])))
    assert "Readers see it from 2 March 2026, 14:00 UTC on." in told
    assert "scheduled" in text_at(desk.get(LIST), ".//table[@id='result_list']")
    assert desk.get(article.get_absolute_url()).status_code == 404
    assert article.get_absolute_url() not in links(desk.get(page_of(article)))
    clock.move_to(datetime(2026, 3, 2, 14, tzinfo=UTC))
    assert desk.get(article.get_absolute_url()).status_code == 200
    assert article.get_absolute_url() in links(desk.get(page_of(article)))


def test_the_time_is_that_of_the_sites_place(desk):
    SiteSettings.objects.create(time_zone="Asia/Tokyo")
    write(desk, "_publish", **at("2026-03-02", "09:00:00"))
    article = Article.objects.get()
    assert article.published_at == datetime(2026, 3, 2, 0, tzinfo=UTC)
    assert fields_of(desk.get(page_of(article)))["published_at_1"] == "09:00:00"


def test_a_piece_is_submitted_and_published(desk):
    """How one is withdrawn, and comes back: test_withdrawal.py."""
    article = make_draft()
    edit(desk, article, "_submit")
    assert article.status == "in_review"
    edit(desk, article, "_publish")
    assert desk.get(article.get_absolute_url()).status_code == 200
    assert changes_of(article) == [("draft", "in_review"), ("in_review", "published")]


def test_what_was_typed_is_saved_with_the_button_that_was_pressed(desk):
    article = make_draft(headline="Old")
    edit(desk, article, "_publish", headline="New")
    assert (article.headline, article.status) == ("New", "published")


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        ("new", {"_submit", "_publish"}),
        ("draft", {"_submit", "_publish"}),
        ("in_review", {"_publish", "_send_back"}),
        ("scheduled", {"_publish_now", "_send_back"}),
        ("published", set()),
        ("withdrawn", set()),
    ],
)
def test_an_editor_is_offered_the_verbs_that_do_something(desk, editor, status, offered):
    path = f"{LIST}add/"
    if status != "new":
        article = make_draft()
        if status == "in_review":
            article.submit_for_review(by=editor)
        if status in {"published", "withdrawn"}:
            article.publish(by=editor)
        if status == "scheduled":
            article.publish(by=editor, at=NOW + HOUR)
        if status == "withdrawn":
            article.withdraw(by=editor)
        path = page_of(article)
    verbs = buttons(desk.get(path)) & set(VERBS)
    assert verbs == offered


# --- A piece that is out -----------------------------------------------------------------------


def test_a_new_time_for_a_piece_that_is_out_is_on_record(desk, editor):
    article = make_article(by=editor)
    edit(desk, article, **at("2026-03-01", "10:00:00"))
    assert article.published_at == datetime(2026, 3, 1, 10, tzinfo=UTC)
    change = article.state_changes.latest("pk")
    assert (change.from_status, change.to_status) == ("published", "published")
    assert (change.by, change.published_at) == (editor, article.published_at)


def test_other_changes_to_a_piece_that_is_out_leave_its_time_as_it_is(desk, editor, clock):
    article = make_article(by=editor)
    clock.shift(HOUR)
    edit(desk, article, headline="Better", body="<p>Better.</p>")
    assert article.headline == "Better"
    assert article.published_at == NOW
    assert len(changes_of(article)) == 1


def test_a_piece_that_is_out_cannot_lose_its_time(desk, editor):
    article = make_article(by=editor, headline="Old")
    response = edit(desk, article, headline="New", **at("", ""))
    assert "A published piece needs a publication time." in errors(response)
    assert fields_of(response)["headline"] == "New"
    assert (article.headline, article.published_at) == ("Old", NOW)


def test_the_history_of_a_piece_is_shown_with_it(desk):
    article = make_article(by=make_staff(username="tobias"))
    article.withdraw(by=make_staff(username="maud"), note="Wrong after all")
    text = text_at(desk.get(page_of(article)))
    assert "tobias" in text and "maud" in text
    assert "Wrong after all" in text


# --- What is typed ------------------------------------------------------------------------------


def test_a_body_is_cleaned(desk):
    write(desk, body='<p onclick="x()">Safe <big>and</big> sound<script>alert(1)</script></p>')
    assert Article.objects.get().body == "<p>Safe and sound</p>"


def test_the_state_is_no_field_of_the_form(desk):
    write(desk, status="published", state="published")
    assert Article.objects.get().status == "draft"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("headline", ""),
        ("headline", "x" * 161),
        ("headline", "with\x00nul"),
        ("slug", "with space"),
        ("slug", "taken"),
        ("section", ""),
        ("section", "999999999999999999999"),
        ("section", "junk"),
        ("language", "english please"),
        ("source", "junk"),
        ("source_url", "javascript:alert(1)"),
        ("source_url", "www.afp.com"),
        ("topics", ["junk"]),
        ("topics", ["-1"]),
        ("published_at_0", "yesterday"),
        ("published_at_1", "25:00:00"),
        ("published_at_0", "0000-00-00"),
        ("bylines-0-author", "junk"),
        ("bylines-0-position", "-1"),
    ],
)
def test_what_cannot_be_is_refused_and_everything_typed_is_kept(desk, field, value):
    make_draft(slug="taken")
    typed = {
        "headline": "Fish",
        "slug": "fish",
        "standfirst": "Chips",
        "body": "<p>Salt</p>",
        **at("2026-03-02", "08:00:00"),
        "bylines-0-author": make_author().pk,
    } | {field: value}
    response = write(desk, "_publish", **typed)
    assert errors(response)
    assert not Article.objects.exclude(slug="taken").exists()
    kept = fields_of(response)
    assert {name: kept[name] for name in ("standfirst", "body")} == {
        "standfirst": "Chips",
        "body": "<p>Salt</p>",
    }


@pytest.mark.parametrize("key", ["junk", "0", "-1", "9" * 30, "%00", "1%2F2"])
def test_a_piece_that_is_not_there_leads_back_to_the_desk(desk, key):
    assert desk.get(f"{LIST}{key}/change/").status_code in {302, 404}


@pytest.mark.parametrize(
    "query", ["p=junk", "p=9999999", "o=junk", "status__exact=junk", "q=%00", "q='\"", "e=1"]
)
def test_the_list_of_pieces_takes_any_question(desk, query):
    make_draft()
    assert desk.get(f"{LIST}?{query}").status_code in {200, 302}


@pytest.mark.parametrize(
    "query", ["state_changes__by__email__startswith=a", "state_changes__by__password__contains=a"]
)
def test_the_list_of_pieces_answers_nothing_about_people(desk, query):
    make_draft()
    assert desk.get(f"{LIST}?{query}").status_code == 400


def test_the_note_beside_the_button_is_kept_in_the_history(desk, editor):
    article = make_draft()
    article.submit_for_review(by=editor)
    edit(desk, article, "_send_back", note="The second source is missing.")
    assert article.status == "draft"
    page = desk.get(page_of(article))
    assert "The second source is missing." in text_at(page)
