"""What a piece leads on to: its neighbours in the section, and what is related to it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from articles import related
from articles.models import Article, Pin
from articles.related import RELATED, beside
from articles.tests.factories import (
    make_article,
    make_draft,
    make_section,
    make_staff,
    make_topic,
)
from newsroom.tests.browsing import dom, links, text_of
from newsroom.tests.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

DAY = timedelta(days=1)


@pytest.fixture
def by():
    return make_staff()


def of(article):
    return beside(Article.objects.prefetch_related("topics").get(pk=article.pk))


def related_to(article):
    return [each.headline for each in of(article).related]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_stands_beside_is_asked_for_again_when_a_piece_changed(by, django_assert_num_queries):
    world = make_section(name="World")
    make_article(at=NOON - 2 * DAY, section=world, by=by)
    piece = make_article(at=NOON - DAY, section=world, by=by)
    piece = Article.objects.prefetch_related("topics").get(pk=piece.pk)
    assert beside(piece).next is None
    with django_assert_num_queries(0):
        assert beside(piece).next is None
    after = make_article(at=NOON - timedelta(hours=1), section=world, by=by)
    found = beside(piece).next
    assert found
    assert found.pk == after.pk


# --- Neighbours ---------------------------------------------------------------------------------


def test_neighbours_are_the_nearest_public_pieces_of_the_section(clock, by):
    world = make_section(name="World")
    make_article(headline="Far", at=NOON - 3 * DAY, section=world, by=by)
    before = make_article(headline="Before", at=NOON - 2 * DAY, section=world, by=by)
    piece = make_article(at=NOON - DAY, section=world, by=by)
    make_article(headline="Elsewhere", at=NOON - timedelta(hours=1), by=by)
    make_draft(section=world)
    after = make_article(headline="After", at=NOON - timedelta(minutes=1), section=world, by=by)
    make_article(headline="To come", at=NOON + DAY, section=world, by=by)
    beside_it = of(piece)
    assert (beside_it.previous.pk, beside_it.next.pk) == (before.pk, after.pk)
    assert of(after).next is None
    before.withdraw(by=by)
    assert of(piece).previous.headline == "Far"
    clock.shift(2 * DAY)
    assert of(after).next.headline == "To come"


def test_pieces_of_one_moment_are_each_others_neighbours_in_one_order(by):
    world = make_section(name="World")
    one, two, three = (make_article(at=NOON - DAY, section=world, by=by) for _ in range(3))
    found = [of(each) for each in (one, two, three)]
    assert [each.previous and each.previous.pk for each in found] == [None, one.pk, two.pk]
    assert [each.next and each.next.pk for each in found] == [two.pk, three.pk, None]


def test_a_lonely_piece_leads_nowhere(by, client):
    piece = make_article(by=by)
    assert (of(piece).previous, of(piece).next, of(piece).related) == (None, None, ())
    page = dom(client.get(piece.get_absolute_url()))
    assert page.find(".//*[@class='neighbours']") is None
    assert page.find(".//*[@class='related']") is None


# --- Related -------------------------------------------------------------------------------------


def test_what_shares_topics_is_related_and_nothing_else(by):
    japan, trade = make_topic("Japan"), make_topic("Trade")
    piece = make_article(topics=[japan, trade], by=by)
    make_article(headline="One topic", at=NOON - DAY, topics=[trade], by=by)
    make_article(headline="Two topics", at=NOON - 2 * DAY, topics=[japan, trade], by=by)
    make_article(headline="Other topic", topics=[make_topic("Chess")], by=by)
    make_article(headline="None", by=by)
    assert related_to(piece) == ["Two topics", "One topic"]


def test_a_rare_topic_tells_more_than_a_common_one(by):
    common, rare = make_topic("Japan"), make_topic("Ferries")
    piece = make_article(topics=[common, rare], by=by)
    for age in range(1, 20):
        make_article(headline=f"Common {age}", at=NOON - age * DAY, topics=[common], by=by)
    make_article(headline="Rare", at=NOON - 25 * DAY, topics=[rare], by=by)
    assert related_to(piece) == ["Rare", "Common 1", "Common 2", "Common 3"]


def test_the_nearer_in_time_the_more_related(by):
    topic = make_topic("Japan")
    piece = make_article(at=NOON - 400 * DAY, topics=[topic], by=by)
    for age in (1, 390, 430, 900, 800):
        make_article(headline=f"{age} days", at=NOON - age * DAY, topics=[topic], by=by)
    assert related_to(piece) == ["390 days", "430 days", "1 days", "800 days"]


def test_the_same_piece_has_the_same_related_pieces_whatever_the_clock_says(clock, by):
    topic = make_topic("Japan")
    pieces = [make_article(at=NOON - DAY, topics=[topic], by=by) for _ in range(8)]
    before = related_to(pieces[3])
    assert before == [each.headline for each in pieces[::-1] if each != pieces[3]][:RELATED]
    clock.shift(1000 * DAY)
    assert related_to(pieces[3]) == before


def test_what_is_not_public_is_not_related(clock, by):
    topic = make_topic("Japan")
    piece = make_article(topics=[topic], by=by)
    make_draft(topics=[topic])
    make_article(topics=[topic], by=by).withdraw(by=by)
    make_article(headline="To come", at=NOON + DAY, topics=[topic], by=by)
    assert related_to(piece) == []
    clock.shift(DAY)
    assert related_to(piece) == ["To come"]


def test_only_the_newest_of_a_topic_are_looked_at(by, monkeypatch):
    monkeypatch.setattr(related, "CANDIDATES", 3)
    topic = make_topic("Japan")
    for number in range(6):
        make_article(headline=f"{number}", topics=[topic], by=by)
    piece = make_article(topics=[topic], by=by)
    assert related_to(piece) == ["5", "4", "3"]


def test_all_of_it_is_one_query(by, django_assert_num_queries):
    topics = [make_topic(f"Topic {number}") for number in range(12)]
    world = make_section(name="World")
    pieces = [make_article(topics=topics, section=world, by=by) for _ in range(3)]
    Pin.objects.pin(pieces[0].pk, [pieces[2].pk], by=by)
    piece = Article.objects.prefetch_related("topics").get(pk=pieces[0].pk)
    with django_assert_num_queries(1):
        found = beside(piece)
        assert [each.get_absolute_url() for each in found.related]
        assert found.next and found.next.direction == "ltr"


# --- Pins ----------------------------------------------------------------------------------------


def test_pins_come_first_in_their_order(by):
    topic = make_topic("Japan")
    piece = make_article(topics=[topic], by=by)
    near = make_article(headline="Near", topics=[topic], by=by)
    pins = [make_article(headline=f"Pin {n}", at=NOON - 900 * DAY, by=by) for n in (1, 2)]
    assert Pin.objects.pin(piece.pk, [pins[1].pk, pins[0].pk], by=by)
    assert related_to(piece) == ["Pin 2", "Pin 1", "Near"]
    assert not Pin.objects.pin(piece.pk, [pins[1].pk, pins[0].pk], by=by)
    Pin.objects.pin(piece.pk, [near.pk], by=by)
    assert related_to(piece) == ["Near"]


def test_a_pinned_piece_that_is_withdrawn_falls_out_until_it_is_back(by):
    piece, pinned = make_article(by=by), make_article(headline="Pinned", by=by)
    Pin.objects.pin(piece.pk, [pinned.pk], by=by)
    pinned.withdraw(by=by)
    assert related_to(piece) == []
    pinned.bring_back(by=by)
    assert related_to(piece) == ["Pinned"]


def test_pins_that_make_no_sense_are_refused(by):
    piece, *others = (make_article(by=by) for _ in range(6))
    kept = others[0].pk
    Pin.objects.pin(piece.pk, [kept], by=by)
    for wrong in ([piece.pk], [kept, kept], [each.pk for each in others]):
        with pytest.raises(ValidationError):
            Pin.objects.pin(piece.pk, wrong, by=by)
        assert [pin.piece_id for pin in piece.pins.all()] == [kept]
    with pytest.raises(IntegrityError), transaction.atomic():
        Pin.objects.create(article=piece, piece=piece, position=3, by=by)


# --- On the page ---------------------------------------------------------------------------------


def test_a_piece_links_its_neighbours_and_what_is_related(client, by):
    world, topic = make_section(name="World"), make_topic("Japan")
    before = make_article(headline="Before", at=NOON - DAY, section=world, by=by)
    piece = make_article(at=NOON - timedelta(hours=2), section=world, topics=[topic], by=by)
    after = make_article(headline="After", section=world, topics=[topic], language="ja", by=by)
    response = client.get(piece.get_absolute_url())
    page = dom(response)
    [nav] = page.findall(".//nav[@class='neighbours']")
    assert [(a.get("rel"), a.get("href")) for a in nav.findall("a")] == [
        ("prev", before.get_absolute_url()),
        ("next", after.get_absolute_url()),
    ]
    [section] = page.findall(".//section[@class='related']")
    [link] = section.findall(".//a")
    assert (link.get("href"), link.get("lang")) == (after.get_absolute_url(), "ja")
    assert "2 March 2026" in text_of(section)


def test_a_withdrawn_piece_leads_nowhere(client, by):
    topic = make_topic("Japan")
    other = make_article(topics=[topic], by=by)
    piece = make_article(topics=[topic], section=other.section, by=by)
    piece.withdraw(by=by)
    assert other.get_absolute_url() not in links(client.get(piece.get_absolute_url()))
