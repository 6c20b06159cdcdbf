"""What the desk does with a piece that no reader can see: finished pages stay as they are."""

from collections.abc import Iterator
from contextlib import contextmanager

from articles.models import Article
from newsroom.page_store import changes_only

UNSEEN = frozenset({Article.Status.DRAFT, Article.Status.IN_REVIEW})


@contextmanager
def seen_by_nobody(article: Article) -> Iterator[None]:
    """Within it a piece is written, in a transaction. Where it is a draft or in review, no page
    changes; of any other all pages do that read what is written. Its state is not changed within.
    """
    status = article.status
    if article.pk:
        rows = Article.objects.select_for_update(no_key=True).filter(pk=article.pk)
        status = rows.values_list("status", flat=True).get()
    if status not in UNSEEN:
        yield
        return
    with changes_only():
        yield
