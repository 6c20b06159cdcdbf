"""The text of a post of WordPress as the HTML of a body: of the classic editor and of blocks.

What comes out has the tags that articles/body_html.py allows, and is cleaned there. What could not
be kept is told in sentences, each once.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from django.utils.translation import gettext as _

from articles.html_tree import Element, read, write
from articles.importers.wordpress.media_asked import Media
from articles.importers.wordpress.records import PostRecord
from articles.importers.wordpress.shortcodes import Shortcodes
from articles.importers.wordpress.titles import title_in

# Its values are JSON in which WordPress writes no angle brackets.
BLOCK = re.compile(r"<!--\s*(?P<end>/?)wp:(?P<name>[a-z0-9/_-]+)[^<>]*?(?P<void>/?)-->")
MORE = re.compile(r"<!--\s*more\b[^<>]*?-->")
NEXT_PAGE = re.compile(r"<!--\s*nextpage\s*-->")
BARE = re.compile(r"^[ \t]*(?:<p>)?(https?://[^\s<>\"]+)(?:</p>)?[ \t]*$", re.M)
NUMBER = re.compile(r"\bwp-image-(\d{1,15})\b")
# Blocks that are nothing but what they show on a page made for each reader, or space.
SILENT = frozenset({"more", "nextpage", "spacer", "separator", "core/more", "core/spacer"})

INLINE = frozenset(
    [
        *("a", "abbr", "b", "big", "cite", "code", "del", "em", "font", "i", "ins", "kbd", "mark"),
        *("q", "s", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var"),
    ]
)
RAISED = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


class Drawn(NamedTuple):
    """The HTML for Article.body, and sentences that say what was changed on the way."""

    html: str
    changed: tuple[str, ...]


def body_of(post: PostRecord, media: Media) -> Drawn:
    """The text of the post, with pictures and recordings of `media`."""
    return _Text(post, media).drawn()


@dataclass(frozen=True)
class _Player:
    tag: str
    address: str
    poster: str


class _Text:
    def __init__(self, post: PostRecord, media: Media) -> None:
        self.post, self.media = post, media
        self.changed: dict[str, None] = {}
        self.has_blocks = BLOCK.search(post.text) is not None

    def tell(self, sentence: str) -> None:
        self.changed[sentence] = None

    def drawn(self) -> Drawn:
        text = NEXT_PAGE.sub("\n\n", MORE.sub("", self.post.text))
        text = BLOCK.sub(self._block, text)
        codes = Shortcodes(lambda: self.media.attachments_of(self.post.number), self.tell)
        text = BARE.sub(self._bare, codes.drawn(text))
        tree = read(text)
        if not self.has_blocks:
            _break_lines(tree)
        self._children(tree)
        return Drawn(write(tree), tuple(self.changed))

    def _block(self, found: re.Match[str]) -> str:
        """The comments around blocks say nothing, but for a block that is nothing else."""
        if found["void"] and not found["end"] and found["name"] not in SILENT:
            self.tell(_("The block “%s” was left out: it has no text of its own.") % found["name"])
        return "\n\n" if found["void"] else ""

    def _bare(self, found: re.Match[str]) -> str:
        return f"\n\n{write(self._card(found[1]))}\n\n"

    # --- Elements -----------------------------------------------------------------------------

    def _children(self, parent: Element) -> None:
        children: list[Element | str] = []
        for child in parent.children:
            children += self._element(child) if isinstance(child, Element) else [child]
        parent.children = children

    def _element(self, node: Element) -> list[Element | str]:
        """What stands for it; its children are drawn with it."""
        drawer = DRAWERS.get(node.tag)
        if drawer:
            return drawer(self, node)
        self._children(node)
        return [node]

    def _img(self, node: Element) -> list[Element | str]:
        picture = self._picture(node, None)
        return [picture] if picture else []

    def _picture(self, node: Element, number: int | None) -> Element | None:
        """Of the library; the alternative text is the one in the text, else the library's."""
        named = NUMBER.search(node.attributes.get("class", ""))
        number = number or (int(named[1]) if named else None)
        sources = ("data-orig-file", "data-full-url", "src", "data-src", "data-lazy-src")
        address = next((node.attributes[each] for each in sources if node.attributes.get(each)), "")
        if address.startswith("data:") and number is None:
            self.tell(_("A picture that was written into the text was left out."))
            return None
        image = self.media.picture(number=number, address=address)
        if image is None:
            where = address[:200] or str(number)
            self.tell(_("A picture is missing: %s") % where)
            return None
        alt = node.attributes.get("alt", "").strip() or image.alt
        return Element("img", {"src": image.src} | ({"alt": alt} if alt else {}))

    def _figure(self, node: Element) -> list[Element | str]:
        if any(
            node.all("figure")
        ):  # a gallery: each of its pictures is a figure, and its caption a paragraph
            for caption in (each for each in node.elements() if each.tag == "figcaption"):
                caption.tag = "p"
            node.tag = "div"
            self._children(node)
            return [node]
        if "wp-block-embed" in node.attributes.get("class", ""):
            return self._embed(node)
        number = node.attributes.get("data-number", "")
        img = next(node.all("img"), None)
        if img is not None and number:
            return self._numbered(node, img, int(number))
        if any(node.all("iframe")) and img is None:
            self._children(node)
            return list(node.children)
        self._children(node)
        is_empty = img is not None and not any(node.all("img"))
        return self._words_of(node) if is_empty else [node]

    def _numbered(self, node: Element, img: Element, number: int) -> list[Element | str]:
        caption = next(node.all("figcaption"), None)
        picture = self._picture(img, number)
        if picture is None:
            return self._words_of(node)
        below = [caption] if caption and caption.text.strip() else []
        if not below and not img.attributes:  # of a gallery: the library's own caption
            image = self.media.picture(number=number, address="")
            words = image.caption if image else ""
            below = [Element("figcaption", {}, [words])] if words else []
        for each in below:
            self._children(each)
        return [Element("figure", {}, [picture, *below])]

    def _words_of(self, node: Element) -> list[Element | str]:
        """The caption of a picture that is missing says what it was: it stays, as a paragraph."""
        caption = next(node.all("figcaption"), None)
        return [Element("p", {}, caption.children)] if caption and caption.text.strip() else []

    def _embed(self, node: Element) -> list[Element | str]:
        caption = next(node.all("figcaption"), None)
        words = " ".join(each.text for each in node.elements() if each is not caption).split()
        address = next((each for each in words if each.startswith(("http://", "https://"))), "")
        links = [each.attributes.get("href", "") for each in node.all("a", "iframe")]
        address = address or next((each for each in links if each), "")
        below = self._words_of(node)
        return [self._card(address), *below] if address else below

    def _card(self, address: str) -> Element:
        """A link card, by the title that the old site had kept of what it leads to."""
        title = title_in(self.post, address) or (urlsplit(address).hostname or address)
        return Element("aside", {}, [Element("a", {"href": self._address(address)}, [title])])

    def _address(self, address: str) -> str:
        return self.media.page_at(address) or address

    def _iframe(self, node: Element) -> list[Element | str]:
        address = node.attributes.get("src") or node.attributes.get("data-src", "")
        address = f"https:{address}" if address.startswith("//") else address
        if not address.startswith(("http://", "https://")):
            self.tell(_("A frame that showed nothing was left out."))
            return []
        self.tell(_("A frame became a link card: %s") % address[:200])
        return [self._card(_watched(address))]

    def _link(self, node: Element) -> list[Element | str]:
        """Internal ones lead to the new place; one around a picture to its file goes."""
        if any(node.all("img", "figure")):
            self._children(node)
            return list(node.children)
        href = node.attributes.get("href", "").strip()
        if href and not href.startswith(("#", "mailto:", "tel:")):
            here = self.media.page_at(href) or self.media.recording(href)
            whole = _joined(self.post.link, href)
            node.attributes["href"] = here or (href if "://" in href else whole)
        self._children(node)
        return [node]

    def _recording(self, node: Element) -> list[Element | str]:
        written = [node, *node.all("source")]
        addresses = [each.attributes.get("src", "") for each in written]
        address = next((each for each in addresses if each), "")
        links = [each.attributes.get("href", "") for each in node.all("a")]
        address = address or next((each for each in links if each), "")
        if not address:
            return []
        here = self.media.recording(address)
        if here is None:
            self.tell(_("A recording is missing; a link leads to where it was: %s") % address[:200])
            link = Element("a", {"href": _joined(self.post.link, address)}, [_file_in(address)])
            return [Element("p", {}, [link])]
        attributes = {"src": here}
        if poster := node.attributes.get("poster"):
            image = self.media.picture(number=None, address=poster)
            attributes |= {"poster": image.src} if image else {}
        return [Element(node.tag, attributes)]

    def _pre(self, node: Element) -> list[Element | str]:
        self.tell(_("Preformatted text became a paragraph with line breaks."))
        _break_lines(node, always=True)
        node.tag = "p"
        self._children(node)
        return [node]

    def _raised(self, node: Element) -> list[Element | str]:
        table, words = (RAISED if node.tag == "sup" else LOWERED), node.text
        if words and all(ord(letter) in table for letter in words):
            return [words.translate(table)]
        self.tell(_("Letters above or below the line stand in it now."))
        self._children(node)
        return list(node.children)

    def _struck(self, node: Element) -> list[Element | str]:
        self.tell(_("Words that were struck out, or marked as new, stand in the text unmarked."))
        self._children(node)
        return list(node.children)

    def _quotation(self, node: Element) -> list[Element | str]:
        """A pasted post of a network: its words, and a card that leads there."""
        classes = node.attributes.get("class", "")
        is_pasted = any(each in classes for each in ("twitter-", "instagram-media", "tiktok-embed"))
        links = [each.attributes.get("href", "") for each in node.all("a")]
        self._children(node)
        if is_pasted and links and links[-1].startswith("http"):
            return [node, self._card(links[-1])]
        return [node]

    def _summary(self, node: Element) -> list[Element | str]:
        self._children(node)
        node.tag = "h3"
        return [node]

    def _nothing(self, node: Element) -> list[Element | str]:
        what = {"script": _("A script"), "form": _("A form")}.get(node.tag)
        if what and node.tag != "script":
            self.tell(_("%s was left out.") % what)
        return []

    def _object(self, node: Element) -> list[Element | str]:
        address = node.attributes.get("data") or node.attributes.get("src", "")
        if address.startswith(("http://", "https://")):
            self.tell(_("A frame became a link card: %s") % address[:200])
            return [self._card(address)]
        self.tell(_("A frame that showed nothing was left out."))
        return []


