"""What happens to a piece that two people, or one in two windows, change at once."""

import pytest

from articles.body_html import MAX_LENGTH
from articles.models import Article
from articles.tests.desk import edit, errors, page_of, write
from articles.tests.factories import make_article, make_draft, make_staff
from newsroom.tests.browsing import fields_of, text_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return make_staff("Editors")


@pytest.fixture
def desk(client, editor):
    client.force_login(editor)
    return client


def opened(desk, article):
    """The fields of the form as it is now, as a window keeps them that stays open."""
    return fields_of(desk.get(page_of(article)))


def test_a_piece_that_was_saved_since_is_not_saved_over_and_what_was_typed_is_kept(desk):
    article = make_draft(headline="As it was")
    window = opened(desk, article)
    edit(desk, article, headline="Theirs")
    response = desk.post(page_of(article), window | {"headline": "Mine", "_save": "pressed"})
    assert "Somebody has saved this piece since you opened it." in text_at(response)
    assert 'value="Mine"' in response.content.decode()
    article.refresh_from_db()
    assert article.headline == "Theirs"


def test_saving_once_more_replaces_what_the_other_saved(desk):
    article = make_draft(headline="As it was")
    window = opened(desk, article)
    edit(desk, article, headline="Theirs")
    refused = desk.post(page_of(article), window | {"headline": "Mine", "_save": "pressed"})
    again = fields_of(refused) | {"_save": "pressed"}
    assert desk.post(page_of(article), again).status_code == 302
    article.refresh_from_db()
    assert article.headline == "Mine"


def test_a_withdrawal_is_not_undone_by_a_form_that_was_open(desk, editor):
    article = make_article(headline="As it was")
    window = opened(desk, article)
    article.withdraw(by=editor)
    for _attempt in range(2):
        response = desk.post(page_of(article), window | {"headline": "Mine", "_save": "pressed"})
        if response.status_code == 200:
            window = fields_of(response)
    article.refresh_from_db()
    assert article.status == Article.Status.WITHDRAWN
    assert set(article.state_changes.values_list("to_status", flat=True)) == {
        "published",
        "withdrawn",
    }


def test_a_text_that_is_too_long_is_refused_before_it_is_cleaned(desk):
    response = write(desk, body="<p>" + "x" * MAX_LENGTH)
    assert "A text can't be longer than 100,000 characters." in errors(response)
    assert not Article.objects.exists()


def test_a_piece_withdrawn_before_its_time_was_never_there(client, editor):
    article = make_draft()
    article.publish(by=editor, at=article.created_at.replace(year=2999))
    article.withdraw(by=editor)
    assert article.published_at is None
    assert client.get(article.get_absolute_url()).status_code == 404
