from django import template
from django.conf import settings
from django.urls import reverse

from articles.age import age, years_since
from articles.listings import LINK_FIELDS
from articles.models import Article
from articles.navigation import navigation
from articles.reading_time import reading_time

NEWEST = 5

register = template.Library()
register.simple_tag(navigation)
register.filter("age", age)
register.filter("years_since", years_since)
register.filter("reading_time", reading_time)


@register.simple_tag
def short_address(article: Article) -> str:
    """What somebody can type who reads the piece on paper."""
    return settings.SITE_URL + reverse("articles:short", args=[article.pk])


@register.simple_tag
def newest_pieces() -> list[Article]:
    return list(Article.objects.published().only(*LINK_FIELDS)[:NEWEST])
