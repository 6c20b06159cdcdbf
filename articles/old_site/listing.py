"""All old addresses and where they lead, for a web server that is to do it by itself."""

from collections.abc import Iterator
from itertools import batched, groupby
from operator import attrgetter

from articles.models import Moved, OldAddress
from articles.old_site.leading import POSTS
from articles.old_site.paths import Asked
from articles.old_site.targets import address, targets

CHUNK = 500


def redirects() -> Iterator[tuple[str, str]]:
    """The old path (decoded, without a slash at its end; or such as /?p=17) and the path here, of
    all that readers may see, or could. What lies below a path by rule, as its feed, is not told.

    Read in pieces, sorted by kind and path: however many there are, few are in memory.
    """
    kept = OldAddress.objects.order_by("kind", "path").iterator(chunk_size=CHUNK)
    for kind, rows in groupby(kept, key=attrgetter("kind")):
        for some in batched(rows, CHUNK):
            found = targets(kind, {row.target for row in some})
            for row in some:
                if target := found.get(row.target):
                    yield row.path, address(target, Asked(row.path))
    for post in POSTS:
        moved = Moved.objects.filter(kind=post, target__isnull=False).order_by("pk")
        for some_moved in batched(moved.iterator(chunk_size=CHUNK), CHUNK):
            found = targets(post, {each.target for each in some_moved if each.target})
            for each in some_moved:
                if target := found.get(each.target or 0):
                    yield f"/?p={each.old_key}", target.address
