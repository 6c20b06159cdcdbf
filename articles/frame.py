"""What stands around every page: the masthead, the menu, the foot. Hardly any two pages differ in
it, so its HTML is kept by what it shows."""

from functools import lru_cache
from typing import NamedTuple

from django.template.loader import render_to_string
from django.utils.translation import get_language

from articles.navigation import Navigation
from newsroom.models import SiteSettings

KEPT = 256


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
    return _drawn(template, site, around, path if is_linked else "", get_language())


@lru_cache(maxsize=KEPT)
def _drawn(template: str, site: Shown, around: Navigation, here: str, language: str | None) -> str:
    return render_to_string(template, {"site": site, "around": around, "here": here})
