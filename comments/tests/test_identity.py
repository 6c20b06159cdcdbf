"""The name and the website beside a reply."""

import unicodedata

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.tests.factories import make_article
from comments.identity import MAX_NAME, MAX_WEBSITE, clean_name, clean_website
from comments.models import Comment
from comments.tests.factories import make_approved, post_reply
from comments.tests.reading import by_class, only, page, text_of

# --- Names ------------------------------------------------------------------------------------

GOOD_NAMES = [
    "Hana W.",
    "O’Neill",
    "O'Neill",
    "Jean-Luc Ngô Đình Diệm",
    "Nguyễn Thị Ánh Ngọc",
    "Žofie Dvořáková",
    "Þórdís Æsa Ørsted",
    "Łukasz Żółć",
    "Ελένη Παπαδοπούλου",
    "Ольга Кузьмина",
    "Ґалаґан Їжакевич",
    "小林 さくら",
    "バス・ガス爆発",
    "葛\U000e0100城",  # with a variation selector, as Japanese registers have it
    "김영희",
    "王小明",
    "محمد الأمين",
    "مُحَمَّد",  # with its vowels
    "علي رضا",
    "مه\u200cلقا رضایی",  # Persian parts the pieces of a word so
    "ශ්\u200dරී",
    "שָׁלוֹם עֲלֵיכֶם",
    "नरेन्द्र मोदी",
    "শেখ মুজিবুর রহমান",
    "เปี๊ยกน้ำฝน",
    "မြို့မငြိမ်း",  # four marks in a row
    "བསྟན་འཛིན་རྒྱ་མཚོ",
    "አበበ ቢቂላ",
    "ᏣᎳᎩ",
    "ʻOkina Kahanamoku",
    "X Æ A-12",
    "42",
    "a",
    "日",
    "Hana 🌸",
    "Anonymous ❤\ufe0f",
    "n" * MAX_NAME,
]

BAD_NAMES = {
    "only spaces": "   ",
    "only a wide space": "\u3000",
    "only punctuation": "...",
    "only a symbol": "♥",
    "only marks": "\u0301\u0302",
    "line feed": "Hana\nBcc: all",
    "carriage return": "Hana\rX",
    "tab": "Hana\tX",
    "NUL": "Hana\x00",
    "escape": "Hana\x1b[31m",
    "C1 control": "Hana\x9b",
    "delete": "Hana\x7f",
    "line separator": "Hana\u2028X",
    "paragraph separator": "Hana\u2029X",
    "right-to-left override": "editor\u202e",
    "left-to-right embedding": "\u202aHana\u202c",
    "isolate": "Hana\u2066X\u2069",
    "right-to-left mark": "Hana\u200f",
    "arabic letter mark": "Hana\u061c",
    "zero-width space": "Ed\u200bitor",
    "word joiner": "Ed\u2060itor",
    "joiners between Latin letters": "Ed\u200citor",
    "joiner at an end": "علي\u200c",
    "joiner after a space": "علي \u200dرضا",
    "two joiners": "مه\u200c\u200cلقا",
    "joined emoji": "Hana 👨\u200d👩",
    "byte order mark": "\ufeffEditor",
    "soft hyphen": "Ed\u00aditor",
    "invisible times": "Ed\u2062itor",
    "tag characters": "Editor\U000e0041\U000e007f",
    "combining grapheme joiner": "Ed\u034fitor",
    "hangul filler": "\u3164",
    "half-width hangul filler": "\uffa0\uffa0",
    "choseong and jungseong fillers": "\u115f\u1160",
    "a filler within": "Ed\u3164itor",
    "braille blank": "A\u2800",
    "khmer vowel inherent": "A\u17b4",
    "private use": "Hana\ue000",
    "surrogate": "Hana\ud800",
    "noncharacter": "Hana\uffff",
    "another noncharacter": "Hana\U0001fffe",
    "arabic block noncharacter": "Hana\ufdd0",
    "interlinear annotation": "Hana\ufff9X",
    "zalgo": "H\u0301\u0302\u0303\u0304a",
    "zalgo between spacing marks": "क\u0301\u0302\u093e\u0303\u0304",
    "enclosing marks": "A\u20dd\u20dd\u20dd\u20dd",
    "longer once normalised": "\ufdfa" * 10,
}


