from typing import Any

from django import template

from articles.models import Section, StandingPage
from newsroom.models import SiteSettings

register = template.Library()


@register.simple_tag
def sections() -> Any:
    """The sections, in the order of the menu."""
    return Section.objects.all()


@register.simple_tag
def standing_pages() -> Any:
    return StandingPage.objects.only("title", "slug", "position")


@register.simple_tag
def menu(site: SiteSettings) -> Any:
    """The menu's own links, after the sections."""
    return site.menu.all() if site.pk else []
