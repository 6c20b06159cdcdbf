"""Old addresses, kept while a site moves in."""

from collections.abc import Iterable

from articles.models import OldAddress
from articles.old_site.paths import LONGEST, normal

AT_ONCE = 500


def remember(path: str, kind: str, target: int) -> None:
    """What has this MovedKind and primary key is found at the old `path` from now on: decoded, and
    in any spelling. Where something else is found there already, that stays.

    Of a query, `paths.of_query()` gives the path: for the numbers of categories, tags and authors
    (cat, tag_id, author). Those of posts need none; they are looked up among what moved in.
    """
    remember_all([(path, kind, target)])


def remember_all(addresses: Iterable[tuple[str, str, int]]) -> None:
    """The same for many at once; in the transaction of what they lead to."""
    rows = {
        spelled: OldAddress(path=spelled, kind=kind, target=target)
        for path, kind, target in reversed(list(addresses))
        if (spelled := spelling(path))
    }
    if rows:
        OldAddress.objects.bulk_create(
            reversed(rows.values()), batch_size=AT_ONCE, ignore_conflicts=True
        )


def spelling(path: str) -> str:
    """As it is kept; empty for what is not: the top of the host is this site's own front page."""
    if path.startswith("/?"):
        return path if len(path) <= LONGEST and "\0" not in path else ""
    spelled = normal(path)
    return "" if spelled == "/" else spelled
