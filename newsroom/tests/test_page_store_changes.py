"""What is written is noticed, whoever writes it and however, and told when it is committed."""

import threading

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from newsroom.models import MenuItem, SignOfLife, SiteSettings
from newsroom.page_store import changes, changes_only, kinds, shows
from newsroom.page_store.generations import EVERYTHING, StoreAway, slots_of
from newsroom.page_store.store import store
from newsroom.page_store.watching import Watch, watching

MENU, SITE = MenuItem._meta.db_table, SiteSettings._meta.db_table

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("pages"),
]


@pytest.fixture
def site():
    return SiteSettings.objects.get_or_create(pk=1, defaults={"name": "The Paper"})[0]


@pytest.fixture
def told(monkeypatch):
    """What was told of, a set of slots each time."""
    table, told = store().generations, []
    mark = table.mark

    def telling(slots):
        told.append(set(slots))
        return mark(slots)

    monkeypatch.setattr(table, "mark", telling)
    return told


def slots(*tags):
    return set(slots_of(tags))


def holds_through(change):
    """Whether a page that shows the menu still holds after it."""
    generations = store().generations
    with watching(Watch(generations.clock())) as watch:
        list(MenuItem.objects.all())
    proof = watch.proof()
    assert generations.holds(proof)
    change()
    return generations.holds(proof)


def add(site, **fields):
    return MenuItem.objects.create(site=site, label="Jobs", address="/jobs/", **fields)


def test_every_way_to_write_is_noticed(site):
    row = add(site)
    with connection.cursor() as cursor:
        raw = cursor.execute
        for change in (
            lambda: add(site),
            row.save,
            lambda: MenuItem.objects.update(position=3),
            lambda: MenuItem.objects.filter(pk=row.pk).update(position=4),
            lambda: MenuItem.objects.bulk_create([MenuItem(site=site, label="x", address="/")]),
            lambda: MenuItem.objects.bulk_update([row], ["label"]),
            lambda: MenuItem.objects.get_or_create(site=site, label="y", address="/"),
            lambda: raw(f"UPDATE {MENU} SET position = 5"),
            lambda: raw(f'UPDATE "{MENU}" SET position = 5 RETURNING label') and cursor.fetchall(),
            lambda: cursor.executemany(f"UPDATE {MENU} SET position = %s", [[6], [7]]),
            lambda: raw(f"DELETE FROM {MENU} WHERE position = 99"),
            row.delete,
        ):
            assert not holds_through(change)


def test_reading_tells_of_nothing(told, site):
    told.clear()
    list(MenuItem.objects.select_for_update(of=()).none())
    with transaction.atomic():
        list(MenuItem.objects.select_for_update())
    MenuItem.objects.exists()
    list(MenuItem.objects.order_by().union(MenuItem.objects.order_by()))
    MenuItem.objects.explain()
    assert told == []


def test_a_transaction_tells_of_all_that_it_wrote_once_and_at_its_end(told, site):
    told.clear()
    with transaction.atomic():
        add(site)
        add(site)
        with transaction.atomic():
            site.save()
        assert told == []
    assert told == [slots(MENU, SITE)]


def test_what_is_rolled_back_is_not_told_but_a_savepoint_may_be(told, site):
    told.clear()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        add(site)
        raise ZeroDivisionError
    assert told == []
    with transaction.atomic():
        site.save()
        with pytest.raises(IntegrityError), transaction.atomic():
            MenuItem.objects.create(site=site, label="x", pk=add(site).pk, address="/")
    assert told == [slots(MENU, SITE)]


def test_a_commit_that_is_refused_where_it_may_not_be_loses_nothing(told, site):
    told.clear()
    with transaction.atomic():
        add(site)
        for forbidden in (connection.commit, connection.rollback):
            with pytest.raises(transaction.TransactionManagementError):
                forbidden()
    assert told == [slots(MENU)]


def test_transactions_by_hand_are_noticed(told, site):
    told.clear()
    transaction.set_autocommit(False)
    try:
        add(site)
        assert told == []
        transaction.commit()
        assert told == [slots(MENU)]
        add(site)
        transaction.rollback()
    finally:
        transaction.set_autocommit(True)
    assert told == [slots(MENU)]


def test_a_change_that_cannot_be_told_is_not_made(site, monkeypatch):
    def away(slots):
        raise StoreAway("full")

    monkeypatch.setattr(store().generations, "mark", away)
    for attempt in (lambda: add(site), transaction.atomic(lambda: add(site))):
        with pytest.raises(StoreAway, match="full"):
            attempt()
    monkeypatch.undo()
    assert not connection.in_atomic_block
    assert connection.get_autocommit()
    assert MenuItem.objects.count() == 0


