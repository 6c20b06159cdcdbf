"""Texts of WordPress as pieces have them: shortcodes, blocks, galleries, frames."""

import pytest

from articles.models import Image
from articles.tests.importing import bring_in, piece, reasons
from articles.tests.pictures import media_root, of_its_own
from articles.tests.wxr import SITE, attachment, item

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]
__all__ = ["media_root"]


@pytest.fixture
def uploads(tmp_path):
    folder = tmp_path / "uploads"
    folder.mkdir()
    for name in ("a", "b"):
        (folder / f"{name}.png").write_bytes(of_its_own())
    return folder


PICTURES = [attachment(7, "a.png", alt="A boat"), attachment(8, "b.png", alt="A pier")]
A = f"{SITE}/wp-content/uploads/a.png"


def test_lines_without_blocks_are_paragraphs(tmp_path):
    text = "First line.\nSecond line.\n\nAnother <b>one</b>.\n<!--more-->\n\nThe rest."
    bring_in(tmp_path, item(1, text=text))
    assert piece(1).body.split("\n") == [
        "<p>First line.<br>Second line.</p>",
        "<p>Another <strong>one</strong>.</p>",
        "<p>The rest.</p>",
    ]


def test_parts_of_a_text_are_joined(tmp_path):
    bring_in(tmp_path, item(1, text="<p>One.</p>\n<!--nextpage-->\n<p>Two.</p>"))
    assert "One." in piece(1).body
    assert "Two." in piece(1).body
    assert "nextpage" not in piece(1).body


def test_a_caption_stands_below_its_picture(tmp_path, uploads):
    text = f'[caption id="x" width="3"]<img src="{A}" class="wp-image-7"> The boat[/caption]'
    bring_in(tmp_path, *PICTURES, item(1, text=text), uploads=uploads)
    body = piece(1).body
    assert body.count("<figure>") == 1
    assert "<figcaption>The boat</figcaption>" in body
    assert "caption]" not in body


@pytest.mark.parametrize(
    "text",
    [
        '[gallery ids="7,8"]',
        "<!-- wp:gallery --><figure class='wp-block-gallery'>"
        f"<figure><img src='{A}' class='wp-image-7'/></figure>"
        "<figure><img src='x' class='wp-image-8'/></figure></figure><!-- /wp:gallery -->",
    ],
)
def test_a_gallery_shows_all_its_pictures(tmp_path, uploads, text):
    bring_in(tmp_path, *PICTURES, item(1, text=f"<p>See.</p>\n\n{text}"), uploads=uploads)
    assert Image.objects.count() == 2
    assert all(image.token in piece(1).body for image in Image.objects.all())


@pytest.mark.parametrize(
    "text",
    [
        "[embed]https://video.example/watch?v=1[/embed]",
        '<iframe src="https://video.example/watch?v=1"></iframe>',
        "<!-- wp:embed --><figure class='wp-block-embed'><div class='wp-block-embed__wrapper'>\n"
        "https://video.example/watch?v=1\n</div></figure><!-- /wp:embed -->",
    ],
)
def test_what_another_site_shows_is_a_link_card(tmp_path, text):
    bring_in(tmp_path, item(1, text=f"<p>See.</p>\n\n{text}\n\n<p>End.</p>"))
    assert '<aside><a href="https://video.example/watch?v=1">' in piece(1).body


def test_shortcodes_that_are_not_known_are_told_and_words_in_brackets_stay(tmp_path):
    text = '<p>[button color="red"]Press[/button] and [sic].</p>'
    done = bring_in(tmp_path, item(1, text=text))
    assert piece(1).body == "<p>Press and [sic].</p>"
    assert any("button" in why for why in reasons(done))


def test_no_script_comes_through(tmp_path):
    text = "<p>Words.</p><script>alert(1)</script><p onclick='x()'>More.</p>"
    bring_in(tmp_path, item(1, text=text))
    assert "alert" not in piece(1).body
    assert "onclick" not in piece(1).body
