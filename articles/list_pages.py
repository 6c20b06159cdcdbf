"""The pages that list pieces: of a section, a topic, an author, a source; the archive; what is
read most."""

from datetime import date
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles import archive as the_archive
from articles.keyset import LIST_QUERY
from articles.listed import Listed
from articles.listings import PiecesPage, keys_between, keys_of, subject_at
from articles.models import Author, ListSubject, Section, Source, Topic
from articles.most_read import ON_A_PAGE, PERIODS, ranking
from newsroom.page_store import stored

MONTH_PIECES = 100


@stored(query=LIST_QUERY)
@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    return _list(request, Section, slug)


@stored(query=LIST_QUERY)
@require_safe
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    return _list(request, Topic, slug)


@stored(query=LIST_QUERY)
@require_safe
def author(request: HttpRequest, slug: str) -> HttpResponse:
    return _list(request, Author, slug)


@stored(query=LIST_QUERY)
@require_safe
def source(request: HttpRequest, slug: str) -> HttpResponse:
    return _list(request, Source, slug)


def _list(request: HttpRequest, model: type[ListSubject], slug: str) -> HttpResponse:
    """Pieces that belong to a subject, newest first. See page_of()."""
    subject = subject_at(model, slug)
    listed = PiecesPage.read(keys_of(subject), request.GET)
    context = {"subject": subject, "pieces": listed.pieces, "page": listed.page}
    return render(request, "articles/list.html", context)


@stored()
@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    return render(request, "articles/archive.html", {"years": the_archive.years()})


@stored(query=LIST_QUERY)
@require_safe
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """What was published in a month, by days. 404 for one without pieces."""
    first = date(year, month, 1)
    keys = keys_between(*the_archive.bounds(first))
    listed = PiecesPage.read(keys, request.GET, size=MONTH_PIECES)
    if not listed.pieces:
        raise Http404
    earlier, later = the_archive.months_beside(first)
    days = [(day, list(pieces)) for day, pieces in groupby(listed.pieces, key=_day)]
    context = {
        "month": first,
        "days": days,
        "page": listed.page,
        "earlier": earlier,
        "later": later,
    }
    return render(request, "articles/month.html", context)


def _day(piece: Listed) -> date:
    return timezone.localtime(piece.published_at).date()


@stored()
@require_safe
def popular(request: HttpRequest) -> HttpResponse:
    """What was read most and replied to most, in each of PERIODS."""
    rankings = [ranking(period, ON_A_PAGE) for period in PERIODS]
    return render(request, "articles/popular.html", {"rankings": rankings})
