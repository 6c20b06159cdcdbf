"""The addresses of this site that stand in an answer, whatever its format."""

import html
import re
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit

from django.http.response import HttpResponseBase

from tests.leak.evidence import body_of

ATTRIBUTE = re.compile(
    r"""\b(?:href|src|action|formaction|poster|cite|data)\s*=\s*["']([^"'<>]*)["']""",
    re.IGNORECASE,
)
WHOLE = re.compile(r"""https?://[^\s"'<>]+""")  # feeds, sitemaps, robots.txt, mails
# Only the order, where to go afterwards, or which window: every opening of a form makes one.
ANY_VALUE = {"o", "next", "copy"}
NO_DIFFERENCE = {"_changelist_filters"}  # the way back to a list
TEXT = re.compile(r"text/|json|xml")
KEY = re.compile(r"(?<=/)(?:\d+|[0-9a-f]{32})(?=/|$)")
MOST_OF_A_KIND = 12


def kind_of(path: str) -> str:
    """The path without the keys of rows: the same for all pages that are drawn alike."""
    return KEY.sub("#", path)


def links_of(response: HttpResponseBase, at: str, host: str) -> Iterator[str]:
    """Path and query of each link to `host` in the answer that was given at the path `at`."""
    if location := response.headers.get("Location"):
        yield from _here(location, at, host)
    if TEXT.search(response.headers.get("Content-Type", "")):
        yield from links_in(body_of(response).decode(errors="replace"), at, host)


def links_in(text: str, at: str, host: str) -> Iterator[str]:
    found = [html.unescape(match) for match in ATTRIBUTE.findall(text)]
    for link in dict.fromkeys([*found, *WHOLE.findall(html.unescape(text))]):
        yield from _here(link, at, host)


def _here(link: str, at: str, host: str) -> Iterator[str]:
    try:
        parts = urlsplit(urljoin(f"http://{host}{at}", urldefrag(link.strip()).url))
    except ValueError:
        return
    if parts.scheme in {"http", "https"} and parts.netloc == host:
        yield f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


class Known:
    """Tells which links are new. Without it a walk through the admin's lists would not end.

    Each value of a single parameter is new. The lists link to every mix of filter, order and
    page: a mix is new with a parameter that was not there before at the same path. Of pages that
    differ by their rows alone MOST_OF_A_KIND are new: what a walk does makes rows without end.
    """

    def __init__(self) -> None:
        self.seen: set[tuple[str, str]] = set()
        self.of_a_kind: defaultdict[str, set[str]] = defaultdict(set)

    def is_new(self, link: str) -> bool:
        path, _, query = link.partition("?")
        alike = self.of_a_kind[kind_of(path)]
        if path not in alike and len(alike) >= MOST_OF_A_KIND:
            return False
        alike.add(path)
        parameters = parse_qsl(query, keep_blank_values=True)
        names = {name for name, _ in parameters} - NO_DIFFERENCE
        if names and (len(names) > 1 or names <= ANY_VALUE):
            keys = {(path, name) for name in names}
        else:
            kept = sorted(each for each in parameters if each[0] in names)
            keys = {(path, urlencode(kept)), *((path, name) for name in names)}
        is_new = not keys <= self.seen
        self.seen |= keys
        return is_new
