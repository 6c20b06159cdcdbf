"""What machines are told of a page, in the words of schema.org: read back from the page."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from articles.models import Article, ShareImage
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
from newsroom.tests.browsing import dom
from newsroom.tests.clock import NOON, SITE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]
__all__ = ["media_root"]


def nodes(client, path):
    """What the page at `path` says, by type."""
    [script] = dom(client.get(path)).findall(".//script[@type='application/ld+json']")
    told = json.loads(script.text or "")
    assert told["@context"] == "https://schema.org"
    return {node["@type"]: node for node in told["@graph"]}


def told_of(client, article):
    return nodes(client, article.get_absolute_url())["NewsArticle"]


# --- A piece --------------------------------------------------------------------------------------


FERRY = {
    "@type": "NewsArticle",
    "@id": f"{SITE}/articles/ferry/#article",
    "headline": "Ferry to run again",
    "description": "After two years.",
    "url": f"{SITE}/articles/ferry/",
    "mainEntityOfPage": f"{SITE}/articles/ferry/",
    "inLanguage": "en",
    "datePublished": "2026-03-02T08:30:00+09:00",
    "dateModified": "2026-03-02T08:30:00+09:00",
    "author": [
        {
            "@type": "Person",
            "@id": f"{SITE}/authors/{slug}/#person",
            "name": name,
            "url": f"{SITE}/authors/{slug}/",
        }
        for slug, name in (("maud", "Maud Ellery"), ("tobias", "Tobias"))
    ],
    "articleSection": "World",
    "keywords": ["Ports"],
    "dateline": "OSLO",
    "locationCreated": {"@type": "Place", "name": "OSLO"},
    "wordCount": 7,
    "commentCount": 7,
    "discussionUrl": f"{SITE}/articles/ferry/#comments",
    "isAccessibleForFree": True,
}


def test_a_piece_tells_what_it_is(client, editor):
    SiteSettings.objects.create(name="The Post", time_zone="Asia/Tokyo")
    maud, tobias = make_author("Maud Ellery", slug="maud"), make_author("Tobias", slug="tobias")
    article = make_article(
        headline="Ferry to run again",
        slug="ferry",
        standfirst="After two years.",
        dateline="OSLO",
        body="<p>It sails on Monday, the board says.</p>",
        language="en",
        section=make_section(name="World", slug="world"),
        topics=[make_topic("Ports")],
        authors=[maud, tobias],
        at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC),
        by=editor,
    )
    Article.objects.filter(pk=article.pk).update(reply_count=7)
    told = told_of(client, article)
    assert told.pop("publisher")["name"] == "The Post"
    assert told == FERRY


@pytest.mark.usefixtures("clock")
def test_it_was_never_changed_before_it_was_published(client, editor):
    article = make_article(by=editor)
    Article.objects.filter(pk=article.pk).update(changed_at=NOON - timedelta(days=1))
    told = told_of(client, article)
    assert told["dateModified"] == told["datePublished"] == "2026-03-02T12:00:00+00:00"


def test_a_change_is_dated(client, editor, clock):
    article = make_article(by=editor)
    clock.shift(timedelta(hours=3))
    article.correct(by=editor, kind="correction", text="It sails on Monday.")
    assert told_of(client, article)["dateModified"] == "2026-03-02T15:00:00+00:00"


def test_a_language_without_spaces_has_no_number_of_words(client):
    article = make_article(language="ja", body="<p>国防長官は日本との同盟を強調した。AIも。</p>")
    assert "wordCount" not in told_of(client, article)


HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!-- <script>",
    "]]>",
    "A line\u2028and\u2029another",
    'He said "No" & went \\ </SCRIPT x',
    "引き分け 😀",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_no_words_can_end_the_script_and_all_come_back_as_they_were(client, words):
    article = make_article(
        headline=words,
        standfirst=words,
        dateline=words,
        section=make_section(name=words, slug="section"),
        topics=[make_topic(words, slug="topic")],
        authors=[make_author(words)],
    )
    article.refresh_from_db()
    page = client.get(article.get_absolute_url()).content.decode()
    start = page.index('<script type="application/ld+json">') + 35
    data = page[start : page.index("</script>", start)]
    assert not set("<>&\u2028\u2029") & set(data)
    told = told_of(client, article)
    assert told["headline"] == article.headline
    assert told["author"][0]["name"] == article.authors.get().name
    assert told["dateline"] == article.dateline


# --- Corrections ----------------------------------------------------------------------------------


def test_standing_corrections_are_told_and_updates_are_none(client, editor, clock):
    article = make_article(slug="ferry", by=editor)
    error = article.correct(by=editor, kind="correction", text="It sails on <Monday>.")
    article.correct(by=editor, kind="update", text="It has sailed.")
    taken_back = article.correct(by=editor, kind="clarification", text="Not so.")
    taken_back.take_back(by=editor, reason="It was right.")
    told = told_of(client, article)
    assert told["correction"] == [
        {
            "@type": "CorrectionComment",
            "name": "correction",
            "text": "It sails on <Monday>.",
            "datePublished": "2026-03-02T12:00:00+00:00",
            "url": f"{SITE}/articles/ferry/#correction-{error.pk}",
        }
    ]
    assert "creativeWorkStatus" not in told


def test_a_retraction_is_told(client, editor):
    article = make_article(by=editor)
    article.correct(by=editor, kind="retraction", text="None of it was so.")
    told = told_of(client, article)
    assert told["creativeWorkStatus"] == "Retracted"
    assert told["correction"][0]["text"] == "None of it was so."


# --- Agencies -------------------------------------------------------------------------------------

AGENCY = {"@type": "Organization", "name": "AFP", "url": "https://www.afp.com/"}


@pytest.fixture
def afp():
    return make_source("AFP", url="https://www.afp.com/", credit_line="© AFP")


def test_text_of_an_agency_is_said_to_be_its_own(client, afp):
    told = told_of(client, make_article(source=afp, source_url="https://www.afp.com/story"))
    assert told["author"] == [AGENCY]
    assert told["sourceOrganization"] == told["copyrightHolder"] == AGENCY
    assert told["creditText"] == "© AFP"
    assert told["isBasedOn"] == {
        "@type": "CreativeWork",
        "url": "https://www.afp.com/story",
        "publisher": AGENCY,
    }


def test_text_of_ours_that_rests_on_an_agency_is_ours(client, afp):
    told = told_of(client, make_article(source=afp, authors=[make_author("Maud")]))
    assert [each["name"] for each in told["author"]] == ["Maud"]
    assert told["isBasedOn"] == {"@type": "CreativeWork", "publisher": AGENCY}
    assert not {"sourceOrganization", "copyrightHolder"} & told.keys()


def test_the_original_is_the_page_of_a_piece_that_names_one(client, settings):
    source = make_source(indexing="canonical")
    article = make_article(slug="ferry", source=source, source_url="https://www.afp.com/story")
    told = told_of(client, article)
    assert told["mainEntityOfPage"] == "https://www.afp.com/story"
    assert told["url"] == f"{SITE}/articles/ferry/"


def test_where_nobody_is_named_the_paper_speaks(client):
    SiteSettings.objects.create(name="The Post")
    [author] = told_of(client, make_article())["author"]
    assert (author["@type"], author["name"]) == ("NewsMediaOrganization", "The Post")


# --- Pictures -------------------------------------------------------------------------------------


def test_the_lead_picture_is_told_in_three_shapes(client):
    image = make_image(size=(1600, 1200), made=True)
    article = make_article(lead_image=image, lead_caption="At the quay", lead_credit="M. Ellery")
    told = told_of(client, article)["image"]
    assert [(each["width"], each["height"]) for each in told] == [
        *((1200, 675), (1200, 900), (1200, 1200))
    ]
    for each in told:
        assert (each["caption"], each["creditText"]) == ("At the quay", "M. Ellery")
        assert each["url"].startswith(f"{SITE}/media/{image.token}-")
        assert client.get(each["url"].removeprefix(SITE)).status_code == 200


def test_until_the_shapes_are_made_the_whole_picture_is_told(client):
    article = make_article(lead_image=make_image(size=(900, 600)))
    [told] = told_of(client, article)["image"]
    assert (told["width"], told["height"]) == (900, 600)
    assert client.get(told["url"].removeprefix(SITE)).status_code == 200


def test_a_withdrawn_picture_is_not_told_nor_its_credit(client, editor):
    image = make_image(made=True)
    article = make_article(lead_image=image, lead_credit="M. Ellery")
    image.withdraw(by=editor, reason="Not ours.")
    assert "image" not in told_of(client, article)
    share = ShareImage.objects.create(article=article, version=2)
    assert told_of(client, article)["image"] == [
        {"@type": "ImageObject", "url": f"{SITE}{share.src}", "width": 1200, "height": 630}
    ]


# --- The paper ------------------------------------------------------------------------------------


def test_the_publisher_has_its_policies_where_there_are_such_pages(client):
    SiteSettings.objects.create(name="The Post", publisher="Post Co-operative")
    article = make_article()
    publisher = told_of(client, article)["publisher"]
    assert publisher["legalName"] == "Post Co-operative"
    assert not {"correctionsPolicy", "ethicsPolicy", "logo"} & publisher.keys()
    for slug in ("corrections-policy", "ethics", "publishing-principles", "about"):
        make_page(slug.title(), slug=slug)
    publisher = told_of(client, article)["publisher"]
    assert publisher["correctionsPolicy"] == f"{SITE}/corrections-policy/"
    assert publisher["ethicsPolicy"] == f"{SITE}/ethics/"
    assert publisher["publishingPrinciples"] == f"{SITE}/publishing-principles/"


def test_the_front_page_tells_how_the_site_is_searched(client):
    SiteSettings.objects.create(name="The Post", tagline="World and local news")
    told = nodes(client, "/")["WebSite"]
    assert (told["name"], told["description"], told["url"]) == (
        *("The Post", "World and local news", f"{SITE}/"),
    )
    action = told["potentialAction"]
    address = action["target"]["urlTemplate"].replace("{search_term_string}", "ferry")
    assert address == f"{SITE}/search/?q=ferry"
    assert client.get(address.removeprefix(SITE)).status_code == 200


# --- Lists ----------------------------------------------------------------------------------------


def trail(told):
    return [(each["name"], each["item"]) for each in told["BreadcrumbList"]["itemListElement"]]


def test_a_list_tells_its_pieces_in_their_order(client, editor):
    world = make_section(name="World", slug="world", description="Abroad.")
    now = datetime(2026, 3, 1, tzinfo=UTC)
    for slug, days in (("older", 2), ("newest", 0), ("newer", 1)):
        make_article(slug=slug, section=world, at=now - timedelta(days=days), by=editor)
    told = nodes(client, "/sections/world/")
    page = told["CollectionPage"]
    assert (page["name"], page["description"]) == ("World", "Abroad.")
    assert [(each["position"], each["url"]) for each in page["mainEntity"]["itemListElement"]] == [
        (number, f"{SITE}/articles/{slug}/")
        for number, slug in enumerate(("newest", "newer", "older"), 1)
    ]
    assert trail(told) == [("Newsroom", f"{SITE}/"), ("World", f"{SITE}/sections/world/")]


def test_the_page_of_an_author_tells_who_it_is_about(client):
    maud = make_author("Maud Ellery", slug="maud", description="Readers’ editor.")
    make_article(slug="ferry", headline="Ferry", authors=[maud])
    page = nodes(client, "/authors/maud/")["ProfilePage"]
    person = page["mainEntity"]
    assert (person["@type"], person["name"]) == ("Person", "Maud Ellery")
    assert person["description"] == "Readers’ editor."
    assert person["url"] == f"{SITE}/authors/maud/"
    assert [(each["headline"], each["url"]) for each in page["hasPart"]] == [
        ("Ferry", f"{SITE}/articles/ferry/")
    ]


def test_a_piece_stands_in_its_section(client):
    world = make_section(name="World", slug="world")
    make_article(slug="ferry", headline="Ferry", section=world)
    assert trail(nodes(client, "/articles/ferry/")) == [
        ("Newsroom", f"{SITE}/"),
        ("World", f"{SITE}/sections/world/"),
        ("Ferry", f"{SITE}/articles/ferry/"),
    ]


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/about/", ["About"]),
        ("/corrections/", ["Corrections"]),
        ("/archive/", ["Archive"]),
        ("/archive/2026/03/", ["Archive", "March 2026"]),
        ("/popular/", ["Most read"]),
    ],
)
def test_every_other_page_tells_where_it_stands(client, path, names):
    make_page("About")
    make_article(at=datetime(2026, 3, 1, tzinfo=UTC))
    told = trail(nodes(client, path))
    assert [name for name, _address in told] == ["Newsroom", *names]
    assert told[-1][1] == SITE + path
    assert all(client.get(address.removeprefix(SITE)).status_code == 200 for _name, address in told)


@pytest.mark.parametrize("path", ["/no-such-page/", "/articles/gone/", "/search/?q=ferry"])
def test_what_search_engines_are_not_to_list_tells_nothing(client, editor, path):
    make_article(slug="gone", by=editor).withdraw(by=editor)
    assert "ld+json" not in client.get(path).content.decode()
