"""IPTC's Media Topics: which topics wires with them get, and how the vocabulary is kept."""

import json

import pytest
from django.core.management import CommandError, call_command

from articles.importers.errors import Refused
from articles.importers.wire.document import Subject
from articles.media_topics import SHIPPED, load, topics_for
from articles.models import MediaTopic
from articles.tests.factories import make_topic
from newsroom.tests.factories import make_staff

pytestmark = pytest.mark.django_db
HEAD = "code\tname\tbroader\tsubject_code\tstatus\n"


def names(*codes, **name):
    return [topic.name for topic in topics_for([Subject(code, **name) for code in codes])]


def means(code, topic):
    MediaTopic.objects.filter(code=code).update(topic=topic)


def test_a_fresh_newsroom_knows_the_upper_levels():
    assert MediaTopic.objects.get(code="04000000").name == "economy, business and finance"
    assert MediaTopic.objects.get(code="20000344").broader == "04000000"
    assert MediaTopic.objects.filter(is_retired=False).count() > 120


@pytest.mark.parametrize(
    "code",
    ["20000344", "medtop:20000344", "http://cv.iptc.org/newscodes/mediatopic/20000344"],
)
def test_a_term_means_what_an_editor_has_said(code):
    means("20000344", make_topic("Money"))
    assert names(code) == ["Money"]


def test_a_term_without_a_topic_means_that_of_its_name_or_of_what_is_broader():
    means("04000000", make_topic("Money"))
    assert names("20000344") == ["Money"]
    make_topic("Economy")
    means("04000000", None)
    assert names("20000344") == ["Economy"]


def test_an_older_subject_code_means_the_topic_of_its_first_digits():
    means("11000000", make_topic("Politics of the day"))
    assert names("11003002", "subj:11000000") == ["Politics of the day"]


def test_a_name_alone_is_found_and_nothing_is_ever_made():
    make_topic("Japan")
    assert names("", name="JAPAN") == ["Japan"]
    assert names("20009999", "x", name="Unknown") == []


def test_the_number_of_queries_does_not_grow_with_what_is_mapped(django_assert_max_num_queries):
    topic = make_topic("Money")
    codes = list(MediaTopic.objects.values_list("code", flat=True)[:40])
    MediaTopic.objects.update(topic=topic)
    with django_assert_max_num_queries(4):
        assert names(*codes) == ["Money"]


def test_loading_again_changes_nothing_and_keeps_what_editors_said():
    means("20000344", make_topic("Money"))
    assert load(SHIPPED.read_bytes()) == (0, 0, 0)
    assert names("20000344") == ["Money"]


def test_a_newer_vocabulary_adds_renames_and_retires():
    text = f"{HEAD}04000000\tmoney\t\t04000000\t\n20009999\tnew term\t04000000\t\t\n"
    before = MediaTopic.objects.filter(is_retired=False).count()
    done = load(text.encode())
    assert (done.new, done.changed, done.retired) == (1, 1, before - 1)
    assert MediaTopic.objects.get(code="20000344").is_retired


def test_iptc_s_own_json_is_read():
    rows = [
        {"qcode": "medtop:04000000", "prefLabel": {"en-GB": "money"}},
        {
            "uri": "http://cv.iptc.org/newscodes/mediatopic/20009999",
            "prefLabel": {"de": "Neu", "en-US": "new term"},
            "broader": ["http://cv.iptc.org/newscodes/mediatopic/04000000"],
            "exactMatch": ["http://cv.iptc.org/newscodes/subjectcode/04099000"],
        },
        {"qcode": "medtop:20000344", "prefLabel": {"en-GB": "economy"}, "retired": "2026-01-01"},
        {"qcode": "x"},
    ]
    load(json.dumps({"conceptSet": rows}).encode())
    new = MediaTopic.objects.get(code="20009999")
    assert (new.name, new.broader, new.subject_code) == ("new term", "04000000", "04099000")
    assert MediaTopic.objects.get(code="20000344").is_retired


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no term"),
        (HEAD.encode() + b"x\ty\n", "line 2"),
        (b"{", "concept set"),
        (b'{"conceptSet": 3}', "no term"),
        (b"\xff\xfe\xfa", "UTF-8"),
    ],
)
def test_what_is_no_vocabulary_is_refused_and_changes_nothing(data, reason):
    before = list(MediaTopic.objects.values_list())
    with pytest.raises(Refused, match=reason):
        load(data, "x.tsv")
    assert list(MediaTopic.objects.values_list()) == before


def test_the_command_loads_a_file_or_says_why_not(tmp_path, capsys):
    call_command("load_media_topics")
    assert capsys.readouterr().out == "0 new, 0 changed, 0 retired.\n"
    with pytest.raises(CommandError):
        call_command("load_media_topics", str(tmp_path / "absent"))


def test_an_editor_gives_a_term_its_topic_in_the_admin(client):
    client.force_login(make_staff("Editors"))
    topic, term = make_topic("Money"), MediaTopic.objects.get(code="20000344")
    page = f"/admin/articles/mediatopic/{term.pk}/change/"
    assert client.get("/admin/articles/mediatopic/?q=economy").status_code == 200
    assert client.post(page, {"topic": topic.pk}).status_code == 302
    assert names("20000344") == ["Money"]
    assert client.get("/admin/articles/mediatopic/add/").status_code == 403
