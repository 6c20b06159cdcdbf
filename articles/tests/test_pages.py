"""The page of a piece, and the standing pages."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from articles.models import StandingPage
from articles.tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_page,
    make_section,
    make_source,
    make_staff,
    make_topic,
)
from newsroom.models import SiteSettings
from newsroom.tests.browsing import dom, fill_in, links, text_at, text_of, the
from newsroom.tests.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

HOUR = timedelta(hours=1)


def page_of(client, article):
    response = client.get(article.get_absolute_url())
    assert response.status_code == 200
    return response


def test_a_piece_is_shown_with_all_that_belongs_to_it(client):
    article = make_article(
        headline="Alliance called <essential>",
        slug="alliance",
        standfirst="On his visit, he ties it to “deterrence” & more.",
        dateline="TOKYO",
        body="<p>He spoke.</p>",
        section=make_section(name="World"),
        topics=[make_topic("Japan"), make_topic("China")],
        authors=[make_author("Maud Ellery"), make_author("Tobias Renn"), make_author("Ann Oh")],
        source=make_source("AFP", url="https://www.afp.com/"),
    )
    response = client.get("/articles/alliance/")
    text = text_at(response)
    assert text_at(response, ".//h1") == "Alliance called <essential>"
    assert text_at(response, ".//title").startswith("Alliance called <essential> – ")
    assert "On his visit, he ties it to “deterrence” & more." in text
    assert text_at(response, ".//p[@class='byline']") == "By Maud Ellery, Tobias Renn and Ann Oh"
    assert text_at(response, ".//p[@class='dateline']") == "TOKYO"
    assert "He spoke." in text
    assert "Source: AFP" in text
    assert the(response, ".//time").get("datetime") == "2026-03-02T12:00:00+00:00"
    assert {"/sections/world/", "/topics/japan/", "/topics/china/", "https://www.afp.com/"} <= set(
        links(response)
    )
    assert [link for link in links(response) if link.startswith("/authors/")] == [
        byline.author.get_absolute_url() for byline in article.bylines.all()
    ]


def test_a_piece_with_nothing_but_its_text_shows_no_empty_places(client):
    response = page_of(client, make_article(standfirst=""))
    page = dom(response)
    for css_class in ("standfirst", "dateline", "source", "topics"):
        assert page.find(f".//*[@class='{css_class}']") is None
    assert text_at(response, ".//p[@class='byline']") == ""


@pytest.mark.parametrize(
    ("names", "byline"),
    [
        (["Maud"], "By Maud"),
        (["Maud", "Tobias"], "By Maud and Tobias"),
        (["Ann", "Maud", "Tobias", "Zoe"], "By Ann, Maud, Tobias and Zoe"),
    ],
)
def test_the_byline_names_the_authors_in_their_order(client, names, byline):
    article = make_article(authors=[make_author(name) for name in names])
    assert text_at(page_of(client, article), ".//p[@class='byline']") == byline


@pytest.mark.parametrize(
    ("source_url", "agency_url", "link"),
    [
        ("https://www.afp.com/en/story", "https://www.afp.com/", "https://www.afp.com/en/story"),
        ("", "https://www.afp.com/", "https://www.afp.com/"),
        ("", "", "/sources/afp/"),
    ],
)
def test_the_source_links_to_the_story_there_else_to_the_source(
    client, source_url, agency_url, link
):
    article = make_article(source=make_source("AFP", url=agency_url), source_url=source_url)
    source = the(page_of(client, article), ".//p[@class='source']/a")
    assert source.get("href") == link


def test_a_piece_in_another_language_says_so(client):
    article = make_article(headline="日米同盟", language="ja")
    page = page_of(client, article)
    assert text_at(page, ".//h1[@lang='ja']") == "日米同盟"
    assert the(page, ".//div[@class='body']").get("lang") == "ja"


def test_times_are_those_of_the_sites_time_zone(client):
    SiteSettings.objects.create(time_zone="Asia/Tokyo")
    moment = the(page_of(client, make_article()), ".//time")
    assert moment.get("datetime") == "2026-03-02T21:00:00+09:00"
    assert text_of(moment) == "2 March 2026, 21:00 JST"


# --- Who may read it ----------------------------------------------------------------------------


@pytest.mark.parametrize("reader", ["anybody", "Editors"])
def test_a_piece_that_is_not_out_is_not_found_by_anybody(client, reader):
    editor = make_staff()
    if reader != "anybody":
        client.force_login(editor)
    in_review = make_draft()
    in_review.submit_for_review(by=editor)
    for article in (make_draft(), make_draft(published_at=NOON - HOUR), in_review):
        assert client.get(article.get_absolute_url()).status_code == 404


def test_a_piece_dated_in_the_future_is_not_found_until_then(client, clock):
    article = make_article(headline="Embargoed", at=NOON + HOUR)
    refused = client.get(article.get_absolute_url())
    assert refused.status_code == 404
    assert "Embargoed" not in refused.content.decode()
    clock.shift(HOUR)
    assert client.get(article.get_absolute_url()).status_code == 200


def test_a_withdrawn_piece_is_gone_and_shows_nothing_of_itself(client):
    editor = make_staff()
    article = make_article(headline="Wrong", standfirst="All of it.", body="<p>Lies</p>", by=editor)
    article.withdraw(by=editor)
    response = client.get(article.get_absolute_url())
    text = text_of(dom(response))
    assert response.status_code == 410
    assert "This piece has been withdrawn" in text
    for part in ("Wrong", "All of it.", "Lies"):
        assert part not in text
    assert dom(response).find(".//form[@method='post']") is None


def test_a_withdrawn_piece_that_is_published_again_is_back(client):
    editor = make_staff()
    article = make_article(by=editor)
    article.withdraw(by=editor)
    article.publish(by=editor)
    assert client.get(article.get_absolute_url()).status_code == 200


def test_an_unknown_piece_is_not_found(client):
    assert client.get("/articles/no-such-piece/").status_code == 404


# --- Standing pages ------------------------------------------------------------------------------


def footer_links(response):
    return [anchor.get("href") for anchor in dom(response).findall(".//footer//nav//a")]


def test_a_standing_page_stands_at_its_name_with_a_link_in_every_footer(client):
    make_page("Privacy", body="<p>We keep little.</p>")
    response = client.get("/privacy/")
    assert text_at(response, ".//h1") == "Privacy"
    assert "We keep little." in text_of(dom(response))
    for path in ("/", "/privacy/", "/no-such-page/"):
        assert "/privacy/" in footer_links(client.get(path))


def test_the_footer_keeps_the_order_of_the_pages(client):
    for title, position in [("Contact", 3), ("About", 1), ("Privacy", 2)]:
        make_page(title, position=position)
    assert footer_links(client.get("/"))[:3] == ["/about/", "/privacy/", "/contact/"]


def test_the_menu_keeps_the_order_of_the_sections_and_marks_the_one_that_is_open(client):
    for name, position in [("Sport", 2), ("Arts", 2), ("World", 1)]:
        make_section(name=name, position=position)
    menu = dom(client.get("/sections/arts/")).findall(".//header//nav//a")
    assert [each.text for each in menu] == ["World", "Arts", "Sport"]
    assert [each.text for each in menu if each.get("aria-current") == "page"] == ["Arts"]


def test_a_standing_page_is_in_no_list_and_no_feed(client):
    make_page("Privacy")
    make_article(section=make_section(name="World"))
    for path in ("/", "/sections/world/"):
        assert "/privacy/" not in [
            anchor.get("href") for anchor in dom(client.get(path)).findall(".//main//a")
        ]
    for path in ("/feeds/latest.rss", "/feeds/latest.atom"):
        assert "privacy" not in client.get(path).content.decode().lower()


def test_an_unknown_page_is_not_found(client):
    assert client.get("/no-such-page/").status_code == 404


def test_a_standing_page_cannot_take_an_address_the_site_itself_answers():
    page = StandingPage(title="Mine", slug="admin", body="<p>x</p>")
    with pytest.raises(ValidationError, match="The site itself has a page at this address"):
        page.full_clean()


def test_an_editor_writes_a_standing_page(client):
    client.force_login(make_staff())
    response = fill_in(
        client,
        "/admin/articles/standingpage/add/",
        title="Corrections policy",
        slug="corrections-policy",
        body="<p onclick='x()'>We say so.</p>",
        position="3",
    )
    assert response.status_code == 302
    page = client.get("/corrections-policy/")
    assert "<p>We say so.</p>" in page.content.decode()


@pytest.mark.parametrize("slug", ["", "admin", "with space", "a/b", "ünïcode", "x" * 61])
def test_a_standing_page_with_an_address_that_cannot_be_is_refused(client, slug):
    client.force_login(make_staff())
    response = fill_in(
        client, "/admin/articles/standingpage/add/", title="Mine", slug=slug, body="<p>x</p>"
    )
    assert response.status_code == 200
    assert dom(response).find(".//ul[@class='errorlist']") is not None
    assert not StandingPage.objects.exists()
