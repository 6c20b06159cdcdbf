"""The page on which readers search, and what it suggests."""

from datetime import timedelta
from time import process_time

import pytest
import time_machine
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from articles.search import results
from articles.search.query import MOST_SIGNS
from articles.tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_section,
    make_source,
    make_topic,
)
from newsroom.tests.browsing import dom, fields_of, links, text_at, text_of, the
from newsroom.tests.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.each_case, pytest.mark.usefixtures("clock")]

HOSTILE = [
    *('"', '""', '"""', '"ferry', "'", "' OR 1=1 --", "AND", "OR", "NOT", "NOT ferry", "NEAR(a b)"),
    *("ferry AND", "(", ")", "((((", "*", "**", "-", "--", "---ferry", "-*", '-"', "+ferry", "^a"),
    *("headline:ferry", "{headline}: ferry", "ferry : *", "a & b", "a | b", "!a", "a <-> b", "a:*"),
    *("'a' & !'b':A", "\\", "\\'", "a\\:b", "\x00", "fer\x00ry", "%", "%s", "%(q)s", "_", "$1"),
    *("ǂferri", "ǁsection1", "\ud800", "\udfff ferry", "\u202e", "\u200b", "🙂", "\n\r\t"),
    *("a" * 10_000, "ferry " * 2000, '"' * 10_000, "東" * 10_000, "(" * 10_000, "-a " * 3000),
    *("½", "?", "ﷺ" * 50, "İ" * 300, "ß" * 300),
    *("\u0301" * 300, "a\u0301" * 300, "<script>alert(1)</script>"),
]  # fmt: skip


@pytest.fixture
def ferry(editor, world):
    return make_article(
        slug="ferry",
        headline="<i>Ferry</i> & co. run again",
        standfirst="It is a matter of days.",
        body=f"<p>{'Nothing yet. ' * 60}</p><p>{'Long ago. ' * 40}The fer<em>ries</em> of the "
        f"harbour. {'And so on. ' * 40}</p>",
        section=world,
        authors=[make_author("Maud", slug="maud")],
        by=editor,
        at=NOON - timedelta(days=2),
    )  # fmt: skip


def within(element, path):
    found = element.find(path)
    assert found is not None, path
    return found


def search(client, words="", **parameters):
    return client.get("/search/", {"q": words} | parameters)


@pytest.mark.usefixtures("ferry")
def test_a_piece_is_shown_with_the_words_marked_in_headline_and_text(client):
    page = search(client, "ferry harbour")
    card = the(page, ".//main//article")
    assert [mark.text for mark in card.iter("mark")] == ["Ferry", "ferries", "harbour"]
    assert text_of(within(card, ".//h3")) == "<i>Ferry</i> & co. run again"
    assert "The ferries of the harbour. And so on." in text_of(card)
    assert "Nothing yet" not in text_of(card)
    assert len(text_of(card)) < 400
    assert "/articles/ferry/" in links(page)
    assert within(card, ".//time").get("datetime") == (NOON - timedelta(days=2)).isoformat()
    assert text_at(page, ".//main//h2") == "1 piece"


@pytest.mark.usefixtures("ferry")
def test_nothing_of_a_piece_or_a_question_becomes_markup(client):
    page = search(client, '<script>ferry</script>"><b>').content.decode()
    assert "<i>Ferry" not in page
    assert "<script>ferry" not in page
    assert (
        "&lt;i&gt;<mark>Ferry</mark>&lt;/i&gt; &amp; co."
        in search(client, "ferry").content.decode()
    )


def test_a_japanese_piece_says_its_language_and_its_signs_are_marked_together(client, editor):
    make_article(
        headline="東京都庁で会議",
        standfirst="",
        body="<p>はい。</p>",
        language="ja",
        by=editor,
        at=NOON,
    )
    card = the(search(client, "東京都庁"), ".//main//article")
    assert [mark.text for mark in card.iter("mark")] == ["東京都庁"]
    assert within(card, ".//h3/a").get("lang") == "ja"


def test_a_text_from_right_to_left_keeps_its_direction(client, editor):
    make_article(headline="سفينة جديدة", language="ar", by=editor, at=NOON)
    card = the(search(client, "سفينة"), ".//main//article")
    assert within(card, ".//h3/a").get("dir") == "rtl"


