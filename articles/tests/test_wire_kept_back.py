"""What stands in a wire and is not for readers: taken out, and never lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.html_tree import read
from articles.importers.wire.kept_back import parted


def paragraphs(*words):
    return "".join(f"<p>{each}</p>" for each in words)


@pytest.mark.parametrize(
    "line",
    [
        "bur-abc/xyz/mtp",
        "ab/cd",
        "jk-lm/no",
        "-- END --",
        "ENDS",
        "Newsroom: +33 1 40 41 46 46",
        "Tel: 020 7946 0123",
        "London desk, tel +44 20 7946 0123",
    ],
)
def test_a_line_of_the_desk_at_the_end_is_kept_back(line):
    html, kept = parted(paragraphs("One.", "Two.", line))
    assert (html, kept) == (paragraphs("One.", "Two."), (line,))


def test_a_notebook_at_the_end_is_kept_back_whole():
    notes = ("NOT FOR PUBLICATION", "The minister can be reached.", "Ask for Ada.")
    assert parted(paragraphs("One.", "Two.", "Three.", *notes)) == (
        paragraphs("One.", "Two.", "Three."),
        notes,
    )


def test_a_note_to_editors_at_the_beginning_is_kept_back():
    note = "EDITORS: graphics follow."
    assert parted(paragraphs(note, "One.", "Two.")) == (paragraphs("One.", "Two."), (note,))


@pytest.mark.parametrize(
    "last",
    [
        "The end.",
        "He called her on his phone at 9.",
        "The score was 3-2.",
        "Editors of the paper met on Monday and decided nothing.",
        "More than 400 people came.",
        "Not for publication, he said, is what he liked to say of it; he had said so before.",
        "She lives and/or works there.",
    ],
)
def test_a_last_paragraph_in_doubt_stays(last):
    if last.startswith("Not for"):
        html = paragraphs(last, "One.", "Two.", "Three.")
        assert parted(html)[1] == (last,)  # a note at the beginning: the desk reads it
    else:
        assert parted(paragraphs("One.", "Two.", last)) == (paragraphs("One.", "Two.", last), ())


def test_a_text_of_nothing_but_notes_stays_for_the_desk_to_read():
    html = paragraphs("bur-abc/xyz")
    assert parted(html) == (html, ())


LINES = st.lists(
    st.sampled_from(
        ["One.", "ab/cd", "NOT FOR PUBLICATION", "Tel: 0123 456789", "EDITORS: x", "-"]
    ),
    max_size=12,
)


@given(LINES)
def test_no_word_is_ever_lost(lines):
    html, kept = parted(paragraphs(*lines))
    left = [each.text for each in read(html).elements()]
    assert sorted([*left, *kept]) == sorted(lines)
