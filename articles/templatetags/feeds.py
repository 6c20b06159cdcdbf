from collections.abc import Mapping
from typing import Any

from django import template

from articles.feeds.addresses import FeedLink, feed_links, rss_path
from articles.search.asking import Asked

register = template.Library()

register.simple_tag(feed_links)
register.simple_tag(rss_path)


@register.simple_tag(takes_context=True)
def feed_links_of_page(context: Mapping[str, Any]) -> list[FeedLink]:
    """Those of the list that the page shows, its `subject`, or of the search that it was `asked`
    for, with its name in their labels; none on any other page."""
    asked, subject = context.get("asked"), context.get("subject")
    if isinstance(asked, Asked) and asked.wants_something:
        name, links = asked.text, feed_links(query=asked.link(order="").removeprefix("?"))
    elif subject is not None:
        name, links = str(subject), feed_links(subject)
    else:
        return []
    return [link._replace(label=f"{name} – {link.label}") for link in links]
