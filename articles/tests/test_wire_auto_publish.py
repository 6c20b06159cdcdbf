"""Wires that readers see without a person, as an editor set it up; and their embargoes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.importers.wire.document import PubStatus, Subject
from articles.importers.wire.recognising import read
from articles.models import Article, MediaTopic, WireStream
from articles.tests.factories import make_topic
from articles.tests.wire_desk import bring, stream
from articles.wire.receiving import receive

pytestmark = pytest.mark.django_db


@pytest.fixture
def letting_out():
    wire = stream()
    wire.auto_publish = WireStream.AutoPublish.ALL
    wire.save()
    return wire


def test_what_comes_by_such_a_wire_is_public_at_once_and_on_record(letting_out, client):
    item = bring(headline="Bridge closed", body="<p>Closed.</p>")
    piece = Article.objects.get()
    assert "Closed." in client.get(piece.get_absolute_url()).text
    assert [event.kind for event in item.events.order_by("pk")] == [
        *("received", "taken", "published")
    ]
    change = piece.state_changes.get()
    assert change.by == letting_out.set_up_by


@pytest.mark.parametrize(
    "fields",
    [
        {"pub_status": PubStatus.WITHHELD},
        {"pub_status": PubStatus.CANCELED},
        {"embargo_is_unclear": True},
        {"body": ""},
        {"headline": ""},
    ],
)
def test_what_a_person_must_look_at_waits(letting_out, fields):
    item = bring(**fields)
    assert item.is_new and not Article.objects.exists()


def test_only_wires_with_one_of_the_topics_are_let_out(letting_out):
    topic = make_topic("Transport")
    MediaTopic.objects.filter(code="20000209").update(topic=topic)
    letting_out.auto_publish = WireStream.AutoPublish.TOPICS
    letting_out.save()
    letting_out.auto_topics.add(topic)
    bring(headline="Other")
    assert not Article.objects.exists()
    bring(headline="Meant", subjects=(Subject("medtop:20000209"),))
    assert Article.objects.get().headline == "Meant"


def test_a_withheld_wire_that_becomes_usable_is_let_out_then(letting_out):
    item = bring(pub_status=PubStatus.WITHHELD)
    bring(guid=item.guid, provider=item.provider, version=2)
    assert Article.objects.get().is_public


# --- Embargoes ----------------------------------------------------------------------------------


LATER = timezone.now().replace(microsecond=0) + timedelta(hours=2)
ISO, COMPACT = f"{LATER:%Y-%m-%dT%H:%M:%SZ}", f"{LATER:%Y%m%dT%H%M%SZ}"
G2 = (
    '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="g" version="1"><itemMeta>'
    f"<embargoed>{ISO}</embargoed></itemMeta><contentMeta><headline>Ferry to run</headline>"
    "</contentMeta><contentSet><inlineData>Text.</inlineData></contentSet></newsItem>"
)
NITF = (
    f'<nitf><head><docdata><doc-id id-string="g"/><date.release norm="{COMPACT}"/></docdata></head>'
    "<body><body.head><hedline><hl1>Ferry to run</hl1></hedline></body.head>"
    "<body.content><p>Text.</p></body.content></body></nitf>"
)
NEWSML = (
    "<NewsML><NewsItem><Identification><NewsIdentifier><ProviderId>p</ProviderId><DateId>1</DateId>"
    "<NewsItemId>g</NewsItemId><RevisionId>1</RevisionId></NewsIdentifier></Identification>"
    '<NewsManagement><Status FormalName="Embargoed"/><StatusWillChange>'
    f'<FutureStatus FormalName="Usable"/><DateAndTime>{COMPACT}</DateAndTime></StatusWillChange>'
    "</NewsManagement><NewsComponent><NewsLines><HeadLine>Ferry to run</HeadLine></NewsLines>"
    "<ContentItem><DataContent><p>Text.</p></DataContent></ContentItem></NewsComponent></NewsItem>"
    "</NewsML>"
)


def ninjs(name):
    return f'{{"uri": "g", "headline": "Ferry to run", "body_text": "Text.", "{name}": "{ISO}"}}'


@pytest.mark.parametrize(
    "text",
    [ninjs("embargoed"), ninjs("embargoedUntil"), ninjs("embargo"), G2, NITF, NEWSML],
    ids=["embargoed", "embargoedUntil", "embargo", "newsml-g2", "nitf", "newsml-1"],
)
def test_an_embargo_in_each_spelling_holds_on_every_surface(
    letting_out, client, time_machine, text
):
    [document] = read(text.encode())
    receive(document, stream=letting_out, original=text.encode())
    piece = Article.objects.get()
    surfaces = [
        *("/", piece.section.get_absolute_url(), piece.source.get_absolute_url()),  # type: ignore[union-attr]
        *("/feeds/latest.rss", "/feeds/latest.atom", "/feeds/latest.json", "/search/?q=ferry"),
        *("/sitemap-news.xml", f"/archive/{LATER:%Y}/{LATER:%m}/", "/search/suggest/?q=fer"),
    ]
    for surface in surfaces:
        assert "to run" not in client.get(surface).text, surface
    assert client.get(piece.get_absolute_url()).status_code == 404
    assert client.get(f"/p/{piece.pk}/").status_code == 404
    time_machine.move_to(LATER + timedelta(seconds=1), tick=False)
    for surface in surfaces[:-1]:
        assert "to run" in client.get(surface).text, surface  # search marks its words
    assert client.get(piece.get_absolute_url()).status_code == 200
