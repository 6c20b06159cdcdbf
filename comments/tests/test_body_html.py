"""The HTML that readers' texts become, and all that they must not become."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.tests.factories import make_article
from comments.body_html import ALLOWED, MAX_LENGTH, clean, is_empty, readable
from comments.tests.factories import make_approved
from comments.tests.hostile import XSS
from comments.tests.reading import by_class, by_id, fragment, page
from newsroom.clean_html import plain, plain_html

TAGS = {"p", "br", "a", "b", "strong", "i", "em", "code", "blockquote", "cite", "q", "del"}
RELATION = "nofollow ugc noopener"


def scheme_of(href):
    """What a browser takes for the scheme; "" where it takes the address for a relative one."""
    href = re.sub("[\t\n\r]", "", href.lstrip("".join(map(chr, range(33)))))
    found = re.match(r"([a-z][a-z0-9+.-]*):", href, re.IGNORECASE)
    return found[1].lower() if found else ""


def assert_harmless(html, *, with_relation=True):
    """Read as a browser reads it: only what is allowed, in no other form."""
    for element in fragment(html).iter():
        if element.tag == "DOCUMENT_FRAGMENT":
            continue
        assert element.tag in TAGS
        attributes = dict(element.attrib)
        if element.tag == "a":
            if with_relation:
                assert attributes.pop("rel") == RELATION
            assert scheme_of(attributes.pop("href", "")) in {"", "http", "https"}
        assert attributes == {}


# --- What is allowed --------------------------------------------------------------------------


@pytest.mark.parametrize("tag", sorted(TAGS - {"p", "br", "a", "blockquote"}))
def test_what_marks_words_is_kept(tag):
    assert clean(f"a <{tag}>b</{tag}> c") == f"<p>a <{tag}>b</{tag}> c</p>"


def test_the_allowed_tags_are_these_and_no_others():
    assert ALLOWED.tags == TAGS
    assert ALLOWED.attributes == {"a": {"href"}}
    assert ALLOWED.schemes == {"http", "https"}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("one", "<p>one</p>"),
        ("one\ntwo", "<p>one<br>two</p>"),
        ("one\r\ntwo\rthree", "<p>one<br>two<br>three</p>"),
        ("one\n\ntwo", "<p>one</p><p>two</p>"),
        ("one\n \t \n\n\ntwo", "<p>one</p><p>two</p>"),
        ("\n\n one \n\n", "<p>one</p>"),
        ("one<br>two", "<p>one<br>two</p>"),
        ("one\n<b>two\nthree</b>", "<p>one<br><b>two<br>three</b></p>"),
        ("<b>one\n\ntwo</b>", "<p><b>one</b></p><p><b>two</b></p>"),
        ("<b>never closed", "<p><b>never closed</b></p>"),
        ("1 < 2 && 3 > 2", "<p>1 &lt; 2 &amp;&amp; 3 &gt; 2</p>"),
        ("I <3 this", "<p>I &lt;3 this</p>"),
        ("&lt;b&gt; &amp; &eacute;", "<p>&lt;b&gt; &amp; é</p>"),
        ("e\u0301", "<p>é</p>"),
        ("a\x00b\x08c\x1bd\x85e\ufefff\ud800g", "<p>abcdefg</p>"),
        ("tab\there", "<p>tab\there</p>"),
        ("日本語\n\nعربى", "<p>日本語</p><p>عربى</p>"),
        ("<u>one</u> <font color=red>two</font>", "<p>one two</p>"),
    ],
)
def test_line_ends_become_lines_and_paragraphs(text, html):
    assert clean(text) == html


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://example.org/?a=1&b=2", "https://example.org/?a=1&amp;b=2"),
        ("http://example.org/", "http://example.org/"),
        ("HTTPS://example.org/", "HTTPS://example.org/"),
    ],
)
def test_every_link_tells_search_engines_and_the_target_nothing(href, expected):
    html = f'<p><a href="{expected}" rel="{RELATION}">x</a></p>'
    assert clean(f'<a href="{href}">x</a>') == html
    assert clean(f'<a rel="me follow" target="_blank" href="{href}" class="x">x</a>') == html


def test_what_is_no_markup_stays_text():
    assert readable(clean("Tom &amp; Jerry <b>run</b>\nfast")) == "Tom & Jerry run\nfast"


# --- What must not come through ---------------------------------------------------------------


@pytest.mark.parametrize("payload", XSS, ids=range(len(XSS)))
def test_no_known_attack_comes_through(payload):
    assert_harmless(clean(payload))


@pytest.mark.parametrize("payload", XSS, ids=range(len(XSS)))
@pytest.mark.parametrize(
    "around",
    ["<b>{}</b>", "<a href='https://example.org/{}'>x</a>", "<blockquote>{}\n\n{}", "x\n{}"],
)
def test_no_known_attack_comes_through_within_what_is_allowed(payload, around):
    assert_harmless(clean(around.replace("{}", payload)[:MAX_LENGTH]))


@pytest.mark.parametrize("payload", XSS, ids=range(len(XSS)))
def test_each_of_the_two_gates_holds_alone(payload):
    assert_harmless(ALLOWED._bleach.clean(plain(payload)), with_relation=False)
    assert_harmless(ALLOWED._nh3.clean(plain(payload)))


WORDS = """
    < > </ /> <!-- --> & ; &# &#x 1 a " ' = p b i q code blockquote svg math style script title
    textarea mtext mglyph table td form template noscript select href onclick javascript:
    https://x.org/ <p> <b> </b> <svg> <math> <style> <![CDATA[ ]]> é
