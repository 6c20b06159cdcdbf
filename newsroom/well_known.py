"""What browsers and robots ask every site for, at addresses nobody links to."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from newsroom.site import without_site

RULES = """\
User-agent: *
Disallow: /admin/
Disallow: /comments/status/
"""


@without_site
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    return HttpResponse(RULES, content_type="text/plain")


@without_site
@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    return redirect(static("img/icon.svg"))
