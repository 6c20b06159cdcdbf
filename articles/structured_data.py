"""What machines are told of a page, in the words of schema.org (JSON-LD).

Each function gives a plain dict. They ask the database nothing: pieces come as `for_reading()` or
articles.listed.listed() does, the links around the page as `navigation()` does.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from articles.lead_picture import lead_alternative, shown_lead
from articles.models import Article, Author, Correction, ListSubject, ShareImage, Source
from articles.models.page import path_of as page_path
from articles.navigation import Navigation
from articles.reading_time import counts
from newsroom.models import SiteSettings

type Node = dict[str, Any]

# Standing pages with these slugs are the policies that schema.org has a word for.
POLICIES = {
    "corrections-policy": "correctionsPolicy",
    "ethics-policy": "ethicsPolicy",
    "ethics": "ethicsPolicy",
    "publishing-principles": "publishingPrinciples",
    "editorial-guidelines": "publishingPrinciples",
    "fact-checking": "verificationFactCheckingPolicy",
    "unnamed-sources": "unnamedSourcesPolicy",
    "diversity-policy": "diversityPolicy",
    "ownership": "ownershipFundingInfo",
    "masthead": "masthead",
}
# What search engines ask for: renditions.py.
SHAPES = ("broad", "standard", "square")
# An update tells what is new, and says nothing of an error.
CORRECTING = frozenset(Correction.Kind) - {Correction.Kind.UPDATE}


class Picture(NamedTuple):
    """A picture that stands for a page, and what is said of it."""

    address: str
    width: int
    height: int
    alt: str = ""
    caption: str = ""
    credit: str = ""


def absolute(address: str) -> str:
    """A path of this site, or what is whole already."""
    if address.startswith("/") and not address.startswith("//"):
        return f"{settings.SITE_URL}{address}"
    return urljoin(f"{settings.SITE_URL}/", address)


def front_address() -> str:
    return absolute(reverse("articles:front"))


def graph(*nodes: Node) -> Node:
    return {"@context": "https://schema.org", "@graph": list(nodes)}


# --- Pieces ---------------------------------------------------------------------------------------


def news_article(
    article: Article,
    site: SiteSettings,
    around: Navigation | None = None,
    corrections: Iterable[Correction] = (),
) -> Node:
    """A piece that readers can see, with its standing `corrections`."""
    address = absolute(article.get_absolute_url())
    found: Node = {
        "@type": "NewsArticle",
        "@id": f"{address}#article",
        "headline": article.headline,
        "description": article.standfirst,
        "url": address,
        "mainEntityOfPage": article.canonical_url,
        "inLanguage": article.language,
        "datePublished": iso_time(article.published_at),
        "dateModified": iso_time(article.modified_at),
        "author": _authors(article, site),
        "publisher": publisher(site, around),
        "image": [_image(each) for each in pictures_of(article)],
        "articleSection": article.section.name,
        "keywords": [topic.name for topic in article.topics.all()],
        "dateline": article.dateline,
        "locationCreated": _place(article.dateline),
        "wordCount": word_count(article.body_html),
        "commentCount": article.reply_count,
        "discussionUrl": f"{address}#comments",
        "isAccessibleForFree": True,
        "creditText": article.credit,
        **_agency(article),
        **_corrected(corrections),
    }
    return _filled(found)


def _authors(article: Article, site: SiteSettings) -> list[Node]:
    """Those named, else the agency, else the paper itself."""
    people = [person(byline.author) for byline in article.bylines.all()]
    if people:
        return people
    return [_organization(article.source) if article.source else _paper(site)]


def person(author: Author) -> Node:
    address = absolute(author.get_absolute_url())
    return {"@type": "Person", "@id": f"{address}#person", "name": author.name, "url": address}


def _organization(source: Source) -> Node:
    address = source.url or absolute(source.get_absolute_url())
    return {"@type": "Organization", "name": source.name, "url": address}


def _agency(article: Article) -> Node:
    """A piece that names no author of ours is the agency's own text."""
    if article.source is None:
        return {}
    agency = _organization(article.source)
    original = {"@type": "CreativeWork", "url": article.source_url, "publisher": agency}
    found: Node = {"isBasedOn": _filled(original)}
    if not article.bylines.all():
        found |= {"sourceOrganization": agency, "copyrightHolder": agency}
    return found


def _corrected(corrections: Iterable[Correction]) -> Node:
    errors = [each for each in corrections if each.kind in CORRECTING]
    found: Node = {
        "correction": [
            {
                "@type": "CorrectionComment",
                "name": str(each.get_kind_display()),
                "text": each.text,
                "datePublished": iso_time(each.at),
                "url": absolute(each.get_absolute_url()),
            }
            for each in errors
        ]
    }
    if any(each.kind == Correction.Kind.RETRACTION for each in errors):
        found["creativeWorkStatus"] = "Retracted"
    return found


