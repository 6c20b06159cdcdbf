"""How much a reader has to fetch: sizes as compressed by gzip at level 6, in thousands of bytes."""

import gzip
import random
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from articles.tests import factories
from articles.tests.pictures import figure, make_image
from articles.tests.pictures import media_root as media_root
from bench.archive import text
from comments.models import Comment
from comments.tests.factories import make_many_approved
from newsroom.models import SiteSettings

pytestmark = pytest.mark.django_db

STYLE = re.compile(r'<link rel="stylesheet" href="/static/([^"]+)"')
SCRIPT = re.compile(r'<script src="/static/([^"]+)"')


@pytest.fixture
def piece(media_root):
    """As large as pieces and what is said about them commonly are."""
    SiteSettings.objects.create(name="The Harbour Post", tagline="World and local news")
    chance = random.Random(7)
    for number in range(8):
        factories.make_page(f"Page {number}", slug=f"page-{number}")
    section = factories.make_section(name="World", is_on_front=True)
    image = make_image(made=True)
    for _ in range(4):
        other = factories.make_section(is_on_front=True)
        for _ in range(8):
            factories.make_article(
                headline=text(chance)[3:70],
                standfirst=text(chance)[3:150],
                section=other,
                authors=[factories.make_author()],
                lead_image=image,
            )
    piece = factories.make_article(
        headline=text(chance)[3:70],
        standfirst=text(chance)[3:150],
        section=section,
        topics=[factories.make_topic(f"Topic {n}", slug=f"topic-{n}") for n in range(4)],
        authors=[factories.make_author()],
        lead_image=image,
        lead_alt="A quay",
        body=text(chance) + text(chance) + figure(image, alt="A quay", caption="At dawn"),
    )
    replies = make_many_approved(piece, 50)
    for reply in replies:
        reply.body_html = text(chance)[:400] + "</p>"
    Comment.objects.bulk_update(replies, ["body_html"])
    return piece


def sizes(client, address: str) -> tuple[int, int]:
    """Of the page with its style sheets, and of its scripts."""
    page = client.get(address).content.decode()
    styles, scripts = STYLE.findall(page), SCRIPT.findall(page)
    assert "css/site.css" in styles
    assert "js/site.js" in scripts
    html = len(gzip.compress(page.encode(), 6))
    return html + sum(map(_compressed, styles)), sum(map(_compressed, scripts))


def _compressed(name: str) -> int:
    file = finders.find(name)
    assert file, name
    return len(gzip.compress(Path(file).read_bytes(), 6))


def test_a_piece_with_fifty_replies_is_light(client, piece):
    page, scripts = sizes(client, piece.get_absolute_url())
    assert page <= 30_000
    assert scripts <= 6_000


def test_the_front_page_is_light(client, piece):
    assert sum(sizes(client, "/")) <= 40_000


def test_the_script_that_suggests_is_light():
    assert _compressed("js/search.js") < 2_000


def test_the_chosen_colours_are_in_force_before_anything_is_drawn(client):
    head = client.get("/").content.decode().partition("</head>")[0]
    assert '<script src="/static/js/scheme.js"></script>' in head.partition('"stylesheet"')[0]