@pytest.mark.usefixtures("ferry")
def test_each_search_is_a_feed(client):
    address = "/search/feed.rss?q=ferry&section=world"
    assert address in links(search(client, "ferry", section="world", order="newest"))
    assert "/articles/ferry/" in client.get(address).content.decode()


def test_a_long_text_that_says_a_word_over_and_over_is_shown_soon(client, editor):
    make_article(
        headline="東京", body=f"<p>{'東京' * 20_000}</p>", language="ja", by=editor, at=NOON
    )
    begin = process_time()
    assert search(client, "東京").status_code == 200
    assert process_time() - begin < 2


@pytest.mark.usefixtures("ferry")
def test_search_engines_keep_out(client):
    for page in (search(client), search(client, "ferry")):
        robots = [each.get("content") for each in the(page, "head").findall("meta[@name='robots']")]
        assert robots == ["noindex"]


def test_without_words_there_is_a_form_and_a_hint(client):
    for words in ("", "   ", "...", "-ferry"):
        page = search(client, words)
        assert "q" in fields_of(page)
        assert "Type a word to look for" in text_at(page)
        assert the(page, "body").find(".//main//article") is None


@pytest.mark.usefixtures("ferry")
def test_what_was_asked_stays_in_the_form_and_in_the_links(client, monkeypatch, editor, world):
    monkeypatch.setattr(results, "PIECES", 1)
    japan, afp = make_topic("Japan"), make_source("AFP")
    for number in range(3):
        make_article(
            slug=f"further-{number}", headline="Ferry", section=world, topics=[japan], source=afp,
            by=editor, at=NOON - timedelta(hours=number + 1),
        )  # fmt: skip
    given = {"section": "world", "topic": "japan", "source": "afp", "period": "week"}
    given |= {"from": "2026-03-01", "to": "2026-03-02", "order": "newest"}
    page = search(client, '"ferry"', **given)
    assert given | {"q": '"ferry"'} == {
        k: v for k, v in fields_of(page).items() if k in (*given, "q")
    }
    following = the(page, "head/link[@rel='next']").get("href")
    assert all(f"{name}={value}" in str(following) for name, value in given.items())
    second = client.get(f"/search/{following}")
    assert the(second, "head/link[@rel='prev']") is not None
    assert "/articles/further-1/" in links(second)


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"section": "nowhere"}, "Nothing is called “nowhere” here"),
        ({"topic": "\x00"}, "that filter was left out"),
        ({"source": "a" * 10_000}, "that filter was left out"),
        ({"from": "yesterday"}, "“yesterday” is no date"),
        ({"to": "0001-01-01"}, "is no date"),
        ({"to": "9999-12-31"}, "is no date"),
        ({"from": "2026-02-30"}, "is no date"),
        ({"from": "2026-02-02", "to": "2026-02-01"}, "The first day is after the last one"),
        ({"q": "ferry " + "a" * MOST_SIGNS}, f"Only the first {MOST_SIGNS} characters"),
    ],
)
@pytest.mark.usefixtures("ferry")
def test_what_makes_no_sense_is_left_out_and_told(client, parameters, message):
    page = client.get("/search/", {"q": "ferry"} | parameters)
    assert page.status_code == 200
    assert message in text_at(page)
    if "q" not in parameters:
        assert "/articles/ferry/" in links(page)


@pytest.mark.parametrize("parameters", [{"period": "century"}, {"order": "worst"}, {"page": "x"}])
@pytest.mark.usefixtures("ferry")
def test_other_values_are_passed_over(client, parameters):
    assert "/articles/ferry/" in links(search(client, "ferry", **parameters))


@pytest.mark.usefixtures("ferry")
def test_each_filter_in_force_is_named_and_can_be_taken_off(client):
    page = search(client, "ferry", section="world", period="week", **{"from": "2026-02-01"})
    applied = the(page, ".//ul[@class='search-applied']")
    assert [text_of(each) for each in applied] == [
        "Remove: World ×",
        "Remove: The last week ×",
        "Remove: From 1 February 2026 ×",
    ]
    assert [each.get("href") for each in applied.iter("a")] == [
        "?q=ferry&period=week&from=2026-02-01",
        "?q=ferry&section=world&from=2026-02-01",
        "?q=ferry&section=world&period=week",
    ]
    assert "search-applied" not in search(client, "ferry").content.decode()


