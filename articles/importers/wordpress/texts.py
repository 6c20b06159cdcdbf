"""Texts of WordPress on their way into fields of one line."""

from html import unescape

from articles.html_tree import Element, read, write

ENOUGH = 90_000  # characters of HTML in one piece: below what a body may hold, once it is cleaned


def line_of(html: str) -> str:
    """The words of a title or an excerpt, which may hold HTML, on one line."""
    if "<" not in html and "&" not in html:
        return " ".join(html.split())
    import nh3  # noqa: PLC0415 - heavy

    return " ".join(unescape(nh3.clean(html, tags=set())).split())


def cut(text: str, most: int) -> str:
    """The beginning of a line, to the end of a word where one ends in its second half."""
    if len(text) <= most:
        return text
    begins = text[: most - 1]
    end = begins.rfind(" ")
    return f"{begins[:end] if end > most // 2 else begins}…"


def first_words(html: str, most: int = 60) -> str:
    return cut(line_of(html[:2000].rpartition("<")[0] or html[:2000]), most)


def parts_of(html: str, most: int = ENOUGH) -> list[str]:
    """The HTML of a body in parts of at most `most` characters, between its blocks; a block that
    is longer is a part of its own."""
    if len(html) <= most:
        return [html]
    parts, length = [Element("")], 0
    for block in read(html).children:
        size = len(write(block))
        if length and length + size > most:
            parts.append(Element(""))
            length = 0
        parts[-1].children.append(block)
        length += size
    return [write(*each.children) for each in parts]
