"""What a reader is told before reading: how long it takes, and that a piece is old."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from articles.age import age
from articles.models import Article
from articles.reading_time import CHARACTERS, WORDS, minutes, reading_time
from articles.tests.factories import make_article, make_draft, make_section
from newsroom.tests.browsing import text_at
from newsroom.tests.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (NOON, ""),
        (NOON + timedelta(days=900), ""),
        (datetime(2025, 3, 2, 12, 0, 1, tzinfo=UTC), ""),
        (datetime(2025, 3, 2, 12, tzinfo=UTC), "1 year old"),
        (datetime(2024, 3, 2, 13, tzinfo=UTC), "1 year old"),
        (datetime(2023, 3, 2, 11, tzinfo=UTC), "3 years old"),
        (datetime(1926, 1, 1, tzinfo=UTC), "100 years old"),
        (None, ""),
    ],
)
def test_the_age_is_told_in_whole_years(moment, said):
    assert age(moment) == said


def test_a_leap_day_is_a_year_old_a_year_later(clock):
    clock.move_to(datetime(2025, 2, 28, 12, tzinfo=UTC))
    assert age(datetime(2024, 2, 29, 12, tzinfo=UTC)) == ""
    clock.move_to(datetime(2025, 3, 1, tzinfo=UTC))
    assert age(datetime(2024, 2, 29, 12, tzinfo=UTC)) == "1 year old"


def test_years_are_those_of_the_clock_of_the_site():
    with timezone.override("Asia/Tokyo"), time_machine.travel("2026-03-01T15:00Z", tick=False):
        assert age(datetime(2025, 3, 1, 15, tzinfo=UTC)) == "1 year old"
        assert age(datetime(2025, 3, 1, 16, tzinfo=UTC)) == ""


def test_an_old_piece_says_so_on_its_page_and_in_lists(client):
    world = make_section(name="World")
    old = make_article(at=NOON - timedelta(days=3 * 366), section=world)
    new = make_article(section=world)
    assert "This piece is 3 years old." in text_at(client.get(old.get_absolute_url()), ".//article")
    assert "years old" not in text_at(client.get(new.get_absolute_url()), ".//article")
    cards = text_at(client.get("/sections/world/"))
    assert cards.count("3 years old") == 1


# --- How long it takes ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", 0),
        ("<p></p>", 0),
        ("<p>One.</p>", 1),
        (f"<p>{'word ' * WORDS}</p>", 1),
        (f"<p>{'word ' * (WORDS + 1)}</p>", 2),
        (f"<p>{'don’t-stop ' * WORDS}</p>", 1),
        (f"<p>{'слово ' * 3 * WORDS}</p>", 3),
        (f"<p>{'日本' * (CHARACTERS // 2)}</p>", 1),
        (f"<p>{'日本' * CHARACTERS}</p>", 2),
        (f"<p>{'ひらカナ' * CHARACTERS}</p>", 4),
        (f"<p>{'한국 ' * CHARACTERS}</p>", 2),
        (f"<p>{'日' * (CHARACTERS // 2)} {'word ' * (WORDS // 2)}</p>", 1),
        (f'<p><a href="/{"word " * 2000}">one</a></p>', 1),
        ("<p>" + "a" * 100_000 + "</p>", 1),
    ],
)
def test_texts_are_counted_by_words_and_in_east_asia_by_characters(html, expected):
    assert minutes(html) == expected


def test_the_time_follows_the_text_however_it_is_written():
    long = f"<p>{'word ' * 3 * WORDS}</p>"
    article = make_draft(body="<p>Short.</p>")

    def stored():
        return Article.objects.values_list("reading_minutes", flat=True).get()

    assert stored() == article.reading_minutes == 1
    article.body = long
    article.save()
    assert stored() == 3
    article.body = "<p>Short.</p>"
    article.save(update_fields=["body"])
    assert stored() == 1
    Article.objects.update(body=long)
    assert stored() == 3
    article.body = f"<p>{'word ' * 2 * WORDS}</p>"
    Article.objects.bulk_update([article], ["body"])
    assert stored() == 2


def test_a_piece_says_how_long_it_takes_to_read(client):
    article = make_article(body=f"<p>{'word ' * 4 * WORDS}</p>", section=make_section(name="World"))
    for path in (article.get_absolute_url(), "/sections/world/"):
        assert "4 min read" in text_at(client.get(path))
    assert reading_time(0) == ""
