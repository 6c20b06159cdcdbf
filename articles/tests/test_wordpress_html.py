"""The texts of WordPress as bodies: shortcodes, blocks, pictures, recordings, links."""

from time import process_time
from types import SimpleNamespace
from typing import Any

import pytest

from articles.body_html import clean
from articles.importers.wordpress.html import body_of
from articles.importers.wordpress.records import PostRecord

SRC = f"/media/{'0a' * 16}-1-wide1200.jpg"
SOUND = f"/media/{'0b' * 16}.mp3"


class Site:
    """An old site with a picture (number 7, /up/a.jpg), a sound, and a page that moved."""

    def picture(self, *, number: int | None, address: str) -> Any:
        if number in (7, 8) or address.endswith("a.jpg"):
            return SimpleNamespace(src=SRC, alt="A boat", caption="Of the library")
        return None

    def recording(self, address: str) -> str | None:
        return SOUND if address.endswith("a.mp3") else None

    def page_at(self, address: str) -> str | None:
        return "/articles/moved/" if address.rstrip("/").endswith("/moved") else None

    def title_of(self, number: int) -> str:
        return ""

    def attachments_of(self, post: int) -> list[int]:
        return [7, 8]


def drawn(text, **fields):
    post = PostRecord(1, "post", "publish", text=text, link="https://old.example/x/", **fields)
    return body_of(post, Site())


def body(text, **fields):
    """As it is kept."""
    return clean(drawn(text, **fields).html)


def changed(text):
    return list(drawn(text).changed)


FIGURE = f'<figure><img src="{SRC}" alt="A boat"></figure>'


def captioned(words, alt="A boat"):
    return FIGURE.replace("A boat", alt).replace(
        "</figure>", f"<figcaption>{words}</figcaption></figure>"
    )


# --- Paragraphs ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>"),
        ("One,\ntwo.", "<p>One,<br>two.</p>"),
        ("One <em>a\nb</em>.", "<p>One <em>a<br>b</em>.</p>"),
        ("One.\n<h2>Head</h2>\nTwo.", "<p>One.</p><h2>Head</h2><p>Two.</p>"),
        ("<p>One.</p>\n<p>Two.</p>", "<p>One.</p><p>Two.</p>"),
        ("One.<!--more Read on-->\n\nTwo.", "<p>One.</p>\n<p>Two.</p>"),
        ("One.<!--nextpage-->Two.", "<p>One.</p>\n<p>Two.</p>"),
        ("<ul>\n<li>a</li>\n<li>b</li>\n</ul>", "<ul><li>a</li><li>b</li></ul>"),
        ("<h1>A</h1><h5>B</h5>", "<h2>A</h2><h3>B</h3>"),
        ("<pre>a\nb</pre>", "<p>a<br>b</p>"),
        ("E = mc<sup>2</sup> and H<sub>2</sub>O", "<p>E = mc² and H₂O</p>"),
        ("1<sup>st</sup> <del>old</del><ins>new</ins>", "<p>1st oldnew</p>"),
        ("a<script>x()</script><style>b{}</style>", "<p>a</p>"),
        ("", ""),
    ],
)
def test_the_classic_editor_s_lines_become_paragraphs(text, html):
    assert body(text).replace("\n", "") == html.replace("\n", "")


