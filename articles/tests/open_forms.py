"""Forms of pieces that are open and typed into, as their script tells the server."""

from datetime import UTC, datetime
from typing import Any

from django.test import Client

from articles.models import WorkingCopy
from articles.tests.desk import LIST
from articles.tests.factories import make_draft, make_staff
from newsroom.tests.browsing import fields_of

AUTOSAVE = "/admin/articles/article/autosave/"
NOW = datetime(2026, 3, 2, 14, 3, tzinfo=UTC)
THIS_SITE = {"Sec-Fetch-Site": "same-origin"}


def make_piece(**fields):
    article = make_draft(**fields)
    article.record(by=make_staff())
    return article


def type_in(desk, url, step=1, doing="write", **typed):
    """Open the form at `url`, type, and let the script send it: its fields and the answer."""
    window = fields_of(desk.get(url)) | typed
    return window, send(desk, window, step, doing)


def send(desk, window, step=1, doing="write", **more):
    return desk.post(AUTOSAVE, window | {"_doing": doing, "_step": step} | more)


def browser_of(editor, **headers):
    """One that asks for the forms' tokens as a real one does."""
    browser: Any = Client(enforce_csrf_checks=True, headers=headers)
    browser.force_login(editor)
    return browser


def copy_of(window):
    return WorkingCopy.objects.get(window=window["window"])


def page_of_copy(window):
    return f"{LIST}unsaved/{window['window']}/"
