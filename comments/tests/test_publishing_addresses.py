"""Readers must not publish their own address by mistake."""

import pytest

from articles.tests.factories import make_article
from comments import identity
from comments.models import Comment
from comments.tests.factories import post_reply
from comments.tests.reading import filled_in, reply_form, summary

pytestmark = pytest.mark.django_db

REFUSAL = "This would publish your email address."
TYPED = "Hana.W+news@example.org"


def assert_refused(response, field, value):
    assert response.status_code == 422
    assert summary(response)[f"#{field}"].endswith(REFUSAL)
    assert filled_in(reply_form(response))[field] == value
    assert not Comment.objects.exists()


# --- Any address, in a name or a website ------------------------------------------------------

ADDRESSES = [
    "hana@example.org",
    "HANA@EXAMPLE.ORG",
    "Hana W. <hana@example.org>",
    "hana@example.org (work)",
    "mailto:hana@example.org",
    "hana.w+news@mail.example.co.uk",
    "hana%40example.org",
    "hana%40example%2Eorg",
    "hana%2540example.org",
    "hana&#64;example.org",
    "hana&#x40;example&#46;org",
    "hana&commat;example.org",
    "hana&amp;#64;example.org",
    "hana\uff20example.org",  # fullwidth
    "hana\ufe6bexample.org",  # small
    "ｈａｎａ＠ｅｘａｍｐｌｅ．ｏｒｇ",
    "hana@example\u3002org",  # the dots of Japanese and Chinese keyboards
    "hana@example\uff0eorg",
    "hana@example\uff61org",
    "hana@example\u2024org",  # one dot leader
    "hana@bücher.example",
    "hana@例え.テスト",
    "hana@xn--bcher-kva.example",
    "用户@例子.广告",
    "ha'na!#$%@example.org",
]
HIDDEN_IN_A_WEBSITE = [
    "https://example.org/hana@example.org",
    "https://example.org/~hana%40example.org",
    "https://example.org/?me=hana@example.org",
    "https://example.org/?me=hana%40example.org&x=1",
    "https://example.org/#hana@example.org",
    "https://hana@example.org",
    "https://hana:secret@example.org/",
    "https://example.org/%68%61%6e%61%40example.org",
    "https://example.org/ha\u200bna@exam\u00adple.org",
    "https://example.org/hana\u034f@example.org",
    "https://example.org/hana\ufe0f@example.org",
    "https://example.org/hana@exam\u2060ple.org",
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("field", ["author", "url"])
def test_a_name_or_a_website_that_holds_an_address_is_refused(client, field, address):
    assert_refused(post_reply(client, make_article(), **{field: address}), field, address)


@pytest.mark.parametrize("website", HIDDEN_IN_A_WEBSITE)
def test_an_address_within_a_website_is_refused(client, website):
    assert_refused(post_reply(client, make_article(), url=website), "url", website)


@pytest.mark.parametrize("name", ["hana\u200b@example.org", "ha\u00adna@example.org"])
def test_a_name_that_hides_an_address_is_refused_whatever_for(client, name):
    response = post_reply(client, make_article(), author=name)
    assert response.status_code == 422
    assert list(summary(response)) == ["#author"]


NAMES = [
    "@hana",
    "hana@home",
    "Hana @ work",
    "Hana @example.org",
    "hana at example dot org",
    "Prof. Dr. A. B. Müller-Lüdenscheidt",
    "J.R.R. Tolkien",
    "user@1.2.3",
    "R2-D2",
    "C@t",
    "Hana (example.org)",
    "Jean-Luc O’Neill, Jr.",
    "AT&T",
    "100%",
    "日本。日本",
]
WEBSITES = [
    "https://example.org/@hana",
    "https://mastodon.social/@hana.w",
    "https://medium.com/@hana.w/a-story-1.2",
    "https://www.flickr.com/photos/12345678@N00/",
    "https://www.google.com/maps/@35.68,139.76,15z",
    "https://unpkg.com/react@18.2.0/index.js",
    "https://example.org/?a=1@2&b=c.d",
    "https://matrix.to/#/@hana:example.org",
    "https://example.org/~hana/",
    "https://example.org/100%25/",
    "https://bücher.example/hana",
    "https://example.org/?q=a+b%20c",
    "example.org",
]


@pytest.mark.parametrize(("field", "value"), [("author", name) for name in NAMES])
def test_a_name_that_holds_none_is_taken(client, field, value):
    assert post_reply(client, make_article(), author=value).status_code == 303


@pytest.mark.parametrize("website", WEBSITES)
def test_a_website_that_holds_none_is_taken(client, website):
    assert post_reply(client, make_article(), url=website).status_code == 303


# --- The address that was typed, in the text --------------------------------------------------

SPELLINGS = [
    "Write to Hana.W+news@example.org.",
    "HANA.W+NEWS@EXAMPLE.ORG",
    "Me: <hana.w+news@example.org>",
    "(mailto:hana.w+news@example.org)",
    '<a href="mailto:hana.w+news@example.org">me</a>',
    '<a href="https://example.org/?to=hana.w%2Bnews%40example.org">me</a>',
    '<a href="https://example.org/?to=hana.w&#43;news&#64;example.org">me</a>',
    "hana.w&#43;news&#64;example.org",
    "hana.w&plus;news&commat;example&period;org",
    "hana.w%2Bnews%40example.org",
    "hana.w+ne\u200bws@exam\u00adple.org",
    "hana.w+news\u2060@example.org",
    "hana.w+news\u034f@example.org",
    "hana.w&#8203;+news&ZeroWidthSpace;@example.org",
    "ｈａｎａ.ｗ＋ｎｅｗｓ＠ｅｘａｍｐｌｅ．ｏｒｇ",
    "hana.w+news@example\u3002org",
    "<b>hana.w+news</b>@example.org",
    "hana.w<i></i>+news@<em>example</em>.org",
    "hana.w+news<!-- no robots -->@example.org",
    "hana.w+news<script></script>@example.org",
    "hana.w+news<span class=x>@</span>example.org",
    "hana.w+news<svg>@</svg>example.org",
    "First line\r\nhana.w+news@example.org\r\nlast line",
    "xhana.w+news@example.orgx",
]


@pytest.mark.parametrize("text", SPELLINGS)
def test_a_text_that_holds_the_typed_address_is_refused(client, text):
    response = post_reply(client, make_article(), comment=text, email=TYPED)
    assert_refused(response, "comment", text.replace("\r\n", "\n"))


@pytest.mark.parametrize(
    ("email", "text"),
    [
        ("a%41b@example.org", "a%41b@example.org"),
        ("a&amp@example.org", "a&amp@example.org"),
        ("o'hara@example.org", "o&#39;hara@example.org"),
        ("hana@bücher.example", "HANA@BÜCHER.EXAMPLE"),
    ],
)
def test_an_address_of_unusual_letters_is_found_too(client, email, text):
    assert_refused(post_reply(client, make_article(), comment=text, email=email), "comment", text)


@pytest.mark.parametrize(
    "text",
    [
        "Write to editor@example.org.",  # another address is the reader's own business
        "Hana.W+news is my name.",
        "hana.w+news @ example.org",
        "hana.w+news at example.org",
        "hana.w+news\r\n@example.org",
        "hana.w+news@\r\n\r\nexample.org",
        "https://example.org/@hana",
        "news@example.com",
        "50 % of 100&nbsp;%",
    ],
)
def test_a_text_that_does_not_hold_it_is_taken(client, text):
    response = post_reply(client, make_article(), comment=text, email=TYPED)
    assert response.status_code == 303


def test_all_three_places_are_named_at_once(client):
    response = post_reply(
        client, make_article(), comment=TYPED, author=TYPED, url=TYPED, email=TYPED
    )
    assert list(summary(response)) == ["#comment", "#author", "#url"]
    assert all(line.endswith(REFUSAL) for line in summary(response).values())


@pytest.mark.parametrize("text", ["%" * 5000, "&#64;" * 1000, "%2540" * 1000, "&amp;" * 1000])
def test_any_coding_ends(text):
    assert not identity.holds_this_address(text, TYPED)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["hana@localhost.example", '"hana"@example.org'])
@pytest.mark.parametrize("field", ["author", "url", "comment"])
def test_no_field_takes_the_address_that_was_typed_however_odd_it_is(client, address, field):
    text = f"https://example.com/?{address}" if field == "url" else f"Me, {address}"
    response = post_reply(client, make_article(), **{"email": address, field: text})
    assert response.status_code == 422
    refusals = ["This would publish your email address.", "This is not the address of a website."]
    assert any(refusal in response.content.decode() for refusal in refusals)


@pytest.mark.django_db
def test_a_tab_does_not_hide_an_address(client):
    response = post_reply(client, make_article(), comment="hana&#9;@example.org")
    assert response.status_code == 422
