import pytest

from articles.tests.factories import make_article
from comments.models import Comment
from comments.tests.factories import post_reply

pytestmark = pytest.mark.django_db


def test_a_good_reply_is_held_and_leads_to_its_authors_address(client):
    article = make_article()
    response = post_reply(client, article, comment="Well said.")
    assert response.status_code == 303
    assert Comment.objects.get().is_held
    page = client.get(response["Location"])
    assert "awaiting moderation" in page.content.decode()
    assert "Well said." in page.content.decode()
    assert "Well said." not in client.get(article.get_absolute_url()).content.decode()
