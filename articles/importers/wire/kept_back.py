"""What stands in the text of a wire and is not for readers: notes to editors, notebooks, telephone
numbers, desk initials.

They stand at the end, or as a note at the beginning. What is taken out goes to the desk, word for
word: nothing is lost, and a paragraph in doubt stays in the text.
"""

import re

from articles.html_tree import Element, read, write

# A line that opens what is not for readers, to the end of the text.
NOTEBOOK = re.compile(
    r"\A\W*(?:not for publication|note(?:s|book)? (?:to|for) (?:editors?|subscribers?)"
    r"|editors?['’]? notes?|advisory|eds?[:,]|for (?:further )?information,? (?:please )?contact"
    r"|media contacts?|desk contacts?)\b",
    re.IGNORECASE,
)
# A paragraph that is a note by itself, at the beginning.
OPENING = re.compile(
    r"\A\W*(?:not for publication|note(?:s)? (?:to|for) (?:editors?|subscribers?)|editors?\s*[:—-]"
    r"|eds?\s*[:—-]|attention editors|advisory\s*[:—-])",
    re.IGNORECASE,
)
TELEPHONE = re.compile(
    r"\A\W*(?:[\w .,'’/&-]{0,80}?\b)?(?:tel(?:ephone)?|phone|mobile|fax|newsroom|desk)\b[^\d]{0,40}"
    r"\+?[\d][\d ()/.-]{6,24}\W*\Z",
    re.IGNORECASE,
)
# bur-abc/xyz/mtp, ab/cd, jk-lm/no; and marks of the end.
INITIALS = re.compile(r"\A\W*(?:[a-z]{2,4}[-/])+[a-z]{2,4}\W*\Z")
ENDS = re.compile(
    r"\A\W*(?:ends?|more|\d{1,2}|-\s*30\s*-|enditem|\(end(?:s)?\))\W*\Z", re.IGNORECASE
)
MOST_AT_THE_END = 40  # paragraphs below a notebook
BLOCKS = frozenset({"p", "ul", "ol", "h2", "h3", "blockquote", "div", "hl2", "pre"})


def parted(html: str) -> tuple[str, tuple[str, ...]]:
    """The text for readers, and the paragraphs that are kept back from them, in plain text."""
    tree = read(html)
    blocks = [each for each in tree.children if _says_something(each)]
    first, last = _first(blocks), _last(blocks)
    if last <= first:  # nothing would be left: all of it is in doubt
        return html, ()
    if first == 0 and last == len(blocks):
        return html, ()
    kept = [_words(each) for each in [*blocks[:first], *blocks[last:]]]
    return write(*blocks[first:last]), tuple(kept)


def _says_something(node: Element | str) -> bool:
    return bool(node.strip()) if isinstance(node, str) else bool(node.text.strip() or node.children)


def _words(node: Element | str) -> str:
    return " ".join((node if isinstance(node, str) else node.text).split())


def _is_block(node: Element | str) -> bool:
    return isinstance(node, Element) and node.tag in BLOCKS


def _first(blocks: list[Element | str]) -> int:
    first = 0
    while first < len(blocks) and _is_block(blocks[first]) and OPENING.match(_words(blocks[first])):
        first += 1
    return first


def _last(blocks: list[Element | str]) -> int:
    last = _before_notebook(blocks)
    while last and _is_block(blocks[last - 1]) and _is_of_the_desk(_words(blocks[last - 1])):
        last -= 1
    return last


def _before_notebook(blocks: list[Element | str]) -> int:
    """Where a notebook begins that goes on to the end; the first half of a text has none."""
    half = max(len(blocks) // 2, len(blocks) - MOST_AT_THE_END, 1)
    for number in range(half, len(blocks)):
        if _is_block(blocks[number]) and NOTEBOOK.match(_words(blocks[number])):
            return number
    return len(blocks)


def _is_of_the_desk(words: str) -> bool:
    return any(pattern.match(words) for pattern in (INITIALS, ENDS, TELEPHONE))
