"""Where readers find a reply just now."""

from articles.models import Article
from comments.models import Comment
from comments.reply_page import (
    PAGE_REPLIES,
    PAGE_THREADS,
    Order,
    in_order,
    most_of_each,
    path_of,
    path_of_thread,
)
from newsroom.models import SiteSettings


def address_of(comment: Comment, site: SiteSettings | None = None) -> str:
    """The page on which an approved reply stands, and its place there.

    That is the page of the piece in the order of the site; or where its thread is cut before it,
    a page of the thread. It moves as others reply: Comment.get_absolute_url() leads here for good.
    """
    order = Order((site or SiteSettings.objects.current()).reply_order)
    return f"{_page_of(comment, order)}#comment-{comment.pk}"


def _page_of(comment: Comment, order: Order) -> str:
    first = comment.thread_key
    number = _number_of_page(comment.article, first, order)
    if comment.thread_id is None:
        return path_of(comment.article, number)
    # Its place in the thread, where the first reply counts if readers see it.
    before = Comment.objects.in_thread(first).approved().filter(pk__lt=comment.pk).count()
    if before < _most_of_page(comment.article, number, order):
        return path_of(comment.article, number)
    return path_of_thread(first, before // PAGE_REPLIES + 1)


def _number_of_page(article: Article, first: int, order: Order) -> int:
    nearer = {"pk__lt": first} if order == Order.OLDEST else {"pk__gt": first}
    return Comment.objects.threads(article).filter(**nearer).count() // PAGE_THREADS + 1


def _most_of_page(article: Article, number: int, order: Order) -> int:
    begin = (number - 1) * PAGE_THREADS
    threads = in_order(Comment.objects.threads(article), order)
    lengths = threads.values_list("shown_in_thread", flat=True)
    return most_of_each(list(lengths[begin : begin + PAGE_THREADS]))
