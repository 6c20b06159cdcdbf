"""Text in pictures: what our fonts can draw, and where lines break."""

import random

import pytest

from articles import lettering
from articles.lettering import FONTS, HEADLINE, NOT_FIRST, NOT_LAST, TEXT, drawable, lines, units

SERIF, MINCHO, NASKH, HEBREW = HEADLINE
JAPANESE = (
    "首相「ＡＩの安全性を最優先に」、Ｇ７で国際ルールづくりへ。「ファイル」ーっという（詳報）！"
)


@pytest.mark.parametrize(
    ("text", "typeface"),
    [
        ("Ferry to run again", SERIF),
        ("Łódź, Dvořák, Ærø, İzmir, Þingvellir, Šiauliai – “naïve” €5", SERIF),
        ("Паром идёт: Ґанок, Љубав", SERIF),
        ("Το πλοίο ξαναφεύγει", SERIF),
        ("Phà chạy lại ở Đà Nẵng", SERIF),
        ("e\u0301tude", SERIF),  # composed first
        ("国防長官、日米同盟の「結束」を強調", MINCHO),
        ("髙橋さんと山﨑さん、𠮟る・剝ぐ・塡補・頰", MINCHO),
        ("OPEC＋の減産①〜③ AI", MINCHO),
        ("العبّارة تبحر «غدًا» (G7): ٢٠٢٦", NASKH),
        ("کشتی می‌رود، گچ پژ", NASKH),
        ("המעבורת תפליג ב־2026, EU", HEBREW),
    ],
)
def test_the_letters_of_europe_and_of_japanese_can_be_drawn(text, typeface):
    found = drawable(text, HEADLINE)
    assert found is not None
    assert found[1] is typeface


@pytest.mark.parametrize(
    "text",
    [
        *("เรือข้ามฟาก", "फेरी", "여객선", "渡轮重新开航", "Ferry to फेरी", "القاهرة ירושלים"),
        *("", " ", "🚨"),
    ],
)
def test_what_no_font_of_ours_has_is_not_drawn(text):
    assert drawable(text, HEADLINE) is None


@pytest.mark.parametrize("text", ["العبّارة تبحر", "המעבורת תפליג"])
def test_what_pillow_cannot_shape_is_not_drawn(text, monkeypatch):
    monkeypatch.setattr(lettering, "can_shape", lambda: False)
    assert drawable(text, HEADLINE) is None
    assert drawable("Ferry", HEADLINE) is not None


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("🚨 Breaking: ferry\ufe0f sails ⛴️", "Breaking: ferry sails"),
        ("速報🚨：フェリー再開", "速報：フェリー再開"),
        ("  Ferry\u3000 sails ", "Ferry sails"),
    ],
)
def test_ornaments_are_left_out(text, drawn):
    found = drawable(text, HEADLINE)
    assert found is not None
    assert found[0] == drawn


def test_each_font_has_its_licence_beside_it():
    for typeface in {*HEADLINE, *TEXT}:
        licence = FONTS / f"{typeface.file.partition('-')[0]}.OFL.txt"
        assert "SIL OPEN FONT LICENSE" in licence.read_text()


def test_words_are_not_parted():
    text = "The US–Japan alliance is long-standing, he said"
    assert list(units(text)) == [
        *("The ", "US–", "Japan ", "alliance ", "is ", "long-", "standing, ", "he ", "said")
    ]


@pytest.mark.parametrize("width", range(60, 1200, 20))
def test_no_line_of_japanese_begins_or_ends_with_what_may_not(width):
    set_lines = lines(JAPANESE, MINCHO.at(30), max(width, 150), 100)
    assert "".join(set_lines) == JAPANESE
    assert not {line[0] for line in set_lines[1:]} & NOT_FIRST
    assert not {line[-1] for line in set_lines[:-1]} & NOT_LAST


@pytest.mark.parametrize("seed", range(20))
def test_no_line_is_too_long_and_no_word_is_lost(seed):
    chance = random.Random(seed)
    letters = "abcdefghijklmnopqrstuvwxyzéß "
    text = " ".join("".join(chance.choices(letters, k=chance.randint(1, 160))).split()) or "a"
    font, width = SERIF.at(60), 500
    set_lines = lines(text, font, width, 100)
    assert all(font.getlength(line) <= width for line in set_lines)
    assert "".join(set_lines).replace("-", "").replace(" ", "") == text.replace(" ", "")


def test_lines_are_about_as_long_as_each_other():
    font = SERIF.at(60)
    text = "Pentagon chief reassures Japan over the alliance now"
    set_lines = lines(text, font, 1000, 5)
    assert len(set_lines) == 2
    lengths = sorted(font.getlength(line) for line in set_lines)
    assert lengths[0] > lengths[1] * 0.7


def test_a_text_that_needs_more_lines_than_there_may_be_has_none():
    assert lines("one two three four", SERIF.at(60), 120, 3) == []
    assert len(lines("one two three four", SERIF.at(60), 170, 4)) == 4


def test_a_word_longer_than_a_line_is_broken_with_a_hyphen():
    first, *_rest = lines("Rindfleischetikettierungsüberwachung", SERIF.at(60), 500, 5)
    assert first.endswith("-")
