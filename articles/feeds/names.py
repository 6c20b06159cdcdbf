"""What feeds call things (RFC 4151): the same for ever, whatever becomes of their addresses."""

from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models


def name_of(row: models.Model, since: datetime, *, part: str = "") -> str:
    """Of a row that there is `since` then, or of a `part` of it."""
    return _tag(f"{since:%Y-%m-%d}", row, part)


def name_of_list(row: models.Model) -> str:
    """Of the pieces of a section, a topic, an author or a source."""
    return _tag("2026", row, "pieces")


def _tag(since: str, row: models.Model, part: str) -> str:
    host = urlsplit(settings.SITE_URL).hostname
    name = f"tag:{host},{since}:{row._meta.model_name}/{row.pk}"
    return f"{name}/{part}" if part else name
