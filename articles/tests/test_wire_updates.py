"""What later versions, kills and holds of a taken wire do to its piece."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.importers.wire.document import PubStatus, Signal
from articles.models import Article, Correction, WireItem
from articles.tests.factories import make_topic
from articles.tests.wire_desk import bring, stream
from articles.wire import killing
from articles.wire.taking import accept, keep_ours, take
from newsroom.tests.factories import make_staff
from newsroom.tests.mail import run_mail_worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return make_staff("Editors")


def taken(editor, *, is_public=True, **fields):
    item = bring(headline="Bridge closed", body="<p>Closed.</p>", **fields)
    piece = take(item, by=editor)
    if is_public:
        piece.publish(by=editor)
    return item, piece


def update(item, number=2, **fields):
    given = {"headline": "Bridge closed", "body": "<p>Open.</p>"} | fields
    return bring(guid=item.guid, provider=item.provider, version=number, **given)


def now(piece):
    return Article.objects.get(pk=piece.pk)


def kinds(item):
    return [event.kind for event in item.events.order_by("pk")]


# --- Updates ------------------------------------------------------------------------------------


def test_a_text_that_nobody_touched_is_replaced_as_a_revision(editor, client):
    item, piece = taken(editor)
    client.get(piece.get_absolute_url())
    item = update(item, headline="Bridge open", advisory=("RECASTS",))
    assert (now(piece).body, now(piece).headline) == ("<p>Open.</p>", "Bridge open")
    assert now(piece).slug == piece.slug and now(piece).is_public
    newest = piece.revisions.all()[0]
    assert (newest.by, "RECASTS" in newest.note) == (stream().set_up_by, True)
    assert not item.needs_person and kinds(item)[-1] == "updated"
    assert "Open." in client.get(piece.get_absolute_url()).text
    update(item, 5, body="<p>Open at last.</p>")
    assert now(piece).body == "<p>Open at last.</p>"


def test_a_text_that_the_desk_edited_waits_for_a_person(editor):
    item, piece = taken(editor)
    piece.body = "<p>Closed, we saw.</p>"
    piece.save()
    piece.record(by=editor)
    item = update(item)
    assert item.needs_person
    assert now(piece).body == "<p>Closed, we saw.</p>"
    keep_ours(item, by=editor)
    item = update(item, 3, body="<p>Third.</p>")
    assert item.needs_person and now(piece).body == "<p>Closed, we saw.</p>"
    accept(item, by=editor, body="<p>Third.</p>", fields={"headline": "Bridge closed"})
    assert now(piece).body == "<p>Third.</p>"
    update(item, 4, body="<p>Fourth.</p>")
    assert now(piece).body == "<p>Fourth.</p>"


def test_other_work_of_the_desk_is_no_touch(editor):
    item, piece = taken(editor)
    piece.topics.add(make_topic("Ours"))
    piece.record(by=editor)
    update(item)
    assert now(piece).body == "<p>Open.</p>"
    assert [topic.name for topic in now(piece).topics.all()] == ["Ours"]


def test_a_correction_is_told_to_readers(editor):
    item, piece = taken(editor)
    update(item, signal=Signal.CORRECTION, correction="It is open.", advisory=("for the desk",))
    [told] = Correction.objects.all()
    assert (told.kind, told.text, told.by) == ("correction", "It is open.", stream().set_up_by)
    update(item, 3, body="<p>3</p>", signal=Signal.CORRECTION, advisory=("for the desk",))
    assert "for the desk" not in Correction.objects.all()[0].text


def test_a_draft_needs_no_correction(editor):
    item, piece = taken(editor, is_public=False)
    update(item, signal=Signal.CORRECTION)
    assert now(piece).body == "<p>Open.</p>" and not Correction.objects.exists()


def test_an_embargo_that_comes_late_is_for_a_person(editor):
    item, piece = taken(editor)
    item = update(item, embargo=timezone.now() + timedelta(hours=1))
    assert item.needs_person and now(piece).is_public and now(piece).body == "<p>Closed.</p>"


def test_a_new_embargo_holds_what_is_not_out_yet(editor):
    item, piece = taken(editor, is_public=False)
    later = timezone.now() + timedelta(hours=1)
    update(item, embargo=later)
    assert now(piece).embargo_until == later


# --- Kills --------------------------------------------------------------------------------------


def test_a_kill_takes_the_piece_away_at_once_and_never_its_text(editor, client):
    item, piece = taken(editor)
    item = update(item, headline="", body="", pub_status=PubStatus.CANCELED, advisory=("Wrong.",))
    answer = client.get(piece.get_absolute_url())
    assert answer.status_code == 410
    assert "The agency has withdrawn this piece." in answer.text and "Wrong." not in answer.text
    assert (now(piece).body, now(piece).headline) == ("<p>Closed.</p>", "Bridge closed")
    assert item.is_killed and item.needs_person and kinds(item)[-1] == "killed"


@pytest.mark.parametrize("is_scheduled", [True, False])
def test_a_kill_of_what_nobody_has_seen_keeps_it_from_being_seen(editor, is_scheduled):
    item, piece = taken(editor, is_public=False)
    if is_scheduled:
        piece.schedule(by=editor, at=timezone.now() + timedelta(hours=1))
    update(item, body="", pub_status=PubStatus.CANCELED)
    assert not now(piece).is_scheduled
    with pytest.raises(Exception, match="killed"):
        now(piece).publish(by=editor)


def test_a_kill_of_what_never_came_in_is_kept():
    item = bring(headline="", body="", pub_status=PubStatus.CANCELED)
    assert item.is_killed and item.is_new


def test_those_who_can_act_are_told_by_mail_and_nobody_else(editor, mailoutbox, settings):
    for group, name in [("Editors", "ada"), ("Editors", "gone"), ("Moderators", "bo")]:
        user = make_staff(group, username=name, email=f"{name}@news.example")
        user.is_active = name != "gone"
        user.save()
    item, _piece = taken(editor)
    item = update(item, body="", pub_status=PubStatus.CANCELED, advisory=("Wrong man.",))
    run_mail_worker()
    [mail] = mailoutbox
    assert mail.to == ["ada@news.example"]
    assert mail.subject == "Killed by Harbour News: Bridge closed"
    assert f"{settings.SITE_URL}/admin/articles/wireitem/{item.pk}/change/" in mail.body
    assert "Wrong man." in mail.body and "was withdrawn at once" in mail.body


def test_what_is_usable_again_after_a_kill_waits_for_a_person(editor):
    item, piece = taken(editor)
    update(item, body="", pub_status=PubStatus.CANCELED)
    item = update(item, 3, body="<p>Third.</p>")
    assert item.needs_person and now(piece).is_withdrawn
    assert now(piece).body == "<p>Closed.</p>"


# --- Withheld -----------------------------------------------------------------------------------


def test_what_is_withheld_is_hidden_until_it_is_usable(editor, client):
    item, piece = taken(editor)
    update(item, body="<p>Closed.</p>", pub_status=PubStatus.WITHHELD)
    assert client.get(piece.get_absolute_url()).status_code == 410
    item = update(item, 3, body="<p>Again.</p>")
    assert now(piece).is_public and now(piece).body == "<p>Again.</p>"
    assert kinds(item)[-1] == "freed"


def test_what_the_desk_withdrew_meanwhile_stays_away(editor):
    item, piece = taken(editor)
    update(item, pub_status=PubStatus.WITHHELD)
    current = now(piece)
    WireItem.objects.filter(pk=item.pk).update(pub_status="usable")
    current.bring_back(by=editor)
    current.withdraw(by=editor, reason="Ours")
    update(item, 3, body="<p>Again.</p>")
    assert now(piece).is_withdrawn and now(piece).withdrawn_reason == "Ours"


def test_who_is_told_is_asked_of_the_database_as_it_is(editor):
    assert list(killing.told()) == []
    editor.email = "ada@news.example"
    editor.save()
    assert list(killing.told()) == [editor]


def test_a_withheld_version_after_a_kill_changes_no_word(editor):
    item, piece = taken(editor)
    update(item, body="", pub_status=PubStatus.CANCELED)
    update(item, 3, body="<p>3</p>", pub_status=PubStatus.WITHHELD)
    item = update(item, 4, body="<p>4</p>")
    assert now(piece).is_withdrawn and now(piece).body == "<p>Closed.</p>" and item.needs_person


# --- Embargoes of updates -----------------------------------------------------------------------


def test_an_embargo_that_cannot_be_read_takes_back_what_was_scheduled(editor, time_machine):
    start = timezone.now()
    item, piece = taken(editor, embargo=start + timedelta(hours=1))
    item = update(item, embargo_is_unclear=True)
    assert now(piece).is_draft and item.needs_person
    time_machine.move_to(start + timedelta(hours=2))
    assert not now(piece).is_public
    with pytest.raises(Exception, match="embargo"):
        now(piece).publish(by=editor)


def test_a_later_embargo_holds_a_text_that_the_desk_has_edited(editor, time_machine):
    start = timezone.now()
    item, piece = taken(editor, is_public=False, embargo=start + timedelta(hours=1))
    piece.body = "<p>Ours.</p>"
    piece.save()
    piece.record(by=editor)
    piece.publish(by=editor)
    update(item, embargo=start + timedelta(hours=5))
    time_machine.move_to(start + timedelta(hours=2))
    assert not now(piece).is_public and now(piece).body == "<p>Ours.</p>"
    time_machine.move_to(start + timedelta(hours=6))
    assert now(piece).is_public
