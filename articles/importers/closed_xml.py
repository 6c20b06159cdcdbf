"""XML from outside, read with every door closed: no document type, no entities, nothing fetched."""

import re
from typing import Any

from django.utils.translation import gettext as _

from articles.importers.errors import Place, Refused

# Before the root element, in whatever encoding that keeps ASCII, or in UTF-16.
DOCTYPE = re.compile(rb"<\x00?!\x00?D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E", re.IGNORECASE)
DEEPEST = 200


def parse(data: bytes, name: str = "") -> Any:
    """The root element of the document in `data`, an lxml element.

    Raises Refused, with the line, for what is not well-formed, has a document type, or is nested
    more than DEEPEST times.
    """
    from lxml import etree  # noqa: PLC0415 - few processes read XML

    if found := DOCTYPE.search(data):
        line = data.count(b"\n", 0, found.start()) + 1
        raise Refused(_("A document type is not taken from outside."), Place(name, line))
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_pis=True,
        remove_comments=True,
    )
    try:
        root = etree.fromstring(data.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        line = getattr(error, "lineno", 0) or 0
        reason = str(getattr(error, "msg", error)).partition(", line ")[0]
        raise Refused(_("This is no whole XML: %s.") % reason, Place(name, line)) from None
    if root is None or _depth(root) > DEEPEST:
        raise Refused(_("This XML is nested too deep."), Place(name))
    return root


def _depth(root: Any) -> int:
    deepest = depth = 0
    from lxml import etree  # noqa: PLC0415 - as above

    for event, _element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


# --- Asking elements, whatever their namespace ------------------------------------------------


def local(element: Any) -> str:
    """Its name without a namespace."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def find_all(element: Any, *path: str) -> list[Any]:
    """Those that `path` leads to: local names, one below the other."""
    found = [element]
    for name in path:
        found = [child for each in found for child in each if local(child) == name]
    return found


def find(element: Any, *path: str) -> Any | None:
    return next(iter(find_all(element, *path)), None)


def below(element: Any, *names: str) -> list[Any]:
    """All elements anywhere below with one of these local names, in the order of the document."""
    return [each for each in element.iter() if each is not element and local(each) in names]


def first_below(element: Any, *names: str) -> Any | None:
    return next(iter(below(element, *names)), None)


def text_of(element: Any | None) -> str:
    """All its words, with single spaces; empty where there is no element."""
    if element is None:
        return ""
    return " ".join("".join(element.itertext()).split())


def attribute(element: Any | None, name: str) -> str:
    """By its local name: xml:lang is “lang”."""
    if element is None:
        return ""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value).strip()
    return ""
