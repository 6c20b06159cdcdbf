"""Many readers post at once, on SQLite and two processes that answer: nothing is lost."""

import random
from collections.abc import Iterator

import pytest

from bench.posting import SET_UP, figures, form_of, lost_replies, post, post_at_once
from tests.running import Running, running
from tests.soak import SEED, size

pytestmark = [pytest.mark.sqlite_only, pytest.mark.soak]

READERS = size(40, 200)


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("posted-to")
    with running(folder, NEWSROOM_DEMO="0", WORKERS="2") as started:
        started.run(SET_UP)
        yield started


def test_what_many_readers_post_at_once_is_all_in_the_database(newsroom: Running) -> None:
    posted = post_at_once(newsroom, READERS, random.Random(SEED))
    print(figures(posted))
    assert {each.status for each in posted} == {303}
    assert lost_replies(newsroom, posted) == []
    assert "OperationalError" not in newsroom.printed


def test_a_flood_from_one_network_is_refused_with_the_text_kept(newsroom: Running) -> None:
    limit = "from comments.models import Policy; Policy.objects.update(most_posts_a_minute={})"
    newsroom.run(limit.format(1))
    try:
        fields = form_of(newsroom) | {"author": "Flood", "email": "flood@example.org"}
        answers = [post(newsroom, fields | {"comment": f"Flood {n} & co."}) for n in range(3)]
    finally:
        newsroom.run(limit.format(0))
    assert {each.status for each in answers[1:]} == {429}
    assert all("Flood 2 &amp; co.</textarea>" in each.page for each in answers[2:])
