"""What search engines are told of a piece, and the credit below it: the source's, or its own."""

import pytest

from articles.models import Source
from articles.tests.desk import edit
from articles.tests.factories import make_article, make_source, make_staff
from newsroom.tests.browsing import dom, fill_in, text_at, the

pytestmark = pytest.mark.django_db

ORIGINAL = "https://www.afp.com/en/story"
LARGE = "max-image-preview:large"


def told(client, article):
    """Whether it may be indexed, and the page that is to be shown for it."""
    head = the(client.get(article.get_absolute_url()), "head")
    robots = [each.get("content") for each in head.findall("meta[@name='robots']")]
    canonical = [each.get("href") for each in head.findall("link[@rel='canonical']")]
    return robots, canonical


@pytest.mark.parametrize(
    ("of_the_source", "own", "url", "expected"),
    [
        (None, "", "", "own"),
        ("index", "", ORIGINAL, "own"),
        ("noindex", "", ORIGINAL, "noindex"),
        ("canonical", "", ORIGINAL, "original"),
        ("canonical", "", "", "own"),
        ("noindex", "index", ORIGINAL, "own"),
        ("index", "noindex", ORIGINAL, "noindex"),
        ("index", "canonical", ORIGINAL, "original"),
        (None, "noindex", "", "noindex"),
        (None, "canonical", ORIGINAL, "original"),
    ],
)
def test_search_engines_are_told_what_the_piece_or_else_its_source_says(
    client, settings, of_the_source, own, url, expected
):
    source = make_source(indexing=of_the_source) if of_the_source else None
    article = make_article(slug="fish", source=source, indexing=own, source_url=url)
    assert (
        told(client, article)
        == {
            "own": ([LARGE], [f"{settings.SITE_URL}/articles/fish/"]),
            "noindex": (["noindex"], []),
            "original": ([LARGE], [ORIGINAL]),
        }[expected]
    )


def test_questions_in_the_address_are_no_further_page(client, settings):
    make_article(slug="fish")
    page = client.get("/articles/fish/?utm_source=letter")
    canonical = the(page, "head/link[@rel='canonical']").get("href")
    assert canonical == f"{settings.SITE_URL}/articles/fish/"


@pytest.mark.parametrize(
    ("of_the_source", "own", "shown"),
    [("© AFP", "", "© AFP"), ("© AFP", "© The Post", "© The Post"), ("", "", None)],
)
def test_the_credit_line_of_the_piece_or_else_of_its_source_stands_below_it(
    client, of_the_source, own, shown
):
    source = make_source(credit_line=of_the_source)
    article = make_article(source=source, credit_line=own)
    page = client.get(article.get_absolute_url())
    line = dom(page).find(".//footer/p[@class='credit-line']")
    assert (line.text if line is not None else None) == shown


def test_an_editor_sets_the_default_at_the_source_and_another_at_the_piece(client):
    client.force_login(make_staff("Editors"))
    source = make_source("AFP")
    change = f"/admin/articles/source/{source.pk}/change/"
    fill_in(client, change, credit_line="© AFP", indexing="canonical")
    assert Source.objects.get().indexing == "canonical"
    article = make_article(source=source, source_url=ORIGINAL)
    assert told(client, article) == ([LARGE], [ORIGINAL])
    assert "© AFP" in text_at(client.get(article.get_absolute_url()))
    edit(client, article, indexing="noindex", credit_line="© Ours")
    assert told(client, article) == (["noindex"], [])
    assert "© Ours" in text_at(client.get(article.get_absolute_url()))


def test_notes_for_the_desk_never_reach_readers(client):
    editor = make_staff("Editors")
    article = make_article(slug="fish", desk_notes="Call the mayor.", by=editor)
    article.correct(by=editor, kind="update", text="New.")
    paths = ["/", "/articles/fish/", "/articles/fish/changes/", "/articles/fish/comments.atom"]
    paths += ["/feeds/latest.rss", "/feeds/latest.atom", "/corrections/", "/corrections/feed.atom"]
    paths += [f"/sections/{article.section.slug}/"]
    for path in paths:
        response = client.get(path)
        assert response.status_code == 200
        assert "Call the mayor." not in response.content.decode()
    article.withdraw(by=editor, note="Call the mayor.", reason="Wrong.")
    for path in ("/articles/fish/", "/feeds/latest.atom"):
        assert "Call the mayor." not in client.get(path).content.decode()
