import pytest

from articles.tests.factories import make_section
from newsroom.tests.factories import make_staff


@pytest.fixture
def editor():
    return make_staff("Editors")


@pytest.fixture
def desk(client, editor):
    """A browser with an editor at it."""
    client.force_login(editor)
    return client


@pytest.fixture
def world():
    return make_section(name="World")
