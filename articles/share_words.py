"""What the picture says that stands for a piece without one (see share_drawing.py)."""

import json
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from newsroom.language import speaking
from newsroom.models import SiteSettings
from newsroom.moments import day_text

if TYPE_CHECKING:
    from articles.models.article import Article

# Raise it where the same words are to look another way: all pictures are made anew when the site
# settings are saved the next time.
DRAWING = 1


class Words(NamedTuple):
    """What is left out where no font of ours can draw it, but for `host` and `iso_date`: those
    stand in for the name of the site and the date."""

    site: str
    host: str
    section: str
    headline: str
    date: str
    iso_date: str

    @property
    def digest(self) -> str:
        """The same for what looks the same."""
        return sha256(json.dumps([DRAWING, *self]).encode()).hexdigest()


def words_of(article: "Article", site: SiteSettings) -> Words:
    """Of a piece with a publication time, dated in its language and on the clock of the site."""
    assert article.published_at is not None
    with timezone.override(site.zone), speaking(article.language):
        return Words(
            site=site.name,
            host=urlsplit(settings.SITE_URL).hostname or "",
            section=article.section.name,
            headline=article.headline,
            date=day_text(article.published_at),
            iso_date=timezone.localtime(article.published_at).date().isoformat(),
        )
