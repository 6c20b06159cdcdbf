import pytest

from articles.tests.factories import make_section
from tests.html_rules import faults

pytestmark = pytest.mark.django_db


def test_the_html_of_an_empty_site_is_valid(client):
    make_section(name="Empty", slug="empty")
    for address in ("/", "/sections/empty/", "/archive/", "/popular/"):
        assert list(faults(client.get(address).content.decode(), address)) == []
