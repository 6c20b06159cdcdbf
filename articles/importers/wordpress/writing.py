"""The rows of pieces that move in, with all that the verbs of a piece would have left.

Article.save() and then publish() would do the same, with fifteen statements more for each piece,
and would have the worker draw a share picture and tell the hub of each of thousands of old pieces.
Here the share pictures are asked for once, at the end of the run, and the hub is told of nothing:
what moved in is no news.
"""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.content import content_of
from articles.importers.wordpress.posts import HEADLINE, Prepared, notes_of
from articles.models import (
    Article,
    Author,
    Byline,
    FrontPlace,
    Revision,
    SearchEntry,
    Section,
    StateChange,
)
from articles.models.search_entry import second_key
from articles.search.documents import document

AT_ONCE = 100

type Given = tuple[Section, list[int], Sequence[Author]]  # topics by their keys


class Writing:
    """Writes pieces, with what belongs to them: rows of the same kind at once, by write()."""

    def __init__(self, *, by: User, language: str) -> None:
        self.by, self.language = by, language
        self.waiting: dict[type[Model], list[Model]] = {}

    def piece(self, prepared: Prepared, *, slug: str, part: int, given: Given) -> Article:
        """The piece of one part of a post, new and complete. In a transaction."""
        post = prepared.post
        section, topics, authors = given
        article = Article(
            headline=_headline(prepared.headline, part),
            slug=slug,
            standfirst=prepared.standfirst if part == 1 else "",
            body=prepared.bodies[part - 1],
            desk_notes=notes_of(prepared) if part == 1 else "",
            language=self.language,
            section=section,
            lead_image=prepared.lead if prepared.lead and prepared.lead.pk else None,
            lead_alt=prepared.lead.alt if prepared.lead else "",
            lead_caption=prepared.lead.caption if prepared.lead else "",
            status=prepared.status,
            published_at=prepared.published_at,
            replies="" if post.takes_replies else "closed",
            begun_by=self.by,
            version=1,
        )
        article.save(force_insert=True)
        _date(article, post.at, post.changed_at)
        Article.topics.through.objects.bulk_create(
            Article.topics.through(article_id=article.pk, topic_id=topic) for topic in topics
        )
        Byline.objects.bulk_create(
            Byline(article=article, author=author, position=position)
            for position, author in enumerate(authors)
        )
        self._record(article, note=_("Moved in: post %(number)d.") % {"number": post.number})
        return article

    def add(self, row: Model) -> None:
        self.waiting.setdefault(type(row), []).append(row)

    def write(self) -> None:
        """What waits. In the same transaction."""
        waiting, self.waiting = self.waiting, {}
        for model, rows in waiting.items():
            model._default_manager.bulk_create(rows, batch_size=AT_ONCE)

    def _record(self, article: Article, *, note: str) -> None:
        """What publish() or submit_for_review() and record() leave of a new piece."""
        if article.status != Article.Status.DRAFT:
            self.add(
                StateChange(
                    article=article,
                    by=self.by,
                    from_status=Article.Status.DRAFT,
                    to_status=article.status,
                    published_at=article.published_at,
                    note=note,
                )
            )
        self.add(
            Revision(
                article=article,
                number=1,
                content=content_of(article),
                status=article.status,
                published_at=article.published_at,
                by=self.by,
                at=timezone.now(),
                note=note,
            )
        )
        if article.status == Article.Status.PUBLISHED and article.published_at:
            key = second_key(article.published_at) + article.pk
            self.add(SearchEntry(key=key, article=article, **document(article)._asdict()))


def _headline(headline: str, part: int) -> str:
    ending = f" ({part})" if part > 1 else ""
    return f"{headline[: HEADLINE - len(ending)]}{ending}"


def _date(article: Article, at: datetime | None, changed_at: datetime | None) -> None:
    """As on the former site, nothing in the time to come."""
    now = timezone.now()
    begun = min(at or changed_at or now, now)
    changed = min(max(changed_at or begun, begun), now)
    article.created_at, article.updated_at = begun, changed
    Article.objects.filter(pk=article.pk).update(created_at=begun, updated_at=changed)


class Front:
    """The places of the front page that are free for what was sticky, the first to come first."""

    def __init__(self) -> None:
        taken = FrontPlace.objects.filter(section=None).values_list("position", flat=True)
        self.free = sorted(set(range(FrontPlace.FURTHER + 1)) - set(taken))

    def give(self, article: Article, *, by: User) -> bool:
        """False where there is none left. In the transaction of the piece."""
        if not self.free:
            return False
        FrontPlace.objects.create(position=self.free.pop(0), article=article, by=by)
        return True
