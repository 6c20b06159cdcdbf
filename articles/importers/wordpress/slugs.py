"""The slugs of what moves in: those it had where they can be, and otherwise others, that are the
same in every run.

They are given before the first post is brought, in the order of the posts' numbers, so that links
between posts are known, and a run that was broken off goes on with the same.
"""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import batched
from urllib.parse import unquote

from django.db.models import Model
from django.utils.text import slugify

from articles.importers.wordpress.index import Index, Kept
from articles.importers.wordpress.texts import line_of
from articles.models import Article, FormerSlug, MovedKind, StandingPage

VALID = re.compile(r"[-a-zA-Z0-9_]+\Z")
AT_ONCE = 500
MOST = {MovedKind.PIECE: 160, MovedKind.PAGE: 60}


def readable(raw: str, most: int) -> str:
    """The slug of WordPress, decoded, where a slug here can be that; what is left of it in letters
    of ASCII; empty where that is nothing."""
    slug = unquote(raw).strip("/")
    if not VALID.match(slug):
        slug = slugify(slug)
    if len(slug) > most:
        slug = slug[:most]
        slug = slug[: slug.rfind("-")] if "-" in slug[most // 2 :] else slug
    return slug if slug.strip("-_") else ""


def wanted_of(raw: str, title: str, otherwise: str, most: int) -> str:
    return readable(raw, most) or readable(slugify(title), most) or otherwise


def free(wanted: str, most: int, is_taken: Callable[[str], bool]) -> str:
    """`wanted`, or the first of wanted-2, wanted-3 … that is not taken."""
    slug, number = wanted, 1
    while is_taken(slug):
        number += 1
        ending = f"-{number}"
        slug = f"{wanted[: most - len(ending)]}{ending}"
    return slug


class Slugs:
    """Those of the pieces or of the pages of an export."""

    def __init__(
        self, kind: MovedKind, index: Index, *, refuses: Callable[[str], bool] = lambda slug: False
    ) -> None:
        """`refuses`: what no slug of that kind may be here."""
        self.kind, self.index, self.refuses = kind, index, refuses
        self.most = MOST[kind]

    def give(
        self, posts: Iterable[Kept], there: Callable[[Collection[int]], Mapping[int, str]]
    ) -> None:
        """`there` knows the slugs of those that are here from a run before."""
        for some in batched(posts, AT_ONCE):
            known = there([each.number for each in some])
            for number, slug in known.items():
                self.index.take_slug(self.kind, slug)
                self.index.give_slug(number, slug)
            new = {each: self.wanted(each) for each in some if each.number not in known}
            taken = self._taken(list(new.values()))
            for each, wanted in new.items():
                slug = wanted
                if wanted in taken or not self._take(wanted):
                    slug = free(wanted, self.most, self._is_taken)
                self.index.give_slug(each.number, slug)

    def wanted(self, post: Kept) -> str:
        otherwise = f"{self.kind}-{post.number}"
        return wanted_of(post.slug, line_of(post.title), otherwise, self.most)

    def further(self, slug: str, part: int) -> str:
        """For the `part` of a piece that is too long for one."""
        return free(f"{slug[: self.most - 10]}-part-{part}", self.most, self._is_taken)

    def _is_taken(self, slug: str) -> bool:
        return bool(self._taken([slug])) or not self._take(slug)

    def _take(self, slug: str) -> bool:
        return self.index.take_slug(self.kind, slug)

    def _taken(self, slugs: list[str]) -> set[str]:
        models: list[type[Model]] = (
            [Article, FormerSlug] if self.kind == MovedKind.PIECE else [StandingPage]
        )
        taken = {slug for slug in slugs if self.refuses(slug)}
        for model in models:
            rows = model._default_manager.filter(slug__in=slugs)
            taken.update(rows.values_list("slug", flat=True))
        return taken