def test_a_lone_statement_that_gives_rows_is_committed_when_it_has_been_told(site):
    """SQLite commits such a one after its last row was fetched."""
    seen = []

    def look():
        seen.append(MenuItem.objects.count())
        connection.close()

    with connection.cursor() as cursor:
        columns = "(site_id, label, address, position)"
        cursor.execute(f"INSERT INTO {MENU} {columns} VALUES (1, 'x', '/', 0) RETURNING id, label")
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
        assert cursor.fetchone()[1] == "x"
        assert cursor.fetchone() is None
        cursor.execute(f"UPDATE {MENU} SET position = 1 RETURNING label")
        assert cursor.fetchall() == [("x",)]
        assert cursor.fetchall() == []
        cursor.execute(f"UPDATE {MENU} SET position = 1 RETURNING label")
        assert [*cursor] == [("x",)]
        cursor.execute(f"UPDATE {MENU} SET position = 1 RETURNING label")
        assert [tuple(row) for row in cursor.fetchmany(5)] == [("x",)]
        cursor.execute(f"SELECT label FROM {MENU}")
        assert cursor.fetchone() == ("x",)
    assert seen == [1]


def test_what_waits_for_the_commit_finds_it_told(site):
    generations, found = store().generations, []

    def look():
        with watching(Watch(generations.clock())) as watch:
            list(MenuItem.objects.all())
        found.append(generations.holds(watch.proof()))

    with transaction.atomic():
        add(site)
        transaction.on_commit(look)
    assert found == [True]


def test_while_it_is_being_committed_nothing_holds(site, monkeypatch):
    generations, found = store().generations, []
    commit = changes.NoticesChanges._through

    def through(self, end):
        def and_look():
            with watching(Watch(generations.clock())) as watch:
                watch.tables.add(MENU)
            found.append(generations.holds(watch.proof()))
            end()
            found.append(generations.holds(watch.proof()))

        commit(self, and_look)

    with transaction.atomic():
        add(site)
        monkeypatch.setattr(changes.NoticesChanges, "_through", through)
    assert found[:2] == [False, False]


# --- Saying less ------------------------------------------------------------------------------


@pytest.fixture
def names(monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", {})
    kinds.kind("names", written=[MENU], read=[MENU])


def test_what_no_reader_sees_is_not_told(told, site, names):
    told.clear()
    with changes_only():
        add(site)
        with transaction.atomic():
            site.save()
    assert told == []
    add(site)
    assert told == [slots(MENU)]


def test_only_those_are_drawn_anew_that_show_what_is_named(site, names):
    def page(*tags):
        with watching(Watch(store().generations.clock())) as watch:
            list(MenuItem.objects.all())
            shows(*tags)
        return watch.proof()

    first, second, all_of_them = page("names:1"), page("names:2"), page()
    with changes_only("names:1"):
        add(site)
    holds = store().generations.holds
    assert [holds(each) for each in (first, second, all_of_them)] == [False, True, False]
    second, all_of_them = page("names:2"), page()
    add(site)
    assert [holds(each) for each in (second, all_of_them)] == [False, False]


def test_other_tables_are_told_of_in_full(told, site, names):
    told.clear()
    with changes_only("names:1"), transaction.atomic():
        add(site)
        site.save()
    assert told == [slots("names:1", "names", SITE)]


def test_what_comes_after_the_commit_is_not_meant(told, site, names):
    told.clear()
    with changes_only(), transaction.atomic():
        add(site)
        transaction.on_commit(lambda: add(site))
    assert told == [slots(MENU)]


def test_another_thread_is_not_meant(told, site, names):
    def write():
        add(site)
        connection.close()

    told.clear()
    with changes_only():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    assert told == [slots(MENU)]


def test_a_kind_that_nobody_knows_is_refused(site, names):
    with pytest.raises(KeyError), changes_only("nonsense:1"):
        add(site)


def test_more_than_a_thousand_tags_are_told_as_everything(told, site, names):
    told.clear()
    with transaction.atomic(), changes_only(*(f"names:{number}" for number in range(1200))):
        add(site)
    assert told == [{EVERYTHING}]


def test_what_is_never_shown_is_never_told(told):
    told.clear()
    SignOfLife.objects.all().delete()
    assert told == []
