"""How what a reader typed is read."""

import pytest

from articles.search.query import MOST_SIGNS, MOST_TERMS, begun, clean, parse


def said(query):
    """Terms as one would write them: -"a b"*"""
    return [
        f"{'-' * term.is_excluded}{'_'.join(term.words)}{'*' * term.is_prefix}"
        for term in query.terms
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ferry strike", ["ferry", "strike"]),
        ("ferry  ferry", ["ferry"]),
        ('"ferry strike" harbour', ["ferry_strike", "harbour"]),
        ("“ferry strike”", ["ferry_strike"]),
        ('"ferry strike', ["ferry_strike"]),
        ('say "ferry" now', ["say", "ferry", "now"]),
        ("ferry -strike", ["ferry", "-strike"]),
        ('ferry -"one day"', ["ferry", "-one_day"]),
        ("ferry −strike", ["ferry", "-strike"]),
        ("well-known", ["well_known"]),
        ("harb*", ["harb*"]),
        ('"the harb"*', ["the_harb*"]),
        ("a*", ["a"]),
        ("Größe", ["grosse"]),
        ("東京", ["東京"]),
        ("東", ["東*"]),
        ("東京都", ["東京_京都"]),
        ("東京　大阪", ["東京", "大阪"]),
        ('"東京、大阪"', ["東京_京_大阪"]),
        ("iPhone発売", ["iphone_発売"]),
        ("-東京", ["-東京"]),
        ('- -- * " “ ) (', []),
        ("AND OR NOT NEAR", ["and", "or", "not", "near"]),
        ("headline:ferry", ["headline_ferry"]),
        ("", []),
    ],
)
def test_words_phrases_exclusions_and_beginnings_are_told_apart(text, expected):
    assert said(parse(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("harb", ["harb*"]),
        ("ferry harb", ["ferry", "harb*"]),
        ("ferry ", ["ferry"]),
        ("東京", ["東京"]),
        ("ferry -har", ["ferry", "-har"]),
        ("", []),
    ],
)
def test_the_last_word_may_go_on_while_one_types(text, expected):
    assert said(begun(text)) == expected


def test_a_single_word_is_also_found_by_its_stem_but_not_in_quotes():
    ferries, quoted, both = (parse(text).terms[0] for text in ("ferries", '"ferries"', "ferr*"))
    assert ferries.stem.endswith("ferri")
    assert (quoted.stem, both.stem) == ("", "")


def test_of_a_long_question_the_beginning_counts():
    assert parse("a" * (MOST_SIGNS + 1)).was_cut
    many = parse(" ".join(f"w{number}" for number in range(MOST_TERMS + 1)))
    assert (len(many.terms), many.was_cut) == (MOST_TERMS, True)
    assert not parse("ferry").was_cut


def test_what_cannot_be_shown_is_taken_out():
    assert clean(" a\x00b \n c\ud800\u202e ") == "a b c"
