"""Makes the pictures that stand for pieces without one. For the worker."""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import QuerySet

from articles.models import Article, ShareImage
from articles.models.share_image import needs_share_image
from articles.share_drawing import draw
from articles.share_words import words_of
from newsroom.models import SiteSettings


def make(article_id: int) -> bool:
    """Make that of a piece, anew where it says something else by now, or remove it where it is
    not wanted any more. False where nothing had to be done.

    Raises OSError where the storage fails; it can be called again.
    """
    article = _pieces().filter(pk=article_id).first()
    if article is None or not article.is_published:
        return False
    if not needs_share_image(article):
        return _remove(article)
    if getattr(article, "share_image", None) and not is_outdated(article):
        return False
    share = ShareImage.objects.begin_version(article)
    # Read after the number was given, so that of two workers the one who read last is the one
    # whose file is shown.
    article = _pieces().get(pk=article_id)
    if not needs_share_image(article):
        return _remove(article)
    words = words_of(article, SiteSettings.objects.current())
    name = share.name_of(share.last_version)
    try:
        stored = default_storage.save(name, ContentFile(draw(words)))
        assert stored == name, "the name of a file is given once"
        is_shown = share.show_version(share.last_version, words.digest)
    except BaseException:
        default_storage.delete(name)
        raise
    if not is_shown:
        default_storage.delete(name)
    return is_shown


def is_outdated(article: Article, site: SiteSettings | None = None) -> bool:
    """Whether it has none, or one that says something else than it would now."""
    share: ShareImage | None = getattr(article, "share_image", None)
    wanted = words_of(article, site or SiteSettings.objects.current()).digest
    return share is None or share.digest != wanted


def outdated(
    *, after: int, most: int, section: int | None = None, lead: int | None = None
) -> tuple[list[int], int | None]:
    """Of the next `most` published pieces after that primary key: those that need one made or
    removed; and where to go on, None where there are no more. All, or those of a section, or those
    that a picture leads."""
    pieces = _pieces().filter(status=Article.Status.PUBLISHED, pk__gt=after).order_by("pk")
    if section is not None:
        pieces = pieces.filter(section=section)
    if lead is not None:
        pieces = pieces.filter(lead_image=lead)
    site = SiteSettings.objects.current()
    found = list(pieces[:most])
    due = [
        each.pk
        for each in found
        if (is_outdated(each, site) if needs_share_image(each) else hasattr(each, "share_image"))
    ]
    return due, found[-1].pk if len(found) == most else None


def _pieces() -> QuerySet[Article]:
    return Article.objects.select_related("section", "lead_image", "share_image").only(
        *("headline", "language", "status", "published_at"),
        *("section__name", "lead_image__withdrawn_at"),
        *(f"share_image__{name}" for name in ("article", "token", "version", "digest")),
    )


def _remove(article: Article) -> bool:
    share: ShareImage | None = getattr(article, "share_image", None)
    if share is None:
        return False
    share.remove()
    return True