DRAWERS = {
    "img": _Text._img,
    "figure": _Text._figure,
    "iframe": _Text._iframe,
    "a": _Text._link,
    "audio": _Text._recording,
    "video": _Text._recording,
    "pre": _Text._pre,
    "sup": _Text._raised,
    "sub": _Text._raised,
    "del": _Text._struck,
    "s": _Text._struck,
    "strike": _Text._struck,
    "ins": _Text._struck,
    "blockquote": _Text._quotation,
    "summary": _Text._summary,
    "form": _Text._nothing,
    "script": _Text._nothing,
    "style": _Text._nothing,
    "noscript": _Text._nothing,
    "object": _Text._object,
    "embed": _Text._object,
}


def _break_lines(parent: Element, *, always: bool = False) -> None:
    """In the classic editor a line end is one, and an empty line ends a paragraph."""
    children: list[Element | str] = []
    for child in parent.children:
        if isinstance(child, Element):
            if always or child.tag in INLINE:
                _break_lines(child, always=always)
            children.append(child)
            continue
        for number, line in enumerate(re.split(r"(?<!\n)\n(?!\s*\n)", child)):
            if number and _is_within_a_line(children, line):
                children.append(Element("br"))
            elif number:
                children.append("\n")
            children.append(line)
    parent.children = children


def _is_within_a_line(before: list[Element | str], line: str) -> bool:
    """Not beside a block, where the line end is how somebody wrote the HTML."""
    last = before[-1] if before else ""
    beside = before[-2] if isinstance(last, str) and not last.strip() and len(before) > 1 else last
    is_behind_block = isinstance(beside, Element) and beside.tag not in INLINE | {"br", "img"}
    return not is_behind_block and bool(line.strip() or isinstance(last, str) and last.strip())


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def _file_in(address: str) -> str:
    return urlsplit(address).path.rpartition("/")[2] or address


def _watched(address: str) -> str:
    """Where a person watches what a frame plays."""
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    last = parts.path.rstrip("/").rpartition("/")[2]
    if host in {"youtube.com", "youtube-nocookie.com"} and "/embed/" in parts.path:
        return f"https://www.youtube.com/watch?v={last}"
    if host == "player.vimeo.com":
        return f"https://vimeo.com/{last}"
    return address
