"""The draft that is made of a wire."""

import re
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles.models import Article, Author, Byline, FormerSlug, Revision, WireItem, WireVersion
from articles.models.article import LANGUAGE_TAG, default_language
from articles.wire.lines import lines_of_wire

MOST_NOTES = 5000
MOST_AUTHORS = 6
SLUG_LENGTH = 80
IS_ADDRESS = URLValidator(schemes=["http", "https"])
# "By Ada Quist and Lene Aust in Port Ellen"
BETWEEN_NAMES = re.compile(r"\s*(?:,|;|/|&|\band\b|\bwith\b)\s*", re.IGNORECASE)
BEFORE_NAMES = re.compile(r"\A\s*by\b[:\s]*", re.IGNORECASE)
BEHIND_NAME = re.compile(r"\s+\b(?:in|at|for)\b\s.*\Z", re.IGNORECASE)
NAME = re.compile(r"[^\W\d_][\w.'’ \-]{1,78}")


def make(item: WireItem, version: WireVersion, *, by: User) -> tuple[Article, Revision]:
    """A draft with all that the version gives, recorded."""
    lines = lines_of_wire(version)
    lines["headline"] = lines["headline"] or item.headline[:160]
    article = Article(
        **lines,
        slug=_free_slug(lines["headline"], item),
        body=version.body,
        language=language_of(version),
        section=item.stream.section,
        source=item.stream.source,
        source_url=address_of(version),
        desk_notes=notes_of(item, version),
        embargo_until=item.embargo_until,  # which a person may have decided
        begun_by=by,
    )
    article.save()
    article.topics.set(version.topics.all())
    write_byline(article, names_in(version.byline, item.provider))
    return article, article.record(by=by, note=_("Taken from the wire: %s.") % item.guid[:300])


def write_byline(article: Article, names: Iterable[str]) -> None:
    """Let these be named over the piece, and nobody else; whoever is new becomes an author."""
    article.bylines.all().delete()
    for position, name in enumerate(names):
        author = Author.objects.filter(name__iexact=name).order_by("pk").first()
        author = author or Author.objects.create(name=name, slug=_author_slug(name))
        Byline.objects.create(article=article, author=author, position=position)


def refuse_worked_on(article: Article, item: WireItem) -> None:
    """Raises ValidationError where the draft of a wire is more than that by now."""
    is_as_taken = article.is_draft and article.version == item.taken_revision
    if not is_as_taken or article.state_changes.exists():
        raise ValidationError(_("Somebody has worked on this piece already."))


def notes_of(item: WireItem, version: WireVersion) -> str:
    """What the desk must know and readers must not see."""
    parts = [
        (_("From the agency:"), version.advisory),
        (_("Not for readers:"), version.kept_back),
        (_("Rights:"), version.rights),
        (_("Usage terms:"), version.usage_terms),
    ]
    if item.embargo_is_unclear:
        parts.insert(0, (_("Embargo:"), _("The wire speaks of one and does not say until when.")))
    return "\n\n".join(f"{label} {text}" for label, text in parts if text)[:MOST_NOTES]


def address_of(version: WireVersion) -> str:
    try:
        IS_ADDRESS(version.address)
    except ValidationError:
        return ""
    return version.address


def language_of(version: WireVersion) -> str:
    head, _dash, tail = version.language.replace("_", "-").partition("-")
    tag = f"{head.lower()}-{tail}" if tail else head.lower()
    try:
        LANGUAGE_TAG(tag)
    except ValidationError:
        return default_language()
    return tag


def names_in(byline: str, provider: str) -> list[str]:
    """The people that a byline names, each once, but not the agency itself."""
    names: dict[str, str] = {}
    for part in BETWEEN_NAMES.split(BEFORE_NAMES.sub("", byline)):
        name = BEHIND_NAME.sub("", part).strip(" .")
        if NAME.fullmatch(name) and name.casefold() != provider.casefold():
            names.setdefault(name.casefold(), name)
    return list(names.values())[:MOST_AUTHORS]


def _free_slug(headline: str, item: WireItem) -> str:
    slug = slugify(headline)[:SLUG_LENGTH].rstrip("-")
    if "-" in slug and len(slugify(headline)) > SLUG_LENGTH:
        slug = slug.rpartition("-")[0]
    slug = slug or f"wire-{item.pk}"
    wanted, number = slug, 1
    while (
        Article.objects.filter(slug=wanted).exists()
        or FormerSlug.objects.filter(slug=wanted).exists()
    ):
        number += 1
        wanted = f"{slug}-{number}"
    return wanted


def _author_slug(name: str) -> str:
    slug = slugify(name)[:70] or "author"
    wanted, number = slug, 1
    while Author.objects.filter(slug=wanted).exists():
        number += 1
        wanted = f"{slug}-{number}"
    return wanted
