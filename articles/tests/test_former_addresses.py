"""A piece moves, and every address it had leads to where it is."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from articles.models import Article, FormerSlug
from articles.tests.desk import edit, errors, page_of, write
from articles.tests.factories import make_article, make_draft, make_staff
from newsroom.tests.browsing import fields_of, text_at, the
from newsroom.tests.clock import NOON
from newsroom.tests.factories import make_superuser

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

HOUR = timedelta(hours=1)
FORMER = "/admin/articles/formerslug/"


def move(article, slug, by):
    article.slug = slug
    article.full_clean()
    article.save()
    article.record(by=by)


def leads_to(client, path):
    response = client.get(path)
    assert response.status_code == 301, response.status_code
    return response["Location"]


# --- Readers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("rest", ["", "changes/", "comments.atom"])
def test_an_old_address_leads_for_good_to_the_new_one_in_one_step(client, editor, rest):
    article = make_article(slug="a", by=editor)
    for slug in ("b", "c", "d"):
        move(article, slug, editor)
    for old in ("a", "b", "c"):
        assert leads_to(client, f"/articles/{old}/{rest}") == f"/articles/d/{rest}"
    assert client.get(f"/articles/d/{rest}").status_code == 200


def test_the_short_address_of_a_piece_leads_to_it_for_ever(client, editor):
    article = make_article(slug="a", by=editor)
    assert client.get(f"/p/{article.pk}/")["Location"] == "/articles/a/"
    move(article, "b", editor)
    assert client.get(f"/p/{article.pk}/")["Location"] == "/articles/b/"
    article.withdraw(by=editor, reason="Not true")
    response = client.get(f"/p/{article.pk}/")
    assert response.status_code == 410
    assert "Not true" in response.content.decode()
    assert client.get("/p/999999/").status_code == 404


def test_what_the_address_asked_for_is_kept(client, editor):
    article = make_article(slug="old", by=editor)
    move(article, "new", editor)
    query = "?reply_to=7&utm_source=a%20b"
    assert leads_to(client, f"/articles/old/{query}") == f"/articles/new/{query}"


def test_a_piece_takes_back_an_address_it_had_and_nobody_walks_in_a_circle(client, editor):
    article = make_article(slug="a", by=editor)
    move(article, "b", editor)
    response = client.get("/articles/a/")
    assert response.headers["Cache-Control"] == "no-cache"
    move(article, "a", editor)
    assert client.get("/articles/a/").status_code == 200
    assert leads_to(client, "/articles/b/") == "/articles/a/"
    assert list(FormerSlug.objects.values_list("slug", flat=True)) == ["b"]


def test_a_reply_sent_to_an_old_address_is_taken_for_the_piece(client, editor):
    article = make_article(slug="old", by=editor)
    move(article, "new", editor)
    sent = {"comment": "My words", "author": "Ines", "email": "ines@reader.example"}
    headers = {"sec-fetch-site": "same-origin"}
    response = client.post("/articles/old/comments/", sent, headers=headers)
    assert response.status_code == 303
    assert article.comments.count() == 1
    wrong = client.post("/articles/old/comments/", sent | {"author": ""}, headers=headers)
    assert wrong.status_code == 422
    assert the(wrong, ".//section[@id='respond']/form").get("action") == "/articles/new/comments/"
    assert client.get("/articles/old/comments/")["Location"] == "/articles/new/#respond"


def test_an_address_that_readers_never_knew_leads_nowhere(client, clock, editor):
    draft, later = make_draft(slug="a"), make_draft(slug="c")
    planned = make_draft(slug="e", published_at=NOON - HOUR)
    later.publish(by=editor, at=NOON + HOUR)
    for article, slug in ((draft, "b"), (later, "d"), (planned, "f")):
        article.record(by=editor)
        move(article, slug, editor)
        article.publish(by=editor)
    clock.shift(HOUR)
    assert not FormerSlug.objects.exists()
    for slug in "ace":
        assert client.get(f"/articles/{slug}/").status_code == 404


def test_an_old_address_tells_nothing_of_a_piece_that_is_not_public(client, clock, editor):
    article = make_article(slug="old", by=editor)
    move(article, "secret-name", editor)
    Article.objects.update(embargo_until=NOON + HOUR)
    for rest in ("", "changes/", "comments.atom", "comments/"):
        response = client.get(f"/articles/old/{rest}")
        assert response.status_code == 404
        assert b"secret-name" not in response.content
    clock.shift(HOUR)
    assert leads_to(client, "/articles/old/") == "/articles/secret-name/"


def test_the_address_of_a_withdrawn_piece_can_change_too(client, editor):
    article = make_article(slug="old", by=editor)
    article.withdraw(by=editor)
    move(article, "new", editor)
    assert client.get("/articles/old/").status_code == 410
    article.bring_back(by=editor)
    assert leads_to(client, "/articles/old/") == "/articles/new/"


# --- The desk -----------------------------------------------------------------------------------


def test_an_editor_changes_the_address_of_a_piece_that_is_out(desk):
    article = make_article(slug="old")
    assert "the old one leads to the new for good" in text_at(desk.get(page_of(article)))
    assert edit(desk, article, slug="new").status_code == 302
    assert leads_to(desk, "/articles/old/") == "/articles/new/"


def test_no_other_piece_takes_a_former_address_silently(desk, editor):
    article = make_article(slug="old", headline="Ferry to run again", by=editor)
    move(article, "new", editor)
    response = write(desk, slug="old")
    assert any("“Ferry to run again”" in each for each in errors(response))
    assert fields_of(response)["slug"] == "old"
    other = make_article(slug="other", by=editor)
    assert edit(desk, other, slug="old").status_code == 200
    assert Article.objects.get(pk=other.pk).slug == "other"
    with pytest.raises(ValidationError):
        move(other, "old", editor)
    assert leads_to(desk, "/articles/old/") == "/articles/new/"


def test_an_administrator_releases_a_former_address_and_then_it_can_be_taken(client, desk, editor):
    article = make_article(slug="old", headline="Ferry to run again", by=editor)
    move(article, "new", editor)
    listed = desk.get(FORMER)
    assert "/articles/old/" in text_at(listed) and "Ferry to run again" in text_at(listed)
    client.force_login(make_superuser())
    delete = f"{FORMER}{FormerSlug.objects.get().pk}/delete/"
    assert client.post(delete, {"post": "yes"}).status_code == 302
    assert client.get("/articles/old/").status_code == 404
    assert write(client, "_publish", slug="old", headline="Another").status_code == 302
    assert "Another" in text_at(client.get("/articles/old/"))


def test_former_addresses_are_neither_made_nor_changed_by_hand(desk, editor):
    article = make_article(slug="old", by=editor)
    move(article, "new", editor)
    former = FormerSlug.objects.get()
    sent = {"slug": "other", "article": article.pk}
    assert desk.post(f"{FORMER}add/", sent).status_code == 403
    assert desk.post(f"{FORMER}{former.pk}/change/", sent).status_code == 403
    assert FormerSlug.objects.get().slug == "old"


@pytest.mark.parametrize("group", ["Reporters", "Editors", "Moderators"])
def test_nobody_else_releases_an_address(client, editor, group):
    article = make_article(slug="old", by=editor)
    move(article, "new", editor)
    former = FormerSlug.objects.get()
    client.force_login(make_staff(group))
    answer = client.post(f"{FORMER}{former.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 403
    assert FormerSlug.objects.exists()


@pytest.mark.parametrize("status", ["new", "draft", "published"])
def test_the_address_follows_the_headline_until_it_is_saved(desk, editor, status):
    path = "/admin/articles/article/add/"
    if status != "new":
        article = make_article(by=editor) if status == "published" else make_draft()
        path = page_of(article)
    script = the(desk.get(path), ".//script[@id='django-admin-prepopulated-fields-constants']")
    assert ("#id_slug" in script.attrib["data-prepopulated-fields"]) is (status == "new")


def test_an_address_that_was_left_while_another_piece_took_it_still_leads_where_it_did(
    desk, editor, monkeypatch
):
    """As where the piece moves after this form was checked and before it is saved."""
    move(make_article(slug="old", headline="Ferry", by=editor), "new", editor)
    real, checked = Article.clean, []

    def too_early(self):
        checked.append(self)
        if len(checked) > 1:
            real(self)

    monkeypatch.setattr(Article, "clean", too_early)
    response = write(desk, slug="old")
    assert any("“Ferry”" in each for each in errors(response))
    assert Article.objects.count() == 1
    assert leads_to(desk, "/articles/old/") == "/articles/new/"


def test_of_two_who_take_an_address_at_once_the_second_is_told(desk, monkeypatch):
    """As where the other saves after this form was checked and before it is saved."""
    make_draft(slug="taken")
    checked, real = [], Article.validate_unique

    def too_early(self, *args, **kwargs):
        checked.append(self)
        if len(checked) > 1:
            real(self, *args, **kwargs)

    monkeypatch.setattr(Article, "validate_unique", too_early)
    response = write(desk, slug="taken", headline="Typed")
    assert "Piece with this Slug already exists." in errors(response)
    assert fields_of(response)["headline"] == "Typed"
    assert Article.objects.count() == 1
