"""Queries that are written once: each call gives what a new queryset would."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.db.models import CharField
from django.utils import timezone

from newsroom.models import MenuItem, PeriodicJob, SiteSettings
from newsroom.prepared import Given, GivenKeys, Prepared, PreparedPart, now
from newsroom.tests.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

named = Prepared(lambda: PeriodicJob.objects.filter(name=Given("name", CharField())))
due = Prepared(lambda: PeriodicJob.objects.filter(next_at__lte=now()).order_by("next_at", "pk"))
among = Prepared(
    lambda: (
        PeriodicJob.objects.filter(pk__in=GivenKeys("pks"), next_at__lte=now())
        .order_by("pk")
        .values_list("name", "next_at")
    )
)


def make_jobs(number):
    return [
        PeriodicJob.objects.create(name=f"job {n}", next_at=NOON + timedelta(hours=n))
        for n in range(number)
    ]


def test_each_call_is_answered_for_what_it_gives(django_assert_num_queries):
    jobs = make_jobs(3)
    with django_assert_num_queries(3):
        assert [named.first(name=job.name) for job in jobs] == jobs
    assert named(name="no job") == [] and named.first(name="no job") is None
    assert [job.next_at for job in named(name="job 1")] == [NOON + timedelta(hours=1)]
    with pytest.raises(KeyError):
        named()


def test_the_clock_is_read_at_each_call(clock):
    first, second, third = make_jobs(3)
    assert due() == [first]
    clock.shift(timedelta(hours=1))
    assert due() == [first, second]
    assert due(now=NOON + timedelta(hours=2)) == [first, second, third]
    assert now() == timezone.now()


def test_any_number_of_keys_is_asked_for_and_a_part_of_the_answer(clock):
    jobs = make_jobs(5)
    clock.shift(timedelta(hours=9))
    for number in (0, 1, 3, 5):
        wanted = [job.pk for job in jobs[:number]]
        assert among(pks=wanted) == [(job.name, job.next_at) for job in jobs[:number]]
    pks = [job.pk for job in jobs]
    assert [name for name, _ in among(pks=pks, limit=2, skip=1)] == ["job 1", "job 2"]


def test_a_model_comes_with_its_relations_and_without_what_is_deferred(django_assert_num_queries):
    site, _ = SiteSettings.objects.get_or_create(pk=1, defaults={"name": "The Paper"})
    item = MenuItem.objects.create(site=site, label="About", address="/about/")
    links = MenuItem.objects.select_related("site").defer("address")
    labelled = Prepared(lambda: links.filter(label=Given("label", CharField())))
    with django_assert_num_queries(1):
        (found,) = labelled(label="About")
        assert (found, found.site, found.site.name) == (item, site, site.name)
    assert found.get_deferred_fields() == {"address"}
    with django_assert_num_queries(1):
        assert found.address == "/about/"
    found.label = "Us"
    found.save()
    assert MenuItem.objects.get().label == "Us"


def test_a_part_of_a_longer_query_is_given_its_values():
    part = PreparedPart(lambda: PeriodicJob.objects.filter(next_at__lte=now(), pk=Given("pk")))
    assert part.sql.count("%s") == 2
    first, second = part.params(pk=7), part.params(pk=8, now=NOON)
    assert first[1] == 7 and second == [first[0], 8]


def test_a_moment_that_is_written_into_a_query_is_refused():
    """It would be asked about for ever."""
    frozen = Prepared(lambda: PeriodicJob.objects.filter(next_at__lte=timezone.now()))
    with pytest.raises(ValueError, match="same moment for ever"):
        frozen()


@pytest.mark.sqlite_only
def test_a_query_goes_along_the_index_that_it_is_told():
    """And says so where that index can't serve it."""
    make_jobs(2)
    jobs = PeriodicJob.objects.order_by("pk").values_list("pk", flat=True)
    index = "newsroom_periodicjob_of_tests"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE INDEX {index} ON {PeriodicJob._meta.db_table} (name, id)")
    told = Prepared(lambda: jobs.filter(name=Given("name", CharField())), along=index)
    part = PreparedPart(lambda: jobs.filter(name="job 1"), along=index)
    assert told(name="job 1") == list(jobs.filter(name="job 1"))
    assert f' INDEXED BY "{index}" WHERE' in part.sql
    with connection.cursor() as cursor, pytest.raises(OperationalError):
        cursor.execute(PreparedPart(lambda: jobs, along="no_index").sql)
