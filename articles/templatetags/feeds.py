from collections.abc import Mapping
from typing import Any

from django import template

from articles.feeds.addresses import FeedLink, feed_links, rss_path
from articles.search.asking import Asked
from newsroom.stencils import kept

register = template.Library()

register.simple_tag(feed_links)
register.simple_tag(rss_path)


@register.simple_tag(takes_context=True)
def feed_links_in_head(context: Mapping[str, Any]) -> str:
    """Of the whole site, and of the list that the page shows."""
    of_page = feed_links_of_page(context)
    return kept("articles/_feed_links.html", _links, context["site"].name, feed_links(), of_page)


def _links(
    paper: str, of_site: tuple[FeedLink, ...], of_page: tuple[FeedLink, ...]
) -> dict[str, Any]:
    return {"paper": paper, "of_site": of_site, "of_page": of_page}


def feed_links_of_page(context: Mapping[str, Any]) -> tuple[FeedLink, ...]:
    """Those of the list that the page shows, its `subject`, or of the search that it was `asked`
    for, with its name in their labels; none on any other page."""
    asked, subject = context.get("asked"), context.get("subject")
    if isinstance(asked, Asked) and asked.wants_something:
        name, links = asked.text, feed_links(query=asked.link(order="").removeprefix("?"))
    elif subject is not None:
        name, links = str(subject), feed_links(subject)
    else:
        return ()
    return tuple(link._replace(label=f"{name} – {link.label}") for link in links)
