"""RSS, Atom and JSON Feed, as strict parsers and schemas see them: what a piece is told to be."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from articles.feeds.full_text import portable
from articles.tests.factories import (
    make_article,
    make_author,
    make_section,
    make_source,
    make_topic,
    save_version,
)
from articles.tests.parsing import feed_at, json_at
from articles.tests.pictures import figure, make_image, media_root
from articles.tests.surfaces import FEEDS
from newsroom.models import SiteSettings
from newsroom.tests.clock import NOON, SITE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

__all__ = ["media_root"]

HOUR = timedelta(hours=1)
ORIGINAL = "https://www.afp.example/story?a=1&b=2"
AWKWARD = "Ferry ]]> & <b>“Fish”</b> 'n' \"Chips\" &amp; 日本"
RSS, ATOM, JSON = "/feeds/latest.rss", "/feeds/latest.atom", "/feeds/latest.json"
IN_XML = [RSS, ATOM]


def make_whole(**fields):
    """A piece with everything that a feed can tell, on all of FEEDS."""
    told: dict[str, Any] = {
        "slug": "ferry",
        "headline": "Ferry to run again",
        "standfirst": "A “story” & more.",
        "section": make_section(name="World"),
        "topics": [make_topic("Japan"), make_topic("Boats & ships", slug="boats")],
        "authors": [make_author("Maud", slug="maud"), make_author("Tobias", slug="tobias")],
        "source": make_source("AFP", credit_line="© AFP & Co.", url="https://www.afp.example/"),
    }
    return make_article(**told | fields)


def content_of(client, path):
    """The full text of the only piece in a feed."""
    if path.endswith("json"):
        [item] = json_at(client, path)["items"]
        return item["content_html"]
    [entry] = feed_at(client, path).entries
    return entry.content[0].value


# --- Every feed, whatever happened to a piece ---------------------------------------------------


@pytest.mark.parametrize(("path", "query"), [(path, query) for _what, path, query in FEEDS])
def test_a_feed_is_valid_when_a_piece_was_corrected_moved_and_withdrawn(
    client, clock, editor, path, query
):
    def told():
        rss = feed_at(client, f"{path}.rss{query}")
        atom = feed_at(client, f"{path}.atom{query}")
        document = json_at(client, f"{path}.json{query}")
        told = [
            [(entry.id, entry.link, entry.title) for entry in rss.entries],
            [(entry.id, entry.link, entry.title) for entry in atom.entries],
            [(item["id"], item["url"], item["title"]) for item in document["items"]],
        ]
        assert told[0] == told[1] == told[2]
        return told[0], (rss, atom, document)

    article = make_whole(by=editor)
    [first], _ = told()
    clock.shift(HOUR)
    article.correct(by=editor, kind="correction", text="It sails on Monday.")
    [corrected], (rss, atom, document) = told()
    assert corrected == first
    for changed in (
        rss.entries[0].updated,
        atom.entries[0].updated,
        document["items"][0]["date_modified"],
    ):
        assert datetime.fromisoformat(changed) == NOON + HOUR
    clock.shift(HOUR)
    save_version(article, by=editor, slug="boat", headline="Ferry and boat")
    [moved], _ = told()
    assert moved == (first[0], f"{SITE}/articles/boat/", "Ferry and boat")
    clock.shift(HOUR)
    article.withdraw(by=editor, reason="It does not sail.")
    gone, (_, atom, _) = told()
    assert gone == []
    article.bring_back(by=editor)
    [back], _ = told()
    assert back == moved


@pytest.mark.parametrize(("path", "query"), [(path, query) for _what, path, query in FEEDS])
def test_a_feed_says_where_it_and_its_page_are_and_has_a_name_of_its_own(client, path, query):
    make_whole()
    names = set()
    for extension in ("rss", "atom"):
        feed = feed_at(client, f"{path}.{extension}{query}").feed
        [own] = [link.href for link in feed.links if link.rel == "self"]
        assert own == f"{SITE}{path}.{extension}{query}"
        page = client.get(feed.link.removeprefix(SITE))
        assert page.status_code == 200
        if extension == "atom":
            names.add(feed.id)
    document = json_at(client, f"{path}.json{query}")
    assert document["feed_url"] == f"{SITE}{path}.json{query}"
    assert document["home_page_url"] == feed.link
    others = {feed_at(client, f"{other}.atom{of}").feed.id for _, other, of in FEEDS}
    assert len(others) == len(FEEDS) and names <= others


# --- What is told of a piece --------------------------------------------------------------------


def test_rss_tells_all_of_a_piece(client, media_root):
    image = make_image(made=True)
    make_whole(lead_image=image, lead_alt="A boat", lead_caption="Now & then", lead_credit="Ann")
    [entry] = feed_at(client, RSS).entries
    assert (entry.title, entry.link) == ("Ferry to run again", f"{SITE}/articles/ferry/")
    assert not entry.guidislink
    assert [author.name for author in entry.authors] == ["Maud", "Tobias"]
    terms = [tag.term for tag in entry.tags]
    assert terms[0] == "World" and set(terms[1:]) == {"Japan", "Boats & ships"}
    assert entry.rights == "© AFP & Co."
    assert (entry.source.title, entry.source.href) == ("AFP", f"{SITE}/sources/afp/feed.rss")
    [picture] = entry.media_content
    assert picture["url"] == SITE + image.src
    assert (picture["medium"], picture["type"]) == ("image", "image/jpeg")
    assert client.get(picture["url"].removeprefix(SITE)).status_code == 200
    assert entry.comments == f"{SITE}/articles/ferry/#comments"


def test_atom_tells_all_of_a_piece(client):
    make_whole(source_url=ORIGINAL)
    [entry] = feed_at(client, ATOM).entries
    assert [(author.name, author.href) for author in entry.authors] == [
        ("Maud", f"{SITE}/authors/maud/"),
        ("Tobias", f"{SITE}/authors/tobias/"),
    ]
    assert {tag.term for tag in entry.tags} == {"World", "Japan", "Boats & ships"}
    assert entry.rights == "© AFP & Co."
    by_rel = {link.rel: link for link in entry.links}
    assert by_rel["via"].href == ORIGINAL
    assert by_rel["replies"].href == f"{SITE}/articles/ferry/comments.atom"
    assert by_rel["replies"]["thr:count"] == "0"
    assert datetime.fromisoformat(entry.published) == NOON


def test_json_feed_tells_all_of_a_piece(client, media_root):
    SiteSettings.objects.create(name="The Post", tagline="Tides")
    image = make_image(made=True)
    make_whole(lead_image=image, lead_alt="A boat", language="en-gb")
    feed = json_at(client, JSON)
    assert (feed["title"], feed["description"], feed["language"]) == ("The Post", "Tides", "en-gb")
    assert feed["authors"] == [{"name": "The Post", "url": f"{SITE}/"}]
    assert feed["home_page_url"] == f"{SITE}/"
    assert "hubs" not in feed
    [item] = feed["items"]
    assert item["id"].startswith("tag:localhost,2026-03-02:article/")
    assert (item["title"], item["summary"]) == ("Ferry to run again", "A “story” & more.")
    assert item["image"] == SITE + image.src
    assert item["date_published"] == item["date_modified"] == NOON.isoformat()
    assert [author["url"] for author in item["authors"]] == [
        f"{SITE}/authors/maud/",
        f"{SITE}/authors/tobias/",
    ]
    assert item["tags"][0] == "World" and set(item["tags"][1:]) == {"Japan", "Boats & ships"}
    assert "external_url" not in item and "language" not in item


def test_json_feed_names_the_original_of_a_piece_that_is_elsewhere(client):
    make_whole(source_url=ORIGINAL, indexing="canonical")
    [item] = json_at(client, JSON)["items"]
    assert (item["url"], item["external_url"]) == (f"{SITE}/articles/ferry/", ORIGINAL)


@pytest.mark.parametrize("path", [RSS, ATOM])
def test_without_authors_a_piece_is_by_its_source(client, path):
    make_whole(authors=[])
    assert [author.name for author in feed_at(client, path).entries[0].authors] == ["AFP"]


def test_a_piece_without_anything_but_a_headline_is_valid_in_each_format(client):
    make_article(standfirst="", body="")
    feed_at(client, RSS)
    assert b"<item><title>" in client.get(RSS).content
    assert client.get(RSS).content.count(b"<description>") == 1  # of the feed itself
    feed_at(client, ATOM)
    assert json_at(client, JSON)["items"][0].keys().isdisjoint({"summary", "authors", "image"})


# --- The full text ------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [RSS, ATOM, JSON])
def test_the_full_text_stands_by_itself(client, media_root, path):
    image = make_image(size=(900, 600), made=True)
    make_whole(
        dateline="OSAKA",
        lead_image=image,
        lead_alt='A "boat"',
        lead_caption="Now & then",
        lead_credit="Ann",
        body=figure(image, alt="Again", caption="Then") + '<p><a href="/articles/other/">Here</a>'
        ' <a href="https://example.org/?a=1&amp;b=2">far</a></p>'
        "<table><tbody><tr><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></tbody></table>",
    )
    content = content_of(client, path)
    for expected in (
        f'<figure><img src="{SITE}{image.src}" width="900" height="600" alt="A &quot;boat&quot;">',
        "<figcaption>Now &amp; then <small>Ann</small></figcaption>",
        "<p>OSAKA</p>",
        f'<img src="{SITE}{image.src}" width="900" height="600" alt="Again">',
        f'<a href="{SITE}/articles/other/">',
        '<a href="https://example.org/?a=1&amp;b=2"',
        "<td>1</td>",
        "© AFP &amp; Co.",
    ):
        assert expected in content
    for left_out in ("srcset", "<picture", "tabindex", 'href="/', 'src="/', 'href="#', "class="):
        assert left_out not in content


@pytest.mark.parametrize("path", [RSS, ATOM, JSON])
def test_corrections_stand_in_the_text_until_they_are_taken_back(client, editor, path):
    article = make_whole(by=editor)
    made = article.correct(by=editor, kind="correction", text="Monday & not <Tuesday>.")
    article.correct(by=editor, kind="update", text="It sailed.")
    content = content_of(client, path)
    places = [
        content.index(words)
        for words in ("Monday &amp; not &lt;Tuesday&gt;.", "The body.", "It sailed.")
    ]
    assert places == sorted(places)
    made.take_back(by=editor, reason="It was right.")
    assert "Monday" not in content_of(client, path)


def test_a_withdrawn_picture_is_in_no_feed(client, editor, media_root):
    image = make_image(made=True)
    make_whole(lead_image=image, lead_alt="A boat", body=f"<p>Text.</p>{figure(image)}")
    image.withdraw(by=editor, reason="Not ours.")
    for path in (RSS, ATOM, JSON):
        assert image.token not in client.get(path).content.decode()


def test_a_link_within_the_text_leads_to_the_page():
    assert portable('<p><a href="#part">x</a></p>', f"{SITE}/articles/ferry/") == (
        f'<p><a href="{SITE}/articles/ferry/#part">x</a></p>'
    )


def test_an_address_that_is_none_does_not_break_the_text():
    assert portable('<p><a href="http://[">x</a></p>', f"{SITE}/") == (
        '<p><a href="http://[">x</a></p>'
    )


# --- Languages ----------------------------------------------------------------------------------


def test_a_piece_in_another_language_than_the_feed_says_so(client):
    make_article(language="ar", body="<p>نص</p>")
    for path in IN_XML:
        [entry] = feed_at(client, path).entries
        assert '<div lang="ar" dir="rtl">' in entry.content[0].value
    assert b'<entry xml:lang="ar">' in client.get(ATOM).content
    assert b"<dc:language>ar</dc:language>" in client.get(RSS).content
    assert json_at(client, JSON)["items"][0]["language"] == "ar"


def test_a_piece_in_the_language_of_the_feed_does_not(client):
    make_article(language="en-gb")
    assert b"<entry>" in client.get(ATOM).content
    assert b"dc:language>" not in client.get(RSS).content


# --- Whatever stands in a piece -----------------------------------------------------------------


def test_awkward_words_are_told_as_they_are(client):
    headline = (AWKWARD * 9)[:160]
    SiteSettings.objects.create(name=f"Post {AWKWARD}", tagline=AWKWARD)
    make_whole(
        headline=headline,
        standfirst=AWKWARD,
        authors=[make_author(AWKWARD, slug="ann")],
        topics=[make_topic(AWKWARD, slug="tides")],
        credit_line=AWKWARD,
        body="<p>]]&gt; &amp; &lt;script&gt;</p>",
    )
    for path in IN_XML:
        [entry] = feed_at(client, path).entries
        assert entry.title == headline
        assert entry.rights == AWKWARD
        assert [author.name for author in entry.authors] == [AWKWARD]
        assert AWKWARD in [tag.term for tag in entry.tags]
        assert "<p>]]&gt; &amp; &lt;script&gt;</p>" in entry.content[0].value
    [item] = json_at(client, JSON)["items"]
    assert (item["title"], item["summary"]) == (headline, AWKWARD)
    assert item["tags"][-1] == AWKWARD


def test_control_characters_break_no_feed(client):
    bad = "a\x00b\x0bc\x1fd\x85e\ufffe\uffff\u2028f"
    SiteSettings.objects.create(name=bad, tagline=bad)
    make_whole(
        headline=bad,
        standfirst=bad,
        body=f"<p>{bad}&#1;</p>",
        credit_line=bad,
        source_url="https://a.example/\x01",
    )
    for path in IN_XML:
        assert len(feed_at(client, path).entries) == 1
    assert len(json_at(client, JSON)["items"]) == 1


@pytest.mark.parametrize("query", ["q=a%00b", "q=%01%0b%ef%bf%bea", "q=%5D%5D%3E%26%3Cb%3E"])
def test_whatever_is_searched_for_the_feed_is_valid(client, query):
    for extension in ("rss", "atom"):
        assert feed_at(client, f"/search/feed.{extension}?{query}").entries == []
    assert json_at(client, f"/search/feed.json?{query}")["items"] == []


def test_a_feed_holds_no_address_of_anybody(client, editor):
    make_whole(by=editor)
    for path in (RSS, ATOM, JSON):
        assert "@" not in client.get(path).content.decode()
        assert "email" not in client.get(path).content.decode()


def test_json_is_read_as_nothing_else(client):
    make_article(headline="</script><script>alert(1)</script>")
    response = client.get(JSON)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Type"] == "application/feed+json"
    assert json.loads(response.content)["items"][0]["title"].startswith("</script>")
