"""What word processors put into the clipboard, as the server reads it. The same in the editor:
tests/test_desk_pasting.py."""

from pathlib import Path

import pytest

from articles.body_html import clean

CLIPBOARD = Path(__file__).parent / "samples/clipboard"
SAMPLES = sorted(path for path in CLIPBOARD.glob("*.html") if ".clean" not in path.suffixes)


def expected(sample):
    return sample.with_suffix(".clean.html").read_text().replace("\n", "")


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_copy_from_a_word_processor_is_plain_paragraphs(sample):
    assert clean(sample.read_text()).replace("\n", "") == expected(sample)


def test_there_are_samples_of_both_word_processors():
    assert {sample.stem for sample in SAMPLES} == {"google-docs", "word"}


@pytest.mark.parametrize(
    ("pasted", "stored"),
    [
        ("<b style='font-weight:normal'><p>a</p></b>", "<p>a</p>"),
        ("<b style='mso-bidi-font-weight:normal'>a</b>", "<p><strong>a</strong></p>"),
        ("<span style='FONT-WEIGHT: Bold'>a</span>", "<p><strong>a</strong></p>"),
        ("<span style='font-weight:600;font-style:oblique'>a</span>b", None),
        ("<i style='font-style:normal'>a</i>", "<p>a</p>"),
        ("<span style='font-weight:500'>a</span>", "<p>a</p>"),
        ("<p>a<span style='display:none'>b</span></p>", "<p>a</p>"),
        ("<h2 style='font-weight:700'><span style='font-weight:400'>a</span></h2>", "<h2>a</h2>"),
    ],
)
def test_bold_and_italic_are_what_the_style_says(pasted, stored):
    assert clean(pasted) == (stored or "<p><strong><em>a</em></strong>b</p>")


def item(text, level=1, marker="·"):
    ignored = f"<span style='mso-list:Ignore'>{marker}<span>&nbsp;&nbsp; </span></span>"
    return f"<p class=MsoListParagraph style='mso-list:l0 level{level} lfo1'>{ignored}{text}</p>"


@pytest.mark.parametrize(
    ("pasted", "stored"),
    [
        (item("a") + item("b"), "<ul><li>a</li><li>b</li></ul>"),
        (item("a", marker="1.") + item("b", marker="2."), "<ol><li>a</li><li>b</li></ol>"),
        (item("a", marker="iv)"), "<ol><li>a</li></ol>"),
        (item("a") + item("b", marker="1."), "<ul><li>a</li></ul><ol><li>b</li></ol>"),
        (
            item("a") + item("b", 2, "1.") + item("c", 3) + item("d"),
            "<ul><li>a<ol><li>b<ul><li>c</li></ul></li></ol></li><li>d</li></ul>",
        ),
        (item("a", 2) + item("b"), "<ul><li>a</li><li>b</li></ul>"),
        ("<p>x</p>" + item("a") + "<p>y</p>", "<p>x</p><ul><li>a</li></ul><p>y</p>"),
        ("<p class=MsoListParagraph>·&nbsp;&nbsp; a</p>", "<ul><li>a</li></ul>"),
        ("<p class=MsoListParagraph>no list</p>", "<p>no list</p>"),
        (item(""), ""),
    ],
)
def test_paragraphs_that_word_draws_as_a_list_are_one(pasted, stored):
    assert clean(pasted) == stored
