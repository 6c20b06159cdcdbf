"""What the words of a text are, to search."""

import pytest

from articles.body_text import text_of
from articles.search.tokens import LONGEST, rough_words, stem, tokens, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Ferry, again!", "the ferry again"),
        ("COVID-19 in the U.S.", "covid 19 in the u s"),
        ("Japan's and Japan’s", "japan and japan"),
        ("l'eau, don't, O'Brien", "l eau don t o brien"),
        ("snake_case", "snake case"),
        ("état Ångström Größe Straße", "etat angstrom grosse strasse"),
        ("Łódź Ørsted Æther Þór İstanbul ısı", "lodz orsted aether thor istanbul isi"),
        ("e\u0301tat", "etat"),
        ("Ελλάδα ΕΛΛΆΔΑ", "ελλαδα ελλαδα"),
        ("ёлка край", "елка край"),
        ("ﬁne Ｔｏｋｙｏ ２０２６", "fine tokyo 2026"),
        ("½ m²", "1 2 m2"),
        ("شَمْس أحمد", "شمس احمد"),
        ("שָׁלוֹם", "שלום"),
        ("हिन्दी समाचार", "हिन्दी समाचार"),
        ("soft\u00adhyphen zero\u200bwidth", "softhyphen zerowidth"),
        ("東京", "東京 京"),
        ("東京都庁", "東京 京都 都庁 庁"),
        ("日", "日"),
        ("東京、大阪", "東京 京 大阪 阪"),
        ("iPhone発売中2台", "iphone 発売 売中 中 2 台"),
        ("は ば ぱ", "は ば ぱ"),
        ("ガザ カサ", "ガザ ザ カサ サ"),
        ("ｶﾞｻﾞ", "ガザ ザ"),
        ("か\u3099", "が"),
        ("か゛さ", "か さ"),
        ("コンピューター", "コン ンピ ピュ ュー ータ ター ー"),
        ("한국 뉴스", "한국 국 뉴스 스"),
        ("北京大学", "北京 京大 大学 学"),
        ("ข่าว", "ข่ ่า าว ว"),
        ("ǂrun ǁsection1", "run section1"),
        ("… — !? \x00 \ud800 🙂", ""),
        ("", ""),
    ],
)
def test_words_are_folded_and_scripts_without_spaces_are_read_in_pairs(text, expected):
    assert " ".join(words(text)) == expected


@pytest.mark.parametrize(
    "text",
    ["Japan’s “ﬁrst” Größe, O'Brien ½ m² soft\u00adhyphen", "हिन्दी समाचार", "snake_case x" * 20],
)
def test_what_is_read_roughly_has_all_the_words(text):
    roughly = rough_words(text)
    assert roughly is not None
    assert set(words(text)) <= roughly


def test_pairs_of_signs_are_not_read_roughly():
    assert rough_words("the iPhone発売") is None


def test_a_token_knows_where_it_stands():
    text = "Die Größe von Ｔｏｋｙｏ, 東京都."
    found = {token.word: text[token.start : token.end] for token in tokens(text)}
    assert found["grosse"] == "Größe"
    assert found["tokyo"] == "Ｔｏｋｙｏ"
    assert (found["東京"], found["京都"], found["都"]) == ("東京", "京都", "都")


def test_signs_that_become_fewer_are_marked_as_a_whole():
    assert {(token.start, token.end) for token in tokens("(ｶﾞｻﾞ)")} == {(1, 5)}


def test_a_token_is_never_longer_than_an_index_bears():
    assert [len(word) for word in words("a" * 100_000)] == [LONGEST]


@pytest.mark.parametrize(
    "text", ["a b", "a'b", 'a"b', "a\\b", "a:b", "a*b", "a\u00a0b", "a\u2028b"]
)
def test_a_token_holds_no_sign_that_an_index_reads(text):
    assert words(text) == ["a", "b"]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("ferries", "ǂferri"),
        ("running", "ǂrun"),
        ("2026", ""),
        ("größe", ""),
        ("東京", ""),
    ],
)
def test_only_what_can_be_english_has_a_stem(word, expected):
    assert stem(word) == expected


def test_the_text_of_a_body_keeps_paragraphs_apart_and_words_together():
    html = "<p>One <strong>w</strong>ord &amp; two</p><p>Three</p><ul><li>Four</li></ul>"
    assert text_of(html).split() == ["One", "word", "&", "two", "Three", "Four"]
