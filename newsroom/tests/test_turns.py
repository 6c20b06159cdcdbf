"""The threads that answer, apart from any request; see also tests/test_gateway.py."""

import threading

import pytest

from newsroom import turns
from newsroom.turns import Full, Turns

pytestmark = pytest.mark.sqlite_only
SOON = 10.0


@pytest.fixture(autouse=True)
def ends_soon(monkeypatch):
    monkeypatch.setattr(turns, "IDLE_SECONDS", 0.2)


class Held:
    """A job that lasts until it is let go, and notes which thread did it."""

    def __init__(self, before=lambda: None):
        self.has_begun, self.may_end = threading.Event(), threading.Event()
        self.before = before
        self.thread: threading.Thread | None = None

    def __call__(self):
        self.thread = threading.current_thread()
        self.before()
        self.has_begun.set()
        assert self.may_end.wait(SOON)


def test_as_many_jobs_are_done_at_a_time_as_there_are_permits_in_their_order():
    few, jobs = Turns(1), [Held() for _ in range(3)]
    for job in jobs:
        few.do(job)
    for number, job in enumerate(jobs):
        assert job.has_begun.wait(SOON)
        assert not any(later.has_begun.is_set() for later in jobs[number + 1 :])
        job.may_end.set()
    assert few.join(SOON)


def test_one_thread_does_what_comes_one_after_another():
    few, jobs = Turns(1), [Held() for _ in range(5)]
    for job in jobs:
        job.may_end.set()
        few.do(job)
        assert few.join(SOON)
    assert len({job.thread for job in jobs}) == 1


def test_whoever_waits_hands_its_permit_on_once():
    few, waits, works, later = Turns(1), Held(), Held(), Held()

    def wait_twice():
        turns.waiting()
        turns.waiting()

    waits.before = wait_twice
    for job in (waits, works, later):
        few.do(job)
    assert works.has_begun.wait(SOON)
    assert not later.has_begun.is_set()
    for job in (waits, works, later):
        job.may_end.set()
    assert few.join(SOON)
    assert few.permits == 1


def test_no_more_threads_are_made_than_may_be_even_if_all_of_them_wait():
    few, jobs = Turns(1), [Held(turns.waiting) for _ in range(turns.MOST_WAITING + 2)]
    for job in jobs:
        few.do(job)
    assert all(job.has_begun.wait(SOON) for job in jobs[:-1])
    assert not jobs[-1].has_begun.is_set()
    for job in jobs:
        job.may_end.set()
    assert few.join(SOON)


def test_one_that_is_busy_with_a_client_leaves_its_place_to_another():
    few, jobs = Turns(1), [Held(turns.leave) for _ in range(turns.MOST_WAITING + 2)]
    for job in jobs:
        few.do(job)
    assert all(job.has_begun.wait(SOON) for job in jobs)
    for job in jobs:
        job.may_end.set()
    assert few.join(SOON)
    assert (few.permits, few.threads) == (1, 0)


def test_too_much_that_waits_is_refused():
    few, first, second = Turns(1, most_waiting=1), Held(), Held()
    few.do(first)
    few.do(second)
    with pytest.raises(Full):
        few.do(Held())
    first.may_end.set()
    second.may_end.set()
    assert few.join(SOON)


def fail():
    raise ValueError


def test_a_job_that_fails_takes_no_permit_with_it(caplog):
    few, after = Turns(1), Held()
    few.do(fail)
    after.may_end.set()
    few.do(after)
    assert few.join(SOON)
    assert few.permits == 1
    assert "A request was not answered." in caplog.text


def test_threads_that_nobody_needs_end_and_others_follow():
    few, jobs = Turns(3), [Held() for _ in range(3)]
    for job in jobs:
        few.do(job)
    assert all(job.has_begun.wait(SOON) for job in jobs)
    for job in jobs:
        job.may_end.set()
    for job in jobs:
        assert job.thread
        job.thread.join(SOON)
    assert few.threads == 0
    later = Held()
    later.may_end.set()
    few.do(later)
    assert few.join(SOON)


def test_waiting_does_nothing_elsewhere():
    turns.waiting()
    turns.leave()