@pytest.mark.parametrize("name", GOOD_NAMES, ids=range(len(GOOD_NAMES)))
def test_peoples_names_are_taken(name):
    assert clean_name(name) == unicodedata.normalize("NFKC", name)


@pytest.mark.parametrize("name", BAD_NAMES.values(), ids=BAD_NAMES)
def test_what_could_pass_for_another_name_or_break_its_line_is_refused(name):
    with pytest.raises(ValidationError):
        clean_name(name)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  Hana   W.  ", "Hana W."),
        ("Hana\u00a0\u3000W.", "Hana W."),
        ("Ｈａｎａ", "Hana"),
        ("ﬁona", "fiona"),
        ("Ⅷ", "VIII"),
        ("e\u0301mile", "émile"),
        ("ﾊﾅ", "ハナ"),
    ],
)
def test_a_name_is_one_line_in_its_compatible_form(typed, stored):
    assert clean_name(typed) == stored


@given(st.text(max_size=MAX_NAME))
@settings(max_examples=300, deadline=None)
def test_a_name_that_was_taken_is_taken_again_as_it_is(name):
    try:
        cleaned = clean_name(name)
    except ValidationError:
        return
    assert clean_name(cleaned) == cleaned
    assert 0 < len(cleaned) <= MAX_NAME
    assert len(cleaned.splitlines()) == 1
    cleaned.encode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        '"><img src=x onerror=alert(1)>',
        "<script>alert(1)</script>",
        "' onmouseover='alert(1)",
        "{{ 7 * 7 }}{% debug %}",
        "Tom & &lt;Jerry&gt;",
        "</bdi></h3><h1>News</h1>",
    ],
)
def test_markup_in_a_name_is_shown_as_it_was_typed(client, name):
    article = make_article()
    answer = post_reply(client, article, author=name)
    assert Comment.objects.get().name == name
    make_approved(article=article, name=name)
    for response in (client.get(answer["Location"]), client.get(article.get_absolute_url())):
        (by,) = by_class(page(response), "reply-by")
        assert text_of(by) == name
        assert [each.tag for each in by.iter()] == [by.tag, "bdi"]


# --- Websites ---------------------------------------------------------------------------------

GOOD_WEBSITES = {
    "": "",
    "example.org": "https://example.org/",
    "www.example.org/hana": "https://www.example.org/hana",
    "example.org:8080": "https://example.org:8080/",
    "http://example.org": "http://example.org/",
    "HTTPS://Example.ORG/Hana": "https://example.org/Hana",
    "https://example.org?q=1": "https://example.org/?q=1",
    "https://example.org/a b".replace(" ", "%20"): "https://example.org/a%20b",
    "https://example.org/日本": "https://example.org/%E6%97%A5%E6%9C%AC",
    "https://example.org/?q=ü": "https://example.org/?q=%C3%BC",
    "https://example.org/#/hana": "https://example.org/#/hana",
    "https://example.org/#ü": "https://example.org/#%C3%BC",
    "https://example.org/a;b,c=d&e~f(g)": "https://example.org/a;b,c=d&e~f(g)",
    "https://bücher.example": "https://xn--bcher-kva.example/",
    "https://日本語.jp/": "https://xn--wgv71a119e.jp/",
    "https://xn--bcher-kva.example/": "https://xn--bcher-kva.example/",
    "https://例え.テスト/": "https://xn--r8jz45g.xn--zckzah/",
    "https://example。org": "https://example.org/",
    "https://ｅｘａｍｐｌｅ.org": "https://example.org/",
    "https://a-b.c--d.example.museum/": "https://a-b.c--d.example.museum/",
    "https://example.org/\u202e": "https://example.org/%E2%80%AE",
    "https://example.org:65535/": "https://example.org:65535/",
}

