"""What goes from a text, and what stays because writing needs it."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comments.normalising import normalised, normalised_html

KEPT = [
    "plain\ttext\nin two lines",
    "Nguyễn Thị Ánh Ngọc đã viết",
    "בְּרֵאשִׁ֖ית בָּרָ֣א אֱלֹהִ֑ים",  # vowels and cantillation
    "יְרוּשָׁלִַ֔ם שִּׁ֔יר",
    "بِسْمِ ٱللَّهِ ٱلرَّحْمَٰنِ ٱلرَّحِيمِ",
    "เปี๊ยกน้ำฝน ที่นี่",
    "မြို့မငြိမ်း",
    "བསྟན་འཛིན་རྒྱ་མཚོ རྐྱེན",
    "नरेन्द्र मोदी",
    "می\u200cخواهم کتاب\u200cها",  # Persian parts a word's pieces so
    "क्\u200dष र्\u200dय",  # a half letter
    "ශ්\u200dරී ලංකාව",
    "ക്\u200cഷ",
    "ᠮᠣᠩᠭᠣᠯ\u180b",
    "👨\u200d👩\u200d👧\u200d👦 ❤\ufe0f\u200d🔥 👩🏽\u200d💻 🏳\ufe0f\u200d🌈 🙂\u200d↔\ufe0f",
    "1\ufe0f\u20e3 ©\ufe0f ℹ\ufe0f ☺\ufe0e",
    "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",  # Scotland
    "葛\U000e0100城",
    "שלום C++\u200e ועוד",
    "a \u2067שלום\u2069 b \u2068x \u2066y\u2069\u2069",
    "\u202a+49 30 123\u202c",
    "⠓⠑⠇⠇⠕\u2800⠺⠕⠗⠇⠙",
    "\u0600١٢",  # a sign that encloses the number after it
    "ɔ̃̀ː ə̆̂",
    "日本語。ﾊﾝｶｸ ＡＢＣ",
    "한국어 中文 ᏣᎳᎩ 🇯🇵",
]


@pytest.mark.parametrize("text", KEPT, ids=range(len(KEPT)))
def test_what_writing_needs_stays(text):
    assert normalised(text) == text


DROPPED = {
    "NUL": ("a\x00b", "ab"),
    "controls": ("a\x08\x1b\x7f\x9bb", "ab"),
    "a lone surrogate": ("a\ud800b", "ab"),
    "noncharacters": ("a\ufdd0\ufffe\U0001ffffb", "ab"),
    "a byte order mark": ("\ufeffa", "a"),
    "zero-width space": ("v\u200bi\u200ba", "via"),
    "word joiner and invisible operators": ("a\u2060\u2061\u2064b", "ab"),
    "soft hyphen": ("Ed\u00aditor", "Editor"),
    "joiners between Latin letters": ("a\u200db\u200cc", "abc"),
    "a joiner at the end": ("می\u200c", "می"),
    "two joiners": ("می\u200c\u200cخ", "می\u200cخ"),
    "a joiner after an emoji alone": ("👨\u200d", "👨"),
    "a joiner between emoji and letter": ("👨\u200da", "👨a"),
    "right-to-left override": ("a\u202egpj.exe", "agpj.exe"),
    "a closed override": ("a\u202eb\u202cc", "abc"),
    "an override in an isolate": ("a\u2067\u202eb\u202c\u2069c", "a\u2067b\u2069c"),
    "an open embedding": ("\u202aabc", "abc"),
    "an open isolate": ("a\u2067b\nc", "ab\nc"),
    "an isolate closed in the next line": ("a\u2067b\nc\u2069", "ab\nc"),
    "an end without a start": ("a\u2069\u202cb", "ab"),
    "an embedding left open in an isolate": ("\u2066\u202aa\u2069\u202c", "\u2066a\u2069"),
    "direction marks without such letters": ("a\u200eb\u200f\u061c", "ab"),
    "a direction mark within a word": ("של\u200fום", "שלום"),
    "hangul fillers": ("a\u3164\uffa0\u115fb", "ab"),
    "grapheme joiner": ("a\u034fb", "ab"),
    "hidden tag letters": ("a\U000e0041\U000e007fb", "ab"),
    "hidden tag letters behind a flag": ("🏴" + "\U000e0061" * 20 + "\U000e007f", "🏴"),
    "hidden selectors": ("a\ufe01\U000e0101b", "ab"),
    "more selectors on one emoji": ("😀\ufe0f\ufe01\U000e0105", "😀\ufe0f"),
    "interlinear annotation": ("a\ufff9b\ufffac\ufffb", "abc"),
    "line separators": ("a\u2028b\u2029c", "a\nb\nc"),
    "windows line ends": ("a\r\nb\rc", "a\nb\nc"),
    "decomposed letters": ("e\u0301", "é"),
    "a mark that was kept away from its letter": ("e\u200b\u0301", "é"),
    "a tower": ("Z" + "\u0351\u036b\u0313\u036a" * 9 + "a", "Z\u0351\u036b\u0313a"),
    "a tower on nothing": ("\u0351" * 40, "\u0351" * 3),
    "a tower with joiners between": ("Z" + "\u0351\u200d" * 40, "Z\u0351\u0351\u0351"),
    "a tower on Thai": ("ก" + "\u0e49" * 40, "ก" + "\u0e49" * 6),
    "circles round circles": ("a" + "\u20dd" * 9, "a" + "\u20dd" * 3),
}


@pytest.mark.parametrize(("typed", "kept"), DROPPED.values(), ids=DROPPED)
def test_what_cannot_be_seen_or_breaks_out_goes(typed, kept):
    assert normalised(typed) == kept


IN_HTML = {
    "by reference": ("<p>a\u202eb\u200bc</p>", "<p>abc</p>"),
    "a tower over tags": (
        "<p>Z\u0351\u0351<b>\u0351\u0351</b><i>\u0351</i></p>",
        "<p>Z\u0351\u0351<b>\u0351</b><i></i></p>",
    ),
    "an isolate over tags": (
        "<p>é \u2067<b>x</b>\u2069</p>",
        "<p>é \u2067<b>x</b>\u2069</p>",
    ),
    "an isolate over lines": ("<p>\u2067x<br>y\u2069</p>", "<p>x<br>y</p>"),
    "an isolate over paragraphs": ("<p>\u2067x</p><p>y\u2069</p>", "<p>x</p><p>y</p>"),
    "a joiner beside a tag": ("<p>می\u200c<b>خ</b></p>", "<p>می\u200c<b>خ</b></p>"),
    "what looks like a tag": ("<p>&lt;b&gt;é\u200b &amp;amp;</p>", "<p>&lt;b&gt;é &amp;amp;</p>"),
}


@pytest.mark.parametrize(("html", "kept"), IN_HTML.values(), ids=IN_HTML)
def test_tags_part_no_letter_from_its_marks_and_lines_end_isolates(html, kept):
    assert normalised_html(html) == kept


ODD = list(
    "\u0301\u0338\u034f\u0600\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2066\u2067\u2068\u2069\ufe0f\U000e0101\U0001f3f4\U000e0067\U000e007f\u2028\ud800\ufffe"
    "\u1160ae1مخक्שก葛👨❤<>\n◌é가"
)
odd_text = st.one_of(
    st.lists(st.sampled_from(ODD), max_size=30).map("".join),
    st.text(st.characters(categories=["Cf", "Mn", "Me", "Lo", "So", "Cc", "Zs"]), max_size=30),
    st.text(max_size=50),
)


@given(odd_text)
@settings(max_examples=500, deadline=None)
def test_normalising_again_changes_nothing(text):
    assert normalised(normalised(text)) == normalised(text)


@given(odd_text)
@settings(max_examples=500, deadline=None)
def test_nothing_that_is_never_kept_comes_through(text):
    kept = normalised(text)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202d\u202e\u2060\ud800-\udfff]", kept)
    for line in kept.split("\n"):
        assert len(re.findall("[\u2066-\u2068]", line)) == line.count("\u2069")
        assert len(re.findall("[\u202a\u202b]", line)) == line.count("\u202c")
    assert not re.search("[a-z][\u0300-\u036f]{4}|[\u0300-\u036f]{7}", kept)


@pytest.mark.parametrize(
    "piece", ["\u2067", "\u202e\u202c", "\u0351", "\u200d", "م\u200c", "\u2069"]
)
def test_the_longest_text_of_the_worst_kind_is_normalised_at_once(piece):
    text = (piece * 5000)[:5000]
    started = time.process_time()
    normalised(text)
    normalised_html(f"<p>{text}</p>")
    assert time.process_time() - started < 1
