"""Reads the pages that tests get by what they mean, not by how they are spelt."""

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import html5lib

from newsroom.tests.browsing import dom as page
from newsroom.tests.browsing import text_of

__all__ = ["page", "text_of"]

type Fields = dict[str, str]


def fragment(html: str) -> Element:
    """The nodes of `html` below one element, as a browser would build them in a page."""
    root: Element = html5lib.parseFragment(html, container="div", namespaceHTMLElements=False)
    return root


def by_id(root: Element, identifier: str) -> Element:
    """The one element with this id."""
    (found,) = all_by_id(root, identifier)
    return found


def all_by_id(root: Element, identifier: str) -> list[Element]:
    return [each for each in root.iter() if each.get("id") == identifier]


def by_class(root: Element, name: str) -> list[Element]:
    return [each for each in root.iter() if name in (each.get("class") or "").split()]


def controls(form: Element) -> Iterator[Element]:
    """What can be filled in, hidden fields included, in the order of the page."""
    for each in form.iter():
        if each.tag in {"input", "textarea", "select"}:
            yield each


def value_of(control: Element) -> str:
    if control.tag == "textarea":
        return "".join(control.itertext())
    return control.get("value") or ""


def filled_in(form: Element) -> Fields:
    """What a browser would send of the form."""
    return {name: value_of(each) for each in controls(form) if (name := each.get("name"))}


def only(root: Element, tag: str) -> Element:
    """The one element of this kind below `root`."""
    (found,) = root.iter(tag)
    return found


def reply_form(response: Any) -> Element:
    """The form under "Leave a Reply"."""
    return only(by_id(page(response), "respond"), "form")


def summary(response: Any) -> dict[str, str]:
    """What the summary of errors says: the target of each link ("" for none) and its line."""
    lines = {}
    for line in by_id(page(response), "errors").iter("li"):
        link = line.find("a")
        lines["" if link is None else link.attrib["href"]] = text_of(line)
    return lines
