"""How the share picture looks."""

import io
import random

import pytest
from PIL import Image as Pillow
from PIL import ImageChops

from articles.share_drawing import HEIGHT, MARGIN, PAPER, WIDTH, draw
from articles.share_words import Words

HINDI = "फेरी फिर चलेगी"


def words(headline="Ferry to run again", **others):
    return Words(
        **{
            "site": "The Post",
            "host": "post.example",
            "section": "World",
            "headline": headline,
            "date": "23 November 2026",
            "iso_date": "2026-11-23",
        }
        | others
    )


def drawn(*args, **others):
    return Pillow.open(io.BytesIO(draw(words(*args, **others)))).convert("RGB")


def inked(picture, box=(0, 0, WIDTH, HEIGHT)):
    """The box around all that is not paper."""
    paper = Pillow.new("RGB", (WIDTH, HEIGHT), PAPER)
    return (
        ImageChops.difference(picture, paper)
        .convert("L")
        .point(lambda x: x > 8 and 255)
        .crop(box)
        .getbbox()
    )


def hard_headlines():
    chance = random.Random(7)
    yield from ["A", "W" * 160, "i" * 160, "漢" * 160, "ferry " * 26, "Å̊ĝ", "ｗｗｗ" * 50]
    for letters in (
        *("abcdef ghij klmnopqrstuvwxyz", "港の船は「明日」、出る。ー", "ЖШЩ ю"),
        *("ابتثجحخ دذرزسشصضط", "אבגד הוזחטיכלמ"),
    ):
        for _ in range(4):
            yield "".join(chance.choices(letters, k=chance.randint(1, 160)))


@pytest.mark.parametrize("headline", list(hard_headlines()))
def test_nothing_runs_over_the_margins(headline):
    picture = drawn(headline, site="A paper with a name that is far too long for one line" * 2)
    assert picture.size == (1200, 630)
    left, top, right, bottom = inked(picture)
    assert left >= MARGIN - 8
    assert right <= WIDTH - MARGIN + 8
    assert top >= 30
    assert bottom <= HEIGHT - 20
    # Nor does the headline run into the rule above the date.
    assert inked(picture, (MARGIN + 8, 540, WIDTH - MARGIN - 8, 551)) is None


@pytest.mark.parametrize("field", ["site", "section", "headline", "date"])
def test_each_word_is_seen(field):
    assert draw(words()) != draw(words(**{field: "Another"}))


@pytest.mark.parametrize("headline", ["العبّارة تبحر", "המעבורת תפליג"])
def test_what_is_read_from_the_right_begins_there(headline):
    name, text = (0, 60, WIDTH, 132), (0, 205, WIDTH, 500)
    picture = drawn(headline)
    for box in (name, text):
        left, _top, right, _bottom = inked(picture, box)
        assert left > WIDTH // 3
        assert right > WIDTH - MARGIN - 12
    picture = drawn("Ferry")
    for box in (name, text):
        left, _top, right, _bottom = inked(picture, box)
        assert left < MARGIN + 12
        assert right < WIDTH * 2 // 3


def test_a_headline_that_cannot_be_drawn_is_left_out_with_all_but_name_and_date():
    assert draw(words(HINDI)) == draw(words("여객선", section="Sport"))
    assert draw(words(HINDI)) != draw(words(HINDI, site="The Times"))
    assert draw(words(HINDI)) != draw(words(HINDI, date="24 November 2026"))


def test_the_host_and_the_plain_date_stand_in_for_what_cannot_be_drawn():
    assert draw(words(site=HINDI)) == draw(words(site="post.example"))
    assert draw(words(date="२३ नवंबर")) == draw(words(date="2026-11-23"))
    assert draw(words(section=HINDI)) == draw(words(section=""))


def test_it_is_light_to_load():
    assert len(draw(words("漢字" * 80))) < 80_000
