"""Filling in a form as a browser does: from the page itself, sending what stands in it."""

from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from django.http import HttpResponse
from django.test import Client

NOT_SENT = {"submit", "button", "reset", "image", "file"}


def dom(response: HttpResponse) -> Element:
    html = b"".join(response) if response.streaming else response.content
    return html5lib.parse(html.decode(), namespaceHTMLElements=False)


def the(response: HttpResponse, path: str) -> Element:
    """The element of the page at `path` (ElementTree's), which is there."""
    element = dom(response).find(path)
    assert element is not None, path
    return element


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def text_at(response: HttpResponse, path: str = ".//main") -> str:
    return text_of(the(response, path))


def links(response: HttpResponse) -> list[str]:
    return [anchor.attrib["href"] for anchor in dom(response).iter("a") if "href" in anchor.attrib]


def fields_of(response: HttpResponse) -> dict[str, Any]:
    """The fields of the page's forms and what stands in them."""
    fields: dict[str, Any] = {}
    for element in dom(response).iter():
        name = element.get("name")
        if not name or "disabled" in element.attrib:
            continue
        if element.tag == "textarea":
            fields[name] = "".join(element.itertext()).removeprefix("\n")
        elif element.tag == "select":
            fields[name] = _chosen(element)
        elif element.tag == "input" and element.get("type") not in NOT_SENT:
            is_choice = element.get("type") in {"checkbox", "radio"}
            if not is_choice or "checked" in element.attrib:
                fields[name] = element.get("value", "on" if is_choice else "")
    return fields


def _chosen(select: Element) -> Any:
    options = list(select.iter("option"))
    chosen = [each.get("value", "") for each in options if "selected" in each.attrib]
    if "multiple" in select.attrib:
        return chosen
    return chosen[0] if chosen else next((each.get("value", "") for each in options), "")


def fill_in(client: Client, url: str, *, headers: Any = None, **changes: Any) -> HttpResponse:
    """Open the page at `url`, change the fields given, and send its form.

    A button is pressed by giving its name. A field that the page doesn't have is sent all the
    same: so does whoever wants more than is offered.
    """
    page: Any = client.get(url)
    assert page.status_code == 200, page.status_code
    return client.post(url, fields_of(page) | changes, headers=headers)  # type: ignore[return-value]
