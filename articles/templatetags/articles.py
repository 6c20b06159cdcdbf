from collections.abc import Mapping
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse

from articles.age import age, years_since
from articles.frame import Shown, drawn
from articles.linked import Linked, newest, piece_link
from articles.listed import Listed, around_hit, cards
from articles.models import Article
from articles.navigation import navigation
from articles.reading_time import reading_time
from articles.related import Beside
from newsroom.stencils import kept

NEWEST = 5

register = template.Library()
register.simple_tag(navigation)
register.simple_tag(cards)
register.simple_tag(around_hit)
register.simple_tag(piece_link)
register.filter("age", age)
register.filter("years_since", years_since)
register.filter("reading_time", reading_time)


@register.simple_tag(takes_context=True)
def frame(context: Mapping[str, Any], template: str) -> str:
    """A part of what stands around every page, where `around` has been read."""
    shown = Shown.of(context["site"])
    return drawn(template, shown, context["around"], context["request"].path)


@register.simple_tag
def card(piece: Listed, eager: bool = False) -> str:
    """Of one alone: see cards()."""
    return cards([piece], eager=eager)


@register.simple_tag
def same(template: str) -> str:
    """A template that is the same on all pages in a language."""
    return kept(template, dict)


@register.simple_tag
def pieces_beside(article: Article, beside: Beside) -> str:
    """Where to go on from a piece."""
    ages = tuple(years_since(piece.published_at) for piece in beside.related)
    return kept("articles/_beside_piece.html", _beside, beside, article.section.name, ages)


def _beside(beside: Beside, section: str, ages: tuple[int, ...]) -> dict[str, Any]:
    return {"beside": beside, "section": section}


@register.simple_tag
def short_address(article: Article) -> str:
    """What somebody can type who reads the piece on paper."""
    return settings.SITE_URL + reverse("articles:short", args=[article.pk])


@register.simple_tag
def newest_pieces() -> list[Linked]:
    return newest(NEWEST)
