"""Where a request for an address of a former site is led."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.urls import reverse

from articles import archive
from articles.models import Article, Moved, MovedKind, OldAddress, OldSite
from articles.old_site.paths import FEED, Asked, meanings, normal, of_query
from articles.old_site.targets import Target, address, format_of, targets
from newsroom.page_store import AsWritten, as_given, one_of, remembered
from newsroom.primary_keys import is_key, key_as_written

# What a query of WordPress asks for by the number of a post, whatever it is.
NUMBERS = ("p", "page_id", "attachment_id")
POSTS = (MovedKind.PIECE, MovedKind.PAGE, MovedKind.PICTURE, MovedKind.RECORDING)
# By a number under which `paths.of_query()` keeps it, and by what it was known by there.
BY_NUMBER = ("cat", "tag_id", "author")
BY_KEY = {
    "tag": MovedKind.TOPIC,
    "category_name": MovedKind.SECTION,
    "author_name": MovedKind.AUTHOR,
}
FORMATS = ("rss2", "rss", "rdf", "atom")
LONGEST_KEY = 200
DAYS = re.compile(r"/([0-9]{4})(?:/(0[1-9]|1[0-2])(?:/(?:0[1-9]|[12][0-9]|3[01]))?)?\Z")
MONTH = re.compile(r"([0-9]{4})(0[1-9]|1[0-2])?(?:[0-3][0-9])?\Z")
PAGE = re.compile(r"/page/[0-9]{1,9}")
SITEMAPS = frozenset({"/wp-sitemap.xml", "/sitemap_index.xml", "/sitemap.xml.gz"})
# Nothing that moved in was ever found below these.
NEVER = ("/admin/", "/media/", "/static/")

# Of a stored page at an address where a former site answered such queries.
OLD_QUERY: Mapping[str, AsWritten] = {
    **dict.fromkeys([*NUMBERS, *BY_NUMBER], key_as_written),
    **dict.fromkeys([*BY_KEY, "s"], as_given),
    "feed": one_of(*FORMATS),
    "m": lambda value: value if MONTH.fullmatch(value) else "",
}


@remembered
def tops() -> tuple[str, ...]:
    """The paths below which the former sites lived, the longest first: "" for a whole host. None
    where none moved in, and then nothing else is asked."""
    addresses = OldSite.objects.values_list("address", flat=True)
    paths = {normal(urlsplit(each).path).removesuffix("/") for each in addresses}
    return tuple(sorted(paths, key=len, reverse=True))


def lead(request: HttpRequest) -> HttpResponsePermanentRedirect | None:
    """The way from an old address, for ever; None where none is known, or where it is this one.

    A query or two on the database, none where no site moved in. What readers may not see is not
    known to it. Browsers ask again each time, as for pieces that moved (articles/addresses.py).
    """
    if request.method not in ("GET", "HEAD") or request.path_info.startswith(NEVER):
        return None
    if not tops():
        return None
    place = place_of(request.path_info, request.GET)
    if not place or place == request.get_full_path():
        return None
    response = HttpResponsePermanentRedirect(place)
    response.headers["Cache-Control"] = "no-cache"
    return response


def place_of(path: str, query: Mapping[str, str]) -> str:
    """The path here of what an old one, decoded, and its query lead to; empty for none."""
    spelled = normal(path)
    if not spelled:
        return ""
    found = ""
    for top in tops():
        if spelled == (top or "/"):
            found = _asked_of_the_top(query) or ("/" if top and not _says(query) else "")
        elif spelled.startswith(f"{top}/"):
            found = _by_rule(spelled.removeprefix(top))
        if found:
            break
    if spelled == "/" or (found and not DAYS.search(spelled)):
        return found
    return _by_row(meanings(spelled)) or found


def _by_row(asked: list[Asked]) -> str:
    rows = OldAddress.objects.filter(path__in=[each.path for each in asked])
    by_path = {row.path: row for row in rows}
    for each in asked:
        if (row := by_path.get(each.path)) and (target := _target(row.kind, row.target)):
            return address(target, each)
    return ""


def _target(kind: str, pk: int) -> Target | None:
    return targets(kind, [pk]).get(pk)


def _says(query: Mapping[str, str]) -> bool:
    return any(query.get(name) for name in OLD_QUERY)


def _asked_of_the_top(query: Mapping[str, str]) -> str:
    """What a query at the top of a former site asks for."""
    form = query.get("feed", "")
    feed = Asked("/", FEED, form) if form in FORMATS else Asked("/")
    if target := _target_of(query):
        return address(target, feed)
    if _names_something(query):
        return ""
    if words := query.get("s", "").strip():
        return f"{reverse('articles:search')}?{urlencode({'q': words}, errors='replace')}"
    if match := MONTH.fullmatch(query.get("m", "")):
        return _month(match[1], match[2])
    return _latest(form) if feed.what else ""


def _names_something(query: Mapping[str, str]) -> bool:
    return any(query.get(name) for name in (*NUMBERS, *BY_NUMBER, *BY_KEY))


def _target_of(query: Mapping[str, str]) -> Target | None:
    for name in NUMBERS:
        if is_key(number := query.get(name, "")):
            return _moved(POSTS, str(int(number)))
    for name in BY_NUMBER:
        if is_key(number := query.get(name, "")):
            row = OldAddress.objects.filter(path=of_query(name, int(number))).first()
            return _target(row.kind, row.target) if row else None
    for name, kind in BY_KEY.items():
        key = query.get(name, "")
        if key and len(key) <= LONGEST_KEY and key.isprintable():
            return _moved((kind,), key)
    return None


def _moved(kinds: Iterable[MovedKind], key: str) -> Target | None:
    """Of several sites that moved in, that of the first."""
    sites = OldSite.objects.values("pk")
    rows = Moved.objects.filter(site__in=sites, kind__in=kinds, old_key=key, target__isnull=False)
    for kind, pk in rows.order_by("site", "pk").values_list("kind", "target")[:1]:
        if pk is not None:
            return _target(kind, pk)
    return None


def _by_rule(path: str) -> str:
    """What a path below the top of a former site asks for without naming anything."""
    if match := DAYS.fullmatch(path):
        return _month(match[1], match[2])
    if path in SITEMAPS:
        return reverse("articles:sitemap")
    if path.startswith("/search/") and (words := path.removeprefix("/search/")):
        return f"{reverse('articles:search')}?{urlencode({'q': words}, errors='replace')}"
    for asked in meanings(path):
        if asked.what == FEED and asked.path == "/":
            return _latest(asked.how)
        if asked.what == FEED and asked.path == "/comments":
            return reverse("comments:site_picks_feed")
    return "/" if PAGE.fullmatch(path) else ""


def _latest(form: str) -> str:
    return reverse(f"articles:latest_{format_of(form)}")


def _month(year: str, month: str | None) -> str:
    """Its page in the archive; the archive itself for a year, or where the month has none."""
    if month and 1 < int(year) < 9999:
        first, beyond = archive.bounds(date(int(year), int(month), 1))
        within = Article.objects.published().filter(published_at__gte=first)
        if within.filter(published_at__lt=beyond).exists():
            return reverse("articles:month", args=[int(year), int(month)])
    return reverse("articles:archive")
