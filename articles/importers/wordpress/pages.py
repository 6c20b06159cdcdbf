"""Pages become standing pages, which stand at the top of the site, one beside the other."""

from dataclasses import dataclass, field

from django.db.models import Max
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from articles.body_html import clean
from articles.importers.wordpress.html import body_of
from articles.importers.wordpress.media import SiteMedia
from articles.importers.wordpress.moves import digest_of
from articles.importers.wordpress.records import PostRecord
from articles.importers.wordpress.texts import cut, first_words, line_of
from articles.models import StandingPage

TITLE = 80
HIGHEST = 32_767  # position


@dataclass
class PreparedPage:
    post: PostRecord
    digest: str
    title: str
    body: str
    changed: list[str] = field(default_factory=list)


def is_of_the_site(slug: str) -> bool:
    """Whether the site itself has a page at that address."""
    try:
        return resolve(f"/{slug}/").view_name != "articles:page"
    except Resolver404:
        return True


def why_left_out(post: PostRecord) -> str:
    """Empty for what is to be brought. A standing page is public: what was not, is not made one."""
    if post.status == "trash":
        return _("It was in the trash.")
    if post.password:
        return _("A password kept it from readers, and every standing page is public.")
    if post.status != "publish":
        return _("It was not published, and every standing page is public.")
    return ""


def prepare_page(post: PostRecord, media: SiteMedia) -> PreparedPage:
    """Outside of transactions: pictures are taken in with it. Raises ValidationError where it is
    too long."""
    drawn = body_of(post, media)
    changed = list(drawn.changed)
    whole = line_of(post.title)
    if not whole:
        whole = first_words(drawn.html) or post.slug or f"page {post.number}"
        changed.append(_("It had no title: it was given one of its first words, or of its slug."))
    title = cut(whole, TITLE)
    if title != whole:
        changed.append(_("Its title was longer than 80 characters: cut."))
    if post.parent:
        changed.append(_("It stood below another page: it stands beside it here."))
    return PreparedPage(post, digest_of(post), title, clean(drawn.html), changed)


def write_page(prepared: PreparedPage, *, slug: str) -> StandingPage:
    """In a transaction."""
    last = StandingPage.objects.aggregate(last=Max("position"))["last"]
    position = prepared.post.position or (0 if last is None else last)
    page = StandingPage(
        title=prepared.title,
        slug=slug,
        body=prepared.body,
        position=max(0, min(position, HIGHEST)),
    )
    page.save(force_insert=True)
    if prepared.post.changed_at:
        StandingPage.objects.filter(pk=page.pk).update(updated_at=prepared.post.changed_at)
    return page
