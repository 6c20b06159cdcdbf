"""The pieces that an editor may choose from for the front page."""

from django.utils import timezone
from django.utils.translation import gettext as _

from articles.admin.article_search import search
from articles.admin.times import spelled
from articles.models import Article, Section
from newsroom.moments import moment_text

NEWEST, SCHEDULED, FOUND = 50, 50, 30

type Choices = list[tuple[str, str | list[tuple[str, str]]]]


class Pool:
    """The newest pieces, those to come, those that a search finds, and `also` those asked for.

    Each can be chosen for the first places, and for the block of the section it is in.
    """

    def __init__(self, query: str, also: set[int]) -> None:
        published = Article.objects.filter(status=Article.Status.PUBLISHED)
        to_come = published.filter(published_at__gt=timezone.now()).order_by("published_at", "pk")
        self.found = (
            [
                *search(published, query)
                .order_by("-published_at", "-pk")
                .values_list("pk", flat=True)[:FOUND]
            ]
            if query
            else []
        )
        wanted = Article.objects.filter(pk__in=also | {*self.found}).union(
            Article.objects.filter(pk__in=Article.objects.published().values("pk")[:NEWEST]),
            Article.objects.filter(pk__in=to_come.values("pk")[:SCHEDULED]),
        )
        self.pieces = (
            Article.objects.filter(pk__in=wanted.order_by().values("pk"))
            .select_related("section")
            .only("headline", "status", "published_at", "embargo_until", "section__name")
            .order_by("-published_at", "-pk")
            .in_bulk()
        )
        self._choices: dict[int | None, Choices] = {}

    def choices(self, section: Section | None) -> Choices:
        """For a select, in groups, with the empty choice first."""
        key = section.pk if section else None
        if key not in self._choices:
            self._choices[key] = self._made(key)
        return self._choices[key]

    def _made(self, section: int | None) -> Choices:
        groups: dict[str, list[tuple[str, str]]] = {
            name: [] for name in (_("Found"), _("Published"), _("Scheduled"), _("Not published"))
        }
        found, published, scheduled, not_published = groups.values()
        for piece in sorted(self.pieces.values(), key=_newest_first):
            if section not in (None, piece.section_id):
                continue
            choice = (str(piece.pk), label(piece))
            if piece.pk in self.found:
                found.append(choice)
            elif not piece.is_published:
                not_published.append(choice)
            else:
                (scheduled if piece.is_scheduled else published).append(choice)
        automatic = ("", _("Automatic: the newest"))
        return [automatic, *((name, of) for name, of in groups.items() if of)]


def _newest_first(piece: Article) -> tuple[float, int]:
    return -piece.published_at.timestamp() if piece.published_at else 0.0, -piece.pk


def label(piece: Article) -> str:
    """The headline, and what tells it from others."""
    moment = piece.public_from
    if moment is None:
        when = piece.get_status_display()
    elif piece.is_scheduled:
        when = _("from %(moment)s") % {"moment": spelled(moment)}
    else:
        when = moment_text(moment)
    return f"{piece.headline} · {piece.section} · {when}"