@pytest.mark.usefixtures("ferry")
def test_where_filters_find_nothing_there_is_a_way_without(client):
    make_article(section=make_section(name="Sport"))
    page = search(client, "ferry", section="sport")
    assert "Nothing was found with these filters" in text_at(page)
    assert "?q=ferry" in links(page)
    assert "Nothing was found. Fewer words" in text_at(search(client, "boat"))


def test_readers_are_told_that_many_pieces_come_newest_first(client, ferry, editor, monkeypatch):
    monkeypatch.setattr(results, "MOST_RANKED", 1)
    make_article(headline="Ferry", by=editor, at=NOON)
    page = search(client, "ferry")
    assert text_at(page, ".//main//h2") == "More than 1 pieces"
    assert "the newest come first" in text_at(page)


# --- Hostile questions --------------------------------------------------------------------------


@pytest.mark.parametrize("words", HOSTILE, ids=lambda words: ascii(words[:20]))
@pytest.mark.usefixtures("ferry")
def test_any_question_gives_a_page(client, words):
    for path in ("/search/", "/search/suggest/"):
        for parameters in ({}, {"order": "newest"}):
            query = {"q": words.encode("utf-8", "surrogatepass")} | parameters
            assert client.get(path, query).status_code == 200


class AnyQuestion(TestCase):
    """A class, for hypothesis asks several times in one transaction of the database."""

    words = st.text(alphabet=st.sampled_from("\"*-()':&|!<>\\ ab東ガé\u0301ǂ\x00{}^+"), max_size=40)

    @given(words | st.text(max_size=60))
    @settings(max_examples=60, deadline=None, print_blob=True)
    def test_it_gives_a_page(self, words):
        query = {"q": words.encode("utf-8", "surrogatepass")}
        assert Client().get("/search/", query).status_code == 200
        assert Client().get("/search/suggest/", query).status_code == 200


@pytest.mark.parametrize("path", ["/search/", "/search/suggest/"])
def test_nothing_is_written_by_asking(client, path):
    assert client.post(path, {"q": "ferry"}).status_code == 405
    assert client.head(path, {"q": "ferry"}).status_code == 200


# --- Suggestions --------------------------------------------------------------------------------


@pytest.mark.usefixtures("ferry")
def test_suggestions_are_headlines_and_where_they_lead(client):
    answer = client.get("/search/suggest/", {"q": "fer"})
    assert answer.json() == {
        "suggestions": [
            {
                "headline": "<i>Ferry</i> & co. run again",
                "address": "/articles/ferry/",
                "language": "en",
                "direction": "ltr",
            }
        ]
    }
    assert client.get("/search/suggest/").json() == {"suggestions": []}


def test_a_word_that_is_finished_is_not_taken_for_one_begun(client):
    make_article(headline="Ferryman rests")

    def suggested(words):
        answer = client.get("/search/suggest/", {"q": words}).json()
        return [each["headline"] for each in answer["suggestions"]]

    assert suggested("ferry") == ["Ferryman rests"]
    assert suggested("ferry ") == []


@pytest.mark.parametrize("order", ["newest", ""])
@pytest.mark.parametrize(
    "place",
    [
        {"before": "00010101T000000-0"},
        {"before": "16000101T000000-0"},
        {"after": "99991231T235959-99999999999"},
        {"before": "99991231T235959-999999999999999999"},
    ],
)
def test_a_place_beyond_all_pieces_gives_a_page(client, place, order):
    make_article(headline="Ferry")
    response = client.get("/search/", {"q": "ferry", "order": order} | place)
    assert response.status_code == 200
    assert "1 piece" in response.content.decode()


def test_a_topic_is_offered_once_it_has_something_that_readers_see(client, editor):
    article = make_draft(topics=[make_topic("Merger")])
    article.schedule(by=editor, at=NOON + timedelta(hours=1))
    assert "Merger" not in client.get("/search/").content.decode()
    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        assert "Merger" in client.get("/search/").content.decode()


def test_the_field_offers_what_the_script_needs_and_works_without_it(client):
    field = the(search(client), ".//main//input[@name='q']")
    assert field.get("data-suggest") == "/search/suggest/"
    form = the(search(client), ".//main//form")
    assert (form.get("action"), form.get("method", "get"), form.get("role")) == (
        *("/search/", "get", "search"),
    )
    labels = {each.get("for") for each in dom(search(client)).iter("label")}
    assert {each.get("id") for each in form.iter() if each.get("name")} <= labels
