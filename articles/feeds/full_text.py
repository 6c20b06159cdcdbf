"""A piece as HTML that stands by itself, in programs that know nothing of this site."""

import mimetypes
from typing import NamedTuple
from urllib.parse import urljoin

from django.conf import settings
from django.template.loader import render_to_string

from articles.html_tree import Element, read, write
from articles.lead_picture import lead_alternative, shown_lead
from articles.models import Article
from newsroom.clean_html import CONTROLS
from newsroom.language import speaking

ADDRESSES = ("href", "src", "cite", "poster")
# What scripts, style sheets and the choice among several sizes need, and a feed does not.
LEFT_OUT = frozenset(
    [
        *("class", "role", "aria-label", "tabindex", "srcset", "sizes", "loading", "decoding"),
        "fetchpriority",
    ]
)


class Lead(NamedTuple):
    """The lead picture of a piece, with whole addresses."""

    address: str
    type: str
    width: int
    height: int
    alt: str
    caption: str
    credit: str


def lead_of(article: Article) -> Lead | None:
    """None where there is none, or it is withdrawn."""
    image = shown_lead(article)
    if image is None:
        return None
    rendition = image.nearest("wide", 1200, image.extension)
    return Lead(
        address=settings.SITE_URL + image.address(rendition),
        type=mimetypes.guess_type(image.file_name(rendition))[0] or "image/jpeg",
        width=rendition[1],
        height=rendition[2],
        alt=lead_alternative(article),
        caption=article.lead_caption,
        credit=article.lead_credit,
    )


def full_text(article: Article, lead: Lead | None) -> str:
    """Its `lead_of()`, standing corrections (`standing_corrections`, prefetched), text, credit."""
    with speaking(article.language):
        html = render_to_string("articles/_full_text.html", {"article": article, "lead": lead})
    return portable(html, f"{settings.SITE_URL}{article.get_absolute_url()}")


def portable(html: str, base: str) -> str:
    """Clean `html` of the page at `base`: with whole addresses, pictures in one size, and nothing
    that XML forbids."""
    tree = read(html)
    _make_portable(tree, base)
    return CONTROLS.sub("", write(tree)).strip()


def _make_portable(element: Element, base: str) -> None:
    children: list[Element | str] = []
    for child in element.children:
        if isinstance(child, Element):
            picture = child if child.tag != "picture" else next(child.all("img"), None)
            if picture is not None:
                _make_portable(picture, base)
                children.append(picture)
        else:
            children.append(child)
    element.children = children
    element.attributes = {
        name: value if name not in ADDRESSES else _whole(value, base)
        for name, value in element.attributes.items()
        if name not in LEFT_OUT
    }


def _whole(address: str, base: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:  # like http://[: browsers find nothing there either
        return address
