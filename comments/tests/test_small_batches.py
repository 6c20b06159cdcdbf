"""Few replies decided at once: by the request that confirms it."""

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.tests.factories import make_staff
from comments import batches, models
from comments.models import Batch
from comments.models.batch import PATIENCE
from comments.tests.factories import make_comment
from comments.tests.test_batches_desk import BATCHES, ask, fields, states

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def moderator(client):
    user = make_staff("Moderators")
    client.force_login(user)
    return user


def test_a_small_batch_is_decided_when_the_answer_comes_and_taken_back_so(client, moderator):
    made = [make_comment().pk for _ in range(3)]
    response = ask(client, decision="approve")
    client.post(BATCHES, fields(response))
    batch = Batch.objects.get()
    assert (batch.state, batch.decided) == ("done", 3)
    assert states() == dict.fromkeys(made, "approved")
    client.post(f"{BATCHES}{batch.pk}/undo/")
    assert states() == dict.fromkeys(made, "held")
    assert not DBTaskResult.objects.filter(task_path__endswith="work_on_batch").exists()


def test_what_can_not_be_decided_at_once_is_left_to_the_worker(client, moderator, monkeypatch):
    comment = make_comment()

    def locked(number):
        raise OperationalError("database is locked")

    monkeypatch.setattr(batches, "_do_next", locked)
    response = ask(client)
    assert client.post(BATCHES, fields(response)).status_code == 302
    assert states() == {comment.pk: "held"}
    monkeypatch.undo()
    Batch.objects.update(moved_at=timezone.now() - PATIENCE)
    assert batches.take_up_again() == 1
    batches.work(Batch.objects.get().pk)
    assert states() == {comment.pk: "spam"}


def test_a_large_batch_is_the_workers(client, moderator, monkeypatch):
    monkeypatch.setattr(models.batch, "SMALL", 0)
    comment = make_comment()
    client.post(BATCHES, fields(ask(client)))
    assert states() == {comment.pk: "held"}
    assert DBTaskResult.objects.filter(task_path__endswith="work_on_batch").count() == 1
