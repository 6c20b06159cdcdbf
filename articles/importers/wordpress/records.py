"""What an export of WordPress (WXR) holds, item by item, as it was written: what the reader gives
and all else of the import takes. Moments are aware, in UTC; None where none can be read."""

from dataclasses import dataclass, field
from datetime import datetime

from articles.importers.errors import Place


@dataclass(frozen=True, slots=True)
class SiteRecord:
    """The head of a file. `address` is the site's own (base_blog_url, else base_site_url, else
    link), without a slash at its end."""

    address: str
    title: str = ""
    language: str = ""
    version: str = ""  # of WXR: 1.0, 1.1, 1.2; empty where the file does not say


@dataclass(frozen=True, slots=True)
class AuthorRecord:
    login: str
    name: str = ""  # the display name, else first and last, else the login
    number: int | None = None


@dataclass(frozen=True, slots=True)
class TermRecord:
    """A category, a tag, or a term of another taxonomy (`author` is Co-Authors Plus's)."""

    taxonomy: str  # "category", "post_tag", …
    slug: str
    name: str
    parent: str = ""  # the slug of the one above
    description: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class ReplyRecord:
    """A comment. `email` and `network` are personal: never to be logged, printed or reported."""

    number: int
    text: str
    name: str = ""
    email: str = field(default="", repr=False)
    website: str = ""
    network: str = field(default="", repr=False)
    at: datetime | None = None
    approved: str = "1"  # "1", "0", "spam", "trash", "post-trashed"
    type: str = ""  # "", "comment", "pingback", "trackback", "note"
    parent: int = 0
    user: int = 0
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class PostRecord:
    """An item: a post, page, attachment, or whatever else the site kept as one."""

    number: int
    type: str  # "post", "page", "attachment", "nav_menu_item", …
    status: str  # "publish", "draft", "pending", "private", "future", "trash", "inherit", …
    title: str = ""
    link: str = ""
    guid: str = ""
    creator: str = ""  # a login
    at: datetime | None = None
    changed_at: datetime | None = None
    slug: str = ""
    text: str = ""
    excerpt: str = ""
    password: str = field(default="", repr=False)
    parent: int = 0
    position: int = 0
    is_sticky: bool = False
    takes_replies: bool = True
    terms: tuple[tuple[str, str, str], ...] = ()  # (taxonomy, slug, name)
    meta: tuple[tuple[str, str], ...] = ()
    file_address: str = ""  # of an attachment
    replies: tuple[ReplyRecord, ...] = ()
    place: Place = Place()

    def values_of(self, key: str) -> list[str]:
        """Of its custom fields."""
        return [value for name, value in self.meta if name == key]


@dataclass(frozen=True, slots=True)
class Mended:
    """Something in the export was broken and read all the same: a line of the report."""

    what: str
    place: Place


type Record = SiteRecord | AuthorRecord | TermRecord | PostRecord | Mended
