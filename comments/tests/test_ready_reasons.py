"""Ready reasons: what moderators choose from, and what authors read of it."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from articles.tests.factories import make_staff
from comments.models import CannedReason, CannedReasonText
from comments.models.canned_reason import NO_KEY, SHIPPED
from comments.tests.factories import make_comment
from newsroom.tests.browsing import fields_of, fill_in, text_at

pytestmark = pytest.mark.django_db


def make_reason(**texts):
    """An own one, with a text for each language."""
    reason = CannedReason.objects.create()
    for language, text in texts.items():
        tag = language.replace("_", "-")
        CannedReasonText.objects.create(reason=reason, language=tag, text=text)
    return reason


def shipped(code="off_topic"):
    return CannedReason.objects.get(code=code)


def test_those_that_come_with_the_program_have_the_keys_from_1_to_9():
    reasons = list(CannedReason.objects.offered())

    assert [each.code for each in reasons] == list(SHIPPED)
    assert [each.key for each in reasons] == list("123456789")
    assert str(reasons[0]) == "It doesn't speak about the subject of the piece."


def test_an_author_reads_it_in_the_language_of_the_piece():
    own = make_reason(en="Too late.", ja="遅すぎます。", pt_BR="Tarde demais.")

    assert own.words("ja") == own.words("ja-JP") == "遅すぎます。"
    assert own.words("pt") == "Tarde demais."
    assert own.words("en-US") == "Too late."
    assert own.words("fr") == "Too late.", "the site's language"
    assert shipped().words("fr") == str(SHIPPED["off_topic"])
    with translation.override("ja"):
        assert own.words("en") == "Too late.", "whatever the desk speaks"
        assert shipped().words("en") == "It doesn't speak about the subject of the piece."


def test_the_newsroom_says_a_shipped_one_in_its_own_words():
    CannedReasonText.objects.create(reason=shipped(), language="fr", text="Hors sujet.")

    assert shipped().words("fr-CA") == "Hors sujet."
    assert shipped().words("en") == "It doesn't speak about the subject of the piece."


def test_all_that_is_offered_costs_two_queries(django_assert_num_queries):
    for number in range(5):
        make_reason(en=f"Reason {number}", ja=f"理由{number}")

    with django_assert_num_queries(2):
        assert len([each.words("ja") for each in CannedReason.objects.offered()]) == 14


def test_whoever_takes_a_key_leaves_the_other_its_own():
    first, second, new = shipped(), shipped("insult"), make_reason(en="New.")

    second.offer(position=1)
    first.refresh_from_db()
    assert (first.key, second.key) == ("2", "1")
    new.offer(position=1)
    second.refresh_from_db()
    assert (new.key, second.key, second.position) == ("1", "", NO_KEY)
    assert list(CannedReason.objects.offered())[:2] == [new, first]


def test_what_is_not_offered_any_more_has_no_key_and_gives_it_away():
    shipped().withdraw()
    new = make_reason(en="New.")
    new.offer(position=1)

    assert shipped() not in CannedReason.objects.offered()
    assert [shipped().key, new.key] == ["", "1"]


def test_the_database_holds_one_reason_a_key():
    with pytest.raises(IntegrityError), transaction.atomic():
        CannedReason.objects.create(position=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        CannedReason.objects.create(position=11)


def test_a_decision_remembers_which_it_was_and_what_the_author_read():
    comment, reason = make_comment(), shipped("insult")
    comment.reject(by=make_staff("Moderators"), reason=reason.words("en"), canned=reason)

    decision = comment.decisions.latest("pk")
    assert decision.canned == reason
    assert decision.reason == "It attacks a person instead of what was said."


# --- In the admin -----------------------------------------------------------------------------

LIST = "/admin/comments/cannedreason/"


@pytest.fixture
def chief(client):
    user = make_staff("Chief moderators")
    client.force_login(user)
    return user


def test_a_chief_moderator_adds_one_with_a_text_for_each_language(client, chief):
    texts = {"texts-0-language": "en", "texts-0-text": "Too late."}
    texts |= {"texts-1-language": "fr", "texts-1-text": "Trop tard.", "texts-TOTAL_FORMS": "2"}
    answer = fill_in(client, f"{LIST}add/", key="3", is_active="on", **texts)
    assert answer["Location"] == LIST
    own = CannedReason.objects.get(code="")
    assert (own.key, own.words("fr"), own.words("de")) == ("3", "Trop tard.", "Too late.")
    assert CannedReason.objects.get(code="contempt").key == "", "which had the key before"
    listed = text_at(client.get(LIST), ".//body")
    assert "Too late." in listed and "en, fr" in listed and "those of the program" in listed


def test_one_without_words_or_with_two_for_a_language_is_not_taken(client, chief):
    empty = {"texts-TOTAL_FORMS": "2"}
    twice = {"texts-0-language": "en", "texts-0-text": "One.", "texts-1-language": "en"}
    twice |= {"texts-1-text": "Two.", "texts-TOTAL_FORMS": "2"}
    odd = {"texts-0-language": "<b>", "texts-0-text": "One.", "texts-TOTAL_FORMS": "1"}
    long = {"texts-0-language": "en", "texts-0-text": "x" * 501, "texts-TOTAL_FORMS": "1"}
    for texts in (empty, twice, odd, long):
        answer = fill_in(client, f"{LIST}add/", key="3", is_active="on", **texts)
        assert "errornote" in answer.content.decode()
    assert not CannedReason.objects.filter(code="").exists()


def test_a_shipped_one_gets_other_words_another_key_or_is_not_offered(client, chief):
    page = f"{LIST}{shipped().pk}/change/"
    told = text_at(client.get(page), ".//body")
    assert "It doesn't speak about the subject of the piece." in told
    texts = {"texts-0-language": "ja", "texts-0-text": "話題が違います。"}
    assert fill_in(client, page, key="2", is_active="on", **texts).status_code == 302
    assert (shipped().key, shipped("insult").key) == ("2", "1")
    assert shipped().words("ja") == "話題が違います。"
    sent = fields_of(client.get(page))
    del sent["is_active"]
    assert client.post(page, sent).status_code == 302
    assert shipped() not in CannedReason.objects.offered()


def test_moderators_only_look_and_nobody_deletes_one(client, chief):
    page = f"{LIST}{shipped().pk}/"
    assert client.get(f"{page}delete/").status_code == 403
    assert client.post(f"{page}delete/", {"post": "yes"}).status_code == 403
    client.force_login(make_staff("Moderators"))
    assert 'name="_save"' not in client.get(f"{page}change/").content.decode()
    sent = {"key": "9", "texts-TOTAL_FORMS": "0", "texts-INITIAL_FORMS": "0"}
    assert client.post(f"{page}change/", sent).status_code == 403
    assert client.post(f"{LIST}add/", sent).status_code == 403
    assert shipped().key == "1"
