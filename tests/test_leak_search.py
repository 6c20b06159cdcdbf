"""The leak test finds what there is to find: planted addresses, in every disguise."""

import base64
import secrets

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.core import mail

from comments.feeds import PieceReplies
from comments.models import Comment
from tests.leak import newsroom
from tests.leak.disguises import DISGUISES, PACKED
from tests.leak.evidence import body_of
from tests.leak.findings import addresses_only, newsroom_scanner, said
from tests.leak.logs import everything_logged
from tests.leak.newsroom import READERS_ADDRESS, STAFFS_ADDRESS, browser
from tests.leak.planting import ONE_LINE, PLACES, PlantingMiddleware
from tests.leak.scanner import Scanner, Secret
from tests.leak.walk import Walk

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("disguise", DISGUISES)
@pytest.mark.parametrize("address", [READERS_ADDRESS, STAFFS_ADDRESS])
def test_an_address_is_recognised(address, disguise):
    scanner = Scanner([Secret.address("it", address)])
    assert scanner.leaks("here", f"<p>by {DISGUISES[disguise](address)}</p>".encode())


@pytest.mark.parametrize("packing", PACKED)
def test_an_address_is_recognised_in_what_is_packed(packing):
    assert addresses_only().leaks("here", PACKED[packing](READERS_ADDRESS))


@pytest.mark.parametrize(
    "write",
    [
        str,
        str.upper,
        lambda digits: digits[:20],
        lambda digits: base64.b64encode(bytes.fromhex(digits)).decode(),
        lambda digits: base64.b64encode(f"id={digits}".encode()).decode(),
    ],
)
def test_a_fingerprint_is_recognised(write):
    fingerprint = secrets.token_hex(32)
    scanner = Scanner([Secret.fingerprint("it", fingerprint)])
    assert scanner.leaks("here", f"<p>{write(fingerprint)}</p>".encode())


@pytest.mark.parametrize(
    "write",
    [
        bytes,
        lambda sealed: sealed.hex().encode(),
        lambda sealed: base64.b64encode(b"+" + sealed),
        lambda sealed: repr(sealed).encode(),
        lambda sealed: repr(sealed)[:90].encode(),
    ],
)
def test_a_sealed_address_is_recognised(write):
    sealed = secrets.token_bytes(80)
    scanner = Scanner([Secret.sealed_address("it", sealed)])
    assert scanner.leaks("here", b"<p>" + write(sealed) + b"</p>")


def test_innocent_text_is_not_suspected():
    page = body_of(browser().get("/")) + b" canary leak test colleague staff " + b"deadbeef" * 4
    assert newsroom_scanner().leaks("here", page) == []


@pytest.mark.parametrize("place", PLACES)
def test_an_address_is_found_wherever_it_is_planted(place, settings, monkeypatch):
    settings.MIDDLEWARE = ["tests.leak.planting.PlantingMiddleware", *settings.MIDDLEWARE]
    monkeypatch.setattr(PlantingMiddleware, "place", place)
    assert not found_when_planted("nobody's address", monkeypatch)
    unseen = []
    for disguise, write in DISGUISES.items():
        text = write(READERS_ADDRESS)
        fits = place not in ONE_LINE or "\n" not in text
        if fits and not found_when_planted(text, monkeypatch):
            unseen.append(disguise)
    assert unseen == []


def found_when_planted(text, monkeypatch):
    monkeypatch.setattr(PlantingMiddleware, "text", text)
    mail.outbox.clear()
    scanner = addresses_only()
    walk = Walk(scanner)
    with everything_logged(templates=False) as heard:
        walk.ask("GET", "/healthz")
    return walk.leaks + said(scanner, heard)


def test_a_walk_finds_a_fingerprint_in_the_moderators_list(monkeypatch):
    queue = admin.site._registry[Comment]
    monkeypatch.setattr(type(queue), "list_display", ["name", "commenter__fingerprint"])
    assert found_on_a_walk("/admin/", "moderator") == {"the reader's fingerprint"}


def test_a_walk_finds_an_address_in_the_list_of_staff(monkeypatch):
    people = admin.site._registry[User]
    monkeypatch.setattr(type(people), "list_display", ["username", "email"])
    assert found_on_a_walk("/admin/", "superuser") == {"the address of staff"}


def test_a_walk_finds_a_gravatar_in_a_feed(monkeypatch):
    gravatar = DISGUISES["MD5 for Gravatar"](READERS_ADDRESS)
    monkeypatch.setattr(
        PieceReplies,
        "item_author_link",
        lambda feed, reply: f"https://gravatar.test/{gravatar}",
        raising=False,
    )
    assert found_on_a_walk("/", "reader") == {"the reader's address"}


@pytest.mark.parametrize(
    ("template", "text", "start", "role", "secret"),
    [
        (
            "articles/detail.html",
            "{{ article.comments.first.commenter.fingerprint }}",
            "/",
            "reader",
            "the reader's fingerprint",
        ),
        (
            "404.html",
            "{{ user.email|urlencode }}",
            "/articles/draft/",
            "reporter",
            "the address of staff",
        ),
    ],
    ids=["the fingerprint beside a piece", "one's own address in an error page"],
)
def test_a_walk_finds_what_a_template_shows(template, text, start, role, secret, settings):
    show(template, text, settings)
    assert found_on_a_walk(start, role) == {secret}


def show(template, text, settings):
    engine = settings.TEMPLATES[0]
    loaders = [
        ("django.template.loaders.locmem.Loader", {template: text}),
        "django.template.loaders.filesystem.Loader",
        "django.template.loaders.app_directories.Loader",
    ]
    options = engine["OPTIONS"] | {"loaders": loaders}
    settings.TEMPLATES = [engine | {"APP_DIRS": False, "OPTIONS": options}]


def found_on_a_walk(start, role):
    """Whose secrets are found by following links alone."""
    site = newsroom.build()
    walk = Walk(site.scanner(), role, site.person(role))
    walk.read([start], stop_at_a_leak=True)
    return {leak.secret for leak in walk.leaks}
