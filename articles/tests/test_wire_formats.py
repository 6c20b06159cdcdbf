"""What each format of wires says, read from samples; articles/importers/wire/."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from articles.importers.errors import Refused
from articles.importers.wire.document import Picture, PubStatus, Signal, Subject
from articles.importers.wire.recognising import MOST_BYTES, read

SAMPLES = Path(__file__).parent / "samples/wire"
SHARED = Path(__file__).resolve().parents[3] / "shared/data/wire"


def sample(name):
    return read((SAMPLES / name).read_bytes(), name)


def at(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def ninjs(**fields):
    import json  # noqa: PLC0415

    [document] = read(json.dumps({"uri": "u"} | fields).encode())
    return document


def newsml_g2(meta="", about="", content="<inlineData>Text.</inlineData>"):
    [document] = read(
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="g" version="1">'
        f"<itemMeta>{meta}</itemMeta><contentMeta>{about}</contentMeta><contentSet>{content}</contentSet>"
        "</newsItem>".encode()
    )
    return document


# --- NewsML-G2 ----------------------------------------------------------------------------------


def test_a_message_of_newsml_g2_gives_its_text_with_the_picture_sent_along():
    [found] = sample("newsml-g2-message.xml")
    assert (found.format, found.guid, found.version) == (
        "NewsML-G2",
        "tag:coast.example,2026:ferry",
        3,
    )
    assert found.provider == "Coast Agency"
    assert found.signal == Signal.CORRECTION
    assert (found.embargo, found.embargo_is_unclear) == (at(20, 11), False)
    assert (found.sent_at, found.first_sent_at) == (at(20, 7, 58), at(20, 6))
    assert (found.urgency, found.slugline, found.language) == (3, "FERRY-NIGHT", "en-GB")
    assert (found.headline, found.standfirst) == ("Ferry sails at night", "A ferry all night.")
    assert (found.byline, found.dateline, found.credit) == ("Lene Aust", "HARWICK", "Coast Agency")
    assert found.advisory == ("Corrects the name of the harbour master",)
    assert (found.rights, found.usage_terms) == ("© Coast Agency", "Not for archives.")
    assert found.subjects == (Subject("medtop:20000337", "transport"),)
    assert found.keywords == ("ferry",)
    assert '<em>night</em> from <a href="https://coast.example/spring">spring</a>' in found.body
    assert "<h2>Who asked</h2>" in found.body and "boat" not in found.body
    assert found.kept_back == ("bur-la/mq",)
    assert [each.address for each in found.pictures] == ["boat-large.jpg"]
    assert found.pictures[0].caption == "The boat at dusk"


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ("<inlineData>One.\n\nTwo &lt; 3.</inlineData>", "<p>One.</p><p>Two &lt; 3.</p>"),
        (
            '<inlineXML contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml">'
            "<head><title>No</title></head><body><p>One.</p></body></html></inlineXML>",
            "<p>One.</p>",
        ),
        ('<inlineData contenttype="text/html">&lt;p&gt;One.&lt;/p&gt;</inlineData>', "<p>One.</p>"),
        ("<inlineXML/>", ""),
    ],
)
def test_the_content_of_newsml_g2_may_be_plain_or_xhtml_or_nothing(content, body):
    assert newsml_g2(content=content).body == body


def test_a_kill_of_newsml_g2_needs_no_text():
    found = newsml_g2('<pubStatus qcode="stat:canceled"/>', content="")
    assert (found.pub_status, found.body) == (PubStatus.CANCELED, "")


# --- NewsML 1, NITF -----------------------------------------------------------------------------


def test_newsml_1_as_afp_writes_it():
    [found] = sample("newsml-1.xml")
    assert found.guid == "urn:newsml:coast.example:20261120T060000Z:TX-7"
    assert (found.version, found.provider, found.urgency) == (4, "COAST", 4)
    assert (found.headline, found.slugline) == ("Mud leaves the harbour", "Harbour-dredging")
    assert found.dateline == "Harwick, Nov 20, 2026 (COAST) -"
    assert found.byline == "Mara Quist"
    assert found.advisory == ("UPDATES with fishermen", "(Picture)")
    assert found.signal == Signal.UPDATE
    assert found.embargo == at(21, 7)
    assert found.body == "<p>Mud leaves the harbour on barges.</p><p>Fishermen object.</p>"
    assert found.kept_back == ("mq/la",)
    assert found.subjects == (Subject("06000000"),)
    assert found.keywords == ("harbour", "mud")
    assert found.pictures == (Picture("barge-l.jpg", "", "A barge", "COAST/L. Aust"),)


@pytest.mark.parametrize(
    ("status", "expected", "is_unclear"),
    [
        ("Usable", PubStatus.USABLE, False),
        ("Canceled", PubStatus.CANCELED, False),
        ("Withheld", PubStatus.WITHHELD, False),
        ("Embargoed", PubStatus.USABLE, True),
    ],
)
def test_the_status_of_newsml_1(status, expected, is_unclear):
    text = (SAMPLES / "newsml-1.xml").read_text()
    begin, end = text.index("<StatusWillChange>"), text.index("<Urgency")
    text = (text[:begin] + text[end:]).replace('"Embargoed"', f'"{status}"')
    [found] = read(text.encode())
    assert (found.pub_status, found.embargo, found.embargo_is_unclear) == (
        expected,
        None,
        is_unclear,
    )


def test_nitf():
    [found] = sample("nitf.xml")
    assert (found.guid, found.version, found.provider) == ("coast-roofs", 2, "Coast Agency")
    assert (found.headline, found.standfirst) == ("Schools catch the sun", "Every third roof.")
    assert (found.byline, found.dateline, found.language) == ("Mara Quist", "HARWICK", "en")
    assert (found.embargo, found.sent_at) == (at(22, 7), at(20, 7))
    assert (found.advisory, found.rights) == (("Adds the ministry",), "© 2026 Coast Agency")
    assert found.subjects == (Subject("05000000", "education"),)
    assert "<blockquote>" in found.body and "Work begins in May." in found.body
    assert found.kept_back == (
        "NOTE TO EDITORS: graphics follow.",
        "NOT FOR PUBLICATION",
        "Desk: +44 20 7946 0123",
    )
    assert found.pictures == (Picture("roof.jpg", "A roof", "The roof", "L. Aust"),)


@pytest.mark.parametrize(
    "kill", ['management-status="canceled"', '><ed-msg info="MANDATORY KILL"/']
)
def test_a_kill_of_nitf(kill):
    text = (SAMPLES / "nitf.xml").read_text().replace('management-status="usable"', kill)
    [found] = read(text.encode())
    assert found.pub_status == PubStatus.CANCELED


# --- ninjs --------------------------------------------------------------------------------------


def test_ninjs_1():
    [found] = sample("ninjs-1.json")
    assert (found.guid, found.version, found.urgency) == ("tag:coast.example,2026:one", 2, 2)
    assert (found.headline, found.standfirst) == ("Bridge closed", "Cracks were found.")
    assert (found.provider, found.byline, found.dateline) == (
        "Coast Agency",
        "Lene Aust",
        "HARWICK",
    )
    assert (found.embargo, found.embargo_is_unclear) == (None, False)
    assert found.body == "<p>The bridge is closed.</p><p>Cracks were found.</p>"
    assert found.signal == Signal.UPDATE
    assert (found.rights, found.usage_terms) == ("© Coast", "Online only")
    assert found.subjects == (Subject("medtop:20000337", "transport"),)
    assert found.pictures == (Picture("https://c.example/l.jpg", "", "The bridge", "M. Quist"),)


def test_ninjs_3():
    [found] = sample("ninjs-3.json")
    assert (found.version, found.pub_status, found.byline) == (7, PubStatus.WITHHELD, "Lene Aust")
    assert (found.headline, found.standfirst) == ("Court hears the case", "In short.")
    assert found.body == "<p>First.</p><p>Second &amp; last.</p>"
    assert (found.sent_at, found.embargo) == (at(20, 7), at(21, 8))
    assert (found.provider, found.rights, found.usage_terms) == ("Coast Agency", "© Coast", "None")
    assert found.subjects[0].code.endswith("/20000106")
    assert found.pictures == (Picture("https://c.example/w.jpg", "", "The court", ""),)


def test_several_ninjs_come_in_a_list():
    documents = read(b'[{"uri": "a", "body_text": "x"}, {"uri": "b"}]')
    assert [each.guid for each in documents] == ["a", "b"]


@pytest.mark.parametrize(
    ("name", "value", "moment", "is_unclear"),
    [
        ("embargoed", "2026-11-20T12:00:00Z", at(20, 12), False),
        ("embargoedUntil", "2026-11-20T12:00:00+02:00", at(20, 10), False),
        ("embargo", "20261120T1200Z", at(20, 12), False),
        ("embargoed", "Fri, 20 Nov 2026 12:00:00 +0000", at(20, 12), False),
        ("embargoed", "0001-01-01T00:00:00", None, False),
        ("embargoed", "", None, True),
        ("embargoed", None, None, True),
        ("embargoed", "after the match", None, True),
        ("embargoed", "2026-13-45", None, True),
    ],
)
def test_an_embargo_is_known_in_each_spelling_and_never_guessed(name, value, moment, is_unclear):
    found = ninjs(**{name: value})
    assert (found.embargo, found.embargo_is_unclear) == (moment, is_unclear)


@pytest.mark.parametrize(
    ("element", "moment", "is_unclear"),
    [
        ("<embargoed>2026-11-20T12:00:00Z</embargoed>", at(20, 12), False),
        ("<embargoed/>", None, True),
        ("<embargoed>0001-01-01T00:00:00Z</embargoed>", None, False),
        ("", None, False),
    ],
)
def test_an_empty_embargo_of_newsml_g2_is_for_a_person(element, moment, is_unclear):
    found = newsml_g2(element)
    assert (found.embargo, found.embargo_is_unclear) == (moment, is_unclear)


# --- Telegraph lines and feeds ------------------------------------------------------------------


def test_iptc_7901():
    [found] = sample("telegraph.txt")
    assert (found.guid, found.provider, found.urgency) == ("iptc7901:CST0123:20261120", "CST", 4)
    assert (found.headline, found.slugline) == ("Ferry sails at night", "HAR /FERRY-NIGHT")
    assert found.advisory == ("UPDATES with nurses",)
    assert found.dateline == "HARWICK, Nov 20 (CST)"
    assert found.sent_at == at(20, 8, 6)
    assert found.body == "<p>The ferry sails at night.</p><p>Nurses asked for it.</p>"
    assert found.kept_back == ("la/mq",)


def test_rss():
    tide, words = sample("feed.rss")
    assert (tide.guid, tide.headline, tide.provider) == ("coast-1", "Tide & time", "Coast Agency")
    assert (tide.standfirst, tide.body) == (
        "Short words.",
        "<p>The tide was high.</p><p>It fell.</p>",
    )
    assert (tide.byline, tide.address) == ("Lene Aust", "https://coast.example/tide")
    assert tide.version == int(at(20, 8).timestamp())
    assert tide.subjects == (Subject("", "weather"),)
    assert [each.address for each in tide.pictures] == ["https://coast.example/tide.jpg"]
    assert (words.guid, words.body) == ("https://coast.example/words", "<p>Just a line.</p>")
    assert "@" not in words.byline


def test_atom():
    [found] = sample("feed.atom")
    assert (found.guid, found.headline) == ("tag:coast.example,2026:lamp", "Lamp lit again")
    assert (found.byline, found.standfirst) == ("Mara Quist", "In short.")
    assert (found.body, found.rights) == ("<p>The lamp is lit.</p>", "© Coast")
    assert (found.sent_at, found.first_sent_at) == (at(20, 10), at(19, 10))


# --- Recognised and refused ---------------------------------------------------------------------


def test_a_name_says_nothing():
    data = (SAMPLES / "ninjs-1.json").read_bytes()
    assert read(data, "x.xml")[0].format == "ninjs"
    assert read(b"\xef\xbb\xbf" + data, "x.txt")[0].format == "ninjs"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no format"),
        (b"Hello", "no format"),
        (b"\x89PNG\r\n\x1a\n", "no format"),
        (b"<html><body/></html>", "begins with html"),
        (b'{"a": 1}', "no ninjs"),
        (b'{"uri": "a"', "no whole JSON"),
        (b"[" * 100_000, "no whole JSON"),
        (b"<newsItem", "no whole XML"),
        (b"<newsItem></newsItem>", "no identifier"),
        (b"<rss/>", "nothing in it"),
        (b"<nitf>" + b"<a>" * 220 + b"</a>" * 220 + b"</nitf>", "too deep"),
        (b'<!DOCTYPE nitf SYSTEM "x.dtd"><nitf/>', "document type"),
        (
            b'<!DOCTYPE n [<!ENTITY a SYSTEM "file:///etc/passwd">]><nitf>&a;</nitf>',
            "document type",
        ),
        ('<?xml version="1.0"?><!DOCTYPE a><nitf/>'.encode("utf-16"), "document type"),
        (b"<nitf>&undefined;</nitf>", "no whole XML"),
        (b" " * (MOST_BYTES + 1), "20 MB"),
        (b"\x01nothing\x02x\x03", "header"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(data, reason):
    with pytest.raises(Refused, match=reason):
        read(data, "it")


def test_a_broken_document_names_its_line():
    with pytest.raises(Refused) as refused:
        read(b"<nitf>\n<head>\n</nitf>", "broken.xml")
    assert (refused.value.place.file, refused.value.place.line) == ("broken.xml", 3)


def test_controls_and_lengths_are_brought_within_bounds():
    found = ninjs(
        headline="a\u0000b" + "x" * 400, urgency=99, version="1e999", body_text="a\u0007b"
    )
    assert found.headline.startswith("abx") and len(found.headline) == 300
    assert (found.urgency, found.version, found.body) == (None, 1, "<p>ab</p>")


@pytest.mark.parametrize(
    "path", sorted(SHARED.glob("*")) or sorted(SAMPLES.glob("*")), ids=lambda path: path.name
)
def test_what_agencies_really_send_is_read(path):
    for document in read(path.read_bytes(), path.name):
        assert document.guid and document.headline and document.version >= 1
