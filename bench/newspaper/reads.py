"""What readers went through in a week."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from articles.models import Activity

HOURS = 7 * 24


def make_reads(newest: Sequence[int], *, an_hour: int, a_day: int) -> None:
    """In each hour so many pieces were read, the newest that were there. `newest` are keys, the
    newest first; so many pieces appear a day."""
    this_hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    Activity.objects.bulk_create(
        (
            Activity(
                article_id=pk,
                hour=this_hour - timedelta(hours=hours),
                reads=1 + (pk * 7 + hours) % 90,
                replies=(pk + hours) % 5,
            )
            for hours in range(HOURS)
            for pk in newest[hours * a_day // 24 : hours * a_day // 24 + an_hour]
        ),
        batch_size=5000,
    )
