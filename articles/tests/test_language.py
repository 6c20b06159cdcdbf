import pytest

from articles.tests.factories import make_article

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("language", "direction"), [("en", "ltr"), ("ja", "ltr"), ("ar", "rtl"), ("fa-IR", "rtl")]
)
def test_a_piece_is_marked_with_its_language_and_direction(client, language, direction):
    article = make_article(language=language)
    for address in ("/", article.get_absolute_url()):
        page = client.get(address).content.decode()
        assert f'lang="{language}" dir="{direction}"' in page
