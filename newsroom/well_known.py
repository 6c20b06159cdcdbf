"""What browsers and robots ask every site for, at addresses nobody links to."""

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils import timezone
from django.views.decorators.http import require_safe

from newsroom.conditional_get import conditional_get
from newsroom.page_store import changes_at, stored
from newsroom.site import without_site

TEXT = "text/plain; charset=utf-8"

# Search is not among them: its pages say noindex themselves, which a robot must be let in to read.
RULES = """\
User-agent: *
Disallow: /admin/
Disallow: /comments/status/
Disallow: /preview/
"""
SITEMAPS = ("sitemap.xml", "sitemap-news.xml")

SECURITY_TXT = "/.well-known/security.txt"
# RFC 9116 wants less than a year.
GOOD_FOR = timedelta(days=180)


@stored()
@conditional_get
@without_site
def robots(request: HttpRequest) -> HttpResponse:
    sitemaps = "".join(f"Sitemap: {settings.SITE_URL}/{name}\n" for name in SITEMAPS)
    return HttpResponse(f"{RULES}\n{sitemaps}", content_type=TEXT)


@stored()
@conditional_get
@without_site
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116). The same for all of a day."""
    today = datetime.combine(timezone.now().astimezone(UTC), time(tzinfo=UTC))
    changes_at(today + timedelta(days=1))
    expires = today + GOOD_FOR
    own = settings.LANGUAGE_CODE.partition("-")[0]
    fields = {
        "Contact": settings.SECURITY_CONTACT or f"{settings.SITE_URL}/",
        "Expires": expires.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "Preferred-Languages": ", ".join(dict.fromkeys([own, "en"])),
        "Canonical": f"{settings.SITE_URL}{SECURITY_TXT}",
    }
    lines = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return HttpResponse(lines, content_type=TEXT)


@without_site
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("img/icon.svg"))
