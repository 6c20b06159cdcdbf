"""What waits and is likely enough to be decided on together, by somebody who looks it over."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count

from comments.models import Comment, Likely
from comments.queue import Choice, Order

SURE = 95  # per cent


@dataclass(frozen=True)
class Group:
    """Waiting replies with one likely decision, and the query of the queue that shows them."""

    likely: Likely
    count: int
    query: str

    @property
    def decision(self) -> str:
        """The query of the page that asks whether all of them shall be decided so."""
        return f"{self.query}&decision={self.likely.value}"


def groups(sure: int = SURE) -> list[Group]:
    """Those that hold anything. One query, which reads an index alone."""
    waiting = Comment.objects.held().filter(sure__gte=sure).order_by()
    rows = waiting.values_list("likely").annotate(count=Count("pk"))
    counts = Counter(dict(rows))
    return [
        Group(likely, counts[likely], query_of(likely, sure)) for likely in Likely if counts[likely]
    ]


def query_of(likely: Likely, sure: int) -> str:
    return Choice(likely=likely, sure=sure, order=Order.LIKELY).as_query()
