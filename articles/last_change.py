from datetime import datetime

from django.db.models import Subquery

from articles.models import Article


def last_change() -> datetime | None:
    """When a piece that is published, or was withdrawn, was last saved: none of them has moved,
    changed or gone since. One query that costs the same whatever the archive holds.

    Corrections, and what appears by the clock, save no piece.
    """
    moments = (
        Article.objects.order_by("pk")
        .values_list(_newest(Article.Status.PUBLISHED), _newest(Article.Status.WITHDRAWN))
        .first()
    )
    return max((moment for moment in moments or () if moment), default=None)


def _newest(status: str) -> Subquery:
    pieces = Article.objects.filter(status=status).order_by("-updated_at", "-pk")
    return Subquery(pieces.values("updated_at")[:1])
