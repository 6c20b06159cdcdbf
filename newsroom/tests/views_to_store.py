"""Views that are stored, or not, in each way there is: what the tests of the page store ask for."""

import os
from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import include, path

from newsroom.page_store import as_given, carries, changes_at, for_once, stored
from newsroom.tests.clock import NOON

WORDS = "<p>Words of a page.</p>\n" * 60
IS_RIGHT = False  # whether what fails does so no more
drawn: list[HttpRequest] = []


def _draw(request, **context):
    drawn.append(request)
    return HttpResponse(f"{WORDS}{context or ''}{request.GET.get('page', '')}")


@stored()
def plain(request):
    return _draw(request)


@stored(query={"page": as_given, "order": as_given})
def listed(request):
    return _draw(request)


def passing(request):
    return _draw(request)


@stored()
def failing(request, kind):
    drawn.append(request)
    if IS_RIGHT:
        return HttpResponse(WORDS)
    if kind == "missing":
        raise Http404
    if kind == "moved":
        return HttpResponseRedirect("/plain/")
    if kind == "cookie":
        answer = HttpResponse(WORDS)
        answer.set_cookie("taste", "sweet")
        return answer
    if kind == "private":
        return HttpResponse(WORDS, headers={"Cache-Control": "no-store"})
    if kind == "varied":
        return HttpResponse(WORDS, headers={"Vary": "Cookie"})
    return HttpResponse(WORDS, status=int(kind))


@stored()
def named(request, name):
    return _draw(request, name=name)


@stored()
def soon(request):
    changes_at(NOON + timedelta(minutes=5))
    return _draw(request)


def _number(text):
    return str(int(text)) if text.isdigit() and int(text) > 1 else ""


@stored(query={"page": _number})
def numbered(request):
    return _draw(request)


@stored()
def nothing(request, name):
    return HttpResponse(os.urandom(2000).hex(), status=410)


@stored()
def once(request):
    for_once()
    return _draw(request)


@stored()
def stamped(request):
    drawn.append(request)
    stamp = f"stamp-{len(drawn)}."
    carries(stamp)
    return HttpResponse(f"{WORDS}{stamp}")


urlpatterns = [
    path("plain/", plain),
    path("numbered/", numbered),
    path("nothing/<str:name>/", nothing),
    path("once/", once),
    path("stamped/", stamped),
    path("listed/", listed),
    path("passing/", passing),
    path("soon/", soon),
    path("failing/<str:kind>/", failing),
    path("named/<str:name>/", named),
    path("", include("newsroom.urls")),
]

VIEWS = (plain, listed, passing, failing, named, soon, numbered, nothing, once, stamped)