def test_blocks_become_what_they_hold():
    text = (
        "<!-- wp:paragraph -->\n<p>One\nline.</p>\n<!-- /wp:paragraph -->\n\n"
        '<!-- wp:heading {"level":4} -->\n<h4 class="wp-block">Head</h4>\n<!-- /wp:heading -->'
        '<!-- wp:quote --><blockquote class="wp-block-quote"><!-- wp:paragraph --><p>Said.</p>'
        "<!-- /wp:paragraph --><cite>She</cite></blockquote><!-- /wp:quote -->"
        '<!-- wp:columns --><div class="wp-block-columns"><!-- wp:column --><div><p>Left.</p></div>'
        "<!-- /wp:column --></div><!-- /wp:columns -->"
        "<!-- wp:details --><details><summary>More</summary><p>Inside.</p></details>"
        "<!-- /wp:details --><!-- wp:table -->"
        '<figure class="wp-block-table"><table><tbody><tr><td>a</td><td>b</td></tr>'
        "</tbody></table></figure><!-- /wp:table -->"
    )
    html = body(text)
    for part in (
        "<p>One line.</p>",
        "<h3>Head</h3>",
        "<blockquote><p>Said.</p><cite>She</cite></blockquote>",
        "<p>Left.</p>",
        "<h3>More</h3><p>Inside.</p>",
        "<td>a</td><td>b</td>",
    ):
        assert part in html.replace("\n", " ").replace("> <", "><"), part


def test_a_block_that_shows_what_a_site_knows_is_left_out_and_told():
    text = '<p>a</p><!-- wp:latest-posts {"a":1} /--><!-- wp:spacer /-->'
    assert body(text).strip() == "<p>a</p>"
    assert changed(text) == ["The block “latest-posts” was left out: it has no text of its own."]


# --- Pictures -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        '<img class="alignleft wp-image-7" src="https://old.example/gone.jpg">',
        '<img src="https://old.example/up/a.jpg">',
        '<a href="https://old.example/up/a.jpg"><img src="/up/a.jpg"></a>',
        '<figure class="wp-block-image"><img src="/up/a.jpg"></figure>',
        '<p><img src="/up/a.jpg" onload="x()"></p>',
        '[gallery ids="7"]'.replace("gallery", "caption").replace(' ids="7"', "")
        + '<img src="/up/a.jpg">[/caption]',
    ],
)
def test_a_picture_of_the_old_site_is_one_of_the_library(text):
    assert body(text).replace("\n", "") == FIGURE


@pytest.mark.parametrize(
    "text",
    [
        '[caption id="attachment_7" width="300"]<a href="x"><img src="/up/b.jpg" alt="A boat" />'
        "</a> The <em>boat</em>[/caption]",
        '[caption caption="The &lt;em&gt;boat&lt;/em&gt;"]<img src="/up/a.jpg">[/caption]',
        '<figure><img src="/up/a.jpg"><figcaption>The <em>boat</em></figcaption></figure>',
    ],
)
def test_a_caption_stays_below_its_picture(text):
    assert body(text).replace("\n", "") == captioned("The <em>boat</em>")


def test_the_text_s_own_alternative_text_comes_before_the_library_s():
    assert 'alt="Mine"' in body('<img src="/up/a.jpg" alt="Mine">')


def test_galleries_show_the_pictures_they_name_or_those_of_the_post():
    assert body('[gallery ids="7, 8" columns="2"]').count("<img") == 2
    assert body("[gallery]").count("<figcaption>Of the library</figcaption>") == 2
    block = (
        '<!-- wp:gallery --><figure class="wp-block-gallery"><figure><img src="/up/a.jpg">'
        '<figcaption>One</figcaption></figure><figure><img src="/up/a.jpg"></figure>'
        "<figcaption>Both</figcaption></figure><!-- /wp:gallery -->"
    )
    assert body(block).replace("\n", "") == captioned("One") + FIGURE + "<p>Both</p>"


def test_a_missing_picture_is_told_and_its_caption_stays():
    text = '[caption id="attachment_99"]<img src="/up/lost.jpg"> The lost one[/caption]'
    assert body(text).strip() == "<p>The lost one</p>"
    assert changed(text) == ["A picture is missing: /up/lost.jpg"]


# --- Recordings and embeds ----------------------------------------------------------------------


PLAYER = f'<figure><audio controls="" preload="metadata" src="{SOUND}"></audio></figure>'


