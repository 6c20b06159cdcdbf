"""What a page of replies shows: which threads, and how much of each.

Fifty threads stand on a page. A thread is cut to its first 200 replies, and all of a page's
threads to an equal length where they would hold more than PAGE_REPLIES together: what is cut can be
read on a page of the thread's own. So no page costs more than another, however much is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.urls import reverse

from articles.models import Article
from comments import shown
from comments.models import Comment
from comments.models.comment_queryset import CommentQuerySet
from comments.seen import shows_replies_of
from comments.shown import Shown
from comments.threads import Named, Row, grow, rows
from newsroom import site
from newsroom.models import SiteSettings
from newsroom.primary_keys import is_key

PAGE_THREADS = 50
THREAD_REPLIES = 200
PAGE_REPLIES = 250  # so that one thread of 200 leaves room for the 49 others
PICKS = 3

Order = SiteSettings.ReplyOrder


@dataclass
class ReplyPage:
    """A page of the replies to `article`, or of one `thread` among them."""

    article: Article
    number: int = 1
    last: int = 1
    order: Order = Order.OLDEST
    usual_order: Order = Order.OLDEST
    threads: int = 0
    thread: Comment | None = None
    rows: list[Row] = field(default_factory=list)
    picks: list[Shown] = field(default_factory=list)
    shown: dict[int, Shown] = field(default_factory=dict)  # by primary key

    @property
    def path(self) -> str:
        return self.path_of(self.number)

    def path_of(self, number: int) -> str:
        """Of another page beside this one."""
        if self.thread:
            return path_of_thread(self.thread.pk, number)
        return path_of(self.article, number)

    @property
    def query(self) -> str:
        return "" if self.order == self.usual_order else f"?replies={self.order}"

    @property
    def answer(self) -> str:
        """The address of this page with its form for an answer to the reply whose primary key
        follows."""
        return f"{self.path}{self.query}{'&' if self.query else '?'}reply_to="

    @property
    def is_a_part(self) -> bool:
        """Whether replies to the piece stand elsewhere, too."""
        return bool(self.last > 1 or self.thread or any(row.whole for row in self.rows))

    @property
    def previous(self) -> str:
        return self._link(self.number - 1)

    @property
    def next(self) -> str:
        return self._link(self.number + 1)

    def _link(self, number: int) -> str:
        """Empty where there is no such page."""
        return f"{self.path_of(number)}{self.query}" if 1 <= number <= self.last else ""

    @property
    def links(self) -> list[tuple[int | str, str]]:
        """The numbers of the pages and where they are: the first, the last, and those near by."""
        pages = Paginator(range(self.last), 1)
        near = pages.get_elided_page_range(self.number, on_each_side=2, on_ends=1)
        return [
            (each, self._link(each)) if isinstance(each, int) else (str(each), "") for each in near
        ]

    @property
    def orders(self) -> list[tuple[Order, str]]:
        """Both, and the path and query of the first page in each."""
        first = path_of(self.article, 1)
        return [
            (order, first if order == self.usual_order else f"{first}?replies={order}")
            for order in Order
        ]

    def answered(self, number: str) -> Shown | Comment | None:
        """The reply with this number, if readers see it under the piece."""
        if not is_key(number):
            return None
        on_page = self.shown.get(int(number))
        return on_page or Comment.objects.under(self.article).filter(pk=int(number)).first()


def without_bodies(pieces: QuerySet[Article]) -> QuerySet[Article]:
    """With what a page of replies shows of its piece."""
    return pieces.select_related("section", "source").defer("body", "body_html", "desk_notes")


def path_of(article: Article, number: int) -> str:
    """Of a page of the replies to a piece. The first stands below the piece itself."""
    if number == 1:
        return article.get_absolute_url()
    return reverse("comments:page", args=[article.slug, number])


def path_of_thread(thread: int, number: int) -> str:
    if number == 1:
        return reverse("comments:thread", args=[thread])
    return reverse("comments:thread_page", args=[thread, number])


def on(request: HttpRequest, article: Article, number: int = 1) -> ReplyPage:
    """The page that `request` asks for, read once. Raises Http404 for one beyond the last.

    Readers choose the order of the threads by ?replies=; answers are always oldest first, as a
    conversation is read.
    """
    found: ReplyPage | None = getattr(request, "reply_page", None)
    if found is None or found.article.pk != article.pk:
        usual = Order(site.of(request).reply_order)
        asked = request.GET.get("replies", "")
        order = Order(asked) if asked in Order.values else usual
        found = ReplyPage(article, number, order=order, usual_order=usual)
        shows_replies_of(article.pk)
        if article.reply_count:
            _fill(found)
        if number > found.last:
            raise Http404
        request.reply_page = found  # type: ignore[attr-defined]
    return found


def of_thread(thread: Comment, number: int = 1) -> ReplyPage:
    """A page of all that was said in a thread, in the order it came in. Raises Http404."""
    page = ReplyPage(thread.article, number, last=-(-thread.shown_in_thread // PAGE_REPLIES))
    if not 1 <= number <= page.last:
        raise Http404
    page.thread, page.threads = thread, 1
    shows_replies_of(thread.article_id)
    begin, end = (number - 1) * PAGE_REPLIES, number * PAGE_REPLIES
    if thread.is_approved:
        begin, end = max(0, begin - 1), end - 1
    seen = [shown.of(thread)] if number == 1 else []
    seen += shown.of_thread(thread.pk, skip=begin, limit=end - begin)
    gone = () if thread.is_approved else (thread.pk,)
    page.rows = list(rows(grow(seen, taken_away=gone, elsewhere=_answered_before(seen, number))))
    page.shown = {each.pk: each for each in seen if each.pk not in gone}
    _link(page)
    return page


def _answered_before(seen: list[Shown], number: int) -> dict[int, Named]:
    """What is answered on this page of a thread, and stands on one before it."""
    if number == 1:
        return {}
    parents = {each.parent_id for each in seen if each.parent_id} - {each.pk for each in seen}
    return {
        each.pk: each for each in Comment.objects.approved().filter(pk__in=parents).only("name")
    }


def in_order(threads: CommentQuerySet, order: Order) -> CommentQuerySet:
    return threads.order_by("pk" if order == Order.OLDEST else "-pk")


def most_of_each(lengths: Sequence[int]) -> int:
    """To how many replies each thread of a page is cut, given the lengths of all."""
    left, most = PAGE_REPLIES, THREAD_REPLIES
    for place, length in enumerate(sorted(lengths)):
        share = left // (len(lengths) - place)
        if length > share:
            return max(1, min(most, share))
        left -= length
    return most


def _fill(page: ReplyPage) -> None:
    """Read what it shows, in two queries: the threads, then their answers and the picks."""
    newest_first, begin = page.order == Order.NEWEST, (page.number - 1) * PAGE_THREADS
    first, page.threads = shown.first_replies(
        page.article, newest_first=newest_first, skip=begin, limit=PAGE_THREADS
    )
    if not first:
        return
    page.last = -(-page.threads // PAGE_THREADS)
    most = most_of_each([each.shown_in_thread for each in first])
    limits = {each.pk: n for each in first if (n := _answers_of(each, most))}
    with_picks = page.article if page.number == 1 else None
    read = shown.answers(limits, picks_of=with_picks, picks=PICKS)
    answers, left = [], limits
    for each in read:
        # A pick may be none of the answers shown here.
        if each.thread_id and left.get(each.thread_id, 0) > 0:
            left[each.thread_id] -= 1
            answers.append(each)
    seen = [*(each for each in first if each.is_approved), *answers]
    page.shown = {each.pk: each for each in seen}
    if page.number == 1:
        picks = {each.pk: each for each in [*seen, *read] if each.featured_at}
        newest = sorted(picks.values(), key=lambda pick: (pick.featured_at, pick.pk), reverse=True)
        page.picks = newest[:PICKS]
    gone = {each.pk for each in first if not each.is_approved}
    for thread, branch in zip(first, grow([*first, *answers], taken_away=gone), strict=True):
        page.rows += rows([branch])
        if thread.shown_in_thread > most:
            page.rows[-1].whole = thread
    _link(page)


def _link(page: ReplyPage) -> None:
    """Tell each row where the reply is that it answers: on the page, or at its own address."""
    for row in page.rows:
        if above := row.in_reply_to:
            is_here = above.pk in page.shown
            row.above = f"#comment-{above.pk}" if is_here else above.get_absolute_url()


def _answers_of(first: Shown, most: int) -> int:
    """How many answers of a thread are shown where it is cut to `most` replies."""
    return min(first.shown_in_thread, most) - int(first.is_approved)
