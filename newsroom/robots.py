from django.http import HttpRequest, HttpResponse
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
