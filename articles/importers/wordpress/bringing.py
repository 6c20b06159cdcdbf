"""Some posts and pages at a time: prepared outside, and brought in one short transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.html import format_html
from django.utils.translation import gettext as _

from articles.importers.wordpress import pages, posts
from articles.importers.wordpress.authors import Authors
from articles.importers.wordpress.index import Index
from articles.importers.wordpress.media import SiteMedia
from articles.importers.wordpress.moves import Moves, digest_of
from articles.importers.wordpress.records import Mended, PostRecord
from articles.importers.wordpress.replies import BringReplies
from articles.importers.wordpress.reporting import Reporting
from articles.importers.wordpress.slugs import Slugs
from articles.importers.wordpress.terms import Terms
from articles.importers.wordpress.writing import Front, Writing
from articles.models import Article, Moved, MovedKind
from articles.old_site.paths import of_post
from articles.old_site.remembering import remember_all

KINDS = {"post": MovedKind.PIECE, "page": MovedKind.PAGE}
PINGS = frozenset({"pingback", "trackback"})

type New = posts.Prepared | pages.PreparedPage


@dataclass
class Bringing:
    index: Index
    moves: Moves
    reporting: Reporting
    media: SiteMedia
    authors: Authors
    terms: Terms
    slugs: Slugs
    by: User
    bring_replies: BringReplies
    language: str
    brings_pages: bool = False
    is_rehearsed: bool = False
    front: Front = field(default_factory=Front)

    def __post_init__(self) -> None:
        language = posts.language_of(self.language, settings.LANGUAGE_CODE)
        self.writing = Writing(by=self.by, language=language)
        self.paths: list[tuple[str, str, int]] = []  # old addresses

    def bring(self, some: Sequence[PostRecord], mended: Sequence[Mended]) -> None:
        """All of them, or those of them that are not here yet."""
        there: dict[str, dict[str, Moved]] = {}
        for type, kind in KINDS.items():
            there[type] = self.moves.there(kind, [str(e.number) for e in some if e.type == type])
        new: dict[int, New | str] = {}  # by their place among these; a text: why it is left out
        for at, post in enumerate(some):
            if not self.index.is_first(post.type, post.number):
                new[at] = _("An item of that number came before it in the export.")
            elif post.type in KINDS and str(post.number) not in there[post.type]:
                new[at] = self._prepared(post)
        with transaction.atomic(), self.reporting:
            self._tell_mended(some, mended)
            for at, post in enumerate(some):
                if post.type not in KINDS:
                    self._leave_replies(post)
                elif at in new:
                    self._bring_new(post, new[at])
                else:
                    self._look_again(post, there[post.type][str(post.number)])
            self.writing.write()
            remember_all(self.paths)
            self.paths = []
            if self.is_rehearsed:
                transaction.set_rollback(True)
        if self.is_rehearsed:
            self.authors.forget()
            self.terms.forget()

    def _tell_mended(self, some: Sequence[PostRecord], mended: Sequence[Mended]) -> None:
        by_place = {post.place: post for post in some}
        for each in mended:
            post = by_place.get(each.place)
            kind = KINDS.get(post.type, MovedKind.OTHER) if post else MovedKind.OTHER
            item = posts.called(post) if post else each.place.item or each.place.file
            self.reporting.changed(kind, item, each.what, each.place)

    def _prepared(self, post: PostRecord) -> New | str:
        """What is to be brought, or why it is not."""
        is_page = post.type == "page"
        if is_page and not self.brings_pages:
            return _("Pages are brought with the option --pages.")
        why = pages.why_left_out(post) if is_page else posts.why_left_out(post)
        if why:
            return why
        try:
            if is_page:
                return pages.prepare_page(post, self.media)
            return posts.prepare(post, self.media)
        except ValidationError as error:
            return " ".join(error.messages)

    def _bring_new(self, post: PostRecord, new: New | str) -> None:
        kind, item = KINDS[post.type], posts.called(post)
        self.reporting.found(kind)
        if isinstance(new, str):
            self.reporting.left_out(kind, item, new, post.place)
            self._leave_replies(post)
            return
        for why in new.changed:
            self.reporting.changed(kind, item, why, post.place)
        self._tell_slug(post, kind)
        if isinstance(new, pages.PreparedPage):
            self._bring_page(new)
        else:
            self._bring_piece(new)
        self.reporting.brought(kind)

    def _bring_page(self, new: pages.PreparedPage) -> None:
        post = new.post
        page = pages.write_page(new, slug=self._slug(post))
        self.writing.add(self.moves.row(MovedKind.PAGE, str(post.number), page.pk, new.digest))
        self.paths += [(path, MovedKind.PAGE, page.pk) for path in of_post(post)]
        self._leave_replies(post)

    def _bring_piece(self, new: posts.Prepared) -> None:
        post = new.post
        section, topics = self.terms.of(post)
        given = (section, topics, self.authors.of(post))
        slugs = [self._slug(post)]
        for part in range(2, len(new.bodies) + 1):
            slugs.append(self.slugs.further(slugs[0], part))
        if len(slugs) > 1:
            self._link_parts(new, slugs)
        articles = [
            self.writing.piece(new, slug=slug, part=part, given=given)
            for part, slug in enumerate(slugs, start=1)
        ]
        article = articles[0]
        for part, each in enumerate(articles, start=1):
            key = f"{post.number}/{part}" if part > 1 else str(post.number)
            self.writing.add(self.moves.row(MovedKind.PIECE, key, each.pk, new.digest))
        paths = of_post(post)
        paths += [each.path for each in self.index.attachments_of(post.number) if each.path]
        self.paths += [(path, MovedKind.PIECE, article.pk) for path in paths]
        if new.is_sticky:
            self._stick(article, post)
        self._bring_replies(post, article)

    def _link_parts(self, new: posts.Prepared, slugs: list[str]) -> None:
        """Each leads to the next."""
        item = posts.called(new.post)
        why = _("Its text is too long for one piece: brought as %(count)d, that lead on.")
        why %= {"count": len(slugs)}
        self.reporting.changed(MovedKind.PIECE, item, why, new.place)
        for part, slug in enumerate(slugs[1:]):
            link = format_html(
                '<p><a href="{}">{}</a></p>', Article(slug=slug).get_absolute_url(), _("Continued")
            )
            new.bodies[part] += link

    def _stick(self, article: Article, post: PostRecord) -> None:
        item = posts.called(post)
        if not article.is_published:
            why = _("It was sticky, and is not published: it has no place on the front page.")
        elif self.front.give(article, by=self.by):
            return
        else:
            why = _("It was sticky; the places at the top of the front page are given.")
        self.reporting.changed(MovedKind.PIECE, item, why, post.place)

    def _look_again(self, post: PostRecord, row: Moved) -> None:
        """At what came in a run before. New replies to it are brought; it stays as it is."""
        kind, item = KINDS[post.type], posts.called(post)
        self.reporting.found(kind)
        article = None
        if kind == MovedKind.PIECE and row.target:
            article = Article.objects.filter(pk=row.target).first()
            if article is None:
                why = _("It was removed here since it moved in.")
                self.reporting.left_out(kind, item, why, post.place)
                self._leave_replies(post)
                return
        self.reporting.unchanged(kind)
        if row.digest != digest_of(post):
            why = _("It was changed there since it moved in. What stands here was kept.")
            self.reporting.changed(kind, item, why, post.place)
        if article:
            self._bring_replies(post, article)
        else:
            self._leave_replies(post)

    def _bring_replies(self, post: PostRecord, article: Article) -> None:
        if post.replies:
            self.bring_replies(
                post, article, site=self.moves.site, report=self.reporting, by=self.by
            )

    def _leave_replies(self, post: PostRecord) -> None:
        """Those under something that takes none here, or was not brought."""
        pings = sum(each.type in PINGS for each in post.replies)
        of_kind = {MovedKind.REPLY: len(post.replies) - pings, MovedKind.OTHER: pings}
        for kind, count in of_kind.items():
            if count:
                self.reporting.found(kind, count)
                item = _("Replies to: %(item)s") % {"item": posts.called(post)}
                why = _("What they answer has no replies here, or was left out.")
                self.reporting.left_out(kind, item, why, post.place, count=count)

    def _slug(self, post: PostRecord) -> str:
        kept = self.index.post(post.number)
        assert kept, "every post stands in the index"
        if not kept.new_slug:
            self.slugs.give([kept], lambda numbers: {})
            kept = self.index.post(post.number)
        assert kept and kept.new_slug
        return kept.new_slug

    def _tell_slug(self, post: PostRecord, kind: MovedKind) -> None:
        slug = self._slug(post)
        if slug == post.slug:
            return
        if not post.slug:
            why = _("It had no slug: its address ends in %(slug)s.") % {"slug": slug}
            if post.status != "publish":
                return  # as every draft
        else:
            why = _("Its slug can't be one here, or is another's: %(slug)s.") % {"slug": slug}
        self.reporting.changed(kind, posts.called(post), why, post.place)
