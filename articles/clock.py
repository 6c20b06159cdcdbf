"""When the clock alone changes what readers see: the moments that finished pages end at."""

from datetime import datetime

from django.utils import timezone

from articles.models import Article, FrontPlace, MoveNote, MoveReport, PreviewLink, WorkingCopy
from newsroom.page_store import clock_of, never_shown


def next_piece() -> datetime | None:
    """When the time of a piece to come, or the embargo of one, passes next."""
    now = timezone.now()
    published = Article.objects.filter(status=Article.Status.PUBLISHED).order_by()
    scheduled = published.filter(published_at__gt=now).order_by("published_at")
    embargoed = published.filter(embargo_until__gt=now).order_by("embargo_until")
    moments = (
        scheduled.values_list("published_at", flat=True).first(),
        embargoed.values_list("embargo_until", flat=True).first(),
    )
    return min((moment for moment in moments if moment), default=None)


def next_place() -> datetime | None:
    """When a place on the front page is given up next."""
    places = FrontPlace.objects.filter(until__gt=timezone.now()).order_by("until")
    return places.values_list("until", flat=True).first()


def tell_the_page_store() -> None:
    clock_of(Article._meta.db_table, next_piece)
    clock_of(FrontPlace._meta.db_table, next_place)
    unseen = (PreviewLink, WorkingCopy, MoveReport, MoveNote)
    never_shown(*(model._meta.db_table for model in unseen))
