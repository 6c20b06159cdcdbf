"""The run of an import: the files are read twice. First for an index of all that refers to each
other; then to bring, a short transaction for some posts at a time with all that belongs to them,
their Moved rows, old addresses and lines of the report.

What breaks off, even by kill -9, is gone on with when it is run again: what has a Moved row is
there. Nothing that is here is changed by a later run; what was changed on the former site since is
reported.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.importers.errors import Place, Refused
from articles.importers.wordpress.authors import Authors
from articles.importers.wordpress.bringing import KINDS, Bringing
from articles.importers.wordpress.index import GUEST, Index
from articles.importers.wordpress.media import SiteMedia, Sources
from articles.importers.wordpress.moves import Moves
from articles.importers.wordpress.opening import Source
from articles.importers.wordpress.pages import is_of_the_site
from articles.importers.wordpress.posts import LEFT_OUT
from articles.importers.wordpress.records import Mended, PostRecord, SiteRecord
from articles.importers.wordpress.replies import BringReplies
from articles.importers.wordpress.reporting import Reporting
from articles.importers.wordpress.slugs import Slugs
from articles.importers.wordpress.terms import Terms
from articles.models import Article, MovedKind, MoveReport, OldSite, StandingPage
from articles.tasks import make_share_images

KNOWN = frozenset({*KINDS, "attachment", GUEST})
AT_ONCE, REPLIES_AT_ONCE, LETTERS_AT_ONCE = 100, 1000, 2_000_000


@dataclass(frozen=True)
class Options:
    media: Sources = field(default_factory=Sources)
    brings_pages: bool = False
    is_rehearsed: bool = False
    temporary: Path | None = None


@dataclass(frozen=True)
class Done:
    """`broken` are the files of which only a part could be read, with where and why."""

    reporting: Reporting
    broken: list[Refused]


class Told(Protocol):
    """Hears how far it has got: in bytes of all files first, then in items."""

    def __call__(self, what: str, done: int, total: int) -> None: ...


def quiet(what: str, done: int, total: int) -> None:
    """For whoever need not know."""


def run(
    sources: Sequence[Source],
    options: Options,
    *,
    by: User,
    bring_replies: BringReplies,
    told: Told = quiet,
    finish: Callable[[Reporting], None] = lambda reporting: None,
) -> Done:
    """Bring what these files of one export hold. `finish` is given the report at the end; in a
    rehearsal within the transaction that is rolled back.

    Raises Refused where nothing can be read at all, or the files are of several sites. A file that
    is broken further down is brought as far as it goes, and named in what this returns.
    """
    with Index(options.temporary) as index:
        broken = _read_index(sources, index, told)
        site = _site(index, broken)
        return _Run(sources, options, index, site, by, bring_replies, told, finish).go(broken)


def _read_index(sources: Sequence[Source], index: Index, told: Told) -> list[Refused]:
    broken: list[Refused] = []
    total, before = sum(each.size for each in sources), 0
    for source in sources:
        try:
            for record in source.records(
                lambda done, before=before: told(_("Reading"), before + done, total)  # type: ignore[misc]
            ):
                if isinstance(record, SiteRecord):
                    _same_site(index.site, record, source)
                index.add(record)
        except Refused as error:
            broken.append(error)
        before += source.size
    return broken


def _same_site(known: SiteRecord | None, site: SiteRecord, source: Source) -> None:
    if known and known.address != site.address:
        names = {"first": known.address, "second": site.address}
        reason = _("The files are of two sites: %(first)s and %(second)s.") % names
        raise OtherSite(reason, Place(source.name))


class OtherSite(Exception):
    """Nothing is brought from files of several sites."""

    def __init__(self, reason: str, place: Place) -> None:
        self.reason, self.place = reason, place
        super().__init__(f"{place}: {reason}")


def _site(index: Index, broken: list[Refused]) -> SiteRecord:
    if index.site is None:
        if broken:
            raise broken[0]
        raise Refused(_("This is no export of WordPress: it names no site."))
    if not index.site.address:
        raise Refused(_("The export does not say which address its site had."))
    return index.site


class _Run:
    def __init__(
        self,
        sources: Sequence[Source],
        options: Options,
        index: Index,
        head: SiteRecord,
        by: User,
        bring_replies: BringReplies,
        told: Told,
        finish: Callable[[Reporting], None],
    ) -> None:
        self.sources, self.options, self.index = sources, options, index
        self.head, self.by, self.told, self.finish = head, by, told, finish
        self.bring_replies = bring_replies
        self.done = 0
        self.others: dict[str, int] = {}  # items of types that are not brought

    def go(self, broken: list[Refused]) -> Done:
        site = self._old_site()
        names = [each.name for each in self.sources]
        report = MoveReport(site=site, by=self.by, files=names)
        if not self.options.is_rehearsed:
            report.save()
        self.reporting = Reporting(report, is_rehearsed=self.options.is_rehearsed)
        moves = Moves(site)
        self._give_slugs(moves)
        media = SiteMedia(
            self.index, moves, self.reporting, by=self.by, sources=self.options.media,
            is_rehearsed=self.options.is_rehearsed,
        )  # fmt: skip
        self.bringing = Bringing(
            index=self.index,
            moves=moves,
            reporting=self.reporting,
            media=media,
            authors=Authors(self.index, moves, self.reporting),
            terms=Terms(self.index, moves, self.reporting),
            slugs=self.slugs,
            by=self.by,
            bring_replies=self.bring_replies,
            is_rehearsed=self.options.is_rehearsed,
            language=self.head.language,
            brings_pages=self.options.brings_pages,
        )
        for source in self.sources:
            self._bring(source)
        self._end(media, broken)
        return Done(self.reporting, broken)

    def _old_site(self) -> OldSite:
        """In a rehearsal that of a new site has the key 0, which no row has: what refers to it is
        rolled back before the database looks for it."""
        if self.options.is_rehearsed:
            there = OldSite.objects.filter(address=self.head.address).first()
            return there or OldSite(pk=0, address=self.head.address, name=self.head.title[:160])
        site, _is_new = OldSite.objects.get_or_create(
            address=self.head.address, defaults={"name": self.head.title[:160]}
        )
        return site

    def _give_slugs(self, moves: Moves) -> None:
        self.slugs = pieces = Slugs(MovedKind.PIECE, self.index)
        of_posts = (each for each in self.index.posts_of("post") if each.status not in LEFT_OUT)
        pieces.give(of_posts, lambda numbers: _slugs_of(moves, MovedKind.PIECE, numbers))
        if self.options.brings_pages:
            of_pages = (e for e in self.index.posts_of("page") if e.status == "publish")
            Slugs(MovedKind.PAGE, self.index, refuses=is_of_the_site).give(
                of_pages, lambda numbers: _slugs_of(moves, MovedKind.PAGE, numbers)
            )

    # --- Bringing -----------------------------------------------------------------------------

    def _bring(self, source: Source) -> None:
        for some in _in_parts(self._records(source)):
            mended = [each for each in some if isinstance(each, Mended)]
            posts = [each for each in some if isinstance(each, PostRecord)]
            self.bringing.bring(posts, mended)
            self.done += len(posts)
            self.told(_("Bringing"), min(self.done, self.index.posts), self.index.posts)

    def _records(self, source: Source) -> Iterator[PostRecord | Mended]:
        """What is to be looked at of a file; the rest is counted."""
        try:
            for record in source.records():
                if isinstance(record, Mended):
                    yield record
                elif isinstance(record, PostRecord):
                    if record.type not in KNOWN:
                        self.others[record.type] = self.others.get(record.type, 0) + 1
                    if record.type in KINDS or record.replies:
                        yield record
        except Refused:
            return  # told at the end

    def _end(self, media: SiteMedia, broken: list[Refused]) -> None:
        media.tell_rest()
        reporting = self.reporting
        with transaction.atomic(), reporting:
            self.bringing.authors.tell_rest()
            self.bringing.terms.tell_rest()
            for type, count in sorted(self.others.items()):
                reporting.found(MovedKind.OTHER, count)
                why = _("Items of this type are nothing that a newsroom keeps.")
                reporting.left_out(MovedKind.OTHER, type or "?", why, count=count)
            for error in broken:
                reporting.found(MovedKind.OTHER)
                why = _("The file is broken here; nothing after this place was read: %(reason)s")
                item = error.place.item or error.place.file
                reporting.left_out(
                    MovedKind.OTHER, item, why % {"reason": error.reason}, error.place
                )
        with transaction.atomic():
            self._close()
            self.finish(reporting)
            if self.options.is_rehearsed:
                transaction.set_rollback(True)

    def _close(self) -> None:
        """The report is complete. Share pictures are asked for here, also for what a run brought
        that was broken off."""
        report = self.reporting.report
        if self.options.is_rehearsed:
            report.site = self._kept_site()
            report.save()
        self.reporting.write_all()
        report.ended_at = timezone.now()
        report.save(update_fields=["ended_at"])
        was_broken_off = MoveReport.objects.filter(site=report.site, ended_at=None).exists()
        if self.reporting.count_of(MovedKind.PIECE, "brought") or was_broken_off:
            make_share_images.enqueue()

    def _kept_site(self) -> OldSite:
        site = self.bringing.moves.site
        if site.pk == 0:
            site = OldSite.objects.create(address=site.address, name=site.name)
        return site


def _slugs_of(moves: Moves, kind: MovedKind, numbers: object) -> dict[int, str]:
    rows = moves.there(kind, map(str, numbers))  # type: ignore[call-overload]
    targets = {row.target: int(key) for key, row in rows.items() if row.target}
    model = Article if kind == MovedKind.PIECE else StandingPage
    slugs = model._default_manager.filter(pk__in=targets).values_list("pk", "slug")
    return {targets[pk]: slug for pk, slug in slugs}


def _in_parts(records: Iterator[PostRecord | Mended]) -> Iterator[list[PostRecord | Mended]]:
    """As many at a time as a short transaction takes."""
    part: list[PostRecord | Mended] = []
    replies = letters = 0
    for record in records:
        part.append(record)
        if isinstance(record, PostRecord):
            replies += len(record.replies)
            letters += len(record.text) + sum(len(value) for _key, value in record.meta)
            letters += sum(len(each.text) for each in record.replies)
            # What was mended of a post stands before it.
            if len(part) >= AT_ONCE or replies >= REPLIES_AT_ONCE or letters >= LETTERS_AT_ONCE:
                yield part
                part, replies, letters = [], 0, 0
    if part:
        yield part
