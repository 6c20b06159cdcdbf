from typing import Any

import pytest

from articles.body_html import ALLOWED, EDITOR, clean
from articles.models import Article, StandingPage
from articles.tests.factories import make_article, make_draft, make_page

ATTACK = '<p onclick="x()">Safe <script>alert(1)</script><img src=x onerror=x()>end</p>'
CLEANED = "<p>Safe end</p>"


@pytest.mark.parametrize(
    "html",
    [
        "<p>One <strong>two</strong> <em>three</em><br>four</p>",
        "<h2>Heading</h2><h3>Smaller</h3><hr>",
        "<ul><li>One</li></ul><ol><li>Two</li></ol>",
        "<blockquote><p>Quoted</p><cite>Somebody</cite></blockquote>",
        '<p><a href="https://a.example/?b=1&amp;c=2">web</a></p>',
        '<p><a href="/about/">this site</a> <a href="mailto:desk@a.example">mail</a></p>',
    ],
)
def test_what_a_body_may_contain_stays_as_it_is(html):
    assert clean(html) == html


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        (ATTACK, CLEANED),
        ("<h1>Headline</h1>", "Headline"),
        ('<p style="color:red" class="x" id="y">a</p>', "<p>a</p>"),
        ("<a href=https://a.example/ target=_blank>a</a>", '<a href="https://a.example/">a</a>'),
        ('<a href="javascript:x()">a</a>', "<a>a</a>"),
        ('<a href="data:text/html,x">a</a>', "<a>a</a>"),
        ("<iframe src='https://video.example/'></iframe>after", "after"),
        ("<p>one\r\ntwo\x0b\x00</p>", "<p>one\ntwo</p>"),
        ("<p>cafe\u0301</p>", "<p>café</p>"),
        ("", ""),
    ],
)
def test_what_a_body_may_not_contain_goes(written, stored):
    assert clean(written) == stored


@pytest.mark.parametrize(
    "code",
    [
        "<style>p { color: red }</style>",
        "<STYLE type=text/css>p { color: red }</STYLE >",
        "<script>let color = 'red'</script>",
        "<style>p { color: red }",  # never closed
    ],
)
def test_the_text_of_style_sheets_and_scripts_goes_with_them(code):
    assert clean(f"<p>Before</p>{code}") == "<p>Before</p>"


def test_words_that_begin_like_code_stay():
    assert clean("<p>stylesheets &lt;style&gt; <em>scripts</em></p>") == (
        "<p>stylesheets &lt;style&gt; <em>scripts</em></p>"
    )


def test_the_editor_offers_what_a_body_may_contain():
    """What it offers beyond that would be lost on saving."""
    extensions: Any = EDITOR["extensions"]
    tags = {
        "Bold": {"strong"},
        "Italic": {"em"},
        "Heading": {f"h{level}" for level in extensions["Heading"]["levels"]},
        "BulletList": {"ul"},
        "OrderedList": {"ol"},
        "ListItem": {"li"},
        "Blockquote": {"blockquote"},
        "HorizontalRule": {"hr"},
        "HardBreak": {"br"},
        "Link": {"a"},
    }
    offered = set().union(*(tags[name] for name in extensions))
    assert offered | {"p"} <= ALLOWED.tags
    assert set(extensions["Link"]["protocols"]) == ALLOWED.schemes


@pytest.mark.django_db
def test_a_body_is_cleaned_whoever_writes_it_and_however():
    created = make_draft(body=ATTACK)
    saved = make_draft()
    saved.body = ATTACK
    saved.save()
    one_field = make_draft()
    one_field.body = ATTACK
    one_field.save(update_fields=["body"])
    Article.objects.bulk_create(
        [Article(headline="a", slug="bulk", body=ATTACK, section=created.section)]
    )
    page = make_page(body=ATTACK)
    assert {article.body for article in (created, saved, one_field)} == {CLEANED}
    assert set(Article.objects.values_list("body", flat=True)) == {CLEANED}
    assert page.body == StandingPage.objects.get().body == CLEANED


@pytest.mark.django_db
def test_a_body_is_printed_as_it_was_stored(client):
    html = "<p>Fish &amp; chips</p><h2>Tides</h2>"
    article, page = make_article(body=html), make_page(body=html)
    for each in (article, page):
        assert html in client.get(each.get_absolute_url()).content.decode()
