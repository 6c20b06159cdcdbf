from django import template

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
def newest_pieces() -> list[Article]:
    """With what a link to them shows, and no more."""
    newest = Article.objects.published()
    fields = ("slug", "headline", "language", "text_direction", "published_at")
    return list(newest.only(*fields)[:NEWEST])
