"""The demo newsroom, as a reader and its staff find it."""

import io
import re

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from articles.models import Article, StandingPage, WireItem
from articles.tests.factories import make_draft, make_staff
from newsroom.tests.browsing import dom, fill_in, links, text_at, text_of

pytestmark = pytest.mark.django_db

ALLIANCE = "/articles/us-japan-alliance-pentagon-chief/"
ADDRESS = re.compile(r"[\w.+-]+(@|&#64;|&#x40;|%40)[\w-]+\.\w+")


@pytest.fixture
def demo():
    call_command("load_demo")


def everything_stored():
    """All rows of the project's own tables, and of its staff."""
    models = [
        model
        for label in ("newsroom", "articles", "comments", "auth")
        for model in apps.get_app_config(label).get_models()
    ]
    return {
        model.__name__: list(model._default_manager.order_by("pk").values()) for model in models
    }


def pages_of(client):
    """Every public page that can be reached by links from the front page."""
    found, waiting = {}, ["/"]
    while waiting:
        path = waiting.pop()
        found[path] = client.get(path)
        assert found[path].status_code in {200, 302}, path
        if found[path].status_code == 200 and found[path]["Content-Type"].startswith("text/html"):
            for link in links(found[path]):
                target = link.partition("#")[0].partition("?")[0]
                if target.startswith("/") and target not in {*found, *waiting}:
                    waiting.append(target)
    return found


def new_password():
    printed = io.StringIO()
    call_command("demo_password", stdout=printed)
    return printed.getvalue().strip()


@pytest.mark.usefixtures("demo")
def test_it_is_loaded_once():
    before = everything_stored()
    call_command("load_demo")
    assert everything_stored() == before
    assert len(before["Article"]) == 6  # one is a draft, of a wire that was taken


@pytest.mark.parametrize("already_there", ["somebody", "a piece"])
def test_it_is_not_loaded_into_a_newsroom_that_has_begun(already_there):
    make_staff() if already_there == "somebody" else make_draft()
    before = everything_stored()
    call_command("load_demo")
    assert everything_stored() == before


@pytest.mark.usefixtures("demo")
def test_no_list_looks_empty(client):
    cards = dom(client.get("/")).findall(".//h2[@class='card-headline']")
    assert len(cards) == 5
    lists = {
        path: text_at(page)
        for path, page in pages_of(client).items()
        if path.startswith(("/sections/", "/topics/", "/authors/", "/sources/"))
        and path.endswith("/")  # the others are their feeds
    }
    assert len(lists) > 8
    assert not [path for path, text in lists.items() if "Nothing has been published" in text]


@pytest.mark.usefixtures("demo")
def test_the_piece_from_the_agency_is_there_with_all_that_belongs_to_it(client):
    page = client.get(ALLIANCE)
    text = text_at(page)
    assert "TOKYO" in text
    assert "Source: AFP" in text
    assert "https://www.afp.com/" in links(page)
    assert "/sections/world/" in links(page)
    assert len([link for link in links(page) if link.startswith("/topics/")]) >= 3
    assert dom(page).find(".//main//img") is None


@pytest.mark.usefixtures("demo")
def test_replies_are_in_different_states(client):
    text = text_of(dom(client.get(ALLIANCE)))
    assert "1 reply" in text and "Hana W." in text
    assert "Peter Aldous" not in text and "Jörg" not in text
    log_in(client, "moderator")
    queue = text_at(client.get("/admin/comments/comment/"))
    assert "Jörg" in queue and "Peter Aldous" in queue
    for state in ("held", "approved", "rejected"):
        assert state in queue
    assert "4 replies waiting" in text_of(dom(client.get("/admin/")))


@pytest.mark.usefixtures("demo")
def test_a_conversation_has_answers_a_pick_and_the_badge_of_the_newsroom(client):
    page = dom(client.get("/articles/what-happens-to-your-reply/"))
    text = text_of(page)
    assert "4 replies" in text and "Editors’ pick" in text and "Newsroom" in text
    assert len(page.findall(".//ol//ol//ol")) == 1


@pytest.mark.usefixtures("demo")
def test_the_standing_pages_are_there_and_say_what_happens_to_an_address(client):
    slugs = set(StandingPage.objects.values_list("slug", flat=True))
    assert {"about", "privacy", "corrections-policy", "contact"} <= slugs
    assert "email address" in text_at(client.get("/privacy/"))


@pytest.mark.usefixtures("demo")
def test_no_page_shows_an_email_address(client):
    pages = pages_of(client)
    assert len(pages) > 20
    feeds = ["/feeds/latest.rss", "/feeds/latest.atom", f"{ALLIANCE.rstrip('/')}/comments.atom"]
    pages |= {path: client.get(path) for path in feeds}
    shown = {path: ADDRESS.search(page.content.decode()) for path, page in pages.items()}
    assert {path: found[0] for path, found in shown.items() if found} == {}


def test_an_address_on_a_page_would_be_found():
    for written in ("hana.w@reader.example", "hana&#64;reader.example", "hana%40reader.example"):
        assert ADDRESS.search(f"<p>{written}</p>")


@pytest.mark.usefixtures("demo")
def test_what_was_published_is_on_record():
    for article in Article.objects.exclude(wire_item__isnull=False):
        assert article.is_public
        assert article.state_changes.get().by.username == "editor"


# --- Its wires ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("demo")
def test_each_of_its_wires_shows_what_the_desk_does_with_wires():
    wires = {item.headline.split()[0]: item for item in WireItem.objects.all()}
    assert sorted(wires) == ["Every", "Harbour", "Port", "Storm"]
    assert wires["Harbour"].is_new and wires["Harbour"].is_usable
    assert wires["Port"].is_embargoed
    assert wires["Every"].embargo_is_unclear
    storm = wires["Storm"]
    assert storm.article and storm.newest
    assert storm.is_taken and storm.needs_person and storm.article.is_draft
    assert storm.newest.signal == "correction"
    assert "3.1 metres" in storm.newest.advisory
    assert "ours" in storm.article.body


@pytest.mark.usefixtures("demo")
def test_what_a_wire_keeps_from_readers_is_apart():
    versions = {item.headline.split()[0]: item.newest for item in WireItem.objects.all()}
    kept = {word: version for word, version in versions.items() if version}
    assert "020 7946 0123" in kept["Every"].kept_back
    assert "020 7946 0123" not in kept["Every"].body
    assert "ic/rt" in kept["Harbour"].kept_back
    assert "ic/rt" not in kept["Harbour"].body


# --- Its staff ------------------------------------------------------------------------------------


def log_in(client, username):
    fill_in(client, "/admin/login/", username=username, password=new_password())


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize(
    ("username", "path"),
    [("editor", "/admin/articles/article/"), ("moderator", "/admin/comments/comment/")],
)
def test_its_staff_log_in_with_the_password_that_is_printed(client, username, path):
    log_in(client, username)
    assert client.get(path).status_code == 200


@pytest.mark.usefixtures("demo")
def test_nobody_can_log_in_before_a_password_was_made():
    assert not any(user.has_usable_password() for user in User.objects.all())


@pytest.mark.usefixtures("demo")
def test_each_password_is_a_new_one_and_the_last_one_counts():
    first, second = new_password(), new_password()
    assert first != second
    assert len(second) >= 16
    for user in User.objects.all():
        assert user.check_password(second)
        assert not user.check_password(first)


def test_without_a_demo_no_password_is_made():
    make_staff(username="editor")
    with pytest.raises(CommandError, match="There is no demo newsroom here"):
        call_command("demo_password")
    assert User.objects.get().check_password("pw")
