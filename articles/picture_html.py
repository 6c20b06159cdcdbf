"""How pictures stand in HTML: `<picture>` with every size there is, for bodies, leads and cards.

The stored body names a picture by any address of it; its token is what counts. What readers get
is drawn from the library when the body is written, or its pictures change.
"""

import re
from collections.abc import Mapping
from html import unescape
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html, format_html_join

from articles.recording_html import posters_in

if TYPE_CHECKING:
    from articles.models.image import Image

ADDRESS = re.compile(r"/media/(?P<token>[0-9a-f]{32})-[a-z0-9-]+\.(?:avif|webp|jpg|png)")

# A figure, the picture of a link card, or a lone one of a clean body, as the cleaner writes them.
# No figure stands in another.
_IMG = r"<img((?:\s+[a-z-]+(?:=\"[^\"]*\")?)*)\s*/?>"
FIGURE = re.compile(
    rf"(?P<open><figure[^>]*>)(?P<inside>(?:(?!<figure).)*?)</figure>|(?P<card><aside>)?{_IMG}",
    re.S,
)
IMG = re.compile(_IMG)
ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')

# As wide as the columns of static/css/site.css, and on phones as wide as those are.
BODY_SIZES = "(min-width: 42rem) 40rem, 100vw"
LEAD_SIZES = "(min-width: 62em) 54rem, (min-width: 42rem) 40rem, 100vw"
CARD_SIZES = "(min-width: 62em) 24rem, (min-width: 40em) 45vw, 7rem"
LINK_CARD_SIZES = "(min-width: 42rem) 9rem, 6rem"
TOP_CARD_SIZES = "(min-width: 62em) 45rem, 100vw"


def tokens_in(html: str) -> set[str]:
    """Of the pictures that stand in the `html` of a body."""
    shown = [_attributes(img[1]).get("src", "") for img in IMG.finditer(html)]
    addresses = [*shown, *posters_in(html)]
    return {match["token"] for each in addresses if (match := ADDRESS.fullmatch(each))}


def draw_pictures(html: str, *, preview: str = "") -> str:
    """The clean `html` of a body with each picture in all its sizes, and without those that are
    withdrawn or not in the library, and their figures; a link card stands without its picture.
    One query where there are pictures.

    With the token of a `preview` link, the pictures are those that its holder may see.
    """
    from articles.models.image import Image  # noqa: PLC0415 - the models draw their bodies

    tokens = tokens_in(html)
    if not tokens and "<img" not in html:
        return html
    images = {each.token: each for each in Image.objects.usable().filter(token__in=tokens)}
    return FIGURE.sub(lambda found: _drawn(found, images, preview), html)


def _drawn(found: re.Match[str], images: Mapping[str, "Image"], preview: str) -> str:
    if card := found["card"]:
        return card + _of_img(found[0].removeprefix(card), images, preview, in_card=True)
    if found["open"] is None:
        return _of_img(found[0], images, preview)
    img = IMG.search(found["inside"])
    if img is None:
        return found[0]
    picture = _of_img(img[0], images, preview)
    if not picture:
        return ""
    return found[0].replace(img[0], picture, 1)


def _of_img(
    html: str, images: Mapping[str, "Image"], preview: str, *, in_card: bool = False
) -> str:
    img = IMG.fullmatch(html)
    attributes = _attributes(img[1]) if img else {}
    address = ADDRESS.fullmatch(attributes.get("src", ""))
    image = images.get(address["token"]) if address else None
    if image is None:
        return ""
    if in_card:
        return picture(image, alt="", sizes=LINK_CARD_SIZES, kind="card", preview=preview)
    return picture(image, alt=attributes.get("alt", image.alt), sizes=BODY_SIZES, preview=preview)


def _attributes(written: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in ATTRIBUTE.findall(written)}


def picture(
    image: "Image",
    *,
    alt: str,
    sizes: str,
    kind: str = "wide",
    eager: bool = False,
    preview: str = "",
) -> str:
    """`<picture>` with what there is of the image. An `eager` one is loaded first of all."""
    if not image.files_of(kind, image.extension):
        kind = "wide"  # until the worker has made the crops, which style sheets cut as well
    fallback = image.files_of(kind, image.extension)
    largest = fallback[-1]
    query = f"?preview={preview}" if preview else ""
    return format_html(
        "<picture>{}<img{}></picture>",
        _source(image, image.files_of(kind, "avif"), sizes, query),
        _written(
            src=image.address(image.nearest(kind, 1200, image.extension)) + query,
            **{"srcset": _srcset(image, fallback, query), "sizes": sizes}
            if len(fallback) > 1
            else {},
            width=largest[1],
            height=largest[2],
            alt=alt,
            **{"fetchpriority": "high"} if eager else {"loading": "lazy", "decoding": "async"},
        ),
    )


def _source(image: "Image", rows: list[list[Any]], sizes: str, query: str) -> str:
    if not rows:
        return ""
    srcset = _srcset(image, rows, query)
    return format_html(
        "<source{}>", _written(type=f"image/{rows[0][3]}", srcset=srcset, sizes=sizes)
    )


def _srcset(image: "Image", rows: list[list[Any]], query: str) -> str:
    return ", ".join(f"{image.address(row)}{query} {row[1]}w" for row in rows)


def _written(**attributes: Any) -> str:
    return format_html_join("", ' {}="{}"', attributes.items())
