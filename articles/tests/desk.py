"""The pages on which pieces are written."""

from typing import Any

from django.http import HttpResponse
from django.test import Client

from articles.models import Article
from articles.tests.factories import make_section
from newsroom.tests.browsing import dom, fill_in, text_of

LIST = "/admin/articles/article/"
ADD = f"{LIST}add/"


def page_of(article: Article) -> str:
    return f"{LIST}{article.pk}/change/"


def write(client: Client, button: str = "_save", **fields: Any) -> HttpResponse:
    """Fill in the form for a new piece, what it must have at least, and press the button."""
    fields.setdefault("headline", "Fish and chips")
    fields.setdefault("slug", "fish-and-chips")
    fields.setdefault("body", "<p>The body.</p>")
    if "section" not in fields:
        fields["section"] = make_section().pk
    return fill_in(client, ADD, **{button: "pressed"}, **fields)


def edit(client: Client, article: Article, button: str = "_save", **changes: Any) -> HttpResponse:
    response = fill_in(client, page_of(article), **{button: "pressed"}, **changes)
    article.refresh_from_db()
    return response


def at(date: str, time: str) -> dict[str, str]:
    """The publication time, as the form asks for it."""
    return {"published_at_0": date, "published_at_1": time}


def buttons(response: HttpResponse) -> set[str]:
    return {
        element.attrib["name"]
        for element in dom(response).iter("input")
        if element.get("type") == "submit" and "name" in element.attrib
    }


def errors(response: HttpResponse) -> list[str]:
    assert response.status_code == 200
    return [text_of(each) for each in dom(response).iterfind(".//ul[@class='errorlist']/li")]
