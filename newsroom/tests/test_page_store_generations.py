"""The proof that a stored page is still right: marks before commits, numbers after them."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from newsroom.page_store import generations, shared_table
from newsroom.page_store.generations import EVERYTHING, Proof, StoreAway, slots_of
from newsroom.page_store.shared_table import SETTLED, SharedTable

ARTICLES, REPLIES = slots_of(["articles"]), slots_of(["replies"])


@pytest.fixture
def table(tmp_path):
    return SharedTable(tmp_path)


def proof_of(table, *slots):
    return Proof(table.clock(), (EVERYTHING, *slots))


def change(table, slots=ARTICLES):
    table.release(table.mark(slots))


def test_what_was_drawn_holds_until_what_it_shows_has_changed(table):
    page, other = proof_of(table, *ARTICLES), proof_of(table, *REPLIES)
    assert table.holds(page)
    change(table)
    assert not table.holds(page)
    assert table.holds(other)
    assert table.holds(proof_of(table, *ARTICLES))


def test_nothing_holds_between_the_mark_and_the_release(table):
    before = proof_of(table, *ARTICLES)
    mark = table.mark(ARTICLES)
    during = proof_of(table, *ARTICLES)
    assert not table.holds(before)
    assert not table.holds(during)
    table.release(mark)
    assert not table.holds(during)


def test_a_slot_stays_marked_while_somebody_else_is_about_to_change_it(table):
    first, second = table.mark(ARTICLES), table.mark(ARTICLES)
    table.release(first)
    assert not table.holds(proof_of(table, *ARTICLES))
    table.release(second)
    assert table.holds(proof_of(table, *ARTICLES))


def test_a_change_elsewhere_meanwhile_is_no_excuse(table):
    """The clock of changes has moved on, past the page's beginning, before its own change came."""
    mark = table.mark(ARTICLES)
    change(table, REPLIES)
    page = proof_of(table, *ARTICLES)
    table.release(mark)
    assert not table.holds(page)


def test_processes_hear_of_each_other_at_once(tmp_path, table):
    other = SharedTable(tmp_path)
    page = proof_of(other, *ARTICLES)
    assert other.holds(page)
    mark = table.mark(ARTICLES)
    assert not other.holds(page)
    table.release(mark)
    assert not other.holds(page)
    assert other.holds(proof_of(other, *ARTICLES))


def test_everything_can_be_forgotten_at_once(table):
    pages = [proof_of(table, *ARTICLES), proof_of(table)]
    assert all(map(table.holds, pages))
    table.forget_all()
    assert not any(map(table.holds, pages))
    assert table.holds(proof_of(table, *ARTICLES))


def test_everything_can_be_changed_by_one_slot(table):
    page = proof_of(table, *ARTICLES)
    change(table, (EVERYTHING,))
    assert not table.holds(page)


def test_no_tag_has_the_slot_of_everything(monkeypatch):
    monkeypatch.setattr(generations, "crc32", lambda word: 0)
    assert EVERYTHING not in slots_of([f"never asked {os.urandom(4).hex()}"])


def test_what_the_table_before_this_one_proved_does_not_hold(tmp_path, monkeypatch):
    """Also where the clock was set back meanwhile."""
    old = SharedTable(tmp_path / "old")
    page = proof_of(old, *ARTICLES)
    past = time.time_ns() - 10**12
    monkeypatch.setattr(time, "time_ns", lambda: past)
    assert not SharedTable(tmp_path / "new").holds(page)
    monkeypatch.setattr(time, "time_ns", lambda: past + 10**13)
    assert not SharedTable(tmp_path / "newer").holds(page)


def test_nothing_outlives_a_start_of_the_machine(tmp_path, table, monkeypatch):
    page = proof_of(table, *ARTICLES)
    monkeypatch.setattr(shared_table, "boot_mark", lambda: 7)
    assert not SharedTable(tmp_path).holds(page)


def test_processes_find_each_other_again_when_the_file_is_deleted(tmp_path, table):
    other = SharedTable(tmp_path)
    page = proof_of(table, *ARTICLES)
    (tmp_path / "generations").unlink()
    assert not table.holds(page)
    page = proof_of(other, *ARTICLES)
    assert table.holds(page)
    change(table)
    assert not other.holds(page)


def test_a_change_is_told_though_the_file_was_deleted_during_its_commit(tmp_path, table):
    other = SharedTable(tmp_path)
    mark = table.mark(ARTICLES)
    (tmp_path / "generations").unlink()
    page = proof_of(other, *ARTICLES)  # of what is not committed yet
    assert other.holds(page)
    table.release(mark)
    assert not other.holds(page)
    assert other.holds(proof_of(other, *ARTICLES))


