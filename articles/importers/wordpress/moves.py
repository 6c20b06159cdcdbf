"""What of a former site is here by now: its Moved rows, asked and written for many at once."""

from collections.abc import Iterable
from dataclasses import fields
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from articles.importers.wordpress.records import PostRecord
from articles.models import Moved, OldSite

LONGEST_KEY = 200
# Not of the item itself: where it stood in the file, and what has digests of its own.
APART = frozenset({"place", "replies"})


def digest_of(record: Any) -> str:
    """SHA-256 of an item as it was read."""
    if isinstance(record, PostRecord):
        record = [getattr(record, each.name) for each in fields(record) if each.name not in APART]
    return sha256(repr(record).encode("utf-8", "surrogatepass")).hexdigest()


def key_of(text: str) -> str:
    """As an old_key: what is too long for one is known by its digest."""
    return text if len(text) <= LONGEST_KEY else sha256(text.encode()).hexdigest()


class Moves:
    """The rows of one site."""

    def __init__(self, site: OldSite) -> None:
        self.site = site

    def there(self, kind: str, keys: Iterable[str]) -> dict[str, Moved]:
        rows = Moved.objects.filter(site=self.site, kind=kind, old_key__in=list(keys))
        return {row.old_key: row for row in rows}

    def one(self, kind: str, key: str) -> Moved | None:
        return Moved.objects.filter(site=self.site, kind=kind, old_key=key).first()

    def all_of(self, kind: str) -> dict[str, int | None]:
        """Of a kind that has few: authors, sections, topics."""
        rows = Moved.objects.filter(site=self.site, kind=kind)
        return dict(rows.values_list("old_key", "target"))

    def add(self, kind: str, key: str, target: int | None, digest: str) -> None:
        Moved.objects.update_or_create(
            site=self.site,
            kind=kind,
            old_key=key,
            defaults={"target": target, "digest": digest},
        )

    def row(self, kind: str, key: str, target: int, digest: str) -> Moved:
        """For an item that is new."""
        return Moved(site=self.site, kind=kind, old_key=key, target=target, digest=digest)

    def below(self, path: str) -> str:
        """A path of the site as one of its host: it may have lived below a folder."""
        if path.startswith("/?"):
            return path
        return f"{urlsplit(self.site.address).path.rstrip('/')}{path}"
