"""What a search finds, as readers see it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from articles.body_text import text_of
from articles.keyset import Key, page_number, page_of
from articles.linked import Linked, linked
from articles.listed import Listed, with_bodies
from articles.models.search_entry import PIECE, PIECE_BITS, second_key
from articles.search.asking import Asked
from articles.search.fragments import Marker
from articles.search.index import Matches
from articles.search.query import Query, begun, clean
from newsroom.page_store import changes_at

PIECES = 25
MOST_RANKED = 2000  # of more, the best can't be told soon, and nobody would miss the newest
SUGGESTIONS = 8


@dataclass
class Hit:
    """A piece, and HTML of it with the words that were searched for in <mark>."""

    piece: Listed
    headline: str
    fragment: str


@dataclass
class Found:
    """A page of results. `newer` and `older` are the queries of the pages beside it."""

    asked: Asked
    hits: list[Hit] = field(default_factory=list)
    total: int = 0  # MOST_RANKED at most
    has_more: bool = False  # there are more than `total`
    is_ranked: bool = False
    newer: str = ""
    older: str = ""


def search(asked: Asked) -> Found:
    """The page of public pieces that was asked for: the best first, unless there are too many of
    them or the reader wants the newest. Nothing where no words were given."""
    if not asked.wants_something:
        return Found(asked)
    matches = _matches(asked)
    some = set(matches.some(MOST_RANKED + 1))
    number = len(some)
    if asked.period:
        all_are_known = number <= MOST_RANKED
        _end_with(asked, [min(some, default=0)] if all_are_known else matches.oldest())
    found = Found(asked, total=min(number, MOST_RANKED), has_more=number > MOST_RANKED)
    if not found.has_more and asked.order != "newest":
        found.is_ranked = True
        keys = _ranked_page(found, matches.best(some))
    else:
        keys = _newest_page(found, matches)
    markers: dict[str, Marker] = {}
    for piece, body_html in with_bodies(key & PIECE for key in keys):
        marker = markers.setdefault(piece.language, Marker(asked.query, piece.language))
        found.hits.append(_hit(piece, body_html, marker))
    return found


def newest(asked: Asked, number: int) -> list[int]:
    """The primary keys of the newest public pieces that were asked for, newest first."""
    if not asked.wants_something:
        return []
    keys = _matches(asked).newest(number)
    _end_with(asked, keys[-1:])
    return [key & PIECE for key in keys]


def _end_with(asked: Asked, oldest: list[int]) -> None:
    """A period moves with the clock, and leaves the oldest piece behind first."""
    for key in oldest:
        changes_at(asked.leaves_at(key))


def suggest(text: str) -> list[Linked]:
    """The newest public pieces whose headline has all of the words, the last of them begun."""
    is_finished = text[-1:].isspace()  # then the last word is whole, and the next one not begun
    query: Query = begun(clean(text) + " " * is_finished)
    if not query.wanted or query.excluded:
        return []
    keys = Matches(query, in_headline=True).newest(SUGGESTIONS)
    pieces = linked(key & PIECE for key in keys).values()
    return sorted(pieces, key=lambda piece: (piece.published_at, piece.pk), reverse=True)


def _matches(asked: Asked) -> Matches:
    return Matches(asked.query, asked.filed, asked.first_key, asked.last_key)


def _ranked_page(found: Found, keys: list[int]) -> list[int]:
    pages, number = _pages(found), _number(found)
    if number > 1:
        found.newer = found.asked.link(page=number - 1 if number > 2 else "")
    if number < pages:
        found.older = found.asked.link(page=number + 1)
    return keys[(number - 1) * PIECES : number * PIECES]


def _newest_page(found: Found, matches: Matches) -> list[int]:
    place = {name: found.asked.place.get(name, "") for name in ("before", "after")}
    page = page_of(_Keys(matches), place | {"page": str(_number(found))}, PIECES)
    if page.has_newer:
        found.newer = found.asked.link(after=page.keys[0])
    if page.has_older:
        found.older = found.asked.link(before=page.keys[-1])
    return [_search_key(key) for key in page.keys]


def _number(found: Found) -> int:
    """Of the page that was asked for. Beyond the `total` pieces only links lead, key by key: what
    is counted for a number stays little."""
    return min(page_number(found.asked.place.get("page", "")), _pages(found))


def _pages(found: Found) -> int:
    return max(1, -(-found.total // PIECES))


class _Keys:
    """The keys of matches, as lists have them (articles/keyset.py), to the second."""

    def __init__(self, matches: Matches) -> None:
        self.matches = matches

    def older(self, than: Key | None, limit: int, *, skip: int = 0) -> list[Key]:
        below = _search_key(than) if than else None
        return [_list_key(key) for key in self.matches.newest(limit, below=below, skip=skip)]

    def newer(self, than: Key, limit: int) -> list[Key]:
        return [_list_key(key) for key in self.matches.above(_search_key(than), limit)]

    def count(self) -> int:
        return len(self.matches.some(MOST_RANKED))

    def has(self, key: Key) -> bool:
        return self.matches.above(_search_key(key) - 1, 1) == [_search_key(key)]


def _search_key(key: Key) -> int:
    return second_key(key.moment) + min(key.pk, PIECE)


def _list_key(key: int) -> Key:
    return Key(datetime.fromtimestamp(key >> PIECE_BITS, UTC), key & PIECE)


def _hit(piece: Listed, body_html: str, marker: Marker) -> Hit:
    """The standfirst, or the part of the body that has more of the words."""
    below = marker.whole(piece.standfirst)
    if below.terms < len(marker.terms):
        inside = marker.part(text_of(body_html))
        if inside.terms > below.terms:
            below = inside
    return Hit(piece, marker.whole(piece.headline).html, below.html)