def test_a_mark_in_a_deleted_file_takes_no_mark_of_another_out_of_the_new_one(tmp_path, table):
    other = SharedTable(tmp_path)
    mine = table.mark(ARTICLES)
    (tmp_path / "generations").unlink()
    theirs = other.mark(REPLIES)
    table.release(mine)
    assert not other.holds(proof_of(other, *REPLIES))
    other.release(theirs)
    assert other.holds(proof_of(other, *REPLIES))


def test_a_change_that_cannot_be_told_is_refused(tmp_path, table, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(table.owners, "mine", full)
    with pytest.raises(StoreAway, match="No space left on device"):
        table.mark(ARTICLES)


def test_more_marks_than_there_is_room_for_are_refused_and_leave_none(table):
    most = shared_table.ROWS
    with pytest.raises(StoreAway, match="too many changes"):
        table.mark([generations.Slot(number) for number in range(1, most + 2)])
    assert table.holds(proof_of(table, *ARTICLES))
    table.release(table.mark([generations.Slot(number) for number in range(1, most + 1)]))
    assert table.holds(proof_of(table, *ARTICLES))


def test_threads_may_change_what_they_like_at_once(table):
    def work(number):
        for _ in range(50):
            change(table, slots_of([f"tag {number % 3}"]))

    page = proof_of(table, *slots_of(["tag 0"]))
    threads = [threading.Thread(target=work, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not table.holds(page)
    assert table.holds(proof_of(table, *slots_of(["tag 0", "tag 1", "tag 2"])))


# --- Processes that die, and processes that are made ------------------------------------------

MARKS_AND_WAITS = """
import sys, time
from pathlib import Path
from newsroom.page_store.generations import slots_of
from newsroom.page_store.shared_table import SharedTable
table = SharedTable(Path(sys.argv[1]))
table.mark(slots_of(["articles"]))
print("marked", flush=True)
time.sleep(60)
"""


@pytest.fixture
def process(tmp_path):
    """Another one, which has marked the articles."""
    process = subprocess.Popen(
        [sys.executable, "-c", MARKS_AND_WAITS, str(tmp_path)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout and process.stdout.readline() == "marked\n"
    yield process
    process.kill()
    process.communicate()


def later(monkeypatch, seconds):
    now = time.monotonic() + seconds
    monkeypatch.setattr(time, "monotonic", lambda: now)


def test_the_mark_of_a_killed_process_ends_when_its_commit_is_settled(table, process, monkeypatch):
    page = proof_of(table, *ARTICLES)
    process.kill()
    process.wait()
    assert not table.holds(page)
    later(monkeypatch, SETTLED - 2)
    assert not table.holds(proof_of(table, *ARTICLES))
    later(monkeypatch, SETTLED + 5)
    assert not table.holds(page), "which is the one that looks"
    assert not table.holds(page), "and it has changed"
    assert table.holds(proof_of(table, *ARTICLES))


def test_the_mark_of_a_slow_process_stays(table, process, monkeypatch):
    later(monkeypatch, 3600)
    assert not table.holds(proof_of(table, *ARTICLES))
    later(monkeypatch, 7200)
    assert not table.holds(proof_of(table, *ARTICLES))


def test_a_process_that_gets_the_number_of_a_dead_one_does_not_keep_its_marks(
    tmp_path, process, monkeypatch
):
    process.kill()
    process.wait()
    heir = SharedTable(tmp_path)
    change(heir, REPLIES)
    assert heir.owners.number == 1
    later(monkeypatch, SETTLED + 5)
    heir.holds(proof_of(heir, *ARTICLES))
    assert heir.holds(proof_of(heir, *ARTICLES))


def test_a_child_tells_and_hears_of_changes_and_is_another_process(table):
    """Its parent has taken a number, which ends with the parent though the child lives on."""
    mark = table.mark(REPLIES)
    page = proof_of(table, *ARTICLES)
    child = os.fork()
    if child == 0:
        change(table)
        is_another = table.owners.number == 2
        is_seen = not table.holds(proof_of(table, *REPLIES))
        os._exit(0 if is_another and is_seen else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert not table.holds(page)
    assert not table.holds(proof_of(table, *REPLIES)), "the child has not released it"
    table.release(mark)
    assert table.holds(proof_of(table, *REPLIES))
