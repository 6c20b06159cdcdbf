"""What reporters and moderators may do with pieces, and what the admin keeps from them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.admin.article import VERBS
from articles.models import Article, Topic
from articles.tests.desk import ADD, LIST, at, buttons, edit, page_of, write
from articles.tests.factories import make_article, make_draft, make_section, make_staff
from newsroom.tests.browsing import fields_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def reporter(client):
    """A browser with a reporter at it."""
    client.force_login(make_staff("Reporters"))
    return client


def make_in(status, editor):
    article = make_draft(headline="Old")
    if status == "in_review":
        article.submit_for_review(by=editor)
    if status in {"published", "scheduled", "withdrawn"}:
        later = timezone.now() + timedelta(days=1)
        article.publish(by=editor, at=later if status == "scheduled" else None)
    if status == "withdrawn":
        article.withdraw(by=editor)
    return article


def test_a_reporter_writes_a_piece_and_submits_it(reporter):
    assert write(reporter, "_submit").status_code == 302
    article = Article.objects.get()
    assert article.status == "in_review"
    assert article.state_changes.get().by.groups.get().name == "Reporters"


@pytest.mark.parametrize("status", ["draft", "in_review"])
def test_a_reporter_changes_what_is_not_out_yet(reporter, editor, status):
    article = make_in(status, editor)
    assert edit(reporter, article, headline="New").status_code == 302
    assert article.headline == "New"


@pytest.mark.parametrize("status", ["published", "scheduled", "withdrawn"])
@pytest.mark.parametrize("button", ["_save", "_publish", "_publish_now", "_submit", "_continue"])
def test_a_reporter_changes_nothing_that_was_let_out(reporter, editor, status, button):
    article = make_in(status, editor)
    before = Article.objects.values().get()
    assert reporter.get(page_of(article)).status_code == 200
    assert buttons(reporter.get(page_of(article))) & {"_save", *VERBS} == set()
    response = reporter.post(page_of(article), complete(article) | {button: "pressed"})
    assert response.status_code == 403
    assert Article.objects.values().get() == before


def complete(article):
    """All that the form of an editor would send."""
    return {
        "headline": "New",
        "slug": article.slug,
        "standfirst": article.standfirst,
        "body": article.body,
        "section": article.section_id,
        "language": article.language,
        "status": "published",
        **at("2020-01-01", "00:00:00"),
        **{
            f"{prefix}-{name}_FORMS": "0"
            for prefix in ("bylines", "state_changes")
            for name in ("TOTAL", "INITIAL")
        },
    }


@pytest.mark.parametrize("status", ["new", "draft", "in_review"])
def test_a_reporter_is_not_offered_to_publish(reporter, editor, status):
    page = reporter.get(ADD if status == "new" else page_of(make_in(status, editor)))
    offered = buttons(page)
    assert "_save" in offered
    assert not offered & (VERBS.keys() - {"_submit"})
    assert not [name for name in fields_of(page) if name.startswith("published_at")]


@pytest.mark.parametrize("status", ["draft", "in_review"])
@pytest.mark.parametrize("button", ["_publish", "_publish_now", "_send_back"])
def test_a_reporter_who_asks_to_publish_all_the_same_is_refused_and_nothing_is_saved(
    reporter, editor, status, button
):
    article = make_in(status, editor)
    before = Article.objects.values().get()
    assert edit(reporter, article, button, headline="New").status_code == 403
    assert Article.objects.values().get() == before


def test_a_reporter_who_asks_to_publish_a_new_piece_writes_none(reporter):
    assert write(reporter, "_publish").status_code == 403
    assert not Article.objects.exists()


def test_a_reporter_sets_neither_the_state_nor_the_time(reporter):
    forged = {"status": "published", "state": "published", "_submit": "pressed"}
    write(reporter, **forged, **at("2020-01-01", "00:00:00"))
    article = Article.objects.get()
    assert (article.status, article.published_at) == ("in_review", None)


@pytest.mark.parametrize("group", ["Reporters", "Editors"])
def test_nobody_of_the_desk_deletes_a_piece(client, editor, group):
    client.force_login(make_staff(group))
    article = make_draft()
    assert client.post(f"{LIST}{article.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(
        LIST, {"action": "delete_selected", "_selected_action": [article.pk], "post": "yes"}
    )
    assert Article.objects.exists()


def test_a_moderator_reaches_no_piece(client, editor):
    article = make_article(by=editor)
    client.force_login(make_staff("Moderators"))
    paths = [LIST, ADD, page_of(article)]
    paths += [f"{LIST}{article.pk}/delete/", f"{LIST}{article.pk}/history/"]
    for path in paths:
        assert client.get(path).status_code == 403
        assert (
            client.post(path, complete(article) | {"section": make_section().pk}).status_code == 403
        )
    assert Article.objects.get().headline == article.headline


def test_a_reporter_adds_a_topic_and_changes_none(reporter):
    added = reporter.post(
        "/admin/articles/topic/add/", {"name": "Tides", "slug": "tides", "description": ""}
    )
    assert added.status_code == 302
    topic = f"/admin/articles/topic/{Topic.objects.get().pk}/change/"
    assert reporter.post(topic, {"name": "Other", "slug": "other"}).status_code == 403
