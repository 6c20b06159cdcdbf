"""Whatever HTML was written or pasted, in the one form in which bodies are kept.

Paragraphs and what may stand between them, nothing empty, nothing nested that needn't be: what
the editor in the admin reads and writes. Word, Google Docs and old systems bring the same things
in other clothes; what they say by their styles is kept in tags. This makes nothing safe, and
what comes out passes both gates of newsroom/clean_html.py unchanged.
"""

import re

from articles.html_tree import Element, read, write
from articles.tidy_inline import Inline, Marks, lines_of, marked, nodes_of, style_of
from articles.tidy_lists import Item, item_of, lists_of
from articles.tidy_rules import (
    BLOCKS,
    HEADINGS,
    MOVED,
    PARAGRAPHS,
    PICTURE,
    RECORDING,
    SET_APART,
    SPAN,
    UNREAD,
    address,
)
from newsroom.clean_html import plain

DASHES = re.compile(r"\A[\s\xa0]*[-–—―~]+[\s\xa0]*")
BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")


def tidy(html: str) -> str:
    """`html`, the result of plain_html(), in the form in which bodies are kept."""
    flow = _Flow("body")
    flow.read(read(html), ())
    return write(*flow.finished())


class _Flow:
    """The blocks of a body, a list item, a quotation or a cell, as they are found.

    A line has none, and words that have no line breaks either.
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.is_line = kind in {"line", "words"}
        self.blocks: list[Element | Item | str] = []
        self.inline: Inline = []
        self.moved: list[Element] = []
        self.on_new_line = False

    def read(self, node: Element, marks: Marks) -> None:
        for child in node.children:
            if isinstance(child, Element):
                self._element(child, marks)
            elif node.tag:
                self.inline.append((child, marks))
            else:
                for number, part in enumerate(BLANK_LINES.split(child)):
                    if number:
                        self._end_paragraph()
                        self.on_new_line = True
                    self.inline.append((part, marks))

    def finished(self) -> list[Element | str]:
        self._end_paragraph()
        return lists_of(self.blocks)

    def _element(self, node: Element, marks: Marks) -> None:
        style = style_of(node)
        if node.tag in UNREAD or style.get("display") == "none":
            return
        marks = marked(node, style, marks, address)
        if node.tag == "br":
            self.inline.append((" " if self.kind == "words" else None, marks))
        elif node.tag in PARAGRAPHS:
            self._end_paragraph()
            item = item_of(node, style) if node.tag == "p" else None
            self.read(node, marks)
            self._end_paragraph(item)
        elif (reader := READERS.get(node.tag)) and (node.tag in SET_APART or not self.is_line):
            self._end_paragraph()
            reader(self, node, marks)
        elif reader:
            self._end_paragraph()
            self.read(node, marks)
            self._end_paragraph()
        else:
            self.read(node, marks)

    def _end_paragraph(self, item: Item | None = None) -> None:
        """What was read since the last block is one: a paragraph, or several with empty lines."""
        if self.is_line:
            self.inline.append((" ", ()))
            return
        lines = lines_of(self.inline)
        if not lines and any(text and "\n" in text for text, _ in self.inline):
            self.on_new_line = True
        self.inline = []
        for line in lines:
            paragraph = Element("p", children=nodes_of(line))
            self._add(Item(item.level, item.is_ordered, paragraph) if item else paragraph)

    def _add(self, block: Element | Item) -> None:
        if self.kind == "body":
            if self.blocks and self.on_new_line:
                self.blocks.append("\n")
            self.on_new_line = False
        if isinstance(block, Item):
            self.blocks.append(block if self.kind != "cell" else block.paragraph)
        elif block.tag in BLOCKS[self.kind]:
            self.blocks.append(block)
        elif block.tag in MOVED:
            self.moved.append(block)
        elif block.tag != "hr" and not self.is_line:
            self.blocks += _paragraphs_of(block)

    def _add_with(self, moved: list[Element], block: Element) -> None:
        """The block, unless it is empty, and what has moved out of it."""
        for each in [block, *moved] if block.children else moved:
            self._add(each)

    # --- Blocks, by their tags ---

    def heading(self, node: Element, marks: Marks) -> None:
        moved: list[Element] = []
        tag = HEADINGS[node.tag] if self.kind == "body" else "p"
        self._add_with(moved, Element(tag, {}, _line(node, marks, moved)))

    def rule(self, node: Element, marks: Marks) -> None:
        self._add(Element("hr"))

    def list(self, node: Element, marks: Marks) -> None:
        """Google Docs and Word put a list that belongs to an item behind it."""
        items: list[Element | str] = []
        moved: list[Element] = []
        for child in node.children:
            inside = _Flow("item")
            is_list = isinstance(child, Element) and child.tag in {"ul", "ol"}
            is_item = isinstance(child, Element) and child.tag == "li"
            parent = child if isinstance(child, Element) and is_item else Element("li", {}, [child])
            inside.read(parent, _marked(parent, marks))
            blocks = inside.finished()
            moved += inside.moved
            last = items[-1] if items else None
            if is_list and isinstance(last, Element):
                last.children += blocks
            elif blocks:
                items.append(Element("li", {}, blocks))
        for item in items:
            if isinstance(item, Element):
                item.children = _bare(item.children)
        self._add_with(moved, Element("ol" if node.tag == "ol" else "ul", {}, items))

    def quotation(self, node: Element, marks: Marks) -> None:
        source = _source_of(node)
        for cite in source.all("cite") if source else ():
            cite.tag = "span"
        inner = _Flow("quote")
        inner.read(Element("blockquote", {}, [c for c in node.children if c is not source]), marks)
        blocks = inner.finished()
        named = _without_dash(_line(source, (), kind="words")) if source else []
        if blocks and named:
            blocks.append(Element("cite", {}, named))
        elif named:
            self._add(Element("p", {}, named))
        self._add_with(inner.moved, Element("blockquote", {}, blocks))

    def figure(self, node: Element, marks: Marks) -> None:
        """A picture or a recording with its caption; or what else somebody set apart."""
        caption = next(node.all("figcaption"), None)
        picture = _first_player(node) or _first_picture(node)
        if picture is not None:
            words = _caption(caption) if caption else []
            below: list[Element | str] = [Element("figcaption", {}, words)] if words else []
            self._add(Element("figure", {}, [picture, *below]))
            return
        others = [child for child in node.children if not _is(child, "figcaption")]
        quotation = next((each for each in others if _is(each, "blockquote")), None)
        if isinstance(quotation, Element) and caption:
            quotation.children.append(Element("cite", {}, caption.children))
        before = len(self.blocks)
        self.read(Element("div", {}, others), marks)
        self._end_paragraph()
        if caption and not quotation and len(self.blocks) > before:
            self.read(caption, marks)
            self._end_paragraph()

    def picture(self, node: Element, marks: Marks) -> None:
        if picture := _picture(node):
            self._add(Element("figure", {}, [picture]))

    def player(self, node: Element, marks: Marks) -> None:
        if player := _player(node):
            self._add(Element("figure", {}, [player]))

    def table(self, node: Element, marks: Marks) -> None:
        parts = [part for part in node.elements() if part.tag in {"thead", "tbody", "tfoot"}]
        rows = [row for part in [node, *parts] for row in part.elements() if row.tag == "tr"]
        cells = [cell for row in rows for cell in row.elements() if cell.tag in {"td", "th"}]
        for caption in (each for each in node.elements() if each.tag == "caption"):
            self._add_with([], Element("p", {}, _line(caption, ())))
        if len(cells) == 1:  # a frame around a text
            self.read(cells[0], marks)
            self._end_paragraph()
            return
        moved: list[Element] = []
        drawn = [row for each in rows if (row := _row(each, moved)).children]
        is_empty = not any(cell.children for row in drawn for cell in row.elements())
        self._add_with(moved, Element("table", {}, [] if is_empty else _parts_of_table(drawn)))

    def card(self, node: Element, marks: Marks) -> None:
        """A card is one link, with a picture of the library or without, and nothing else; other
        words set aside are paragraphs."""
        links = {link.text.strip(): link for link in node.all("a")}
        link = links.get(node.text.strip())
        href = address(link.attributes.get("href", "")) if link else None
        if link and href and link.text.strip():
            title = " ".join(plain(link.text).split())
            picture = _first_picture(node)
            if picture:
                picture.attributes["alt"] = ""  # the title beside it says what it is
            card = [picture, Element("a", {"href": href}, [title])]
            self._add(Element("aside", {}, [part for part in card if part]))
        else:
            self.read(node, marks)
            self._end_paragraph()


READERS = {
    **dict.fromkeys(HEADINGS, _Flow.heading),
    "hr": _Flow.rule,
    "ul": _Flow.list,
    "ol": _Flow.list,
    "menu": _Flow.list,
    "blockquote": _Flow.quotation,
    "figure": _Flow.figure,
    "img": _Flow.picture,
    "audio": _Flow.player,
    "video": _Flow.player,
    "table": _Flow.table,
    "aside": _Flow.card,
}


def _is(node: Element | str, *tags: str) -> bool:
    return isinstance(node, Element) and node.tag in tags


def _marked(node: Element, marks: Marks) -> Marks:
    return marked(node, style_of(node), marks, address)


def _line(
    node: Element, marks: Marks, moved: list[Element] | None = None, *, kind: str = "line"
) -> list[Element | str]:
    """All words below `node` in one line; bold throughout says nothing there."""
    flow = _Flow(kind)
    flow.read(node, marks)
    line: Inline = []
    for each in lines_of(flow.inline):
        line += [(None, ()), *each] if line else each
    if moved is not None:
        moved += flow.moved
    words = nodes_of(line)
    if len(words) == 1 and isinstance(words[0], Element) and words[0].tag == "strong":
        return words[0].children
    return words


def _without_dash(words: list[Element | str]) -> list[Element | str]:
    if words and isinstance(words[0], str):
        words[0] = DASHES.sub("", words[0])
    return [word for word in words if word]


def _paragraphs_of(block: Element) -> list[Element | Item | str]:
    """The paragraphs in a list or a quotation that may not stand where it does."""
    paragraphs: list[Element | Item | str] = []
    words: list[Element | str] = []
    for child in [*block.children, None]:
        if child is None or _is(child, "p", "ul", "ol", "li", "blockquote", "cite"):
            if words:
                paragraphs.append(Element("p", {}, words))
            words = []
        if isinstance(child, Element) and child.tag == "p":
            paragraphs.append(child)
        elif isinstance(child, Element) and _is(child, "ul", "ol", "li", "blockquote", "cite"):
            paragraphs += _paragraphs_of(child)
        elif child is not None:
            words.append(child)
    return paragraphs


def _bare(blocks: list[Element | str]) -> list[Element | str]:
    """A paragraph that stands alone, or before lists only, needs no tag."""
    first, *others = blocks
    if isinstance(first, Element) and first.tag == "p" and all(_is(o, "ul", "ol") for o in others):
        return [*first.children, *others]
    return blocks


def _source_of(quotation: Element) -> Element | None:
    """The last line of a quotation, where it only names its source."""
    elements = [child for child in quotation.elements() if child.text.strip()]
    if not elements:
        return None
    last = elements[-1]
    if last.tag in {"cite", "footer", "figcaption"}:
        return last
    cites = list(last.all("cite"))
    rest = DASHES.sub("", last.text).strip()
    if last.tag in {"p", "div"} and len(cites) == 1 and cites[0].text.strip() == rest:
        return last
    return None


def _picture(img: Element) -> Element | None:
    """One of the library; without alternative text it waits for a description."""
    source = img.attributes.get("src", "").strip()
    if not PICTURE.fullmatch(source):
        return None
    attributes = {"src": source}
    if "alt" in img.attributes:
        attributes["alt"] = " ".join(plain(img.attributes["alt"]).split())
    return Element("img", attributes)


def _first_picture(node: Element) -> Element | None:
    return next((found for img in node.all("img") if (found := _picture(img))), None)


def _player(node: Element) -> Element | None:
    """An audio or video element of a recording that is kept here; what it says to browsers that
    play nothing is no text of the piece."""
    written = [node, *node.all("source")]
    sources = (each.attributes.get("src", "").strip() for each in written)
    source = next((each for each in sources if RECORDING.fullmatch(each)), None)
    if source is None:
        return None
    attributes = {"controls": "", "preload": "metadata", "src": source}
    poster = node.attributes.get("poster", "").strip()
    if node.tag == "video" and PICTURE.fullmatch(poster):
        attributes["poster"] = poster
    return Element(node.tag, attributes)


def _first_player(node: Element) -> Element | None:
    players = (_player(each) for each in node.all("audio", "video"))
    return next((each for each in players if each), None)


def _caption(caption: Element) -> list[Element | str]:
    """Its words, and then the credit in small print."""
    smalls = list(caption.all("small"))
    credit = [text for small in smalls if (text := " ".join(plain(small.text).split()))]
    for small in smalls:
        small.tag, small.children = "br", []
    words = _line(caption, (), kind="words")
    if credit:
        words += [*([" "] if words else []), Element("small", {}, [" ".join(credit)])]
    return words


def _row(row: Element, moved: list[Element]) -> Element:
    cells: list[Element | str] = []
    for cell in row.elements():
        if cell.tag not in {"td", "th"}:
            continue
        spans = {
            name: value
            for name in ("colspan", "rowspan")
            if SPAN.fullmatch(value := cell.attributes.get(name, "")) and value != "1"
        }
        if cell.tag == "th":
            words = _line(cell, (), moved)
        else:
            flow = _Flow("cell")
            flow.read(cell, _marked(cell, ()))
            words = flow.finished()
            words = _bare(words) if len(words) == 1 else words
            moved += flow.moved
        cells.append(Element(cell.tag, spans, words))
    return Element("tr", {}, cells)


def _parts_of_table(rows: list[Element]) -> list[Element | str]:
    """The first rows are its head as long as they are headings throughout."""
    heads = 0
    while heads < len(rows) and all(_is(cell, "th") for cell in rows[heads].children):
        heads += 1
    parts = [("thead", rows[:heads]), ("tbody", rows[heads:])]
    return [Element(tag, {}, list(part)) for tag, part in parts if part]
