"""How wires come in: each version once, whoever brings it."""

import pytest

from articles.importers.errors import Refused
from articles.importers.wire.document import WireDocument
from articles.models import WireEvent, WireItem, WireVersion
from articles.tests.wire_desk import bring, stream
from articles.wire.receiving import Outcome, receive
from newsroom.tests.at_once import in_threads

pytestmark = pytest.mark.django_db
__all__ = ["in_threads"]


def document(version=1, **fields):
    given = {"format": "ninjs", "guid": "u", "headline": "Bridge closed", "body": "<p>Closed.</p>"}
    return WireDocument(**given | fields, version=version)


def outcome(version, original=b"x", **fields):
    return receive(document(version, **fields), stream=stream(), original=original).outcome


def test_a_higher_version_is_the_newest_and_versions_may_jump():
    assert outcome(1) == Outcome.NEW
    assert outcome(7, headline="Bridge open", urgency=1) == Outcome.UPDATED
    item = WireItem.objects.get()
    assert (item.version, item.headline, item.urgency) == (7, "Bridge open", 1)
    assert item.newest is not None and item.newest.number == 7
    assert item.versions.count() == 2


@pytest.mark.parametrize("version", [1, 2])
def test_the_same_and_older_versions_are_ignored_and_told_once(version, caplog):
    outcome(2)
    with caplog.at_level("INFO"):
        for number in range(3):
            assert outcome(version, original=b"other %d" % number) == Outcome.IGNORED
    assert WireVersion.objects.count() == 1
    assert WireEvent.objects.filter(kind="ignored").count() == 1
    assert "Ignored" in caplog.text


def test_what_a_feed_says_again_each_minute_is_no_news():
    outcome(1)
    for _ in range(3):
        outcome(1)
    assert [event.kind for event in WireEvent.objects.all()] == ["received"]


def test_the_original_bytes_stay_as_they_came():
    receive(document(), stream=stream(), original=b"\x00\xff<wire/>", name="w.xml")
    version = WireVersion.objects.get()
    assert bytes(version.original) == b"\x00\xff<wire/>"
    assert (version.original_name, len(version.digest)) == ("w.xml", 64)


def test_who_names_no_provider_is_its_source():
    outcome(1)
    assert WireItem.objects.get().provider == stream().source.name


def test_providers_may_use_the_same_identifier():
    outcome(1, provider="A")
    assert outcome(1, provider="B") == Outcome.NEW


def test_what_is_not_for_readers_stands_apart_and_the_text_is_clean():
    item = bring(
        body="<p>a<script>x()</script></p>", kept_back=("Tel: 1",), advisory=("UPDATES", "more")
    )
    assert item.newest is not None
    assert (item.newest.body, item.newest.kept_back) == ("<p>a</p>", "Tel: 1")
    assert item.newest.advisory == "UPDATES\nmore"


def test_a_text_that_is_too_long_is_refused_and_nothing_is_kept():
    with pytest.raises(Refused, match="100,000"):
        outcome(1, body="<p>" + "x" * 100_001 + "</p>")
    assert not WireItem.objects.exists()


def test_a_kill_without_a_headline_keeps_the_one_before():
    outcome(1)
    outcome(2, headline="", body="")
    assert WireItem.objects.get().headline == "Bridge closed"


def test_wires_of_one_day_with_nearly_the_same_headline_are_of_one_group():
    first = bring(headline="Storm barrier closes for first time in six years", provider="A")
    second = bring(headline="Storm barrier closes for the first time in six years", provider="B")
    other = bring(headline="Council meets about the budget of the town", provider="A")
    assert first.group == second.group != other.group


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_workers_that_read_the_same_document_keep_it_once(in_threads):
    wire = stream()

    def work():
        return receive(document(3), stream=wire, original=b"x").outcome

    assert sorted(each.value for each in in_threads(work, work)) == ["ignored", "new"]
    assert in_threads(WireItem.objects.count, WireVersion.objects.count) == [1, 1]
