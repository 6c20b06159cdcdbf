"""What machines read of a page: in its head, and as structured data at its foot."""

import json
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html

from articles import head_meta
from articles.keyset import Page
from articles.models import Author
from articles.structured_data import (
    Node,
    breadcrumbs,
    graph,
    news_article,
    page_of_subject,
    website,
)

register = template.Library()

# As in Django's json_script: so written, no text can end the element or begin a comment in it. The
# last two would end a line for older readers of JSON.
ESCAPES = {ord(sign): f"\\u{ord(sign):04X}" for sign in "<>&\u2028\u2029"}


class ScriptText:
    """A node as the text of a script element: safe there, and nowhere else."""

    def __init__(self, node: Node) -> None:
        self.node = node

    def __html__(self) -> str:
        written = json.dumps(self.node, ensure_ascii=False, separators=(",", ":"))
        return written.translate(ESCAPES)


def _block(*nodes: Node) -> str:
    """A block of data: browsers run nothing of it, so the content policy lets it stand."""
    text = ScriptText(graph(*nodes))
    return format_html('<script type="application/ld+json">{}</script>', text)


# --- In the head ----------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def piece_meta(context: Mapping[str, Any]) -> str:
    """Of the page of a piece."""
    return head_meta.html(head_meta.of_piece(context["article"]), context["site"])


@register.simple_tag(takes_context=True)
def page_meta(context: Mapping[str, Any], title: str, description: str = "") -> str:
    """Of any other page that search engines may list; `page` in the context is one of a list."""
    request, site = context["request"], context["site"]
    page, subject = context.get("page"), context.get("subject")
    meta = head_meta.of_page(
        request,
        site,
        title=title,
        description=description,
        page=page if isinstance(page, Page) else None,
        type="profile" if isinstance(subject, Author) else "website",
    )
    return head_meta.html(meta, site)


# --- At the foot, where `around` has been read ----------------------------------------------------


@register.simple_tag(takes_context=True)
def piece_data(context: Mapping[str, Any]) -> str:
    article, site = context["article"], context["site"]
    places = ("corrections_at_top", "corrections_at_foot")
    corrections = [each for place in places for each in context.get(place, ())]
    section = article.section
    return _block(
        news_article(article, site, context.get("around"), corrections),
        breadcrumbs(
            site,
            (section.name, section.get_absolute_url()),
            (article.headline, article.get_absolute_url()),
        ),
    )


@register.simple_tag(takes_context=True)
def front_data(context: Mapping[str, Any]) -> str:
    return _block(website(context["site"], context.get("around")))


@register.simple_tag(takes_context=True)
def subject_data(context: Mapping[str, Any]) -> str:
    """Of the list of pieces of a section, topic, author or source."""
    subject, site = context["subject"], context["site"]
    return _block(
        page_of_subject(subject, site, context["pieces"]),
        breadcrumbs(site, (subject.name, subject.get_absolute_url())),
    )


@register.simple_tag(takes_context=True)
def trail_data(
    context: Mapping[str, Any], name: str, parent: str = "", parents_path: str = ""
) -> str:
    """Where any other page stands: below the front page, or below a parent."""
    above = [(parent, parents_path)] if parent else []
    return _block(breadcrumbs(context["site"], *above, (name, context["request"].path)))
