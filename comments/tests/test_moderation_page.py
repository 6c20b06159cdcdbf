"""How replies are moderated, as readers are told: the rules in words, and public figures."""

from datetime import UTC, datetime, timedelta

import pytest

from articles.tests.factories import make_article, make_staff
from comments import figures, waits
from comments.models import CannedReason, DayFigure, Policy, SecondLook
from comments.tests.factories import make_in_state
from newsroom.tests.browsing import dom, links, text_at, text_of, the

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
PAGE = "/about/moderation/"
Kind = DayFigure.Kind


def happened(days_ago, **counted):
    """A day's figures, by kind; of a kind with keys as a dict."""
    figures_of_day: dict[tuple[str, str], int] = {}
    for kind, number in counted.items():
        keys = number if isinstance(number, dict) else {"": number}
        figures_of_day |= {(kind, str(key)): each for key, each in keys.items()}
    DayFigure.objects.keep(figures.today() - timedelta(days=days_ago), figures_of_day)


def numbers(client):
    """The lines of both tables."""
    rows = (
        [text_of(cell) for cell in row] for row in dom(client.get(PAGE)).iterfind(".//tbody/tr")
    )
    return {name: (short, long) for name, short, long in rows}


def test_the_figures_are_of_30_and_of_90_days_up_to_yesterday(client, clock):
    happened(0, received=1000)
    happened(1, received=100, approved=81, spam=12)
    happened(30, received=50)
    happened(31, received=203, approved=42)
    happened(90, received=10)
    happened(91, received=5000)
    told = numbers(client)
    assert told["came in"] == ("150", "365")
    assert told["were published"] == ("80", "125")
    assert told["were marked as spam"] == ("10", "10")
    assert told["were turned down"] == ("under 5", "under 5")


def test_reasons_are_told_in_words_and_small_ones_together(client, clock):
    insult, private = (CannedReason.objects.get(code=code).pk for code in ("insult", "private"))
    happened(2, reason={insult: 31, private: 3, figures.OWN_WORDS: 8, "rule:banned_words": 12})
    happened(50, reason={private: 6, "rule:blocked_sender": 4})
    told = numbers(client)
    assert told["It attacks a person instead of what was said."] == ("30", "30")
    assert told["It holds a word that is not published here."] == ("10", "10")
    assert told["It holds details of somebody's private life."] == ("–", "10")
    assert told["other reasons"] == ("10", "10")
    assert not any("rule" in name for name in told)
    assert told["were turned down"] == ("50", "60")


def test_the_median_wait_is_told_where_there_is_enough_of_it(client, clock):
    label = "half of those that waited for a moderator waited at most"
    step = waits.step_of(timedelta(minutes=25))
    happened(3, waited={step: 19})
    assert numbers(client)[label] == ("too few to tell", "too few to tell")
    happened(60, waited={step: 1})
    assert numbers(client)[label] == ("too few to tell", "25 minutes")


def test_second_looks_and_how_many_were_reversed(client, clock):
    moderator, article = make_staff("Moderators"), make_article()
    for number in range(12):
        reply = make_in_state("rejected", article=article)
        reply.ask_again("Why?")
        if number < 6:
            reply.approve(by=moderator)
    SecondLook.objects.update(asked_at=NOW - timedelta(days=2))
    told = numbers(client)
    assert told["second looks asked for"] == ("10", "10")
    assert told["of these reversed the decision"] == ("5", "5")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"replies": "held"}, "A moderator reads every reply before it appears."),
        ({"replies": "open", "hold_first": 3}, "The first 3 replies of a reader are read"),
        ({"replies": "closed"}, "Replies are closed at present."),
        ({"banned_words": "casino"}, "a word that is not published here"),
        ({"hide_after_reports": 0}, "Everybody can report a reply. A moderator looks at it."),
        ({"shows_again": True}, "is read by a second moderator"),
        ({"learned_rejects_from": 98}, "decides where it is sure enough"),
    ],
    ids=str,
)
def test_the_rules_in_words_are_those_in_force(client, fields, words):
    Policy.objects.create(**fields)
    text = text_at(client.get(PAGE))
    assert words in text
    assert "casino" not in text


def test_what_is_switched_off_is_not_claimed(client):
    Policy.objects.create(hold_shouting=False, hold_contact_details=False, proof_of_work="never")
    text = text_at(client.get(PAGE))
    for words in ("capitals", "telephone number", "small sum", "second moderator"):
        assert words not in text


def test_it_costs_the_same_however_much_happened(client, clock, django_assert_num_queries):
    happened(1, received=1, reason={figures.OWN_WORDS: 9})
    with django_assert_num_queries(8):
        client.get(PAGE)
    ready = dict.fromkeys(CannedReason.objects.values_list("pk", flat=True), 9)
    for day in range(2, 40):
        happened(day, received=9, approved=3, reason=ready)
    # What the ready reasons say, and in which languages.
    with django_assert_num_queries(10):
        client.get(PAGE)


def test_it_is_linked_from_the_foot_of_each_page_and_from_the_form(client):
    article = make_article()
    assert PAGE in links(client.get("/"))
    form = the(client.get(article.get_absolute_url()), ".//section[@id='respond']")
    assert [each.get("href") for each in form.iter("a")].count(PAGE) == 1


def test_beside_the_form_stands_how_long_replies_wait(client, django_assert_num_queries):
    url = make_article(language="en").get_absolute_url()
    claim = "usually waits about"
    with django_assert_num_queries(7):
        page = client.get(url)
    assert claim not in text_at(page)
    Policy.objects.create(usual_wait=timedelta(minutes=23))
    with django_assert_num_queries(7):
        page = client.get(url)
    assert f"A reply that a moderator reads first {claim} 25 minutes." in text_at(page)


def test_the_wait_is_told_in_the_language_of_the_piece(client):
    Policy.objects.create(usual_wait=timedelta(minutes=23))
    page = client.get(make_article(language="ja").get_absolute_url())
    assert "25" in text_at(page, ".//section[@id='respond']")


def test_the_page_is_only_read(client):
    assert client.post(PAGE).status_code == 405
    assert client.get(f"{PAGE}?days=7").status_code == 200
