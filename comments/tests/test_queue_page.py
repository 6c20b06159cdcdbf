"""The queue: what its page shows, in which order, and what can be chosen."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.tests.factories import make_article, make_section, make_staff
from comments.models import Comment, Finding
from comments.queue import Choice, NotAChoice, Tab, tab_counts
from comments.tests.factories import make_approved, make_comment, make_in_state, sender_of
from comments.tests.hostile import XSS
from comments.tests.reading import by_class, by_id, page, text_of
from comments.undoing import undo
from newsroom.tests.browsing import fields_of

pytestmark = pytest.mark.django_db

QUEUE = "/admin/comments/queue/"
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def moderator(client):
    user = make_staff("Moderators")
    client.force_login(user)
    return user


def shown(response):
    """The primary keys of the cards, in their order."""
    assert response.status_code == 200
    return [int(card.attrib["data-reply"]) for card in by_class(page(response), "card")]


def card_of(response, comment):
    return by_id(page(response), f"reply-{comment.pk}")


def keys(*comments):
    return [each.pk for each in comments]


def tabs(response):
    (nav,) = by_class(page(response), "queue-tabs")
    return {link.get("data-tab"): text_of(link) for link in nav.iter("a")}


def choose(client, query="", **changes):
    """Fill in the form of filters and send it; where it leads."""
    sent = fields_of(client.get(f"{QUEUE}?{query}")) | changes
    return client.post(QUEUE, sent)


# --- Tabs and order -----------------------------------------------------------------------------


def test_each_tab_tells_how_many_it_holds_and_shows_them(client, moderator, clock):
    made = {state: [make_in_state(state)] for state in ("approved", "rejected", "spam")}
    for _ in range(2):
        clock.shift(60)
        made.setdefault("waiting", []).append(make_comment())
    make_comment().erase(by=moderator)
    reported, looked_at = made["approved"][0], made["rejected"][0]
    Comment.objects.filter(pk=reported.pk).update(reported_at=NOW)
    looked_at.ask_again("Please.")
    counts = tabs(client.get(QUEUE))
    assert counts == {
        "waiting": "Waiting 2",
        "reported": "Reported 1",
        "looks": "Second look 1",
        "spam": "Spam 1",
        "rejected": "Rejected 1",
        "approved": "Approved 1",
        "all": "All 5",
    }
    oldest_first = keys(*made["waiting"])
    assert shown(client.get(QUEUE)) == oldest_first
    for tab, comment in {
        "reported": reported,
        "looks": looked_at,
        "spam": made["spam"][0],
        "rejected": looked_at,
        "approved": reported,
    }.items():
        assert shown(client.get(f"{QUEUE}?tab={tab}")) == [comment.pk], tab
    newest_first = [*oldest_first[::-1], *sorted(keys(*(made[s][0] for s in STATES)), reverse=True)]
    assert shown(client.get(f"{QUEUE}?tab=all")) == newest_first


STATES = ("approved", "rejected", "spam")


def test_what_is_most_likely_comes_first_where_that_is_wanted(client, moderator):
    unknown, sure, less = make_comment(), make_comment(), make_comment()
    Comment.objects.filter(pk=sure.pk).update(likely="spam", sure=99)
    Comment.objects.filter(pk=less.pk).update(likely="approve", sure=70)
    assert shown(client.get(f"{QUEUE}?order=likely")) == keys(sure, less, unknown)
    assert shown(client.get(f"{QUEUE}?order=likely&likely=spam&sure=95")) == [sure.pk]


@pytest.mark.parametrize("query", ["", "tab=all", "order=likely", "tab=reported", "tab=looks"])
def test_the_pages_of_a_tab_show_each_reply_once(client, moderator, clock, monkeypatch, query):
    monkeypatch.setattr("comments.admin.desk.page.CARDS", 2)
    made = []
    for number in range(5):
        comment = make_comment()
        if query == "tab=looks":
            comment.reject(by=moderator)
            comment.ask_again("")
        made.append(comment.pk)
        if number != 2:  # two of them of one moment
            clock.shift(1)
    Comment.objects.update(reported_at=NOW, sure=80)
    seen, address = [], f"{QUEUE}?{query}"
    while address:
        response = client.get(address)
        seen.append(shown(response))
        following = [each for each in page(response).iter("a") if each.get("rel") == "next"]
        address = f"{QUEUE}{following[0].get('href')}" if following else ""
    in_order = made if query not in {"tab=all", "order=likely"} else made[::-1]
    assert seen == [in_order[:2], in_order[2:4], in_order[4:]]


# --- What is chosen -----------------------------------------------------------------------------


def test_the_filters_narrow_the_list_and_stand_in_words_above_it(client, moderator, clock):
    world = make_section(name="World")
    piece = make_article(headline="The dam", section=world, language="pt-BR")
    old = make_comment()
    clock.shift(timedelta(days=8))
    here = make_comment(article=piece, name="Hana", text="Call me at +44 20 7946 0958.")
    make_comment(text="Unlike that.")
    for change, told in {
        ("piece", str(piece.pk)): "Piece: The dam",
        ("piece", f"https://news.example/articles/{piece.slug}/?x#y"): "Piece: The dam",
        ("section", str(world.pk)): "Section: World",
        ("rule", "contact_details"): "Rule: Contact details",
        ("language", "pt"): "Language of the piece: pt",
        ("q", "hana 7946"): "Text or name: hana 7946",
    }.items():
        response = choose(client, **dict([change]))
        assert response.status_code == 302, change
        filtered = client.get(response["Location"])
        assert shown(filtered) == [here.pk], change
        (list_,) = by_class(page(filtered), "queue-chosen")
        assert told in text_of(list_)
        assert text_of(by_class(page(filtered), "queue-count")[0]).startswith("1 reply"), change
    assert shown(client.get(f"{QUEUE}?sender={sender_of(here).pk}")) == [here.pk]
    assert shown(client.get(f"{QUEUE}?age=older")) == [old.pk]
    assert old.pk not in shown(client.get(f"{QUEUE}?age=week"))
    # One more narrows it further, in every tab.
    narrowed = choose(client, f"tab=all&sender={sender_of(here).pk}", q="nothing of it")
    assert f"tab=all&sender={sender_of(here).pk}" in narrowed["Location"]
    assert shown(client.get(narrowed["Location"])) == []


@pytest.mark.parametrize("words", ["hana@example.org", "from a＠b.example", "x@y"])
def test_an_address_is_searched_for_nowhere_and_not_repeated(client, moderator, words):
    make_comment(email="hana@example.org")
    response = choose(client, q=words)
    assert response.status_code == 422
    assert words not in response.content.decode()
    assert "Email addresses are not searched for." in text_of(page(response))
    asked = client.get(QUEUE, {"q": words})
    assert (asked.status_code, words in asked.content.decode()) == (400, False)


def test_a_choice_is_written_as_it_is_read():
    query = "tab=all&article=3&section=4&rule=shouting&sender=5&age=day&language=ja&q=a+b"
    query += "&order=likely&likely=spam&sure=95"
    choice = Choice.parse(dict(part.split("=") for part in query.replace("+", " ").split("&")))
    assert choice.as_query() == query
    assert Choice.parse({"tab": "waiting", "utm_source": "x"}).as_query() == ""
    assert choice.as_query(after="90-7").endswith("&after=90-7")
    assert not Choice(tab=Tab.SPAM).is_filtered and choice.is_filtered


NONSENSE = [
    *({"tab": tab} for tab in ("x", "WAITING", "\x00", "waiting ")),
    *({name: value} for name in ("article", "section", "sender") for value in ("0", "-1", "x")),
    *({"article": value} for value in ("９", "9" * 30, "1.0", "1e3")),
    *({"sure": value} for value in ("49", "101", "x", "-50", "")),
    *({"after": value} for value in ("x", "20260301T120000", "99999999T999999-1")),
    *({"order": "likely", "after": value} for value in ("20260301T120000-1", "90", "-1-1")),
    {"age": "year"},
    {"rule": "Robert'); DROP TABLE"},
    {"language": "x" * 99},
    {"likely": "held"},
    {"order": "newest"},
    {"q": "x" * 101},
]


def test_what_makes_no_sense_is_refused_and_shows_nothing(client, moderator):
    comment = make_comment()
    for query in NONSENSE:
        if query == {"sure": ""}:
            continue
        with pytest.raises(NotAChoice):
            Choice.parse(query)
        response = client.get(QUEUE, query)
        assert response.status_code == 400, query
        assert f"reply-{comment.pk}" not in response.content.decode()
        # The scripts would look for the cards.
        assert 'type="module"' not in response.content.decode()
    for sent in ({}, {"q": "x" * 101}, {"tab": "x"}, {"piece": "no-such-piece"}, {"section": "x"}):
        assert client.post(QUEUE, sent).status_code == (422 if sent else 302)


def test_odd_characters_in_a_search_find_nothing_and_break_nothing(client, moderator):
    make_comment(text="100% of it")
    for words in ("%00", "%25", "_", "%5C", "'%20OR%201=1", "%ED%A0%80", "%E2%80%AE", "%FF"):
        assert client.get(f"{QUEUE}?q={words}").status_code == 200, words
    assert len(shown(client.get(QUEUE, {"q": "100%"}))) == 1
    assert shown(client.get(QUEUE, {"q": "1%0"})) == []


# --- What a card tells --------------------------------------------------------------------------


def test_a_card_tells_all_that_a_decision_needs(client, moderator, clock):
    article = make_article(headline="The alliance", standfirst="What it asks of both.")
    answered = make_approved(article=article, name="Maud", text="Is it true?", by=moderator)
    for name in ("Hana", "H. Watanabe", "Hana"):
        make_in_state("rejected", name=name, email="h@example.org")
    make_approved(name="Hana W.", email="h@example.org", by=moderator)
    comment = make_comment(
        article=article,
        parent=answered,
        name="Hana",
        email="h@example.org",
        website="https://hana.example/",
        text="Yes: <b>write</b> to hana@example.net & ask.",
    )
    sender_of(comment).block(by=moderator, reason="Writes the same each day.")
    clock.shift(timedelta(hours=3))
    card = card_of(client.get(QUEUE), comment)
    text = text_of(card)
    for told in (
        "In reply to Maud: Is it true?",
        "The alliance What it asks of both.",
        "1 approved, 3 rejected",
        "First seen 2 March 2026. Also writes as H. Watanabe, Hana W..",
        "blocked",
        "Writes the same each day.",
        "waits for 3 hours",
        "Website: https://hana.example/",
        "It has an email address in it.",
    ):
        assert told.replace("\xa0", " ") in text.replace("\xa0", " "), told
    (body,) = by_class(card, "card-text")
    assert text_of(body).startswith("Yes: write to hana@example.net")
    assert card.get("data-seen") == "held.1"
    html = client.get(QUEUE).content.decode()
    assert "h@example.org" not in html and sender_of(comment).fingerprint not in html
    assert "gravatar" not in html and "<img" not in html


def test_what_came_back_waits_since_then_and_what_was_taken_back_since_it_came_in(
    client, moderator, clock
):
    restored, undone = make_approved(by=moderator), make_comment()
    clock.shift(timedelta(days=30))
    restored.restore(by=moderator)
    undone.approve(by=moderator)
    undo(undone.decisions.latest("pk"), by=moderator)
    clock.shift(timedelta(hours=2))
    response = client.get(QUEUE)
    waits = [
        text_of(by_class(card_of(response, each), "card-wait")[0]).partition(" ·")[0]
        for each in (restored, undone)
    ]
    assert [each.replace("\xa0", " ") for each in waits] == [
        "waits for 2 hours",
        "waits for 4 weeks, 2 days",
    ]


def test_what_the_rules_saw_is_marked_with_the_number_of_the_finding(client, moderator):
    comment = make_comment(text="abcdef <i>&amp;</i> ghij")
    Finding.objects.filter(comment=comment).delete()
    for severity, start, end in ((3, 2, 4), (2, 3, 6), (2, None, None), (1, 11, 900), (1, 50, 60)):
        comment.findings.create(
            rule="x", severity=severity, reason=f"From {start}", start=start, end=end
        )
    (text,) = by_class(card_of(client.get(QUEUE), comment), "card-text")
    marks = [(mark.text, text_of(by_class(mark, "mark-number")[0])) for mark in text.iter("mark")]
    assert marks == [("c", "1"), ("d", "1 2"), ("ef", "2"), ("ij", "4")]
    (findings,) = by_class(card_of(client.get(QUEUE), comment), "card-findings")
    assert [text_of(each) for each in findings] == [
        "From 2",
        "From 3",
        "From None",
        "From 11",
        "From 50",
    ]


def test_nothing_of_a_reply_is_taken_for_markup(client, moderator):
    for text in XSS:
        comment = make_comment(text=f"x {text}")
        Finding.objects.filter(comment=comment).update(start=0, end=900, reason=text[:200])
        Comment.objects.filter(pk=comment.pk).update(name=text[:80], website=text[:200])
    pages = page(client.get(QUEUE))
    for card in by_class(pages, "card"):
        assert not [
            each.tag for each in card.iter() if each.tag in {"script", "img", "svg", "iframe"}
        ]
        assert not [name for each in card.iter() for name in each.attrib if name.startswith("on")]
        hrefs = [each.attrib["href"] for each in card.iter("a")]
        assert all(href.startswith(("/", "?")) for href in hrefs)


def test_moderators_notes_and_former_texts_are_on_the_card(client, moderator):
    comment = make_comment(text="First.")
    comment.edit("Second.", seen=comment.as_seen)
    comment.refresh_from_db()
    comment.reject(by=moderator, reason="Off the subject.", note="Ask the desk.")
    comment.restore(by=moderator)
    text = text_of(card_of(client.get(QUEUE), comment))
    assert f"{moderator.username}," in text and "Ask the desk." in text
    assert "Off the subject." in text and "First." in text


def test_a_long_list_of_names_is_cut(client, moderator):
    for number in range(9):
        comment = make_comment(name=f"Name {number}", email="h@example.org")
    assert "and 3 others" in text_of(card_of(client.get(QUEUE), comment))


# --- What it costs ------------------------------------------------------------------------------

QUERIES = 24


def test_the_queue_costs_the_same_however_many_replies_there_are(client, moderator):
    def make(number):
        article = make_article()
        first = make_approved(article=article, by=moderator)
        for each in range(number):
            comment = make_comment(article=article, parent=first, trap="x")
            comment.edit(f"Now {each}.", seen=comment.as_seen)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(QUEUE).status_code == 200
        return len(captured)

    make(1)
    assert queries() == QUERIES
    for _ in range(6):
        make(3)
    assert queries() == QUERIES


def test_the_counts_are_those_of_the_database(moderator):
    for state in ("approved", "approved", "spam", "held", "rejected"):
        make_in_state(state)
    for state in ("approved", "held", "spam"):
        make_in_state(state).erase(by=moderator)
    counts = tab_counts()
    for tab in Tab:
        assert counts[tab] == Choice(tab=tab).replies().count(), tab
