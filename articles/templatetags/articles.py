from django import template
from django.conf import settings
from django.urls import reverse

from articles.age import age, reading_time, years_since
from articles.models import Article
from articles.navigation import navigation

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
    """With what a link to them shows, and no more."""
    newest = Article.objects.published()
    fields = ("slug", "headline", "language", "text_direction", "published_at")
    return list(newest.only(*fields)[:NEWEST])
