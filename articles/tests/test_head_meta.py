"""The head of a page: its canonical address, the word to robots, and what is shown of it where
somebody shares its address."""

from datetime import UTC, datetime, timedelta

import pytest

from articles.head_meta import locale_of
from articles.models import ShareImage
from articles.tests.factories import (
    make_article,
    make_author,
    make_page,
    make_section,
    make_source,
    make_topic,
)
from articles.tests.pictures import make_image, media_root
from newsroom.models import SiteSettings
from newsroom.tests.browsing import the
from newsroom.tests.clock import SITE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]
__all__ = ["media_root"]

START = datetime(2026, 3, 1, tzinfo=UTC)


def head(client, path):
    """The metadata of the page at `path`: each name with all that is given under it."""
    element = the(client.get(path), "head")
    found: dict[str, list[str]] = {}
    for meta in element.findall("meta"):
        name = meta.get("name") or meta.get("property")
        if name:
            found.setdefault(name, []).append(meta.attrib["content"])
    for link in element.findall("link[@rel='canonical']"):
        found.setdefault("canonical", []).append(link.attrib["href"])
    return found


def one(client, path):
    return {name: values[0] for name, values in head(client, path).items() if len(values) == 1}


def test_a_piece_says_what_to_show_of_it(client, editor):
    SiteSettings.objects.create(name="The Post", time_zone="Asia/Tokyo")
    article = make_article(
        headline="Ferry <to> run & sail",
        slug="ferry",
        standfirst='After "two" years.',
        section=make_section(name="World"),
        authors=[make_author("Maud", slug="maud"), make_author("Tobias", slug="tobias")],
        topics=[make_topic("Boats"), make_topic("Ports")],
        language="ja",
        at=START,
        by=editor,
    )
    share = ShareImage.objects.create(article=article, version=1)
    found = head(client, "/articles/ferry/")
    expected = {
        "description": ['After "two" years.'],
        "canonical": [f"{SITE}/articles/ferry/"],
        "robots": ["max-image-preview:large"],
        "og:type": ["article"],
        "og:site_name": ["The Post"],
        "og:title": ["Ferry <to> run & sail"],
        "og:description": ['After "two" years.'],
        "og:url": [f"{SITE}/articles/ferry/"],
        "og:locale": ["ja_JP"],
        "og:image": [SITE + share.src],
        "og:image:width": ["1200"],
        "og:image:height": ["630"],
        "og:image:alt": ["Ferry <to> run & sail"],
        "article:published_time": ["2026-03-01T09:00:00+09:00"],
        "article:modified_time": ["2026-03-01T09:00:00+09:00"],
        "article:section": ["World"],
        "article:author": [f"{SITE}/authors/maud/", f"{SITE}/authors/tobias/"],
        "article:tag": ["Boats", "Ports"],
        "twitter:card": ["summary_large_image"],
    }
    assert {name: found.get(name) for name in expected} == expected


def test_its_own_picture_is_shown_wide_with_its_text(client):
    image = make_image(size=(1600, 1200), made=True)
    make_article(slug="ferry", lead_image=image, lead_alt="A ferry at the quay")
    found = one(client, "/articles/ferry/")
    assert f"{image.token}-2-broad1200.jpg" in found["og:image"]
    assert (found["og:image:width"], found["og:image:height"]) == ("1200", "675")
    assert found["og:image:alt"] == "A ferry at the quay"
    picture = client.get(found["og:image"].removeprefix(SITE))
    assert picture.status_code == 200
    assert picture["Cross-Origin-Resource-Policy"] == "cross-origin"


