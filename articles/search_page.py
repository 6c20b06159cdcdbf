"""Search for readers: the page, and what it suggests to those who are typing."""

from functools import lru_cache

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html_join
from django.views.decorators.http import require_safe

from articles.search.asking import FILTERS, ORDERS, PERIODS, SEARCH_QUERY, Asked, Choice
from articles.search.results import search as find
from articles.search.results import suggest as suggestions
from newsroom.page_store import for_once, stored
from newsroom.site import without_site


@stored(query=SEARCH_QUERY)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Whatever is asked, there is a page."""
    asked = Asked.read(request.GET)
    found = find(asked)
    if asked.messages or (asked.wants_something and not found.hits):
        for_once()
    context = {
        "asked": asked,
        "options": {
            kind: _options(choices, asked.chosen.get(kind))
            for kind, choices in asked.choices.items()
        },
        "found": found,
        "periods": {name: label for name, (_days, label) in PERIODS.items()},
        "orders": ORDERS,
        "feed": reverse("articles:search_rss") + asked.link(order=""),
        "newest_first": asked.link(order="newest"),
        "best_first": asked.link(order=""),
        "without_filters": asked.link(**dict.fromkeys(FILTERS, "")),
    }
    return render(request, "articles/search.html", context)


@lru_cache(maxsize=64)
def _options(choices: tuple[Choice, ...], chosen: Choice | None) -> str:
    """Of a field of the form; made here, and kept, as there may be hundreds."""
    rows = ((each.slug, " selected" if each == chosen else "", each.name) for each in choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', rows)


@require_safe
@without_site
def suggest(request: HttpRequest) -> HttpResponse:
    found = [
        {
            "headline": piece.headline,
            "address": piece.get_absolute_url(),
            "language": piece.language,
            "direction": piece.direction,
        }
        for piece in suggestions(request.GET.get("q", ""))
    ]
    return JsonResponse({"suggestions": found})
