"""The page at an address where nothing is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.tests.factories import make_article, make_draft, make_staff
from newsroom.tests.browsing import dom, links, text_at, the

pytestmark = pytest.mark.django_db


def test_it_leads_to_the_search_and_to_the_newest_pieces(client):
    by, now = make_staff(), timezone.now()
    pieces = [make_article(at=now - timedelta(hours=n), by=by) for n in range(7)]
    make_draft(headline="Secret")
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    found = [a.get("href") for a in the(response, ".//section[@class='newest']").iter("a")]
    assert found == [each.get_absolute_url() for each in pieces[:5]]
    [field] = dom(response).findall(".//main//form//input")
    assert (field.get("name"), field.get("type")) == ("q", "search")
    assert "Secret" not in text_at(response)


def test_where_nothing_was_published_it_says_what_there_is(client):
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert dom(response).find(".//section[@class='newest']") is None
    assert "/" in links(response)