def test_what_the_page_itself_shows_stays_with_this_site(client):
    image = make_image(made=True)
    make_article(lead_image=image)
    assert client.get(image.src)["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_small_picture_is_no_large_card(client):
    make_article(slug="ferry", lead_image=make_image(size=(300, 200), made=True))
    assert one(client, "/articles/ferry/")["twitter:card"] == "summary"


def test_a_piece_without_any_picture_names_none(client):
    make_article(slug="ferry")
    found = head(client, "/articles/ferry/")
    assert not {"og:image", "og:image:alt"} & found.keys()
    assert found["twitter:card"] == ["summary"]


def test_without_a_standfirst_the_first_words_describe_it(client):
    words = "<p>It sails &amp; sinks.</p><p>Again" + " and again" * 100 + "</p>"
    make_article(slug="ferry", standfirst="", body=words)
    found = one(client, "/articles/ferry/")
    assert found["description"].startswith("It sails & sinks. Again and again")
    assert len(found["description"]) <= 300
    assert found["og:description"] == found["description"]


def test_the_words_of_a_heading_a_list_and_a_card_do_not_run_into_the_next(client):
    body = '<h2>Tides</h2><ul><li>One</li><li>Two</li></ul><aside><a href="/a/">Card</a></aside>'
    make_article(slug="ferry", standfirst="", body=f"{body}<p>a<strong>b</strong><br>c</p>")
    assert one(client, "/articles/ferry/")["description"] == "Tides One Two Card ab c"


def test_our_address_is_shared_even_where_the_original_is_named_to_search_engines(client):
    source = make_source(indexing="canonical")
    make_article(slug="ferry", source=source, source_url="https://www.afp.com/story")
    found = one(client, "/articles/ferry/")
    assert found["canonical"] == "https://www.afp.com/story"
    assert found["og:url"] == f"{SITE}/articles/ferry/"


# --- Other pages ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/", "The Post"),
        ("/about/", "About"),
        ("/sections/world/", "World"),
        ("/topics/japan/", "Japan"),
        ("/sources/afp/", "AFP"),
        ("/authors/maud/", "Maud"),
        ("/corrections/", "Corrections"),
        ("/archive/", "Archive"),
        ("/archive/2026/03/", "March 2026"),
        ("/popular/", "Most read"),
    ],
)
def test_each_page_names_its_own_address_and_says_what_it_is(client, editor, path, title):
    SiteSettings.objects.create(name="The Post", tagline="World and local news")
    make_page("About")
    make_article(
        section=make_section(name="World"),
        topics=[make_topic("Japan")],
        source=make_source("AFP"),
        authors=[make_author("Maud", slug="maud")],
        at=START,
        by=editor,
    )
    for query in ("", "?utm_source=letter&before=nothing"):
        found = one(client, path + query)
        assert found["canonical"] == found["og:url"] == SITE + path
        assert found["og:title"] == title
        assert found["og:locale"] == "en_GB"
        assert found["robots"] == "max-image-preview:large"
        assert found["description"] == found["og:description"]
        assert found["description"]
        is_person = path == "/authors/maud/"
        assert found["og:type"] == ("profile" if is_person else "website")


def test_further_pages_of_a_list_name_the_way_down_to_them(client, editor):
    world = make_section(name="World", slug="world")
    for number in range(30):
        make_article(section=world, at=START + timedelta(minutes=number), by=editor)
    further = the(client.get("/sections/world/"), ".//a[@rel='next']").attrib["href"]
    assert further.startswith("?before=")
    path = f"/sections/world/{further}"
    assert one(client, f"{path}&utm_source=letter")["canonical"] == SITE + path
    copy = head(client, "/sections/world/?page=2")
    assert "canonical" not in copy
    assert copy["robots"] == ["noindex"]
    assert one(client, "/sections/world/?page=1")["canonical"] == f"{SITE}/sections/world/"


@pytest.mark.parametrize(
    "path",
    [
        "/no-such-page/",
        "/articles/gone/",
        "/articles/ferry/changes/",
        "/search/",
        "/search/?q=ferry",
    ],
)
def test_search_engines_are_kept_from_what_is_no_page_of_its_own(client, editor, path):
    make_article(slug="ferry", by=editor)
    make_article(slug="gone", by=editor).withdraw(by=editor)
    found = head(client, path)
    assert found["robots"] == ["noindex"]
    assert "canonical" not in found
    assert "og:title" not in found


@pytest.mark.parametrize(
    ("language", "locale"),
    [
        ("en", "en_GB"),
        ("en-gb", "en_GB"),
        ("en-US", "en_US"),
        ("ja", "ja_JP"),
        ("pt-br", "pt_BR"),
        ("de", "de_DE"),
        ("tlh", "tlh"),
    ],
)
def test_a_language_is_written_with_its_territory(language, locale):
    assert locale_of(language) == locale


@pytest.mark.parametrize("kind", ["broad", "standard", "square"])
def test_each_shape_of_a_picture_is_public_while_a_piece_shows_it(client, editor, kind):
    image = make_image(made=True)
    [row] = image.files_of(kind, "jpg")
    assert client.get(image.address(row)).status_code == 404
    article = make_article(lead_image=image, by=editor)
    assert client.get(image.address(row)).status_code == 200
    article.withdraw(by=editor)
    assert client.get(image.address(row)).status_code == 404
    article.bring_back(by=editor)
    image.withdraw(by=editor, reason="Not ours.")
    assert client.get(image.address(row)).status_code == 410
