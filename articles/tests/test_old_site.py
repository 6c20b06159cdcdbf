"""Old addresses of a WordPress site lead to what is found here now."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.importers.wordpress.records import PostRecord
from articles.models import ImageUse, Moved, MovedKind, OldAddress, OldSite, Recording
from articles.old_site.leading import tops
from articles.old_site.listing import redirects
from articles.old_site.paths import meanings, normal, of_address, of_post, of_query
from articles.old_site.remembering import remember, remember_all
from articles.tests import factories
from articles.tests.pictures import make_image
from articles.tests.pictures import media_root as media_root
from articles.tests.recordings import make_recording
from newsroom.tests.asking import ask, noting_what_is_drawn
from newsroom.tests.factories import make_staff

pytestmark = pytest.mark.django_db

PIECE, SECTION, TOPIC = MovedKind.PIECE, MovedKind.SECTION, MovedKind.TOPIC


def make_old_site(address: str = "https://old.example.org") -> OldSite:
    return OldSite.objects.create(address=address)


def moved(site: OldSite, kind: str, key: str, target: int) -> Moved:
    return Moved.objects.create(site=site, kind=kind, old_key=key, target=target, digest="0" * 64)


def led(client: Client, address: str) -> str:
    """Where a permanent redirect leads; empty for 404."""
    response = client.get(address)
    if response.status_code == 404:
        return ""
    assert response.status_code == 301, f"{address}: {response.status_code}"
    assert response.headers["Cache-Control"] == "no-cache"
    return str(response.headers["Location"])


@pytest.fixture
def piece():
    make_old_site()
    article = factories.make_article(slug="the-harbour")
    remember("/2020/01/the-harbour/", PIECE, article.pk)
    return article


# --- Paths ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/2020/01/the-harbour/",
        "/2020/01/the-harbour",
        "/2020/01/The-Harbour/",
        "/2020//01/the-harbour/",
        "/index.php/2020/01/the-harbour/",
        "/2020/01/the-harbour/amp/",
        "/2020/01/the-harbour/2/",
        "/2020/01/the-harbour/2/amp/",
        "/2020/01/the-harbour/embed/",
        "/2020/01/the-harbour/trackback/",
        "/2020/01/the-harbour/comment-page-1/",
        "/2020/01/the-harbour/?replytocom=17",
    ],
)
def test_every_spelling_of_a_permalink_leads_to_the_piece(client, piece, path):
    assert led(client, path) == "/articles/the-harbour/"


def test_a_permalink_in_another_script_leads_to_the_piece_however_it_is_coded(client):
    make_old_site()
    article = factories.make_article(slug="minato")
    remember(of_address("https://old.example.org/%e6%b8%af%e3%81%8c/"), PIECE, article.pk)
    assert led(client, "/%E6%B8%AF%E3%81%8C/") == "/articles/minato/"
    assert led(client, "/%e6%b8%af%e3%81%8b%e3%82%99") == "/articles/minato/"  # decomposed


def test_a_permalink_of_one_part_leads_on_though_standing_pages_are_found_there(client):
    make_old_site()
    article = factories.make_article(slug="new-slug")
    remember("/old-slug/", PIECE, article.pk)
    assert led(client, "/old-slug/") == "/articles/new-slug/"
    assert led(client, "/old-slug") == "/articles/new-slug/"


def test_what_the_site_has_itself_is_not_led_elsewhere(client, piece):
    page = factories.make_page(slug="about")
    remember("/about/", PIECE, piece.pk)
    assert client.get(page.get_absolute_url()).status_code == 200


def test_the_feed_of_a_piece_is_that_of_its_replies(client, piece):
    for ending in ("feed/", "feed/rss2/", "feed/atom"):
        place = led(client, f"/2020/01/the-harbour/{ending}")
        assert place == reverse("comments:feed", args=["the-harbour"])


def test_a_piece_keeps_its_old_address_when_its_slug_changes_and_no_redirect_is_stale(
    client, piece
):
    assert led(client, "/2020/01/the-harbour/") == "/articles/the-harbour/"
    piece.slug = "the-port"
    piece.save()
    piece.record(by=make_staff("Editors"))
    assert led(client, "/2020/01/the-harbour/") == "/articles/the-port/"


def test_what_readers_may_not_see_stays_unknown(client):
    make_old_site()
    draft = factories.make_draft(slug="secret-plans")
    remember("/secret-plans-2020/", PIECE, draft.pk)
    assert led(client, "/secret-plans-2020/") == ""
    assert dict(redirects()) == {}


def test_the_address_of_a_withdrawn_piece_leads_to_the_page_that_says_so(client, piece):
    piece.withdraw(by=make_staff("Editors"), reason="Not true")
    response = client.get("/2020/01/the-harbour/", follow=True)
    assert response.redirect_chain == [("/articles/the-harbour/", 301)]
    assert response.status_code == 410


# --- Queries ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["p", "page_id", "attachment_id"])
def test_the_number_of_a_post_leads_to_it(client, name):
    article = factories.make_article(slug="the-harbour")
    moved(make_old_site(), PIECE, "17", article.pk)
    assert led(client, f"/?{name}=17") == "/articles/the-harbour/"
    assert led(client, f"/?{name}=0017&utm_source=x") == "/articles/the-harbour/"
    assert led(client, f"/?{name}=18") == ""


def test_numbers_and_slugs_of_lists_lead_to_them(client):
    site = make_old_site()
    section, topic = factories.make_section(slug="sea"), factories.make_topic(slug="fish")
    author = factories.make_author(slug="hana")
    moved(site, TOPIC, "fish-old", topic.pk)
    moved(site, MovedKind.AUTHOR, "hana_o", author.pk)
    remember_all(
        [
            (of_query("cat", 5), SECTION, section.pk),
            (of_query("author", 2), MovedKind.AUTHOR, author.pk),
            ("/category/world/sea/", SECTION, section.pk),
            ("/tag/fish/", TOPIC, topic.pk),
            ("/author/hana_o/", MovedKind.AUTHOR, author.pk),
        ]
    )
    assert led(client, "/?cat=5") == "/sections/sea/"
    assert led(client, "/?author=2") == "/authors/hana/"
    assert led(client, "/?tag=fish-old") == "/topics/fish/"
    assert led(client, "/?author_name=hana_o") == "/authors/hana/"
    assert led(client, "/?tag=fish-old&feed=atom") == "/topics/fish/feed.atom"
    assert led(client, "/category/world/sea/") == "/sections/sea/"
    assert led(client, "/category/world/sea/feed/") == "/sections/sea/feed.rss"
    assert led(client, "/category/world/sea/page/3/") == "/sections/sea/"
    assert led(client, "/tag/fish/feed/atom/") == "/topics/fish/feed.atom"
    assert led(client, "/author/hana_o/page/2") == "/authors/hana/"


def test_addresses_that_name_nothing_lead_by_rule(client):
    make_old_site()
    factories.make_article(at=datetime(2020, 1, 5, 12, tzinfo=UTC))
    assert led(client, "/feed/") == "/feeds/latest.rss"
    assert led(client, "/feed/atom/") == "/feeds/latest.atom"
    assert led(client, "/?feed=rss2") == "/feeds/latest.rss"
    assert led(client, "/comments/feed/") == "/comments/picks.atom"
    assert led(client, "/page/2/") == "/"
    assert led(client, "/2020/01/") == "/archive/2020/01/"
    assert led(client, "/2020/01/05/") == "/archive/2020/01/"
    assert led(client, "/2020/02/") == "/archive/"
    assert led(client, "/2020/") == "/archive/"
    assert led(client, "/?m=202001") == "/archive/2020/01/"
    assert led(client, "/?s=sea+fish") == "/search/?q=sea+fish"
    assert led(client, "/wp-sitemap.xml") == "/sitemap.xml"


def test_a_site_that_lived_below_a_path_is_led_from_there(client):
    article = factories.make_article(slug="the-harbour")
    moved(make_old_site("https://example.org/blog"), PIECE, "17", article.pk)
    remember("/blog/the-harbour/", PIECE, article.pk)
    assert led(client, "/blog/?p=17") == "/articles/the-harbour/"
    assert led(client, "/blog/the-harbour/") == "/articles/the-harbour/"
    assert led(client, "/blog/feed/") == "/feeds/latest.rss"
    assert led(client, "/blog/") == "/"
    assert led(client, "/feed/") == ""
    assert led(client, "/blog/?p=18") == ""


# --- Pictures ---------------------------------------------------------------------------------


def test_a_picture_leads_to_its_file_and_its_page_to_the_piece(client, media_root):
    make_old_site()
    image = make_image(by=make_staff("Editors"))
    article = factories.make_article(slug="the-harbour", lead_image=image)
    remember("/wp-content/uploads/2020/01/Boat.jpg", MovedKind.PICTURE, image.pk)
    remember("/2020/01/the-harbour/boat/", MovedKind.PICTURE, image.pk)
    for name in ("Boat.jpg", "boat.jpg", "Boat-300x200.jpg", "Boat-scaled.jpg"):
        assert led(client, f"/wp-content/uploads/2020/01/{name}") == image.src
    assert led(client, "/2020/01/the-harbour/boat/") == "/articles/the-harbour/"
    ImageUse.objects.filter(article=article).delete()
    assert led(client, "/wp-content/uploads/2020/01/Boat.jpg") == ""


def test_a_recording_leads_to_its_file_and_its_page_to_the_piece(client, media_root):
    site, address = make_old_site(), make_recording()
    recording = Recording.objects.get()
    factories.make_article(slug="the-harbour", body=f'<audio controls src="{address}"></audio>')
    remember("/wp-content/uploads/2020/01/Fog.mp3", MovedKind.RECORDING, recording.pk)
    remember("/2020/01/the-harbour/fog/", MovedKind.RECORDING, recording.pk)
    moved(site, MovedKind.RECORDING, "19", recording.pk)
    assert led(client, "/wp-content/uploads/2020/01/Fog.mp3") == address
    assert led(client, "/2020/01/the-harbour/fog/") == "/articles/the-harbour/"
    assert led(client, "/?attachment_id=19") == "/articles/the-harbour/"


# --- What it costs, and what cannot harm it ---------------------------------------------------


def asked_of(queries, *tables):
    return [each["sql"] for each in queries if any(f'"{name}"' in each["sql"] for name in tables)]


def test_a_page_that_is_not_there_costs_nothing_more_where_no_site_moved_in(client):
    assert tops() == ()
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/no/such/page/").status_code == 404
    assert not asked_of(queries, "articles_oldaddress", "articles_moved")


def test_a_page_that_is_not_there_costs_one_query_where_one_moved_in(client, piece):
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/no/such/other/page/2/amp/").status_code == 404
    assert len(asked_of(queries, "articles_oldaddress", "articles_moved")) == 1
    with CaptureQueriesContext(connection) as queries:
        assert led(client, "/2020/01/the-harbour/2/")
    assert len(asked_of(queries, "articles_oldaddress", "articles_moved")) == 1


def test_a_query_of_wordpress_leads_to_the_front_page_where_no_site_moved_in(client):
    response = client.get("/?p=17")
    assert (response.status_code, response.headers["Location"]) == (302, "/")


def test_only_what_is_asked_for_is_led_on(client, piece):
    assert client.post("/2020/01/the-harbour/").status_code == 404
    assert client.head("/2020/01/the-harbour/").status_code == 301


@pytest.mark.parametrize(
    "address",
    [
        "/?p=999999999999999999999999999",
        "/?p=%00",
        "/?p=-1",
        "/?p=1&p=x",
        "/?cat=1e9",
        "/?tag=%00",
        "/?tag=%ff%fe",
        f"/?tag={'x' * 3000}",
        "/?author_name=%ud83d",
        "/?m=999913",
        "/?m=000001",
        "/?s=%00",
        "/?s=%ff",
        "/?feed=x",
        "/%00/",
        "/%ff%fe/feed/",
        "/0000/01/",
        "/9999/12/",
        f"/{'a/' * 3000}",
        "/search/%00/",
        "/comment-page-99999999999/",
        "/2020/01/the-harbour/comment-page-999999/",
    ],
)
def test_junk_is_answered(client, piece, address):
    assert client.get(address).status_code in {301, 302, 404}


def test_an_address_of_the_admin_is_never_led_elsewhere(client, piece):
    OldAddress.objects.create(path="/admin/no-such", kind=PIECE, target=piece.pk)
    client.force_login(make_staff("Editors"))
    assert client.get("/admin/no-such/").status_code == 404


# --- What is kept -----------------------------------------------------------------------------


def test_the_first_to_have_an_address_keeps_it(client, piece):
    other = factories.make_article(slug="other")
    remember("/2020/01/THE-harbour", PIECE, other.pk)
    assert OldAddress.objects.get().target == piece.pk


def test_the_top_of_the_host_and_what_is_too_long_are_not_kept():
    remember_all([("/", PIECE, 1), ("", PIECE, 1), ("/" + "x" * 500, PIECE, 1), ("/\0", PIECE, 1)])
    assert not OldAddress.objects.exists()


def test_a_post_is_found_at_its_link_and_at_the_slugs_it_had_before():
    post = PostRecord(
        number=17,
        type="post",
        status="publish",
        slug="the-harbour",
        link="https://old.example.org/2020/01/the-harbour.html",
        meta=(("_wp_old_slug", "harbor"), ("_wp_old_slug", "%e6%b8%af"), ("other", "x")),
    )
    assert of_post(post) == [
        "/2020/01/the-harbour.html",
        "/2020/01/harbor.html",
        "/2020/01/港.html",
    ]
    assert (
        of_post(PostRecord(number=1, type="post", status="draft", link="https://x.org/?p=1")) == []
    )


def test_an_attachment_is_found_at_its_page_and_its_file():
    post = PostRecord(
        number=18,
        type="attachment",
        status="inherit",
        slug="boat",
        link="https://old.example.org/the-harbour/boat/",
        file_address="https://old.example.org/wp-content/uploads/Boat.jpg",
    )
    assert of_post(post) == ["/the-harbour/boat", "/wp-content/uploads/boat.jpg"]


def test_normal_paths_stay_as_they_are():
    for path in ("/a", "/A//b/", "/index.php/a/", "/blog/index.php", "/", "港/"):
        assert normal(normal(path)) == normal(path)
    assert meanings("/") == [("/", "", "")]


def test_all_that_lead_somewhere_are_listed(piece):
    moved(OldSite.objects.get(), PIECE, "17", piece.pk)
    section = factories.make_section(slug="sea")
    remember(of_query("cat", 5), SECTION, section.pk)
    assert list(redirects()) == [
        ("/2020/01/the-harbour", "/articles/the-harbour/"),
        ("/?cat=5", "/sections/sea/"),
        ("/?p=17", "/articles/the-harbour/"),
    ]


# --- Finished pages ---------------------------------------------------------------------------


def test_the_front_page_stays_finished_while_numbers_lead_from_it(piece):
    pages, drawn = noting_what_is_drawn()
    moved(OldSite.objects.get(), PIECE, "17", piece.pk)
    assert ask(pages, "/").code == 200
    drawn.clear()
    for _again in range(2):
        answer = ask(pages, "/?p=17")
        assert (answer.code, answer.headers["location"]) == (301, "/articles/the-harbour/")
    drawn.clear()
    assert ask(pages, "/?utm_source=x").code == 200
    assert ask(pages, "/").code == 200
    assert drawn == []


def test_no_redirect_and_no_404_is_older_than_what_it_tells(piece):
    pages, _drawn = noting_what_is_drawn()
    assert ask(pages, "/old-slug/").code == 404
    remember("/old-slug/", PIECE, piece.pk)
    assert ask(pages, "/old-slug/").headers["location"] == "/articles/the-harbour/"
    piece.withdraw(by=make_staff("Editors"), reason="Not true")
    assert ask(pages, "/old-slug/").code == 301
    OldAddress.objects.all().delete()
    assert ask(pages, "/old-slug/").code == 404


def test_a_page_that_is_not_there_is_finished_and_asks_nothing_twice(piece):
    pages, drawn = noting_what_is_drawn()
    assert ask(pages, "/no-such-page/").code == 404
    drawn.clear()
    assert ask(pages, "/no-such-page/").code == 404
    assert drawn == []
