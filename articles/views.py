from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.addresses import gone, moved, piece_at, piece_to_read
from articles.front import front_page
from articles.keyset import LIST_QUERY, KeysOf, in_order, number_as_written, page_of
from articles.listings import LIST_PIECES
from articles.models import Article, Correction, StandingPage
from articles.most_read import DAY, IN_A_BOX, ranking
from articles.old_site.leading import OLD_QUERY, tops
from articles.published_changes import timeline
from articles.related import beside
from newsroom.language import speaking
from newsroom.models import SiteSettings
from newsroom.page_store import for_once, one_of, shows, stored
from newsroom.primary_keys import key_as_written

# Of the page of a piece, for the app that shows its replies.
REPLIES_QUERY = {
    "replies": one_of(*SiteSettings.ReplyOrder.values),
    "reply_to": key_as_written,
}
POLICY = "corrections-policy"  # the slug of the standing page that says how errors are corrected


@stored(query=OLD_QUERY)
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The front page. A former site answered queries here, too: see articles/old_site/."""
    if request.GET.keys() & OLD_QUERY:
        for_once()
        if not tops():
            return redirect("articles:front")
        raise Http404  # from which the middleware leads on
    context = {"front": front_page(), "ranking": ranking(DAY, IN_A_BOX)}
    return render(request, "articles/front.html", context)


@stored(query=REPLIES_QUERY)
@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    article = piece_to_read(slug)
    if article.slug != slug and article.is_public:
        return moved(request, article)
    return _draw(request, article)


@require_safe
def short(request: HttpRequest, number: int) -> HttpResponse:
    """From the address that is printed on paper, which stays when the slug changes."""
    article = get_object_or_404(Article.objects.known(), pk=number)
    return gone(request, article) if article.is_withdrawn else redirect(article)


def article_page(
    request: HttpRequest, slug: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """The page of a piece, also for a slug it had before: 410 for a withdrawn one, Http404 for
    any that readers could never see.

    Further context is for the parts of other apps that the page shows (the reply form).
    """
    article = piece_to_read(slug)
    return _draw(request, article, status=status, **context)


def _draw(
    request: HttpRequest, article: Article, *, status: int = 200, **context: Any
) -> HttpResponse:
    if article.is_withdrawn:
        return gone(request, article, **context)
    if article.is_corrected:  # type: ignore[attr-defined]
        context |= standing_corrections(article)
    shows(f"replies:{article.pk}")  # how many there are, for machines
    context |= {"article": article, "beside": beside(article)}
    with speaking(article.language):
        return render(request, "articles/detail.html", context, status=status)


def standing_corrections(article: Article) -> dict[str, list[Correction]]:
    """Template context: those that stand above the text of the piece, and those below it."""
    context: dict[str, list[Correction]] = {}
    for each in reversed(article.corrections.standing()):
        place = "corrections_at_top" if each.is_at_the_top else "corrections_at_foot"
        context.setdefault(place, []).append(each)
    return context


@stored(query={"page": number_as_written})
@require_safe
def changes(request: HttpRequest, slug: str) -> HttpResponse:
    """What changed in a piece since it was published, newest first."""
    article = piece_at(slug, Article.objects.known().defer("body", "body_html", "desk_notes"))
    if article.slug != slug and article.is_public:
        return moved(request, article)
    if article.is_withdrawn:
        return gone(request, article)
    with speaking(article.language):
        number = request.GET.get("page")
        page = timeline(article, number)
        if number and number != str(page.number):
            for_once()
        return render(request, "articles/changes.html", {"article": article, "page": page})


@stored(query=LIST_QUERY)
@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """All that was corrected, newest first. See page_of()."""
    page = page_of(KeysOf(_ledger, "at"), request.GET, LIST_PIECES)
    wanted = [key.pk for key in page.keys]
    found = Correction.objects.in_ledger().order_by().filter(pk__in=wanted)
    context = {
        "corrections": in_order(found, wanted),
        "page": page,
        "policy": reverse("articles:page", args=[POLICY]),
    }
    return render(request, "articles/corrections.html", context)


def _ledger(until: datetime | None) -> QuerySet[Correction]:
    corrections = Correction.objects.in_ledger()
    return corrections.filter(at__lte=until) if until else corrections


@stored(query=OLD_QUERY)
@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """A standing page. Where there is none, a former site may have lived below this path."""
    if request.GET.keys() & OLD_QUERY:
        for_once()
    page = get_object_or_404(StandingPage, slug=slug)
    return render(request, "articles/page.html", {"page": page})