BAD_WEBSITES = [
    # other schemes
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "javascript://example.org/%0aalert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript\u200b:alert(1)",
    "&#106;avascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data://example.org/,x",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "ftp://example.org/",
    "gopher://example.org/",
    "ws://example.org/",
    "blob:https://example.org/x",
    "view-source:https://example.org",
    "intent://example.org/#Intent;end",
    "mailto:hana",
    "tel:+4912345",
    "//example.org/",
    "///example.org/",
    "/\\example.org",
    "https:example.org",
    "https:/example.org",
    "https:///example.org",
    "https:\\\\example.org",
    "://example.org",
    # credentials
    "https://user@example.org/",
    "https://user:pw@example.org/",
    "https://@example.org/",
    "https://:@example.org/",
    "https://example.org@evil.example/",
    "https://example.org%40evil.example/",
    "https://example.org\\@evil.example/",
    # ports
    "https://example.org:0/",
    "https://example.org:65536/",
    "https://example.org:-1/",
    "https://example.org:http/",
    "https://example.org:8080:80/",
    # hosts that are no public names
    "localhost",
    "https://localhost:8000/",
    "https://intranet/",
    "https://printer.local/",
    "https://db.internal/",
    "https://a.test/",
    "https://a.invalid/",
    "https://a.localhost/",
    "http://127.0.0.1/",
    "http://127.0.0.1:6379/",
    "http://10.0.0.1/",
    "http://192.168.1.1/admin",
    "http://169.254.169.254/latest/meta-data/",
    "http://8.8.8.8/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://①②⑦.⓪.⓪.①/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[fe80::1%25eth0]/",
    "http://[::1",
    # hosts that are no names
    "https://",
    "https://.",
    "https://.org",
    "https://example..org/",
    "https://-example.org/",
    "https://example-.org/",
    "https://exa_mple.org/",
    "https://exam ple.org/",
    "https://example.org;.evil.example/",
    "https://example.org%2fevil.example/",
    "https://example.org%00.evil.example/",
    "https://exam\u202eple.org/",
    "https://" + "a" * 64 + ".org/",
    "https://" + "a." * 130 + "org/",
    "https://example.o/",
    "https://example.123/",
    # characters that break out of an attribute or a line
    'https://example.org/"onmouseover="alert(1)',
    "https://example.org/'onmouseover='alert(1)",
    "https://example.org/><script>alert(1)</script>",
    "https://example.org/<br>",
    "https://example.org/`x`",
    "https://example.org/{{7*7}}",
    "https://example.org/a b",
    "https://example.org/\r\nSet-Cookie: a=b",
    "https://example.org/\x00",
    "https://example.org/\u2028",
    "https://example.org/\\..",
    "https://example.org/^",
    "https://example.org/|",
    "https://exa\ud800mple.org/",
    # and what is no address at all
    "no website",
    "<b>",
    "?",
    "#",
    "https://example.org/" + "日" * 60,
]


@pytest.mark.parametrize(("typed", "stored"), GOOD_WEBSITES.items(), ids=range(len(GOOD_WEBSITES)))
def test_a_website_is_put_together_anew(typed, stored):
    assert clean_website(typed) == stored
    assert clean_website(stored) == stored


@pytest.mark.parametrize("website", BAD_WEBSITES, ids=range(len(BAD_WEBSITES)))
def test_what_is_no_public_website_is_refused(website):
    with pytest.raises(ValidationError):
        clean_website(website)


PIECES = ["http", "https", "javascript", ":", "//", "/", "@", "example", ".", "org", "?", "#", "%"]
PIECES += [
    "\u200b",
    "ü",
    "日",
    "[",
    "]",
    "::1",
    "80",
    "\\",
    '"',
    "\n",
    "。",
    "xn--",
    "％",
    "：",
    "／",
]


@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(PIECES), max_size=12).map("".join)))
@settings(max_examples=500, deadline=None)
def test_a_website_that_was_taken_is_plain_and_taken_again_as_it_is(website):
    try:
        cleaned = clean_website(website)
    except ValidationError:
        return
    if cleaned:
        assert cleaned.startswith(("http://", "https://"))
        assert cleaned.isascii()
        assert not set(cleaned) & set("\"'<>\\^`{|} ")
        assert "@" not in cleaned.split("/")[2]
        assert len(cleaned) <= MAX_WEBSITE
        assert clean_website(cleaned) == cleaned


@pytest.mark.django_db
def test_a_website_is_the_link_of_the_name_and_passes_nothing_on(client):
    article = make_article()
    make_approved(article=article, name="Hana", website="https://example.org/?a=1&b=2")
    make_approved(article=article, name="Maud")
    with_link, without = by_class(page(client.get(article.get_absolute_url())), "reply-by")
    link = only(with_link, "a")
    assert link.get("href") == "https://example.org/?a=1&b=2"
    assert link.get("rel") == "nofollow ugc noopener"
    assert text_of(only(link, "bdi")) == "Hana"
    assert list(without.iter("a")) == []
    assert text_of(only(without, "bdi")) == "Maud"