"""
MARKUP = [
    *WORDS.split(),
    " ",
    "\n",
    "\r",
    "\x01",
    "\u200b",
    "\u0301",
    "\u0338",
    "\ufffe",
    "<a href=",
]
hostile_text = st.one_of(
    st.lists(st.sampled_from(MARKUP), max_size=40).map("".join),
    st.lists(st.sampled_from(XSS), max_size=4).map("".join),
    st.text(max_size=200),
).map(lambda text: text[:MAX_LENGTH])


@given(hostile_text)
@settings(max_examples=400, deadline=None)
def test_nothing_that_can_be_typed_comes_through(text):
    assert_harmless(clean(text))


@given(hostile_text)
@settings(max_examples=400, deadline=None)
def test_cleaning_again_changes_nothing(text):
    html = clean(text)
    assert ALLOWED.clean(html) == html
    if len(html) <= MAX_LENGTH:
        assert clean(html) == html


@given(hostile_text)
@settings(max_examples=200, deadline=None)
def test_the_two_gates_change_nothing_the_second_time(text):
    """Without the paragraphs that clean() makes before them."""
    html = ALLOWED.clean(plain_html(text))
    assert ALLOWED.clean(html) == html


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("\u0338hello", "<p>\u0338hello</p>"),  # > and U+0338 are ≯ in NFC, and no tag's end
        ("one\n\u0338two", "<p>one<br>\u0338two</p>"),
        ("p<svg>\u0301", "<p>\u1e55</p>"),
        ("e&#769;", "<p>é</p>"),
        ("e<b>&#769;</b>", "<p>e<b>\u0301</b></p>"),
    ],
)
def test_a_mark_after_a_tag_stays_there_however_often_it_is_cleaned(text, html):
    assert clean(text) == html
    assert ALLOWED.clean(html) == html


@given(hostile_text)
@settings(max_examples=200, deadline=None)
def test_no_control_character_comes_out_of_the_cleaning(text):
    """One of them would make the feed no XML."""
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]", clean(text))


@pytest.mark.parametrize(
    "reference",
    ["&#1;", "&#x1;", "&#X1;", "&#0000001;", "&#1", "&#12;", "&#xb;", "&#27;", "&#127;", "&#xfffe;"]
    + ["&#xFFFF;", "&#8", "&#xfeff;", "&#x1F;"],
)
def test_a_control_character_in_code_is_no_way_round(reference):
    assert clean(f"a{reference}-b") == "<p>a-b</p>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a&#x202e;b&#8203;c&zwj;d&shy;e", "<p>abcde</p>"),
        ("a&&#8203;#8203;b", "<p>a&amp;#8203;b</p>"),
        ("Z" + "&#x351;" * 40, "<p>Z\u0351\u0351\u0351</p>"),
        ("Z" + "<b>\u0351\u0351</b>" * 9, "<p>Z<b>\u0351\u0351</b><b>\u0351</b>"),
        ("\u2067a\n\nb", "<p>a</p><p>b</p>"),
        ("<blockquote>x</blockquote>", "<blockquote>x</blockquote>"),
        ("\u200b", ""),
        ("می\u200cخواهم", "<p>می\u200cخواهم</p>"),
    ],
)
def test_what_cannot_be_seen_goes_however_it_was_typed(text, html):
    assert clean(text).startswith(html)
    assert not re.search("\u0351{4}", re.sub("<[^>]*>", "", clean(text)))


# --- Bounds -----------------------------------------------------------------------------------


def test_more_than_the_longest_text_is_refused_before_it_is_cleaned(monkeypatch):
    """Cleaning takes more than linear time, so nobody may choose how long it takes."""
    assert clean("x" * MAX_LENGTH) == f"<p>{'x' * MAX_LENGTH}</p>"
    monkeypatch.setattr("comments.body_html.plain_html", lambda text: pytest.fail("was cleaned"))
    with pytest.raises(ValueError, match="5000"):
        clean("x" * (MAX_LENGTH + 1))


WORST = [
    "<p><b><i></p>",
    "<",
    "&",
    "<a href=",
    "\n \n",
    "<b>",
    "</b>",
    "<!--",
    "&#1;",
    "<q><q>",
    "é\u0301",
]


@pytest.mark.parametrize("piece", WORST)
def test_the_longest_text_of_the_worst_kind_is_cleaned(piece):
    text = (piece * MAX_LENGTH)[:MAX_LENGTH]
    started = time.process_time()
    html = clean(text)
    assert time.process_time() - started < 1
    assert_harmless(html)
    assert ALLOWED.clean(html) == html


@pytest.mark.parametrize(
    ("html", "empty"),
    [
        ("", True),
        ("<p></p>", True),
        ("<p><br><b> </b>&nbsp;</p>", True),
        ("<p>\u200b\u2060\u00ad\ufe0f</p>", True),
        ("<p>\u0301</p>", True),
        ("<p>.</p>", False),
        ("<p>&lt;</p>", False),
        ("<p>👍\ufe0f</p>", False),
        ("<p><code>0</code></p>", False),
    ],
)
def test_empty_is_what_nobody_can_read(html, empty):
    assert is_empty(html) is empty


# --- On the page ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_reply_cannot_leave_its_place_on_the_page(client):
    article = make_article()
    before = len(list(page(client.get(article.get_absolute_url())).iter("form")))
    numbers = [
        make_approved(article=article, text=f"{number} {text}").pk
        for number, text in enumerate(XSS[-40:])
    ]
    shown = page(client.get(article.get_absolute_url()))
    assert len(list(shown.iter("form"))) == before
    assert by_id(shown, "respond").tag == "section"
    for number in numbers:
        (text,) = by_class(by_id(shown, f"comment-{number}"), "reply-text")
        assert {each.tag for each in text.iter()} <= TAGS | {"div"}


@pytest.mark.parametrize(
    ("text", "times"),
    [("One\n\ntwo", 1), ("日本語 &nbsp;\xa0x <b>y</b>", 1), ("See https://example.org.", 2)],
)
def test_what_needs_no_change_passes_the_gates_once(text, times, monkeypatch):
    passed, gates = [], type(ALLOWED).clean

    def noted(self, html):
        passed.append(html)
        return gates(self, html)

    monkeypatch.setattr(type(ALLOWED), "clean", noted)
    clean(text)
    assert len(passed) == times
