"""One revision of a piece, for whoever holds its signed address."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.models import Article, PreviewLink
from articles.preview_links import link_of
from articles.revision_page import piece_of
from articles.views import standing_corrections
from newsroom.language import speaking
from newsroom.security_headers import set_policy


@require_safe
def preview(request: HttpRequest, token: str) -> HttpResponse:
    """410 where the link is over, 404 for what is none. In no cache and no search engine."""
    try:
        link = link_of(token)
    except PreviewLink.DoesNotExist:
        return kept_out(render(request, "404.html", status=404))
    if not link.is_open:
        with speaking(link.revision.article.language):
            return kept_out(render(request, "articles/preview_ended.html", status=410))
    return draw_preview(request, piece_of(link.revision, preview=token), link=link, preview=token)


def draw_preview(
    request: HttpRequest,
    piece: Article,
    *,
    link: PreviewLink | None = None,
    preview: str = "",
    is_framed: bool = False,
) -> HttpResponse:
    """The page of the piece as readers would get it, in which nothing can be sent.

    `preview` is the token of the link that shows it.
    """
    context: dict[str, Any] = {
        "article": piece,
        "link": link,
        "preview": preview,
        "is_framed": is_framed,
    }
    if is_framed and piece.is_public:
        context |= standing_corrections(piece)
    with speaking(piece.language):
        response = kept_out(render(request, "articles/preview.html", context))
    set_policy(response, {"script-src": ["'none'"], "form-action": ["'none'"]})
    return response


def kept_out(response: HttpResponse) -> HttpResponse:
    """Of every cache, search engine and list of referrers."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
