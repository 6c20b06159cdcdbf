"""The whole index again, a few pieces at a time, while the site goes on."""

from collections.abc import Iterator

from articles.models import Article, SearchEntry
from articles.models.search_entry import AT_ONCE


def rebuild() -> Iterator[tuple[int, int, int]]:
    """Goes through all pieces by their keys: how many are done, of how many, and how many of them
    the index did not have as they are. What is written meanwhile is indexed by who writes it.
    """
    pieces = Article.objects.order_by("pk")
    done, changed, last, total = 0, 0, 0, pieces.count()
    while pks := list(pieces.filter(pk__gt=last).values_list("pk", flat=True)[:AT_ONCE]):
        changed += SearchEntry.objects.follow_several(Article.objects.filter(pk__in=pks))
        done, last = done + len(pks), pks[-1]
        yield done, max(done, total), changed
