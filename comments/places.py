"""Where readers find a reply just now."""

from django.db import connection

from articles.models import Article
from comments.models import Comment
from comments.reply_page import (
    PAGE_REPLIES,
    PAGE_THREADS,
    Order,
    most_of_each,
    path_of,
    path_of_thread,
)
from comments.shown import TABLE, THREADS
from newsroom.models import SiteSettings


def address_of(comment: Comment, site: SiteSettings | None = None) -> str:
    """The page on which an approved reply stands, and its place there.

    That is the page of the piece in the order of the site; or where its thread is cut before it,
    a page of the thread. It moves as others reply: Comment.get_absolute_url() leads here for good.
    """
    order = Order((site or SiteSettings.objects.current()).reply_order)
    return f"{_page_of(comment, order)}#comment-{comment.pk}"


def page_of_replies(slug: str, article: int, number: int) -> str:
    """The path of a page of the replies to a piece, or of the last there is."""
    threads = Comment.objects.filter(article=article, thread=None, shown_in_thread__gt=0).count()
    last = max(1, -(-threads // PAGE_THREADS))
    return path_of(Article(pk=article, slug=slug), min(number, last))


def _page_of(comment: Comment, order: Order) -> str:
    first = comment.thread_key
    above = _threads_above(comment.article, first, order)
    number = above // PAGE_THREADS + 1
    if comment.thread_id is None:
        return path_of(comment.article, number)
    # Its place in the thread, where the first reply counts if readers see it.
    before = Comment.objects.in_thread(first).approved().filter(pk__lt=comment.pk).count()
    lengths = _lengths_beside(comment.article, first, order, above % PAGE_THREADS)
    if before < most_of_each(lengths):
        return path_of(comment.article, number)
    return path_of_thread(first, before // PAGE_REPLIES + 1)


def _threads_above(article: Article, first: int, order: Order) -> int:
    """How many threads of the piece stand before that of reply `first`."""
    nearer = "<" if order == Order.OLDEST else ">"
    sql = f"SELECT COUNT(*) FROM {TABLE} WHERE {THREADS} AND id {nearer} %s"
    [(number,)] = _asked(sql, article.pk, first)
    return number


def _lengths_beside(article: Article, first: int, order: Order, above: int) -> list[int]:
    """Of the threads on the page of reply `first`, above which so many stand there: found from it
    on, whatever is before that page."""
    step, back = ("ASC", "DESC") if order == Order.OLDEST else ("DESC", "ASC")
    nearer, on = ("<", ">=") if order == Order.OLDEST else (">", "<=")
    part = f"SELECT shown_in_thread FROM {TABLE} WHERE {THREADS} AND id"
    sql = (
        f"SELECT * FROM ({part} {nearer} %s ORDER BY id {back} LIMIT %s) AS before UNION ALL "
        f"SELECT * FROM ({part} {on} %s ORDER BY id {step} LIMIT %s) AS after"
    )
    given = (article.pk, first, above, article.pk, first, PAGE_THREADS - above)
    return [length for (length,) in _asked(sql, *given)]


def _asked(sql: str, *given: int) -> list[tuple[int, ...]]:
    """With THREADS as it is written, so that the index of threads serves it without their rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return list(cursor.fetchall())
