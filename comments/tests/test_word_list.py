"""How a list of words is kept, and that looking for it grows with the text alone."""

import random
from typing import Any

import pytest

from comments.moderation import word_list as module
from comments.moderation.word_list import LONGEST_ENTRY, Index, WordList, word_list

LETTERS = "abcdefghijklmnoprstuvwy"


def find(lines: str, text: str) -> Any:
    return WordList(lines).find(text)


def many_words(count, *, seed=1):
    chosen = random.Random(seed)
    return ["".join(chosen.choices(LETTERS, k=chosen.randint(4, 18))) for _ in range(count)]


def test_a_list_is_made_once_in_a_process():
    assert word_list("once\nonly") is word_list("once\n" + "only")
    assert word_list("once\nonly") is not word_list("once\nmore")


def test_every_entry_of_a_long_list_is_found():
    words = many_words(20_000)
    listed: Any = WordList("\n".join(words))
    for word in words[::500]:
        assert listed.find(f"It says {word.upper()} here.").span == (8, 8 + len(word))
    assert listed.find("Nothing of that kind, q q q.") is None


def test_lines_may_end_in_any_way():
    for ending in ("\n", "\r\n", "\r", "\u2028"):
        assert find(f"one{ending}two{ending}", "two").entry == "two"


@pytest.mark.parametrize("line", ["", " ", "*", "***", "* *", "\u200b", "\u00ad", "\u0301"])
def test_a_line_without_anything_to_find_finds_nothing(line):
    listed = WordList(line)
    for text in ("", " ", "text", "a\u200bb\u00ad", "*", "a\u0301"):
        assert listed.find(text) is None


def test_a_line_that_is_too_long_is_no_entry():
    assert find("x" * LONGEST_ENTRY, "x" * LONGEST_ENTRY)
    assert find("x" * (LONGEST_ENTRY + 1), "x" * (LONGEST_ENTRY + 1)) is None


def test_the_first_in_the_text_is_told():
    hit = find("one\ntwo\nthree", "Three, two, one.")
    assert (hit.entry, hit.span) == ("three", (0, 5))


def test_one_entry_in_two_ways_of_writing_is_found_by_either():
    assert find("casino\ncasino*", "casinos").entry == "casino*"
    assert find("casino*\ncasino", "a casino").entry == "casino*"


def counted(monkeypatch):
    """How many occurrences were looked at: each takes a step."""
    steps = []
    original = Index.occurrences

    def occurrences(self, letters):
        for found in original(self, letters):
            steps.append(found[:2])
            yield found

    monkeypatch.setattr(Index, "occurrences", occurrences)
    return steps


@pytest.mark.parametrize(
    ("words", "piece"),
    [
        ("abab*x\nzab", "ab"),
        ("a a b\naaaa aaab", "a"),
        ("f*c*k\nc*k*z", "ck"),
        ("v.i.a.g.r.a", "v.i.a.g.r.x."),
        ("死ねよ", "死ね"),
        ("сукаx\ncykay", "cyкa"),
    ],
)
def test_steps_grow_with_the_text_and_no_faster(monkeypatch, words, piece):
    listed = WordList(words)
    steps = counted(monkeypatch)
    listed.find(piece * 200)
    few = len(steps)
    steps.clear()
    listed.find(piece * 2000)
    assert len(steps) <= 10 * few + 20


def test_steps_do_not_grow_with_the_list(monkeypatch):
    text = "The quick brown fox jumps over the lazy dog. " * 20
    shorter, longer = (
        WordList("\n".join(f"{word}q" for word in many_words(count))) for count in (50, 20_000)
    )
    steps = counted(monkeypatch)
    for listed in (shorter, longer):
        assert listed.find(text) is None
    assert not steps


def test_a_word_with_wildcards_within_is_tried_once_in_a_word(monkeypatch):
    tried = []
    original = module._glob_span

    def counting(entry, folded, at):
        tried.append(at)
        return original(entry, folded, at)

    monkeypatch.setattr(module, "_glob_span", counting)
    find("a*b*ck*x", "ck" * 2000 + " ckckck")
    assert tried == [0, 1]
