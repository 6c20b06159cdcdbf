"""The page of one wire: what the desk reads there, and decides."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from articles.importers.wire.document import Picture, PubStatus, Signal, Subject
from articles.models import Article, MediaTopic, WireEvent, WireItem
from articles.tests.factories import make_topic
from articles.tests.wire_desk import bring, page_of, reading_of
from articles.wire.forgetting import forget_due
from newsroom.tests.browsing import dom, links, text_at, text_of, the
from newsroom.tests.factories import make_staff, make_superuser

pytestmark = pytest.mark.django_db

QUERIES = 11


@pytest.fixture
def editor(client):
    editor = make_staff("Editors", first_name="Ada", last_name="Quist")
    client.force_login(editor)
    return editor


def decide(client, item, *buttons):
    return client.post(f"{page_of(item)}decision/", dict.fromkeys(buttons, "pressed"))


def buttons(response):
    inputs = dom(response).iter("input")
    return {each.get("name") for each in inputs if each.get("type") == "submit"} - {None}


# --- What is shown ------------------------------------------------------------------------------


@pytest.mark.usefixtures("editor")
def test_it_shows_the_newest_version_as_readers_would_get_it(client):
    item = bring(
        headline="Barrier closes",
        standfirst="For the first time.",
        byline="Ines Calder",
        dateline="PORT ELLEN",
        body="<p>The gates shut.</p>",
        credit="Harbour News",
    )
    text = text_of(the(client.get(reading_of(item)), ".//article"))
    for words in ("Barrier closes", "For the first time.", "Ines Calder", "PORT ELLEN"):
        assert words in text
    assert "The gates shut." in text and "Harbour News" in text


@pytest.mark.usefixtures("editor")
def test_advisory_lines_stand_above_all_else_and_not_in_the_text(client):
    item = bring(advisory=("Adds quote in third paragraph", "Graphic to follow"))
    page = client.get(reading_of(item))
    text = text_at(page)
    assert text.index("Advisory: Adds quote") < text.index("Advisory: Graphic to follow")
    assert text.index("Graphic to follow") < text.index(item.headline)
    assert "Adds quote" not in text_of(the(page, ".//article"))


@pytest.mark.usefixtures("editor")
def test_what_is_kept_from_readers_is_shown_apart(client):
    item = bring(kept_back=("Desk: 020 7946 0123", "ic/rt"))
    page = client.get(reading_of(item))
    assert "020 7946 0123" not in text_of(the(page, ".//article"))
    apart = text_of(the(page, ".//section[@class='wire-kept-back']"))
    assert "Not for readers" in apart
    assert "020 7946 0123" in apart and "ic/rt" in apart


@pytest.mark.usefixtures("editor")
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"pub_status": PubStatus.WITHHELD}, "Withheld by the agency"),
        ({"pub_status": PubStatus.CANCELED}, "The agency has killed this"),
        ({"embargo_is_unclear": True}, "It speaks of an embargo, and no moment could be read"),
    ],
)
def test_what_keeps_it_from_readers_is_said_in_words(client, fields, words):
    assert words in text_at(client.get(reading_of(bring(**fields))))
    assert words not in text_at(client.get(reading_of(bring())))


def test_an_embargo_is_told_while_it_lasts(client, time_machine):
    time_machine.move_to(datetime(2026, 11, 24, 9, tzinfo=UTC), tick=False)
    client.force_login(make_staff("Editors"))
    item = bring(embargo=datetime(2026, 11, 24, 10, tzinfo=UTC))
    assert "Under embargo until 24 November 2026" in text_at(client.get(reading_of(item)))
    time_machine.move_to(datetime(2026, 11, 24, 10, 1, tzinfo=UTC), tick=False)
    assert "Under embargo" not in text_at(client.get(reading_of(item)))


@pytest.mark.usefixtures("editor")
def test_it_shows_what_the_agency_says_about_it(client):
    topic = make_topic("Floods")
    MediaTopic.objects.create(code="20000151", name="flood", topic=topic)
    item = bring(
        rights="© Harbour News",
        usage_terms="For subscribers.",
        language="en",
        slugline="STORM-BARRIER",
        urgency=2,
        subjects=(Subject("20000151", "flooding"), Subject("99999999", "unheard of")),
        keywords=("tide", "gale"),
        pictures=(Picture("https://pictures.example/1.jpg", caption="The quay"),),
        provider="Harbour News",
        guid="urn:newsml:harbour:1",
    )
    page = client.get(reading_of(item))
    facts = text_of(the(page, ".//section[@class='wire-facts']"))
    for words in ("© Harbour News", "For subscribers.", "STORM-BARRIER", "tide, gale", "The quay"):
        assert words in facts
    assert "20000151 flooding → Floods" in facts
    assert "99999999 unheard of (no topic here)" in facts
    assert "https://pictures.example/1.jpg" in facts and "urn:newsml:harbour:1" in facts
    assert "https://pictures.example/1.jpg" not in links(page)
    assert "/topics/floods/" in links(page)


@pytest.mark.usefixtures("editor")
def test_every_version_can_be_opened_with_what_changed(client):
    item = bring(body="<p>The tide rose to three metres.</p>")
    bring(guid=item.guid, version=4, body="<p>The tide rose to four metres.</p>")
    newest = client.get(reading_of(item))
    assert "four metres" in text_of(the(newest, ".//article"))
    assert "What changed since version 1" in text_at(newest)
    assert f"{reading_of(item)}?version=1" in links(newest)
    first = client.get(reading_of(item), {"version": "1"})
    assert "three metres" in text_of(the(first, ".//article"))
    assert "This is version 1. The newest is version 4." in text_at(first)
    assert "What changed" not in text_at(first)


@pytest.mark.usefixtures("editor")
@pytest.mark.parametrize("version", ["0", "7", "-1", "x", "٣", "9" * 18, "9" * 400, "1\x00"])
def test_a_version_that_there_is_not_is_not_found(client, version):
    assert client.get(reading_of(bring()), {"version": version}).status_code == 404


@pytest.mark.usefixtures("editor")
@pytest.mark.parametrize("key", ["0", "x", "1_5F", "-1", "9" * 18, "9" * 400, "٣", "1/2"])
@pytest.mark.parametrize("page", ["change/", "decision/", "embargo/", "compare/", "original/1/"])
def test_what_there_is_not_is_not_found(client, key, page):
    address = f"/admin/articles/wireitem/{key}/{page}"
    # Django leads from what no address fits to the page of such a one.
    assert client.get(address, follow=True).status_code in {404, 405}
    assert client.post(address, {"_take": "x"}, follow=True).status_code in {404, 405}


@pytest.mark.usefixtures("editor")
def test_what_happened_is_told_with_who_did_it(client):
    item = bring()
    decide(client, item, "_leave")
    happened = text_at(client.get(reading_of(item))).partition("What happened")[2]
    assert "left (version 1), Ada Quist" in happened
    assert "came in (version 1)" in happened


@pytest.mark.usefixtures("editor")
def test_others_that_tell_of_the_same_are_linked(client):
    item, other, stranger = bring(), bring(headline="The same elsewhere"), bring()
    WireItem.objects.filter(pk__in=[item.pk, other.pk]).update(group="g1")
    WireItem.objects.filter(pk=stranger.pk).update(group="")
    page = client.get(reading_of(item))
    assert f"{page_of(other)}change/" in links(page)
    assert f"{page_of(stranger)}change/" not in links(page)
    assert "Others that tell of the same" not in text_at(client.get(reading_of(stranger)))


@pytest.mark.usefixtures("editor")
def test_hostile_text_is_shown_as_text(client):
    hostile = "<script>alert(1)</script>\u202e\"'><img src=x onerror=alert(2)>"
    names = ["headline", "standfirst", "byline", "dateline", "credit", "slugline", "rights"]
    lines: dict[str, Any] = dict.fromkeys(names, hostile)
    item = bring(
        **lines,
        usage_terms=hostile,
        guid=hostile,
        provider=hostile[:100],
        language='"><script>alert(3)</script>'[:20],
        advisory=(hostile,),
        kept_back=(hostile,),
        keywords=(hostile,),
        subjects=(Subject(hostile, hostile),),
        pictures=(Picture("javascript:alert(1)", hostile, hostile, hostile),),
        body=f"<p>Text</p>{hostile}<p onclick=alert(1)>More</p>",
        correction=hostile,
        signal=Signal.CORRECTION,
    )
    page = client.get(reading_of(item))
    assert page.status_code == 200
    tree = dom(page)
    written = "".join(each.text or "" for each in tree.iter("script"))
    assert "alert(" not in written
    assert tree.find(".//*[@onerror]") is None and tree.find(".//*[@onclick]") is None
    assert not [link for link in links(page) if link.startswith("javascript:")]
    assert "<script>alert(1)</script>" in text_at(page)


@pytest.mark.usefixtures("editor")
def test_a_long_wire_with_many_words_is_shown(client):
    item = bring(
        headline="Long " * 60,
        body="<p>" + "word " * 15_000 + "</p>",
        keywords=tuple(f"keyword {number}" for number in range(500)),
        language="ar",
    )
    page = client.get(reading_of(item))
    assert page.status_code == 200
    assert the(page, ".//article").get("dir") == "rtl"


def test_however_much_came_in_it_is_read_with_the_same_few_queries(
    client, editor, django_assert_max_num_queries
):
    item = bring(subjects=(Subject("20000151", "flood"),))
    with django_assert_max_num_queries(QUERIES) as asked:
        client.get(reading_of(item))
    few = len(asked)
    for number in range(2, 12):
        subjects = tuple(Subject(f"2000{number:04}", "subject") for number in range(number))
        bring(guid=item.guid, version=number, body=f"<p>{number}</p>", subjects=subjects)
        WireEvent.objects.create(item=item, kind="ignored", by=editor)
    for other in (bring(), bring(), bring()):
        WireItem.objects.filter(pk__in=[item.pk, other.pk]).update(group="g1")
    with django_assert_max_num_queries(few + 2):  # the version before, and others of its group
        client.get(reading_of(item))


@pytest.mark.usefixtures("editor")
def test_the_bytes_that_came_in_are_not_read_for_the_page(client, django_assert_max_num_queries):
    item = bring()
    with django_assert_max_num_queries(QUERIES) as asked:
        client.get(reading_of(item))
    assert not [query["sql"] for query in asked if '"original"' in query["sql"]]


@pytest.mark.usefixtures("editor")
def test_of_one_that_is_no_longer_kept_it_says_so(client, settings):
    item = bring(headline="Barrier closes")
    WireItem.objects.update(received_at=timezone.now() - timedelta(days=settings.WIRE_DAYS + 1))
    assert forget_due() == 1
    page = client.get(reading_of(item))
    assert "its text is no longer kept" in text_at(page)
    assert item.guid in text_at(page)
    assert client.get(f"{page_of(item)}original/1/").status_code == 404
    assert client.get(f"{page_of(item)}compare/").status_code == 403
    assert decide(client, item, "_take").status_code == 409


# --- Who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("group", "status"), [("Editors", 200), ("Moderators", 403)])
def test_only_who_may_see_wires_sees_one(client, group, status):
    item = bring()
    client.force_login(make_staff(group))
    assert client.get(reading_of(item)).status_code == status
    assert client.get("/admin/articles/wireitem/999999/change/").status_code in {403, 404}


def test_whoever_is_not_logged_in_is_asked_to(client):
    assert "/admin/login/" in client.get(reading_of(bring()))["Location"]


def test_whoever_may_only_see_finds_no_button_and_decides_nothing(client):
    item = bring(embargo_is_unclear=True)
    reader = make_staff("Moderators")
    reader.user_permissions.add(Permission.objects.get(codename="view_wireitem"))
    client.force_login(reader)
    assert not {"_take", "_leave", "_put_back"} & buttons(client.get(reading_of(item)))
    assert decide(client, item, "_take").status_code == 403
    embargo = client.post(f"{page_of(item)}embargo/", {"kind": "none"})
    assert embargo.status_code == 403
    item.refresh_from_db()
    assert item.is_new and item.embargo_is_unclear


def test_nobody_adds_changes_or_deletes_one(client):
    item = bring()
    client.force_login(make_superuser())
    assert client.get("/admin/articles/wireitem/add/").status_code == 403
    assert client.get(f"{page_of(item)}delete/").status_code == 403
    assert client.post(f"{page_of(item)}delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"{page_of(item)}change/", {"headline": "Mine"}).status_code == 405
    item.refresh_from_db()
    assert item.headline != "Mine"


def test_a_deed_needs_the_token_of_a_form(client):
    item = bring()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_staff("Editors"))
    assert decide(strict, item, "_take").status_code == 403
    assert Article.objects.count() == 0
