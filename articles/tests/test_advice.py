"""What an editor is told after saving."""

import pytest

from articles.tests.desk import edit, write
from articles.tests.factories import make_draft, make_page
from articles.tests.pictures import make_image
from articles.tests.pictures import media_root as media_root
from newsroom.tests.browsing import dom, fill_in, text_of
from newsroom.tests.factories import make_superuser

pytestmark = pytest.mark.django_db

PICTURE = "/media/0123456789abcdef0123456789abcdef-1-wide1200.jpg"
LONG = "A headline that is one character longer than search results show"[:61]
CUT = "The headline has 61 characters. Search results cut it after 60."


def figure(alt=""):
    return f'<figure><img src="{PICTURE}"{alt}></figure>'


def told(client, response):
    page = client.get(response.url)
    return [
        text_of(each)
        for each in dom(page).iterfind(".//ul[@class='messagelist']/li")
        if each.get("class") == "warning"
    ]


@pytest.mark.parametrize("button", ["_save", "_publish"])
def test_a_headline_too_long_for_search_results_is_told_and_saved(desk, button):
    assert told(desk, write(desk, button, headline=LONG, slug="long")) == [CUT]
    assert told(desk, write(desk, button, headline=LONG[:60], slug="fits")) == []


def test_pictures_in_the_text_that_are_not_described_are_told(desk):
    article = make_draft(body="<p>a</p>")
    described = figure(' alt="A ferry"') + figure(' alt=""')
    assert told(desk, edit(desk, article, body=described)) == []
    assert told(desk, edit(desk, article, body=described + figure())) == [
        "1 picture in the text lacks its alternative text."
    ]
    assert told(desk, edit(desk, article, body=figure() + figure())) == [
        "2 pictures in the text lack their alternative text."
    ]


@pytest.mark.usefixtures("media_root")
def test_a_lead_picture_that_is_not_described_is_told(desk):
    article = make_draft(lead_image=make_image())
    missing = ["The lead picture lacks its alternative text."]
    assert told(desk, edit(desk, article)) == missing
    assert told(desk, edit(desk, article, lead_alt="A ferry")) == []
    assert told(desk, edit(desk, article, lead_alt="", lead_is_decorative="on")) == []


def test_a_standing_page_is_told_the_same_of_its_pictures(desk):
    desk.force_login(make_superuser())
    page = make_page()
    url = f"/admin/articles/standingpage/{page.pk}/change/"
    response = fill_in(desk, url, _save="pressed", body=figure())
    assert told(desk, response) == ["1 picture in the text lacks its alternative text."]
