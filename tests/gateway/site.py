"""Views that do what is hard for a server. How often the stored one was drawn stands in a file."""

import hashlib
import os
import time
from pathlib import Path

from django.core.files.base import File
from django.http import FileResponse, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path

from newsroom import byte_ranges
from newsroom.page_store import stored
from newsroom.page_store.generations import EVERYTHING
from newsroom.page_store.store import store
from newsroom.turns import waiting

DRAWN = Path(os.environ["NEWSROOM_STATE"]) / "drawn"
LINES = 400_000


@stored()
def page(request):
    with DRAWN.open("a") as file:
        file.write("x")
    time.sleep(0.3)
    return HttpResponse("a page " * 1000)


def purge(request):
    generations = store().generations
    generations.release(generations.mark([EVERYTHING]))
    return HttpResponse("purged")


def echo(request):
    sent = hashlib.sha256(request.read()).hexdigest()
    told = {name: value for name, value in request.META.items() if isinstance(value, str)}
    return JsonResponse({"sent": sent, "environ": told})


def lines(request):
    def parts():
        try:
            for number in range(LINES):
                yield f"line {number:08}\n"
        finally:
            Path(DRAWN.with_name("ended")).write_text(str(number))

    return StreamingHttpResponse(parts(), content_type="text/csv")


def file(request):
    return FileResponse((DRAWN.with_name("large")).open("rb"))


def slow(request):
    time.sleep(1.5)
    return HttpResponse("slowly")


def lock(request):
    waiting()
    time.sleep(1.5)
    return HttpResponse("had to wait")


def fails(request):
    raise SystemError


def recording(request):
    stored = File((Path(os.environ["NEWSROOM_STATE"]) / "recording").open("rb"))
    return byte_ranges.answer(request, stored, content_type="video/mp4", etag='"one"')


views = (page, purge, echo, lines, file, slow, lock, fails, recording)
urlpatterns = [path(f"{view.__name__}/", view) for view in views]
