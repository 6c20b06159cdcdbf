"""What a wire gives to the piece that is made of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.importers.wire.document import PubStatus, Subject
from articles.models import Article, Author, MediaTopic, WireItem
from articles.tests.factories import make_author, make_draft, make_topic
from articles.tests.wire_desk import bring, stream
from articles.wire.embargo import decide_embargo
from articles.wire.taking import leave, put_back, take
from newsroom.tests.factories import make_staff

pytestmark = pytest.mark.django_db


def taken(**fields):
    return take(bring(**fields), by=make_staff())


def test_a_draft_has_all_that_the_wire_gives():
    topic = make_topic("Transport")
    MediaTopic.objects.filter(code="20000209").update(topic=topic)
    piece = taken(
        headline="Bridge closed",
        standfirst="Cracks.",
        dateline="HARWICK",
        byline="By Ada Quist and Lene Aust in Harwick",
        credit="© Coast Agency",
        body="<p>The bridge.</p>",
        language="en_GB",
        address="https://coast.example/bridge",
        advisory=("UPDATES",),
        kept_back=("Tel: 1",),
        rights="All rights",
        usage_terms="Online only",
        subjects=(Subject("medtop:20000209"),),
    )
    assert (piece.status, piece.section, piece.source) == (
        "draft",
        stream().section,
        stream().source,
    )
    assert (piece.headline, piece.standfirst, piece.dateline) == (
        "Bridge closed",
        "Cracks.",
        "HARWICK",
    )
    assert [each.author.name for each in piece.bylines.all()] == ["Ada Quist", "Lene Aust"]
    assert (piece.credit_line, piece.language, piece.slug) == (
        "© Coast Agency",
        "en-GB",
        "bridge-closed",
    )
    assert (piece.source_url, piece.indexing) == ("https://coast.example/bridge", "")
    assert list(piece.topics.all()) == [topic]
    for words in ("UPDATES", "Tel: 1", "All rights", "Online only"):
        assert words in piece.desk_notes
        assert words not in piece.body
    assert piece.revisions.count() == 1


def test_the_source_says_what_search_engines_are_told():
    piece = taken(address="https://coast.example/bridge")
    source = stream().source
    source.indexing = "canonical"
    source.save()
    assert Article.objects.get(pk=piece.pk).canonical_url == "https://coast.example/bridge"


def test_people_who_are_known_are_named_and_the_agency_is_no_person():
    known = make_author("Ada Quist")
    piece = taken(byline="ada quist, Harbour News", provider="Harbour News")
    assert [each.author for each in piece.bylines.all()] == [known]
    assert Author.objects.count() == 1


def test_long_words_are_cut_and_addresses_are_free():
    make_draft(slug="bridge-closed")
    assert taken(headline="Bridge closed").slug == "bridge-closed-2"
    long = taken(headline="word " * 60, standfirst="s" * 900, dateline="d" * 150)
    assert len(long.headline) <= 160 and len(long.standfirst) <= 400 and len(long.dateline) <= 60
    assert taken(headline="日本の見出し").slug.startswith("wire-")


@pytest.mark.parametrize("address", ["javascript:alert(1)", "x", "ftp://a.example/"])
def test_what_is_no_address_on_the_web_is_left_out(address):
    assert taken(address=address).source_url == ""


def test_whoever_takes_it_second_gets_the_same_piece():
    item = bring()
    first = take(item, by=make_staff())
    assert take(WireItem.objects.get(pk=item.pk), by=make_staff()) == first
    assert Article.objects.count() == 1
    assert [event.kind for event in item.events.all()] == ["taken", "received"]


def test_a_killed_wire_cannot_be_taken():
    with pytest.raises(ValidationError, match="killed"):
        taken(pub_status=PubStatus.CANCELED)
    assert not Article.objects.exists()


def test_a_withheld_wire_is_a_draft_that_nobody_can_publish():
    piece = taken(pub_status=PubStatus.WITHHELD)
    with pytest.raises(ValidationError, match="withholds"):
        piece.publish(by=make_staff())
    assert Article.objects.get().is_draft


def test_an_unclear_embargo_holds_until_a_person_decides():
    item, editor = bring(embargo_is_unclear=True), make_staff()
    piece = take(item, by=editor)
    assert "until when" in piece.desk_notes
    with pytest.raises(ValidationError, match="embargo"):
        piece.publish(by=editor)
    decide_embargo(item, by=editor, until=None)
    assert piece.publish(by=editor)


def test_the_desk_s_own_form_says_why_it_cannot_be_published(client):
    editor = make_staff("Editors")
    piece = take(bring(pub_status=PubStatus.WITHHELD), by=editor)
    client.force_login(editor)
    page = client.get(f"/admin/articles/article/{piece.pk}/change/")
    form = page.context["adminform"].form
    data = {name: form[name].value() or "" for name in form.fields}
    sent = {name: value for name, value in data.items() if isinstance(value, str | int)}
    inlines = {"bylines-TOTAL_FORMS": 0, "bylines-INITIAL_FORMS": 0}
    answer = client.post(page.request["PATH_INFO"], sent | inlines | {"_publish": "x"}, follow=True)
    assert answer.status_code in {200, 422}
    assert Article.objects.get().is_draft


def test_an_embargo_goes_along():
    later = timezone.now() + timedelta(hours=3)
    piece = taken(embargo=later)
    piece.publish(by=make_staff())
    assert piece.embargo_until == later and not piece.is_public


def test_taking_is_undone_while_nobody_has_worked_on_the_draft():
    item, editor = bring(), make_staff()
    take(item, by=editor)
    assert put_back(item, by=editor)
    assert not Article.objects.exists() and item.is_new
    piece = take(item, by=editor)
    piece.headline = "Ours"
    piece.save()
    piece.record(by=editor)
    with pytest.raises(ValidationError, match="worked on"):
        put_back(item, by=editor)
    assert Article.objects.get().headline == "Ours"


def test_leaving_is_safe_to_repeat_and_undone():
    item, editor = bring(), make_staff()
    assert leave(item, by=editor) and not leave(item, by=editor)
    assert put_back(item, by=editor) and not put_back(item, by=editor)
    take(item, by=editor)
    with pytest.raises(ValidationError, match="taken"):
        leave(item, by=editor)