@pytest.mark.parametrize(
    "text",
    [
        '[audio src="https://old.example/up/a.mp3"]',
        '[audio mp3="/up/a.mp3"][/audio]',
        '<audio controls src="/up/a.mp3"></audio>',
        '<figure class="wp-block-audio"><audio controls><source src="/up/a.mp3"></audio></figure>',
    ],
)
def test_a_recording_of_the_old_site_is_played_from_here(text):
    assert body(text).replace("\n", "") == PLAYER


def test_a_recording_that_is_gone_leaves_a_link_and_is_told():
    text = '[video mp4="https://old.example/up/b.mp4"][/video]'
    assert body(text).strip() == '<p><a href="https://old.example/up/b.mp4">b.mp4</a></p>'
    assert "A recording is missing" in changed(text)[0]


CARD = '<aside><a href="https://film.example/watch">film.example</a></aside>'


@pytest.mark.parametrize(
    "text",
    [
        "https://film.example/watch",
        "[embed]https://film.example/watch[/embed]",
        '<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">\n'
        "https://film.example/watch\n</div></figure>",
        '<iframe src="https://film.example/watch" width="1"></iframe>',
        '<object data="https://film.example/watch"></object>',
    ],
)
def test_what_was_embedded_is_a_link_card(text):
    assert body(text).replace("\n", "") == CARD


def test_a_card_has_the_title_that_the_old_site_knew():
    meta = (("_oembed_1", '<iframe title="The &amp; film" src="https://f.example/abcdefgh">'),)
    assert ">The &amp; film</a>" in body("https://f.example/abcdefgh", meta=meta)


def test_a_frame_of_a_film_leads_to_where_it_is_watched():
    text = '<iframe src="//www.youtube.com/embed/abc123"></iframe>'
    assert "https://www.youtube.com/watch?v=abc123" in body(text)


def test_a_pasted_post_of_a_network_is_its_words_and_a_card():
    text = (
        '<blockquote class="twitter-tweet"><p>Words.</p>— She <a href="https://t.example/1">Nov</a>'
        '</blockquote><script src="https://t.example/w.js"></script>'
    )
    html = body(text)
    assert "<blockquote><p>Words.</p>" in html and html.endswith("t.example</a></aside>")
    assert "w.js" not in html


# --- Links and codes ----------------------------------------------------------------------------


def test_links_within_the_old_site_lead_to_the_new_place():
    text = '<a href="https://old.example/moved/">a</a> <a href="/up/a.mp3">b</a> <a href="/c">c</a>'
    html = body(text)
    assert '<a href="/articles/moved/">a</a>' in html
    assert f'<a href="{SOUND}">b</a>' in html
    assert '<a href="https://old.example/c">c</a>' in html


def test_a_link_within_the_text_is_no_link_to_the_front_page():
    assert body('See <a href="#note">below</a>.') == "<p>See below.</p>"


@pytest.mark.parametrize(
    ("text", "html", "is_told"),
    [
        ('[box type="x"]Inside.[/box]', "<p>Inside.</p>", True),
        ("[[gallery]] shows pictures", "<p>[gallery] shows pictures</p>", False),
        ("He said [sic] and [1].", "<p>He said [sic] and [1].</p>", False),
        ("An array[i] of [b]bold[/b]", "<p>An array[i] of [b]bold[/b]</p>", False),
    ],
)
def test_unknown_codes_leave_their_words(text, html, is_told):
    assert body(text) == html
    assert bool(changed(text)) is is_told


@pytest.mark.parametrize(
    "text",
    ["[caption " * 20_000, "[gallery]" * 5_000, "<a " * 30_000, "[" * 90_000, "<!-- wp:a " * 9_000]
    + ["[a b=" + "'" * 50_000, "https://x " * 9_000, "<figure>" * 9_000, "\n" * 90_000],
)
def test_hostile_texts_take_no_longer_than_others(text):
    began = process_time()
    drawn(text)
    assert process_time() - began < 4
