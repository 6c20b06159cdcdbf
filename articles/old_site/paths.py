"""The paths of a WordPress site: one spelling for all that mean the same, and what stands below
each by a rule of WordPress (feeds, pages of replies, parts of a post)."""

import re
import unicodedata
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from articles.importers.wordpress.records import PostRecord

LONGEST = 500  # characters that are kept of a path
FEED, REPLIES = "feed", "replies"

INDEX = re.compile(r"\A((?:/[^/]+)*?)/index\.php(?=/|\Z)")
BELOW = (
    (FEED, re.compile(r"/feed(?:/(rss2?|rdf|atom))?\Z")),
    (FEED, re.compile(r"/(rss2?|rdf|atom)\Z")),
    (REPLIES, re.compile(r"/comment-page-([0-9]{1,6})\Z")),
    ("", re.compile(r"/page/[0-9]{1,9}\Z")),
    ("", re.compile(r"/(?:amp|embed|trackback|[0-9]{1,3})\Z")),
)
DEPTH = 3  # so many of them may stand below each other: /a-post/2/amp/
# What WordPress puts into the names of the files that it makes of an uploaded picture.
MADE_OF = re.compile(
    r"-(?:[0-9]{1,5}x[0-9]{1,5}|scaled|rotated|e[0-9]{10,13})(?=\.[a-z0-9]{2,5}\Z)"
)
SLUG_AT_THE_END = re.compile(r"[^/]+(?=/?\Z)")


class Asked(NamedTuple):
    """`path` in the one spelling, and what below it is asked for: FEED, REPLIES, or itself. `how`
    is the format of the feed, or the number of the page."""

    path: str
    what: str = ""
    how: str = ""


def normal(path: str) -> str:
    """The one spelling of a decoded path: composed (NFC), in small letters, without doubled
    slashes, /index.php and a slash at the end. "/" is the top of a host.

    Empty for what no page of a site can have had: longer than LONGEST, or with a NUL.
    """
    path = re.sub("/+", "/", f"/{unicodedata.normalize('NFC', path)}").lower()
    path = INDEX.sub(r"\1", path).rstrip("/") or "/"
    return "" if len(path) > LONGEST or "\0" in path else path


def of_address(address: str) -> str:
    """normal() of the path in an address as it stands in an export; empty where there is none, or
    where a query says what is meant."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return ""
    if parts.query or not parts.path:
        return ""
    path = normal(unquote(parts.path))
    return "" if path == "/" else path


def of_query(name: str, value: int | str) -> str:
    """The path under which is kept what a query alone asks for, such as ?cat=5."""
    return f"/?{name}={value}"


def of_post(post: PostRecord) -> list[str]:
    """All paths that lead to a post, page or attachment: its own, those that it had before
    (_wp_old_slug), and of an attachment its file."""
    own = of_address(post.link)
    paths = [own, of_address(post.file_address)]
    if own:
        former = (normal(f"/{unquote(each)}") for each in post.values_of("_wp_old_slug") if each)
        slug = SLUG_AT_THE_END.search(own)
        if slug and slug[0].partition(".")[0] == normal(unquote(post.slug)).removeprefix("/"):
            ending = slug[0][len(slug[0].partition(".")[0]) :]  # as .html
            paths += [f"{own[: slug.start()]}{each[1:]}{ending}" for each in former if each]
    return list(dict.fromkeys(path for path in paths if path and len(path) <= LONGEST))


def meanings(path: str) -> list[Asked]:
    """What a normal() path may ask for, the likeliest first: it may be a page's own, or lie below
    one."""
    found = [Asked(path)]
    if (original := MADE_OF.sub("", path)) != path:
        found.append(Asked(original))
    what, how = "", ""
    for _level in range(DEPTH):
        for kind, pattern in BELOW:
            if match := pattern.search(path):
                path = path[: match.start()] or "/"
                if not what and kind:
                    what, how = kind, (match[1] or "")
                found.append(Asked(path, what, how))
                break
        else:
            break
    return found
