"""What nobody took is not kept for ever."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import WireItem, WireVersion
from articles.tasks import forget_wires
from articles.tests.wire_desk import bring
from articles.wire.forgetting import forget_due
from articles.wire.receiving import Outcome
from articles.wire.taking import leave, take
from newsroom.tests.factories import make_staff

pytestmark = pytest.mark.django_db


def aged(item, days):
    WireItem.objects.filter(pk=item.pk).update(received_at=timezone.now() - timedelta(days=days))
    return item


def test_the_text_of_what_nobody_took_goes_after_its_time(settings):
    settings.WIRE_DAYS = 30
    old, young = aged(bring(headline="Old wire of May"), 31), aged(bring(), 29)
    left = bring(headline="Left long ago")
    leave(left, by=make_staff())
    aged(left, 40)
    assert forget_due() == 2
    assert set(WireVersion.objects.values_list("item", flat=True)) == {young.pk}
    old.refresh_from_db()
    assert (old.is_forgotten, old.newest, old.search_text, old.version) == (True, None, "", 1)
    forget_wires.call()
    assert WireItem.objects.count() == 3


def test_what_was_taken_is_kept(settings):
    settings.WIRE_DAYS = 1
    item = bring()
    take(item, by=make_staff())
    aged(item, 400)
    assert forget_due() == 0
    assert WireVersion.objects.exists()


def test_a_repeat_of_what_is_forgotten_is_known_and_a_newer_version_is_new(settings):
    settings.WIRE_DAYS = 1
    item = aged(bring(version=3), 2)
    forget_due()
    again = bring(guid=item.guid, provider=item.provider, version=3)
    assert again.is_forgotten and again.newest is None
    newer = bring(guid=item.guid, provider=item.provider, version=4)
    assert newer.is_new and newer.newest is not None and newer.newest.number == 4
    assert Outcome.IGNORED.value in {event.kind for event in newer.events.all()}
