import re
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.clean_html import Allowlist, plain

ALLOWED = Allowlist(
    tags=frozenset(["p", "br", "em", "a", "blockquote"]),
    attributes={"a": frozenset(["href"])},
    schemes=frozenset(["http", "https"]),
    set_attributes={"a": {"rel": "nofollow"}},
)

A_LINK = '<a href="https://a.example/?b=1" rel="nofollow">c</a>'


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"),
        ("tab\tstays", "tab\tstays"),
        ("nul\x00, bell\x07, escape\x1b, delete\x7f", "nul, bell, escape, delete"),
        ("vertical\x0btab, form\x0cfeed, next\x85line", "verticaltab, formfeed, nextline"),
        ("\ufeffbyte order mark", "byte order mark"),
        ("lone \ud800 surrogate", "lone  surrogate"),
        ("e\u0301", "é"),
        ("日本語 עברית \U0001f5de", "日本語 עברית \U0001f5de"),
    ],
)
def test_plain_text_has_one_form_and_no_control_characters(written, expected):
    assert plain(written) == expected


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<p>One <em>two</em></p>", "<p>One <em>two</em></p>"),
        ("<p>a<br>b</p>", "<p>a<br>b</p>"),
        ("5 < 6 & 7 > 6", "5 &lt; 6 &amp; 7 &gt; 6"),
        ("&lt;script&gt; is a tag", "&lt;script&gt; is a tag"),
        ("<em>never closed", "<em>never closed</em>"),
        ("<b>bold</b>", "bold"),
        ("<p class=big onclick=x() style=color:red>a</p>", "<p>a</p>"),
        ("<!-- remark -->a", "a"),
        ("<a href=https://a.example/?b=1>c</a>", A_LINK),
        ("", ""),
    ],
)
def test_what_is_allowed_stays_and_the_rest_goes(written, kept):
    assert ALLOWED.clean(written) == kept


def test_an_attribute_that_is_set_takes_the_place_of_what_was_written():
    cleaned = ALLOWED.clean('<a rel="opener" href="https://a.example/">a</a>')
    assert cleaned == '<a href="https://a.example/" rel="nofollow">a</a>'


ATTACKS = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">a</a>',
    '<a href=" java\tscript:alert(1)">a</a>',
    '<a href="java&#115;cript:alert(1)">a</a>',
    '<a href="java\x01script:alert(1)">a</a>',
    '<a href="&#x6A;&#x61;vascript&colon;alert(1)">a</a>',
    '<a href="data:text/html,<script>alert(1)</script>">a</a>',
    '<a href="vbscript:x">a</a>',
    '<a href="//evil.example/" onmouseover="alert(1)">a</a>',
    '<blockquote cite="javascript:alert(1)">a</blockquote>',
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'>a</a></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--><img src=1 onerror=alert(1)>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<p><style><a title='</style><img src onerror=alert(1)>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<textarea></textarea><script>alert(1)</script>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<base href='//evil.example/'><meta http-equiv=refresh content='0;url=//evil.example'>",
    "<p\x00><scr\x00ipt>alert(1)</scr\x00ipt>",
    "\ufeff<\u017fcript>alert(1)</\u017fcript>",
    '<em/onclick="alert(1)"/x=">">a</em>',
    "<em <script>alert(1)</script>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "<?xml <img src=x onerror=alert(1)> ?>",
]


# How browsers find the scheme of an address.
CONTROLS = "".join(map(chr, range(0x21)))
SKIPPED = re.compile(r"[\t\n\r]")
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)


def assert_is_clean(html):
    """As a browser reads it, there is nothing but what the allowlist names."""
    for element in html5lib.parseFragment(html, namespaceHTMLElements=False).iter():
        if element.tag == "DOCUMENT_FRAGMENT":
            continue
        assert element.tag in ALLOWED.tags, html
        allowed = ALLOWED.attributes.get(element.tag, frozenset())
        assert set(element.attrib) <= allowed | ALLOWED.set_attributes.get(element.tag, {}).keys()
        for name in allowed & element.attrib.keys():
            address = SKIPPED.sub("", element.attrib[name].lstrip(CONTROLS))
            scheme = SCHEME.match(address)
            assert not scheme or scheme[1].lower() in ALLOWED.schemes, html


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_runs_gets_through(attack):
    assert_is_clean(ALLOWED.clean(attack))


class Open:
    """A gate that lets everything through."""

    def __init__(self, *args, **kwargs):
        pass

    def clean(self, html):
        return html


@pytest.mark.parametrize("gate", ["newsroom.clean_html.Cleaner", "newsroom.clean_html.nh3.Cleaner"])
@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_that_runs_gets_through_where_one_of_the_two_gates_fails(monkeypatch, gate, attack):
    monkeypatch.setattr(gate, Open)
    assert_is_clean(replace(ALLOWED).clean(attack))


# Pieces of markup in any order find more than letters in any order.
PIECES = ["<p>", "</p>", "<em>", "<a href=", "'", '"', ">", "<", "/", "javascript:", "https://a.b/"]
PIECES += ["<!--", "-->", "<svg>", "<math>", "<style>", "</style>", "<script>", "&lt;", "&", "\x00"]
PIECES += [" onclick=x", "<table>", "<select>", "<template>", "<textarea>", "é", "a", " ", "\n"]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=25).map("".join))
def test_whatever_is_written_comes_out_clean_and_cleaning_again_changes_nothing(written):
    cleaned = ALLOWED.clean(written)
    assert_is_clean(cleaned)
    assert ALLOWED.clean(cleaned) == cleaned


def test_texts_that_are_cleaned_at_once_are_not_mixed_up():
    """The server answers several requests in threads of one process."""

    def text_of(writer):
        return "".join(f"<p>writer {writer}, line {line} <em>x</em></p>" for line in range(50))

    texts = [text_of(writer) for writer in range(4)] * 5
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(ALLOWED.clean, texts)) == texts
    finally:
        sys.setswitchinterval(interval)
