"""Many ask for a page that was purged just now; and where finished pages lie."""

import os
import shutil
import sys
import threading
import time
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from newsroom.page_store import stored
from newsroom.page_store.build import build_name
from newsroom.page_store.generations import Proof, slots_of
from newsroom.page_store.pages import page_of
from newsroom.page_store.rendering import Turns
from newsroom.page_store.shelves import Files, Memory
from newsroom.page_store.store import store
from newsroom.page_store.wrapper import PageStore
from newsroom.tests.asking import ask

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

drawn: list[HttpRequest] = []


@stored()
def slow(request):
    drawn.append(request)
    time.sleep(0.05)
    return HttpResponse("Slow. " * 100)


vars(slow)["needs_site"] = False
urlpatterns = [path("slow/", slow), path("", include("newsroom.urls"))]


def made(text="Words. ", **fields):
    given: dict[str, Any] = {"begun": 1.0, "ends": float("inf"), "proof": Proof(1, ())} | fields
    return page_of(text.encode() * 500, [("Content-Type", "text/html")], "br", **given)


def test_when_many_ask_at_once_one_draws(pages, monkeypatch):
    """Two of the processes of a machine, which share their files, with a hundred threads each."""
    ask(pages, "/slow/")  # what clocks there are is known now, as the threads have no database
    store().generations.forget_all()
    monkeypatch.setattr("newsroom.page_store.watching.clocks", {})
    drawn.clear()
    other = PageStore(pages.django)
    parts = store()
    other.store = type(parts)(
        parts.generations, Memory(10**6), parts.shelf, Turns(parts.turns.folder)
    )
    answers = []
    threads = [
        threading.Thread(target=lambda server=server: answers.append(ask(server, "/slow/").text))
        for server in (pages, other)
        for _ in range(100)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["Slow. " * 100] * 200
    assert len(drawn) == 1


def test_pages_outlive_their_process(pages):
    ask(pages, "/slow/")
    drawn.clear()
    parts = store()
    later = PageStore(pages.django)
    later.store = type(parts)(parts.generations, Memory(10**6), parts.shelf, parts.turns)
    assert ask(later, "/slow/").text == "Slow. " * 100
    assert drawn == []


def test_all_pages_are_forgotten_by_a_command(pages, capsys):
    ask(pages, "/slow/")
    drawn.clear()
    call_command("forget_pages")
    assert capsys.readouterr().out == "All pages will be drawn anew.\n"
    ask(pages, "/slow/")
    assert len(drawn) == 1


def test_the_folder_may_be_deleted_while_the_newsroom_runs(pages):
    ask(pages, "/slow/")
    drawn.clear()
    shutil.rmtree(settings.STATE.pages)
    for _ in range(2):
        assert ask(pages, "/slow/").code == 200
    assert len(drawn) == 1


def test_a_turn_that_cannot_be_locked_is_taken_all_the_same(tmp_path):
    (tmp_path / "turns").write_text("no folder")
    with Turns(tmp_path / "turns").turn("a"):
        pass


def test_the_memory_keeps_what_was_used_last(tmp_path):
    page = made()
    memory = Memory(page.size * 3)
    for name in "abc":
        memory.put(name, page)
    memory.get("a")
    memory.put("d", page)
    assert list(memory.pages) == ["c", "a", "d"]
    assert memory.size == page.size * 3


def test_the_memory_is_read_while_it_drops_what_is_old():
    """Readers move pages about in it, at any moment."""
    page, ends, failed = made(), threading.Event(), []
    memory = Memory(page.size * 50)

    def read():
        while not ends.is_set():
            for number in range(100):
                memory.get(str(number))

    readers = [threading.Thread(target=read) for _ in range(2)]
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for reader in readers:
            reader.start()
        for number in range(20_000):
            memory.put(str(number % 100), page)
    except (RuntimeError, KeyError) as error:
        failed.append(error)
    finally:
        ends.set()
        sys.setswitchinterval(usual)
        for reader in readers:
            reader.join()
    assert not failed
    assert memory.size == page.size * 50


def test_files_give_what_they_were_given(tmp_path):
    files = Files(tmp_path, 10**6)
    page = made(ends=5.0, proof=Proof(7, slots_of(["a", "b"])), tags=("a", "b"))
    page.add("gzip")
    files.put("http://x/é\udcff", page)
    found = Files(tmp_path, 10**6).get("http://x/é\udcff")
    assert found
    for name in ("bodies", "digest", "begun", "ends", "tags"):
        assert getattr(found, name) == getattr(page, name)
    assert (found.proof.since, found.proof.slots) == (7, page.proof.slots)
    assert found.encoded("identity").body == page.encoded("identity").body
    assert files.get("http://x/other") is None


@pytest.mark.parametrize("content", [b"", b"{}\n", b"nonsense", b"[1]\nx", b"\xff\xfe"])
def test_a_broken_file_is_none(tmp_path, content):
    files = Files(tmp_path, 10**6)
    files.put("a", made())
    (file,) = (each for each in tmp_path.rglob("*") if each.is_file())
    file.write_bytes(file.read_bytes()[:-5])
    assert files.get("a") is None
    file.write_bytes(content)
    assert files.get("a") is None


def test_files_keep_to_their_limit_the_unused_go_first(tmp_path):
    files = Files(tmp_path, 10**9)
    for number in range(20):
        files.put(str(number), made(text=f"{number} {os.urandom(4).hex()}"))
    sizes = {number: files._file(str(number)).stat().st_size for number in range(20)}
    for number in range(20):
        os.utime(files._file(str(number)), (number, number))
    files.touch("0")
    files.limit = sum(sizes.values()) - 1
    files.sweep()
    left = [number for number in range(20) if files.get(str(number))]
    assert 0 in left
    assert 1 not in left
    assert left[-1] == 19


@pytest.mark.parametrize("name", ["SITE_URL", "SECURITY_CONTACT", "AKISMET_URL"])
def test_pages_lie_apart_from_those_of_another_setting_that_they_show(name, settings):
    """The rules for readers say whether a service for spam is asked, for one."""
    before = build_name()
    setattr(settings, name, "https://other.example")
    assert build_name.__wrapped__() != before
