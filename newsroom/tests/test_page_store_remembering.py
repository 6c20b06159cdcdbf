"""Values that are kept until something they were made of has changed."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from newsroom.models import MenuItem, SiteSettings
from newsroom.page_store import (
    changes_at,
    changes_only,
    clock_of,
    kinds,
    may_lag,
    remembered,
    shows,
    watching,
)
from newsroom.page_store.store import store
from newsroom.page_store.watching import Watch

MENU = MenuItem._meta.db_table

pytestmark = [
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
    pytest.mark.usefixtures("pages", "clock"),
]


@pytest.fixture
def site():
    return SiteSettings.objects.get_or_create(pk=1, defaults={"name": "The Paper"})[0]


@pytest.fixture
def asked():
    return []


@pytest.fixture
def labels(asked):
    @remembered
    def labels(prefix=""):
        asked.append(prefix)
        return tuple(prefix + item.label for item in MenuItem.objects.order_by("pk"))

    return labels


@pytest.fixture
def clocks(monkeypatch):
    monkeypatch.setattr(watching, "clocks", {})


def add(site, label="Jobs"):
    return MenuItem.objects.create(site=site, label=label, address="/")


def page(draw):
    """The proof of what is drawn, and when it ends."""
    with watching.watching(Watch(store().generations.clock())) as watch:
        draw()
    return watch


def test_it_is_asked_once_for_each_argument_until_something_it_read_changes(site, labels, asked):
    add(site)
    for _ in range(2):
        assert labels() == ("Jobs",)
        assert labels("x") == labels(prefix="x") == ("xJobs",)
    assert asked == ["", "x", "x"]
    site.save()
    labels()
    assert len(asked) == 3
    add(site, "More")
    assert labels() == ("Jobs", "More")


def test_within_a_transaction_that_writes_it_is_asked_and_not_kept(site, labels, asked):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        add(site)
        assert labels() == labels() == ("Jobs",)
        raise ZeroDivisionError
    assert labels() == ()
    assert len(asked) == 3


def test_also_where_what_is_written_is_said_to_be_nothing_to_readers(site, labels):
    with pytest.raises(ZeroDivisionError), transaction.atomic(), changes_only():
        add(site)
        assert labels() == ("Jobs",)
        raise ZeroDivisionError
    assert labels() == ()


def test_a_page_depends_on_what_it_uses_also_when_that_is_not_asked_again(site, labels):
    labels()
    drawn = page(labels)
    assert MENU in drawn.depends_on()
    add(site)
    assert not store().generations.holds(drawn.proof())


def test_what_a_page_says_of_itself_is_not_said_of_what_it_uses(site, labels, monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", {})
    kinds.kind("names", written=[MENU], read=[MENU])

    def draw():
        shows("names:1")
        labels()

    assert {"names", "names:1"} <= page(draw).depends_on()


def test_what_writes_is_not_remembered(site):
    @remembered
    def writing():
        add(site)

    with pytest.raises(RuntimeError, match="must not write"):
        writing()


def test_a_clock_ends_all_that_reads_its_table(site, labels, asked, clock, clocks):
    moments = []

    def next_change():
        list(MenuItem.objects.all())
        moments.append(timezone.now())
        return timezone.now() + timedelta(minutes=5)

    clock_of(MENU, next_change)
    drawn = page(lambda: list(MenuItem.objects.all()))
    labels()
    assert drawn.ends == (timezone.now() + timedelta(minutes=5)).timestamp()
    clock.shift(299)
    labels()
    assert (len(asked), len(moments)) == (1, 1)
    clock.shift(1)
    labels()
    assert (len(asked), len(moments)) == (2, 2)


def test_a_clock_that_was_asked_too_late_leaves_nothing_kept(site, clock, clocks):
    """A moment may have come between the beginning of the page and the asking."""

    def next_change():
        list(MenuItem.objects.all())

    def draw():
        list(MenuItem.objects.all())
        clock.shift(1)

    clock_of(MENU, next_change)
    drawn = page(draw)
    assert drawn.ends == drawn.begun
    watching.wind_the_clocks()
    drawn = page(draw)
    assert drawn.ends == float("inf")


def test_a_moment_before_the_page_was_begun_is_none(clock):
    now = timezone.now()
    assert page(lambda: changes_at(now)).ends == float("inf")
    assert page(lambda: changes_at(None)).ends == float("inf")
    assert page(lambda: changes_at(now + timedelta(seconds=1))).ends == now.timestamp() + 1


def test_what_may_lag_is_not_depended_on_and_ends(site):
    def draw():
        with may_lag(minutes=10):
            list(MenuItem.objects.all())

    drawn = page(draw)
    assert drawn.depends_on() == set()
    assert drawn.ends == drawn.begun + 600


def test_where_the_database_is_away_nothing_is_kept(site, clocks, monkeypatch):
    def next_change():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM nowhere")

    clock_of(MENU, next_change)
    drawn = page(lambda: list(MenuItem.objects.all()))
    assert drawn.ends == drawn.begun
