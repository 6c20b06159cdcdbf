import pytest

from newsroom.tests.factories import make_staff


@pytest.fixture
def editor():
    return make_staff("Editors")


@pytest.fixture
def desk(client, editor):
    """A browser with an editor at it."""
    client.force_login(editor)
    return client
