"""Where something that moved in is found here, if readers may see it or could."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import reverse

from articles.models import (
    Article,
    Author,
    ImageUse,
    MovedKind,
    RecordingUse,
    Section,
    StandingPage,
    Topic,
)
from articles.old_site.paths import FEED, REPLIES, Asked

# Of an app that shows replies: the path of a further page of those to a piece (slug and primary
# key), or the last there is. Without one the piece itself is the page.
pages_of_replies: list[Callable[[str, int, int], str]] = []


class Target(NamedTuple):
    """`address` is its page, `file` that of a picture or recording; empty for what it has not. The
    slug is that of the piece or list."""

    kind: str
    pk: int
    address: str
    slug: str = ""
    file: str = ""


def targets(kind: str, pks: Collection[int]) -> dict[int, Target]:
    """Those of one kind that readers may see, or could until they were withdrawn, by their primary
    keys: one query, two of pictures."""
    find = FINDERS.get(MovedKind(kind))
    return {target.pk: target for target in find(pks)} if find else {}


def _pieces(pks: Collection[int]) -> Iterable[Target]:
    rows = Article.objects.known().filter(pk__in=pks).order_by().values_list("pk", "slug")
    for pk, slug in rows:
        yield Target(MovedKind.PIECE, pk, Article(slug=slug).get_absolute_url(), slug)


def _standing_pages(pks: Collection[int]) -> Iterable[Target]:
    for pk, slug in StandingPage.objects.filter(pk__in=pks).values_list("pk", "slug"):
        yield Target(MovedKind.PAGE, pk, StandingPage(slug=slug).get_absolute_url(), slug)


def _lists(
    kind: MovedKind, model: type[Section | Topic | Author]
) -> Callable[[Collection[int]], Iterable[Target]]:
    def find(pks: Collection[int]) -> Iterable[Target]:
        rows = model._default_manager.filter(pk__in=pks).order_by()
        for pk, slug in rows.values_list("pk", "slug"):
            yield Target(kind, pk, model(slug=slug).get_absolute_url(), slug)

    return find


def _pictures(pks: Collection[int]) -> Iterable[Target]:
    """Its page is the piece or standing page that shows it, the first of several."""
    uses = ImageUse.objects.public().filter(image__in=pks)
    for use in _first_of_each(uses, "image"):
        address = (use.article or use.page).get_absolute_url()
        yield Target(MovedKind.PICTURE, use.image_id, address, file=use.image.src)


def _recordings(pks: Collection[int]) -> Iterable[Target]:
    """As with pictures."""
    uses = RecordingUse.objects.public().filter(recording__in=pks)
    for use in _first_of_each(uses, "recording"):
        address = (use.article or use.page).get_absolute_url()
        yield Target(MovedKind.RECORDING, use.recording_id, address, file=use.recording.address)


def _first_of_each(uses: QuerySet[Any], used: str) -> Iterable[Any]:
    with_pages = uses.select_related(used, "article", "page")
    found: set[int] = set()
    for use in with_pages.only(used, "article__slug", "page__slug").order_by("pk"):
        key = getattr(use, f"{used}_id")
        if key not in found:
            found.add(key)
            yield use


FINDERS: Mapping[MovedKind, Callable[[Collection[int]], Iterable[Target]]] = {
    MovedKind.PIECE: _pieces,
    MovedKind.PAGE: _standing_pages,
    MovedKind.SECTION: _lists(MovedKind.SECTION, Section),
    MovedKind.TOPIC: _lists(MovedKind.TOPIC, Topic),
    MovedKind.AUTHOR: _lists(MovedKind.AUTHOR, Author),
    MovedKind.PICTURE: _pictures,
    MovedKind.RECORDING: _recordings,
}
FEEDS = {MovedKind.SECTION: "section", MovedKind.TOPIC: "topic", MovedKind.AUTHOR: "author"}


def address(target: Target, asked: Asked) -> str:
    """The path here of what was `asked` of it."""
    if asked.what == FEED:
        return feed_of(target, asked.how)
    if asked.what == REPLIES and target.kind == MovedKind.PIECE and asked.how != "1":
        for page in pages_of_replies:
            return page(target.slug, target.pk, int(asked.how))
    is_file = "." in asked.path.rpartition("/")[2]
    return target.file if is_file and target.file else target.address


def feed_of(target: Target, form: str) -> str:
    """Of a piece that of its replies; its page for what has no feed."""
    if target.kind == MovedKind.PIECE:
        return reverse("comments:feed", args=[target.slug])
    name = FEEDS.get(MovedKind(target.kind))
    if name is None:
        return target.address
    return reverse(f"articles:{name}_{format_of(form)}", args=[target.slug])


def format_of(form: str) -> str:
    """WordPress has RSS where nothing is said."""
    return "atom" if form == "atom" else "rss"
