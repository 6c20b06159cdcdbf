"""HTML as a tree: as forgiving to read as a browser is, and written in one form.

It makes nothing safe: what is read here passes the gates of newsroom/clean_html.py afterwards.
It takes linear time, which Python's own parser does not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape, unescape

# No alternative reads beyond the next "<" but in quotes, so that nothing is read twice.
TAG = re.compile(
    r"""<!--.*?(?:-->|\Z)
    | <[!?][^>]*(?:>|\Z)
    | </(?P<end>[a-z][^\s/<>]*)[^<>]*>
    | <(?P<start>[a-z][^\s/<>]*)(?P<attributes>(?>[^<>"']|"[^"]*"|'[^']*')*)>""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
ATTRIBUTE = re.compile(
    r"""([^\s=/"'<>]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>]+))?""",
)
VOID = frozenset(
    [
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param"),
        *("source", "track", "wbr"),
    ]
)
DEEPEST = 60  # elements within each other; what stands deeper loses its tags, not its text

PARAGRAPH_ENDS_BEFORE = frozenset(
    [
        *("address", "article", "aside", "blockquote", "div", "dl", "fieldset", "figcaption"),
        *("figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr"),
        *("main", "nav", "ol", "p", "pre", "section", "table", "ul"),
    ]
)
# An element that has no end tag of its own ends before these, within the last of those.
ENDS_BEFORE = {
    "li": ({"li"}, {"ul", "ol"}),
    "dt": ({"dt", "dd"}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl"}),
    "td": ({"td", "th"}, {"table"}),
    "th": ({"td", "th"}, {"table"}),
    "tr": ({"tr"}, {"table"}),
    "tbody": ({"thead", "tbody", "tfoot"}, {"table"}),
    "tfoot": ({"thead", "tbody", "tfoot"}, {"table"}),
}
CLOSED_IN = frozenset(["td", "th", "li", "blockquote", "table", "figcaption", "figure"])


@dataclass
class Element:
    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element | str"] = field(default_factory=list)

    def elements(self) -> Iterator["Element"]:
        return (child for child in self.children if isinstance(child, Element))

    def all(self, *tags: str) -> Iterator["Element"]:
        """Those with one of the `tags` below it, in the order of the text."""
        for child in self.elements():
            if child.tag in tags:
                yield child
            yield from child.all(*tags)

    @property
    def text(self) -> str:
        return "".join(
            child if isinstance(child, str) else "\n" if child.tag == "br" else child.text
            for child in self.children
        )


def read(html: str) -> Element:
    """An element without a tag that holds what `html` says."""
    reader, position = _Reader(), 0
    for tag in TAG.finditer(html):
        reader.text(html[position : tag.start()])
        position = tag.end()
        if tag["start"]:
            reader.start(tag["start"].lower(), tag["attributes"])
        elif tag["end"]:
            reader.end(tag["end"].lower())
    reader.text(html[position:])
    return reader.root


class _Reader:
    def __init__(self) -> None:
        self.root = Element("")
        self.open = [self.root]

    def start(self, tag: str, attributes: str) -> None:
        if tag in PARAGRAPH_ENDS_BEFORE:
            self._end({"p"}, CLOSED_IN)
        if tag in ENDS_BEFORE:
            self._end(*ENDS_BEFORE[tag])
        if tag not in VOID and len(self.open) > DEEPEST:
            return
        element = Element(tag)
        for name, value in ATTRIBUTE.findall(attributes):
            text = value[1:-1] if value[:1] in {"'", '"'} else value
            element.attributes.setdefault(name.lower(), unescape(text))
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def end(self, tag: str) -> None:
        self._end({tag}, {"td", "th"} if tag not in {"table", "tr", "tbody", "thead"} else set())

    def text(self, text: str) -> None:
        if text:
            self.open[-1].children.append(unescape(text))

    def _end(self, tags: set[str], within: set[str] | frozenset[str]) -> None:
        """End the innermost open element with one of the `tags`, unless it is outside `within`."""
        for depth in range(len(self.open) - 1, 0, -1):
            if self.open[depth].tag in tags:
                del self.open[depth:]
                return
            if self.open[depth].tag in within:
                return


def write(*nodes: Element | str) -> str:
    return "".join(map(_written, nodes))


def _written(node: Element | str) -> str:
    """As nh3 writes it, so that it changes nothing in what is clean."""
    if isinstance(node, str):
        return escape(node, quote=False).replace("\xa0", "&nbsp;")
    attributes = "".join(
        f' {name}="{_attribute(value)}"' for name, value in node.attributes.items()
    )
    if not node.tag:
        return write(*node.children)
    if node.tag in VOID:
        return f"<{node.tag}{attributes}>"
    return f"<{node.tag}{attributes}>{write(*node.children)}</{node.tag}>"


def _attribute(value: str) -> str:
    return escape(value, quote=False).replace("\xa0", "&nbsp;").replace('"', "&quot;")
