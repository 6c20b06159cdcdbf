"""Takes what the script on the page of a piece tells: that it was read. See reading.py."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from articles.addresses import piece_at
from articles.models import Article
from articles.reading import reads
from newsroom.same_origin import Sender, sender
from newsroom.site import without_site

# Programs that run scripts and are no readers say so. Those that hide it are counted. A maker of
# telephones is called Cubot.
BOTS = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|preview|headless|lighthouse|pagespeed|phantomjs|scrap"
    r"|facebookexternalhit|google-|mediapartners|monitor|uptime|pingdom|archive\.org"
    r"|curl/|wget/|python|java/|go-http-client|libwww|http-?client|okhttp|axios|node-fetch",
    re.IGNORECASE,
)


def is_bot(user_agent: str) -> bool:
    """Whether it says of itself that it is no reader; nothing at all says so too."""
    return not user_agent.strip() or BOTS.search(user_agent[:500]) is not None


@never_cache
@csrf_exempt  # it changes nothing but a figure, and takes only what this site's pages send
@require_POST
@without_site
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """Count the piece as read once more. 204 also for what is not counted because a bot sent it,
    403 where another site may have, 404 and 410 for what readers can't see."""
    if sender(request) is not Sender.THIS_SITE:
        return HttpResponse(status=403)
    try:
        article = piece_at(slug, Article.objects.known().only("status"))
    except Http404:
        return HttpResponse(status=404)
    if article.is_withdrawn:
        return HttpResponse(status=410)
    if not is_bot(request.headers.get("User-Agent", "")):
        reads.count(article.pk)
    return HttpResponse(status=204)
