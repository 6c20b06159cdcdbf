"""Posts become pieces: what is read of one outside a transaction, and what is written within."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.body_html import clean
from articles.importers.errors import Place
from articles.importers.wordpress.html import body_of
from articles.importers.wordpress.media import SiteMedia
from articles.importers.wordpress.moves import digest_of
from articles.importers.wordpress.records import PostRecord
from articles.importers.wordpress.texts import ENOUGH, cut, first_words, line_of, parts_of
from articles.models import Article, Image, MovedKind

HEADLINE, STANDFIRST, NOTES = 160, 400, 5000
STATES = {
    "publish": Article.Status.PUBLISHED,
    "future": Article.Status.PUBLISHED,
    "pending": Article.Status.IN_REVIEW,
    "draft": Article.Status.DRAFT,
    "private": Article.Status.DRAFT,
}
TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
# What is not brought, and why.
LEFT_OUT = {
    "trash": gettext_lazy("It was in the trash."),
    "auto-draft": gettext_lazy("WordPress made it by itself, and nobody wrote anything."),
    "inherit": gettext_lazy("It is an older version of a post."),
}


@dataclass
class Prepared:
    """A post on its way in. `changed` are the reasons for its lines in the report."""

    post: PostRecord
    digest: str
    headline: str
    standfirst: str
    bodies: list[str]
    status: str
    published_at: datetime | None
    lead: Image | None = None
    notes: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    is_sticky: bool = False
    kind: str = MovedKind.PIECE

    @property
    def place(self) -> Place:
        return self.post.place


def called(post: PostRecord) -> str:
    """What the report calls it."""
    return cut(line_of(post.title), 120) or f"{post.type} {post.number}"


def prepare(post: PostRecord, media: SiteMedia) -> Prepared:
    """All that takes long, or needs the network: pictures are taken in with it."""
    drawn = body_of(post, media)
    prepared = Prepared(
        post=post,
        digest=digest_of(post),
        headline="",
        standfirst="",
        bodies=_bodies(drawn.html),
        status=STATES.get(post.status, Article.Status.DRAFT),
        published_at=None,
        changed=list(drawn.changed),
    )
    _head(prepared)
    _state(prepared)
    _lead(prepared, media)
    return prepared


def _bodies(html: str) -> list[str]:
    """The text in as many parts as it takes. Raises ValidationError where a block of it alone is
    too long."""
    parts = parts_of(html)
    for each in parts:
        if len(each) > ENOUGH // 2:
            clean(each)  # which may make it longer
    return parts


def _head(prepared: Prepared) -> None:
    post, changed, notes = prepared.post, prepared.changed, prepared.notes
    title = line_of(post.title)
    if "<" in post.title and title:
        changed.append(_("Tags were taken out of its title."))
    if not title:
        title = first_words(prepared.bodies[0]) or post.slug or f"{post.type} {post.number}"
        changed.append(_("It had no title: it was given one of its first words, or of its slug."))
    prepared.headline = cut(title, HEADLINE)
    if prepared.headline != title:
        changed.append(_("Its title was too long: cut. The whole stands in the desk's notes."))
        notes.append(_("The whole title: %(title)s") % {"title": title})
    excerpt = line_of(post.excerpt)
    prepared.standfirst = cut(excerpt, STANDFIRST)
    if prepared.standfirst != excerpt:
        changed.append(_("Its excerpt was too long: cut. The whole stands in the desk's notes."))
        notes.append(_("The whole excerpt: %(excerpt)s") % {"excerpt": excerpt})


def _state(prepared: Prepared) -> None:
    post, changed, notes = prepared.post, prepared.changed, prepared.notes
    now = timezone.now()
    if post.password:
        prepared.status = Article.Status.DRAFT
        changed.append(_("A password kept it from readers: a draft here. The password is gone."))
        notes.append(_("On the former site a password kept it from readers."))
    elif post.status == "private":
        changed.append(_("It was private: a draft here."))
        notes.append(_("On the former site it was private."))
    elif post.status not in STATES:
        state = {"state": post.status[:40]}
        changed.append(_("Its state is not known here: a draft. It was: %(state)s") % state)
    prepared.is_sticky = post.is_sticky
    at = post.at or post.changed_at
    if prepared.status != Article.Status.PUBLISHED:
        return
    if at is None:
        prepared.status = Article.Status.DRAFT
        changed.append(_("It was published, but has no date: a draft here."))
        return
    prepared.published_at = at
    if post.at is None:
        changed.append(_("It has no date of publication: that of its last change was taken."))
    elif post.status == "future" and at <= now:
        changed.append(_("It was scheduled for a moment that has passed: published."))
    elif post.status == "publish" and at > now:
        changed.append(_("Its date lies ahead: scheduled."))


def _lead(prepared: Prepared, media: SiteMedia) -> None:
    numbers = prepared.post.values_of("_thumbnail_id")
    number = numbers[0].strip() if numbers else ""
    if not (number.isascii() and number.isdigit() and len(number) < 18 and int(number)):
        return
    prepared.lead = media.picture(number=int(number), address="")
    if prepared.lead is None:
        prepared.changed.append(_("Its lead picture is missing."))


def why_left_out(post: PostRecord) -> str:
    """Empty for what is to be brought."""
    return str(LEFT_OUT.get(post.status, ""))


def notes_of(prepared: Prepared) -> str:
    """For the desk, cut at the end where there is too much."""
    return "\n".join(prepared.notes)[:NOTES]


def language_of(tag: str, default: str) -> str:
    """That of the site as a piece has it: ours where it is the same but for the country."""
    tag = tag.strip().replace("_", "-")
    if not TAG.fullmatch(tag):
        return default
    primary, dash, rest = tag.partition("-")
    tag = f"{primary.lower()}{dash}{rest}"
    return default if tag.partition("-")[0] == default.partition("-")[0] else tag[:20]
