"""Bare addresses in a reply become links."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comments.body_html import ALLOWED, MAX_LENGTH, clean
from comments.tests.reading import fragment


def links(html):
    return [
        ("".join(link.itertext()), link.get("href"))
        for link in fragment(html).iter("a")
        if link.get("rel") == "nofollow ugc noopener"
    ]


SHOWN = {
    "https://example.org": "https://example.org/",
    "http://example.org/a/b?c=d&e=f#g": "http://example.org/a/b?c=d&e=f#g",
    "HTTPS://Example.ORG/Path": "https://example.org/Path",
    "www.example.org/x": "https://www.example.org/x",
    "https://example.org:8080/": "https://example.org:8080/",
    "https://en.wikipedia.org/wiki/Foo_(bar)": "https://en.wikipedia.org/wiki/Foo_(bar)",
    "https://example.org/?a=1&copy=2&lt=3": "https://example.org/?a=1&copy=2&lt=3",
    "https://example.org/@hana/1": "https://example.org/@hana/1",
    "https://example.org/~hana/it's": "https://example.org/~hana/it%27s",
    "https://bücher.example/": "https://xn--bcher-kva.example/",
    "https://日本語.jp/": "https://xn--wgv71a119e.jp/",
    "https://пример.испытание/дом": "https://xn--e1afmkfd.xn--80akhbyknj4f/%D0%B4%D0%BE%D0%BC",
    "https://भारत.भारत/": "https://xn--h2brj9c.xn--h2brj9c/",
    "https://example.org/%E6%97%A5?q=%20": "https://example.org/%E6%97%A5?q=%20",
}


@pytest.mark.parametrize(("shown", "href"), SHOWN.items())
@pytest.mark.parametrize(
    "around",
    ["{}", "See {}.", "({})", "“{}”, he said", "Is it {}?!", "<b>{}</b>", "x {} y", "a\n{}\nb"]
    + ["詳しくは{}。", "「{}」", "<{}>", "{}…", "*{}:", "مقال: {}، نعم", "<q>{}</q>"],
)
def test_an_address_becomes_a_link_and_what_stands_around_it_does_not(shown, href, around):
    if around.startswith("<{") and not shown.lower().startswith("http"):
        around = "{}"
    html = clean(around.format(shown))
    assert links(html) == [(shown, href)]
    plain = "".join(fragment(html).itertext())
    expected = re.sub("</?[bq]>|\n", "", around).replace("{}", shown)
    assert plain == expected


NO_LINKS = [
    "ftp://example.org/",
    "mailto:hana@example.org",
    "hana@example.org",
    "hana@www.example.org",
    "xhttps://example.org",
    "javascript:alert(1)",
    "https://",
    "https://localhost/",
    "https://intranet/x",
    "http://127.0.0.1/",
    "http://10.0.0.1/admin",
    "https://[::1]/",
    "https://user:pw@example.org/",
    "https://example.org@evil.example/",
    "https://example.org:80@evil.example/",
    "https://example.org:99999/",
    "https://example.org:0/",
    "https://-example.org/",
    "https://" + "a" * 70 + ".org/",
    "https://" + "a." * 300 + "org/",
    "example.org",
    "www.",
    "https:example.org",
    "<code>https://example.org/</code>",
    "<code>a <b>https://example.org/</b></code>",
    "https://exa<b>mple</b>",
]


@pytest.mark.parametrize("text", NO_LINKS)
def test_other_text_is_no_link(text):
    assert links(clean(text)) == []


def test_nothing_is_linked_within_a_link():
    html = clean('<a href="https://a.example/">https://b.example/ <b>www.c.example</b></a>')
    assert links(html) == [("https://b.example/ www.c.example", "https://a.example/")]
    assert html.count("<a ") == 1


def test_after_a_link_and_an_example_addresses_are_linked_again():
    html = clean('<code>x</code> <a href="https://a.example/">a</a> https://b.example/')
    assert links(html)[1] == ("https://b.example/", "https://b.example/")


def test_japanese_goes_on_after_an_address_without_a_space():
    assert links(clean("https://example.org/をご覧ください")) == [
        ("https://example.org/", "https://example.org/")
    ]
    assert links(clean("https://example.orgをご覧ください")) == [
        ("https://example.org", "https://example.org/")
    ]
    assert links(clean("https://example.orgを/ご覧")) == [
        ("https://example.org", "https://example.org/")
    ]


PIECES = [
    "https://",
    "http://",
    "www.",
    "example",
    ".",
    "org",
    "/",
    "(",
    ")",
    "&amp;",
    "&",
    "?",
    "=",
]
PIECES += [
    "<b>",
    "</b>",
    "<a href=https://x.org>",
    "</a>",
    "<code>",
    "</code>",
    "@",
    ":",
    "\n",
    " ",
]
PIECES += [
    "<",
    ">",
    '"',
    "'",
    "日",
    "を",
    "。",
    "\u200b",
    "\u202e",
    "\u0338",
    "é",
    "&#8203;",
    "%0a",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
@settings(max_examples=500, deadline=None)
def test_whatever_is_linked_is_clean_and_stays_as_it_is(text):
    html = clean(text)
    assert ALLOWED.clean(html) == html
    assert clean(html) == html
    for link in fragment(html).iter("a"):
        assert not list(link.iter("a"))[1:]
        assert link.get("href", "https://").startswith(("https://", "http://"))
    for code in fragment(html).iter("code"):
        assert all(link.get("href") == "https://x.org" for link in code.iter("a"))


@pytest.mark.parametrize(
    "piece",
    ["https://", "www.", "https://a.", "https://a.org/(", "https://a.org/)", "https://a.b:1", "a@"]
    + ["https://a.org/" + ")" * 50, "https://日", "www.a.b@", "https://a.org:", "<https://"],
)
def test_the_longest_text_of_the_worst_kind_is_linked_at_once(piece):
    text = (piece * MAX_LENGTH)[:MAX_LENGTH]
    started = time.process_time()
    clean(text)
    assert time.process_time() - started < 1