def _place(dateline: str) -> Node | None:
    return {"@type": "Place", "name": dateline} if dateline else None


def word_count(html: str) -> int | None:
    """None for text that does not part its words by spaces."""
    words, characters = counts(html)
    return words if words > characters else None


def pictures_of(article: Article) -> list[Picture]:
    """The lead picture in each shape, 16:9 first, or whole until those are made; else the share
    picture. Nothing where there is none yet."""
    lead = shown_lead(article)
    if lead is not None:
        rows = [row for shape in SHAPES for row in lead.files_of(shape, lead.extension)]
        words = (lead_alternative(article), article.lead_caption, article.lead_credit)
        return [
            Picture(absolute(lead.address(row)), row[1], row[2], *words)
            for row in rows or [lead.nearest("wide", 1200, lead.extension)]
        ]
    share: ShareImage | None = getattr(article, "share_image", None)
    if share is None or not share.is_made:
        return []
    return [Picture(absolute(share.src), *ShareImage.SIZE)]


def _image(picture: Picture) -> Node:
    return _filled(
        {
            "@type": "ImageObject",
            "url": picture.address,
            "width": picture.width,
            "height": picture.height,
            "caption": picture.caption,
            "creditText": picture.credit,
        }
    )


# --- The paper ------------------------------------------------------------------------------------


def publisher(site: SiteSettings, around: Navigation | None = None) -> Node:
    """The paper, with those of its policies that have a standing page."""
    found = _paper(site) | {"legalName": site.publisher}
    if site.logo:
        found["logo"] = {
            "@type": "ImageObject",
            "url": absolute(site.logo.url),
            "width": site.logo_width,
            "height": site.logo_height,
        }
    pages = {link.address for link in around.pages} if around else set()
    for slug, policy in POLICIES.items():
        address = page_path(slug)
        if address in pages:
            found.setdefault(policy, absolute(address))
    return _filled(found)


def _paper(site: SiteSettings) -> Node:
    address = front_address()
    return {
        "@type": "NewsMediaOrganization",
        "@id": f"{address}#publisher",
        "name": site.name,
        "url": address,
    }


def website(site: SiteSettings, around: Navigation | None = None) -> Node:
    """The site, and how it is searched."""
    address = front_address()
    template = f"{absolute(reverse('articles:search'))}?q={{search_term_string}}"
    return _filled(
        {
            "@type": "WebSite",
            "@id": f"{address}#website",
            "name": site.name,
            "description": site.tagline,
            "url": address,
            "publisher": publisher(site, around),
            "potentialAction": {
                "@type": "SearchAction",
                "target": {"@type": "EntryPoint", "urlTemplate": template},
                "query-input": "required name=search_term_string",
            },
        }
    )


# --- Lists ----------------------------------------------------------------------------------------


def breadcrumbs(site: SiteSettings, *steps: tuple[str, str]) -> Node:
    """The way from the front page, as (name, path); the last step is the page itself."""
    way = [(site.name, reverse("articles:front")), *steps]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": absolute(path)}
            for number, (name, path) in enumerate(way, 1)
        ],
    }


def collection_page(name: str, path: str, pieces: Sequence[Article], description: str = "") -> Node:
    """A list of pieces, in their order."""
    return _filled(
        {
            "@type": "CollectionPage",
            "name": name,
            "description": description,
            "url": absolute(path),
            "mainEntity": {
                "@type": "ItemList",
                "itemListElement": [
                    {
                        "@type": "ListItem",
                        "position": number,
                        "url": absolute(piece.get_absolute_url()),
                    }
                    for number, piece in enumerate(pieces, 1)
                ],
            },
        }
    )


def profile_page(author: Author, site: SiteSettings, pieces: Sequence[Article]) -> Node:
    """The page of a person who writes for the paper, and what they wrote."""
    about = person(author) | {"description": author.description, "worksFor": _paper(site)}
    return _filled(
        {
            "@type": "ProfilePage",
            "url": absolute(author.get_absolute_url()),
            "mainEntity": _filled(about),
            "hasPart": [
                {
                    "@type": "NewsArticle",
                    "headline": piece.headline,
                    "url": absolute(piece.get_absolute_url()),
                    "datePublished": iso_time(piece.published_at),
                }
                for piece in pieces
            ],
        }
    )


def page_of_subject(subject: ListSubject, site: SiteSettings, pieces: Sequence[Article]) -> Node:
    if isinstance(subject, Author):
        return profile_page(subject, site, pieces)
    path = subject.get_absolute_url()
    return collection_page(subject.name, path, pieces, subject.description)


def iso_time(moment: datetime | None) -> str:
    """On the clock of the site, with its distance from UTC."""
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else ""


def _filled(node: Node) -> Node:
    """Without what there is nothing to say of. A count of 0 says something."""
    return {name: value for name, value in node.items() if value not in ("", None, [])}
