"""What stands around every page: the masthead, the menu, the foot. Hardly any two pages differ in
it, so its HTML is kept by what it shows."""

from typing import Any, NamedTuple

from articles.navigation import Navigation
from newsroom.models import SiteSettings
from newsroom.stencils import kept


class Shown(NamedTuple):
    """Of the site settings."""

    name: str
    tagline: str
    publisher: str
    contact: str
    logo_url: str
    logo_width: int | None
    logo_height: int | None

    @classmethod
    def of(cls, site: SiteSettings) -> "Shown":
        return cls(
            *(site.name, site.tagline, site.publisher, site.contact),
            *(site.logo.url if site.logo else "", site.logo_width, site.logo_height),
        )


def drawn(template: str, site: Shown, around: Navigation, path: str) -> str:
    """A part of the frame on the page at `path`."""
    is_linked = any(link.address == path for links in around for link in links)
    return kept(template, _context, site, around, path if is_linked else "")


def _context(site: Shown, around: Navigation, here: str) -> dict[str, Any]:
    return {"site": site, "around": around, "here": here}
