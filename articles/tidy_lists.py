"""Lists that Word writes as paragraphs, as lists."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from articles.html_tree import Element
from articles.tidy_inline import style_of

LEVEL = re.compile(r"\blevel([1-9])\b")
BULLET = re.compile(r"\A[\s\xa0]*[·•◦▪§o‣–-][\s\xa0]{2,}")
NUMBER = re.compile(r"\A[\s\xa0]*\(?(?:\d{1,3}|[a-z]|[ivxlc]{1,6})[.)]", re.IGNORECASE)


@dataclass
class Item:
    level: int
    is_ordered: bool
    paragraph: Element


def item_of(node: Element, style: dict[str, str]) -> Item | None:
    """What the paragraph is in a list of Word's. Takes its bullet or number out of it."""
    level = LEVEL.search(style.get("mso-list", ""))
    if level is None and "msolistparagraph" not in node.attributes.get("class", "").lower():
        return None
    marker = _take_marker(node)
    if marker is None:
        return None
    return Item(int(level[1]) if level else 1, bool(NUMBER.match(marker)), node)


def _take_marker(node: Element) -> str | None:
    for span in node.all("span"):
        if style_of(span).get("mso-list") == "ignore":
            marker = span.text
            span.children = []
            return marker
    parent, text = _first_text(node)
    if parent is None or not (found := BULLET.match(text)):
        return None
    parent.children[0] = text[found.end() :]
    return found[0]


def _first_text(node: Element) -> tuple[Element | None, str]:
    while node.children:
        first = node.children[0]
        if isinstance(first, str):
            return node, first
        node = first
    return None, ""


def lists_of(blocks: Sequence[Element | Item | str]) -> list[Element | str]:
    """The blocks with the items that follow each other in lists."""
    done: list[Element | str] = []
    items: list[Item] = []
    for block in blocks:
        if isinstance(block, Item):
            items.append(block)
        elif not (items and block == "\n"):
            done += _nested(items)
            items = []
            done.append(block)
    return done + _nested(items)


def _nested(items: list[Item]) -> list[Element | str]:
    """Items of a deeper level than the first belong to the one before them."""
    lists: list[Element | str] = []
    while items:
        first, rest = items[0], items[1:]
        deeper = next((n for n, each in enumerate(rest) if each.level <= first.level), len(rest))
        item = Element("li", {}, [*first.paragraph.children, *_nested(rest[:deeper])])
        tag = "ol" if first.is_ordered else "ul"
        last = lists[-1] if lists else None
        if isinstance(last, Element) and last.tag == tag:
            last.children.append(item)
        else:
            lists.append(Element(tag, {}, [item]))
        items = rest[deeper:]
    return lists
