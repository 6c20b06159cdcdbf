"""What the desk does with one wire on its page, and what the form of its piece tells of it."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.importers.wire.document import PubStatus
from articles.models import Article
from articles.tests.factories import make_draft, make_source
from articles.tests.wire_desk import bring, page_of, reading_of
from newsroom.tests.browsing import dom, links, text_of, the
from newsroom.tests.factories import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client):
    editor = make_staff("Editors", first_name="Ada", last_name="Quist")
    client.force_login(editor)
    return editor


def decide(client, item, *buttons):
    return client.post(f"{page_of(item)}decision/", dict.fromkeys(buttons, "pressed"))


def buttons(response):
    inputs = dom(response).iter("input")
    return {each.get("name") for each in inputs if each.get("type") == "submit"} - {None}


# --- Deeds --------------------------------------------------------------------------------------


@pytest.mark.usefixtures("editor")
def test_taking_it_makes_a_draft_and_leads_to_its_form(client):
    item = bring(headline="Barrier closes")
    response = decide(client, item, "_take")
    item.refresh_from_db()
    assert (response.status_code, item.state) == (303, "taken")
    assert response["Location"] == f"/admin/articles/article/{item.article_id}/change/"
    assert Article.objects.get().is_draft


@pytest.mark.usefixtures("editor")
def test_each_deed_is_offered_where_something_comes_of_it(client):
    item = bring()
    deeds = {"_take", "_leave", "_put_back"}
    assert buttons(client.get(reading_of(item))) & deeds == {"_take", "_leave"}
    decide(client, item, "_leave")
    assert buttons(client.get(reading_of(item))) & deeds == {"_take", "_put_back"}
    assert decide(client, item, "_put_back").status_code == 303
    item.refresh_from_db()
    assert item.is_new
    decide(client, item, "_take")
    assert buttons(client.get(reading_of(item))) & deeds == {"_put_back"}
    article = Article.objects.get()
    article.standfirst = "Somebody has begun to work on it."
    article.save()
    article.record(by=make_staff())
    assert buttons(client.get(reading_of(item))) & deeds == set()
    assert decide(client, item, "_put_back").status_code == 409
    assert Article.objects.get() == article


@pytest.mark.usefixtures("editor")
def test_a_deed_sent_twice_is_done_once(client):
    item = bring()
    assert decide(client, item, "_take").status_code == 303
    again = decide(client, item, "_take")
    assert again.status_code in {303, 409}
    assert Article.objects.count() == 1


@pytest.mark.usefixtures("editor")
def test_what_is_killed_can_t_be_taken_and_that_is_said(client):
    item = bring(pub_status=PubStatus.CANCELED)
    assert "_take" not in buttons(client.get(reading_of(item)))
    response = decide(client, item, "_take")
    assert response.status_code == 409
    assert text_of(the(response, ".//p[@class='errornote']"))
    assert Article.objects.count() == 0


@pytest.mark.usefixtures("editor")
@pytest.mark.parametrize("pressed", [[], ["_steal"], ["_take", "_leave"]])
def test_what_is_no_deed_does_nothing(client, pressed):
    item = bring()
    assert decide(client, item, *pressed).status_code == 422
    item.refresh_from_db()
    assert item.is_new


@pytest.mark.usefixtures("editor")
@pytest.mark.parametrize("page", ["decision/", "embargo/"])
def test_a_deed_is_sent_and_never_asked_for(client, page):
    assert client.get(f"{page_of(bring())}{page}").status_code == 405


# --- In the form of its piece -------------------------------------------------------------------


@pytest.mark.usefixtures("editor")
def test_the_form_of_a_piece_tells_of_its_wire_and_of_a_version_that_waits(client):
    item = bring(provider="Harbour News")
    decide(client, item, "_take")
    article = Article.objects.get()
    form = f"/admin/articles/article/{article.pk}/change/"
    page = client.get(form)
    assert "From the wire: Harbour News, version 1." in text_of(dom(page))
    assert f"{page_of(item)}change/" in links(page)
    article.body = "<p>Our own words.</p>"
    article.save()
    article.record(by=make_staff())
    bring(guid=item.guid, provider="Harbour News", version=2, body="<p>Theirs.</p>")
    assert "Version 2 waits to be compared." in text_of(dom(client.get(form)))


@pytest.mark.usefixtures("editor")
def test_a_piece_without_a_source_is_asked_nothing_about_wires(client):
    client.get("/admin/")
    asked = {}
    for name, source in (("none", None), ("agency", make_source())):
        article = make_draft(source=source)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(f"/admin/articles/article/{article.pk}/change/")
        assert "From the wire" not in text_of(dom(page))
        asked[name] = sum('FROM "articles_wireitem"' in each["sql"] for each in queries)
    assert asked == {"none": 0, "agency": 1}


def test_what_is_sent_to_the_page_can_be_any_json(client, editor):
    item = bring()
    body = json.dumps({"_take": 1})
    address = f"{page_of(item)}decision/"
    assert client.post(address, body, content_type="application/json").status_code == 422
