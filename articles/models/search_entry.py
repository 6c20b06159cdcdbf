from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import batched
from typing import TYPE_CHECKING

from django.db import models, transaction

from articles.search.documents import Document, document

if TYPE_CHECKING:
    from articles.models.article import Article, ArticleQuerySet
    from articles.models.author import Author
    from articles.models.topic import Topic

# A key holds the second of publication, and below it the piece: unique, and newest first.
PIECE_BITS = 30
PIECE = (1 << PIECE_BITS) - 1
FARTHEST = 1 << 33  # seconds before or after 1970: 272 years
# So many pieces are followed in one transaction, which takes some tenths of a second; more of them
# by tasks, each with a chunk of them.
AT_ONCE, CHUNK = 50, 500


def second_key(moment: datetime) -> int:
    """The smallest key of what is published in the second of `moment`. There is always a key
    below and above those of a second."""
    second = int(moment.timestamp() // 1)
    return max(1 - FARTHEST, min(second, FARTHEST - 2)) << PIECE_BITS


class SearchEntryQuerySet(models.QuerySet["SearchEntry"]):
    def follow(self, article: "Article") -> bool:
        """Keep the entry of a piece as the piece is, or none where it is not published.

        Called in the transaction that writes the piece. Whether there was anything to change.
        """
        if not article.is_published or article.published_at is None:
            return bool(self.filter(article=article).delete()[0])
        wanted = SearchEntry(
            key=second_key(article.published_at) + article.pk,
            article=article,
            **document(article)._asdict(),
        )
        there = self.filter(article=article).first()
        if there and there.says_what(wanted):
            return False
        if there:
            there.delete()
        wanted.save(force_insert=True)
        return True

    def follow_several(self, articles: "ArticleQuerySet") -> int:
        """As follow(), in one transaction, with the pieces locked: how many had changed."""
        rows = articles.order_by("pk").select_related("lead_image")
        rows = rows.prefetch_related("authors", "topics")
        with transaction.atomic():
            return sum(map(self.follow, rows.select_for_update(of=("self",))))

    def follow_later(self, pks: Collection[int]) -> None:
        """Of pieces whose author or topic has another name now, or whose picture was withdrawn or
        came back. Called in the transaction that changes it; many are left to the worker, and kept
        for it by that same transaction.
        """
        from articles.models.article import Article  # noqa: PLC0415 - it imports this module
        from articles.tasks import index_pieces  # noqa: PLC0415 - so does this

        if len(pks) <= AT_ONCE:
            self.follow_several(Article.objects.filter(pk__in=pks))
            return
        for chunk in batched(sorted(pks), CHUNK):
            index_pieces.enqueue(list(chunk))

    @contextmanager
    def following_name(self, named: "Author | Topic") -> Iterator[None]:
        """It is saved within this. The pieces are found by its name, and so by a new one."""
        rows = type(named)._default_manager.filter(pk=named.pk)
        with transaction.atomic():
            before = rows.values_list("name", flat=True).first()
            yield
            if before is not None and before != named.name:
                self.follow_later(list(named.articles.values_list("pk", flat=True)))


class SearchEntry(models.Model):
    """The words of a published piece, for search. Written by `follow` alone.

    Scheduled pieces have one too: what readers see is decided when they ask. The database itself
    keeps its index of these rows in step (migration 0003): triggers on SQLite, which whoever
    changes this table there has to make again, a generated column on PostgreSQL.
    """

    key = models.BigIntegerField(primary_key=True)
    article = models.OneToOneField(
        "articles.Article", on_delete=models.CASCADE, related_name="search_entry"
    )
    headline = models.TextField()
    standfirst = models.TextField()
    names = models.TextField(help_text="Of authors and topics.")
    body = models.TextField()
    filed = models.TextField(help_text="Section, topics and source.")

    objects = SearchEntryQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.key)

    def says_what(self, other: "SearchEntry") -> bool:
        """Whether both are the same row."""
        return all(
            getattr(self, name) == getattr(other, name) for name in ("key", *Document._fields)
        )
