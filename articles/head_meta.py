"""What stands in the head of a page for search engines, and for those who share its address.

Open Graph (ogp.me), the cards of networks, the canonical address and the word to robots.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import get_language, to_locale

from articles.body_text import text_of
from articles.keyset import Key, Page
from articles.models import Article, Indexing
from articles.structured_data import Picture, absolute, iso_time, pictures_of
from newsroom.models import SiteSettings
from newsroom.stencils import kept

LARGE_PREVIEWS = "max-image-preview:large"
NOINDEX = "noindex"
DESCRIPTION_WORDS = 40
# Narrower ones are shown as a small square.
LARGE_CARD = 600

# Open Graph wants a territory, which most texts don't name. The one most readers are in.
TERRITORIES = {
    "ar": "EG",
    "cs": "CZ",
    "da": "DK",
    "en": "US",
    "fa": "IR",
    "he": "IL",
    "hi": "IN",
    "ja": "JP",
    "ko": "KR",
    "nb": "NO",
    "pt": "PT",
    "sv": "SE",
    "uk": "UA",
    "ur": "PK",
    "vi": "VN",
    "zh": "CN",
} | {each: each.upper() for each in ("de", "es", "fi", "fr", "hu", "it", "nl", "pl", "ru", "tr")}


@dataclass(frozen=True)
class Meta:
    """What templates/articles/_head_meta.html prints. Without a `canonical` address the page is
    kept out of search engines."""

    title: str
    address: str
    canonical: str
    description: str = ""
    type: str = "website"
    locale: str = ""
    picture: Picture | None = None
    properties: tuple[tuple[str, str], ...] = ()

    @property
    def robots(self) -> str:
        return LARGE_PREVIEWS if self.canonical else NOINDEX

    @property
    def card(self) -> str:
        is_large = self.picture is not None and self.picture.width >= LARGE_CARD
        return "summary_large_image" if is_large else "summary"


def html(meta: Meta, site: SiteSettings) -> str:
    return kept("articles/_head_meta.html", _context, meta, site.name)


def _context(meta: Meta, paper: str) -> dict[str, Any]:
    return {"meta": meta, "paper": paper}


def of_piece(article: Article) -> Meta:
    """Of a piece as `for_reading()` gives it. Its address is the one that is shared, wherever
    search engines are sent."""
    pictures = pictures_of(article)
    properties = [
        ("article:published_time", iso_time(article.published_at)),
        ("article:modified_time", iso_time(article.modified_at)),
        ("article:section", article.section.name),
        *(
            ("article:author", absolute(byline.author.get_absolute_url()))
            for byline in article.bylines.all()
        ),
        *(("article:tag", topic.name) for topic in article.topics.all()),
    ]
    return Meta(
        title=article.headline,
        address=absolute(article.get_absolute_url()),
        canonical="" if article.indexed == Indexing.NOINDEX else article.canonical_url,
        description=article.standfirst or _beginning(article.body_html),
        type="article",
        locale=locale_of(article.language),
        picture=_described(pictures[0], article.headline) if pictures else None,
        properties=tuple(properties),
    )


def of_page(
    request: HttpRequest,
    site: SiteSettings,
    *,
    title: str,
    description: str = "",
    page: Page | None = None,
    type: str = "website",
) -> Meta:
    """Of any other page, and of a `page` of a list."""
    address = canonical_of(request, page)
    logo = site.logo
    return Meta(
        title=title,
        address=address or absolute(request.path),
        canonical=address,
        description=description or site.tagline,
        type=type,
        locale=locale_of(get_language() or settings.LANGUAGE_CODE),
        picture=Picture(absolute(logo.url), site.logo_width or 0, site.logo_height or 0, site.name)
        if logo
        else None,
    )


def canonical_of(request: HttpRequest, page: Page | None = None) -> str:
    """The one address of a page, whatever else was asked in the query.

    The first page of a list has that of the list, and each further one the address that leads
    down to it; reached in another way (up, or by its number), it is a copy and has none.
    """
    if page is None or not page.has_newer:
        return absolute(request.path)
    before = Key.read(request.GET.get("before", ""))
    return f"{absolute(request.path)}?before={before}" if before else ""


def locale_of(language: str) -> str:
    """As Open Graph writes it: en_GB. Without a territory where nobody would guess it."""
    if "-" not in language and settings.LANGUAGE_CODE.partition("-")[0] == language:
        language = settings.LANGUAGE_CODE  # the site's own English is British, say
    language, _, territory = to_locale(language).partition("_")
    territory = territory or TERRITORIES.get(language, "")
    return f"{language}_{territory}" if territory else language


def _described(picture: Picture, headline: str) -> Picture:
    return picture if picture.alt else picture._replace(alt=headline)


def _beginning(html: str) -> str:
    """The first words of a text."""
    words = " ".join(text_of(html).split())
    return Truncator(Truncator(words).words(DESCRIPTION_WORDS)).chars(300)
