"""The page of a reply for its author: what became of it, and at which address."""

import pytest
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.tests.factories import make_article, make_page, make_staff
from comments import status_address
from comments.explanations import HELD, NO_WORD, UNTOLD, explain
from comments.models import Comment, Policy
from comments.moderation.rules import RULES
from comments.status_address import SIGNER, status_url
from comments.tests.factories import (
    FROM_THIS_SITE,
    VERBS,
    make_approved,
    make_comment,
    make_in_state,
    make_many_approved,
    post_reply,
)
from comments.tests.reading import by_class, only, page, text_of
from newsroom.models import MenuItem, SiteSettings
from newsroom.tests.browsing import text_at

pytestmark = pytest.mark.django_db


def told(client, comment):
    return text_at(client.get(status_url(comment)))


SAID = {
    "held": "Your reply is awaiting moderation.",
    "approved": "Your reply is published. See it on the page",
    "rejected": "A moderator decided not to publish your reply.",
    "spam": "A moderator decided not to publish your reply.",
}


@pytest.mark.parametrize("state", VERBS)
def test_the_author_sees_what_became_of_the_reply(client, state):
    comment = make_in_state(state, text="One <b>two</b>", name="Hana")
    shown = page(client.get(status_url(comment)))
    assert [text_of(each) for each in by_class(shown, "state")] == [SAID[state]]
    assert text_of(by_class(shown, "reply-text")[0]) == "One two"
    assert text_of(by_class(shown, "reply-by")[0]) == "Hana"
    links = [each.get("href") for each in only(shown, "main").iter("a")]
    assert (comment.get_absolute_url() in links) is (state == "approved")


def test_spam_is_told_no_more_than_a_reply_that_was_rejected_without_a_reason(client, clock):
    pages = set()
    article = make_article()
    for state in ("rejected", "spam"):
        comment = make_in_state(state, article=article, text="Words.", name="Hana")
        seen = client.get(status_url(comment)).content.decode()
        pages.add(seen.replace(status_url(comment), "here"))
    assert len(pages) == 1


def test_the_reason_of_a_rejection_is_told_and_not_who_gave_it(client):
    comment = make_comment()
    comment.reject(by=make_staff("Moderators", username="maud"), reason="Keep to <b>the</b> piece.")
    seen = told(client, comment)
    assert "The moderator's reason: Keep to <b>the</b> piece." in seen
    assert "maud" not in client.get(status_url(comment)).content.decode()


@pytest.mark.parametrize("verb", [Comment.mark_spam, Comment.restore, Comment.approve])
def test_other_reasons_are_for_the_newsroom_alone(client, verb):
    comment = make_comment()
    comment.reject(by=make_staff("Moderators"), reason="First words.")
    verb(comment, by=make_staff("Moderators"), reason="Other words.")
    assert "words" not in told(client, comment)


# --- Why it is held, or was refused by a rule -------------------------------------------------


def test_every_rule_is_either_explained_to_authors_or_left_untold_on_purpose():
    rules = {rule.__name__ for rule in RULES}
    assert rules - set(HELD) - UNTOLD == set()
    assert set(HELD) <= rules
    assert rules >= UNTOLD


def test_an_author_is_told_in_plain_words_why_a_reply_is_held(client):
    policy = Policy.objects.current()
    policy.watched_words = "vermouth"
    policy.save()
    comment = make_comment(text="Vermouth, and vermouth again.")
    seen = told(client, comment)
    assert "First replies are read before they appear." in seen
    assert "It holds a word that a moderator looks at first." in seen
    # What the rule itself found is for moderators.
    assert comment.findings.filter(rule="watched_words").exists()
    for finding in comment.findings.all():
        assert finding.reason not in seen


@pytest.mark.parametrize("trap", [{"trap": "x"}, {"seconds_taken": 0.1}, {"seconds_taken": None}])
def test_a_trap_stays_one(client, trap):
    Policy(replies="open", hold_first=0).save()
    comment = make_comment(**trap)
    assert comment.is_held
    seen = told(client, comment)
    assert str(NO_WORD) in seen
    for finding in comment.findings.all():
        assert finding.reason not in seen


@pytest.mark.parametrize("hold_first", [0, 1])
def test_what_is_told_does_not_depend_on_what_came_from_the_typed_address_before(
    client, hold_first
):
    """Anybody can type somebody else's address, and must learn nothing of it."""
    Policy(hold_first=hold_first).save()
    told_of_known = []
    for verb in (Comment.approve, Comment.reject, Comment.mark_spam):
        earlier = make_comment(email="known@example.org", text=f"Earlier, {verb.__name__}.")
        verb(earlier, by=make_staff("Moderators"))
        later = make_comment(email="known@example.org", text=f"Later, {verb.__name__}, in words.")
        told_of_known.append(explain(later).why)
    told_of_unknown = explain(make_comment()).why
    assert set(told_of_known) == {told_of_unknown}


def test_what_a_moderator_took_back_into_the_queue_is_said_to_be_looked_at_again(client):
    assert "A moderator looks at it again." in told(client, restored())


def restored():
    comment = make_approved()
    comment.restore(by=make_staff("Moderators"))
    return comment


def test_a_rejection_by_a_rule_names_its_kind_and_not_the_word(client):
    Policy(replies="open", banned_words="vermouth").save()
    comment = make_comment(text="Vermouth for all.")
    assert comment.status == "rejected"
    seen = told(client, comment)
    assert "Your reply was not published." in seen
    assert "It holds a word that is not published here." in seen
    assert seen.lower().count("vermouth") == 1  # the reply itself


def test_an_erased_reply_says_so_and_nothing_else_of_it(client):
    comment = make_approved(name="Hana", text="These very words.")
    address = status_url(comment)
    comment.erase(by=make_staff("Moderators"))
    seen = text_at(client.get(address))
    assert "Your reply was erased." in seen
    assert "Keep this page's address" not in seen
    assert "Hana" not in seen and "These very words." not in seen


# --- The address ------------------------------------------------------------------------------


def test_the_page_stays_with_its_author(client):
    comment = make_comment(email="hana@example.org")
    response = client.get(status_url(comment))
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "hana@example.org" not in response.content.decode()
    assert not response.cookies


@pytest.mark.parametrize("state", VERBS)
def test_the_page_of_a_reply_to_a_withdrawn_piece_links_to_nothing_that_is_gone(client, state):
    comment = make_in_state(state)
    comment.article.withdraw(by=make_staff())
    response = client.get(status_url(comment))
    assert response.status_code == 200
    hrefs = [each.get("href") or "" for each in only(page(response), "main").iter("a")]
    assert not [href for href in hrefs if comment.article.slug in href]


def test_each_reply_has_an_address_of_its_own_that_lasts():
    one, two = make_comment(), make_comment()
    assert status_url(one) != status_url(two)
    assert status_url(one) == status_url(Comment.objects.get(pk=one.pk))


def test_an_address_holds_through_changes_of_the_reply_and_of_its_piece(client):
    comment = make_comment(text="Before.")
    address = status_url(comment)
    comment.edit("After.", seen=comment.as_seen)
    article = comment.article
    article.slug = "another-slug"
    article.save()
    assert "After." in text_at(client.get(address))


def test_an_address_outlives_the_key_that_signed_it(client, settings, monkeypatch):
    address = status_url(make_comment())
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, as long as one needs to be for such a purpose"
    anew = signing.Signer(salt=SIGNER.salt, sep=".")  # as it is made when the site starts again
    monkeypatch.setattr(status_address, "SIGNER", anew)
    assert client.get(address).status_code == 200
    assert status_url(Comment.objects.get()) != address
    settings.SECRET_KEY_FALLBACKS = []
    monkeypatch.setattr(status_address, "SIGNER", signing.Signer(salt=SIGNER.salt, sep="."))
    assert client.get(address).status_code == 404


PARTS = ["", "text/", "taking-back/", "second-look/"]


@pytest.mark.parametrize("part", PARTS)
def test_each_page_under_the_address_stays_with_its_author(client, part):
    comment = make_comment(email="hana@example.org")
    for method in ("get", "post"):
        if (part, method) == ("", "post"):
            continue
        response = getattr(client, method)(f"{status_url(comment)}{part}")
        assert "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert "hana@example.org" not in response.content.decode()
        assert not response.cookies


@pytest.mark.parametrize("part", PARTS)
def test_under_a_made_up_address_nothing_is_done(client, part):
    comment = make_comment()
    forged = status_url(comment)[:-2] + ("A" if status_url(comment)[-2] != "A" else "B")
    assert client.post(f"{forged}/{part}", {"comment": "Other words."}).status_code == 404
    comment.refresh_from_db()
    assert comment.body != "Other words."


FORGED = [
    "",
    "x",
    "1",
    ".",
    "..",
    "1.",
    ".x",
    "1.x",
    "1:x",
    "1..x",
    "%00",
    "1%00.x",
    "%2e%2e",
    "%20",
]
FORGED += ["%ff%fe", "%ED%A0%80", "%ef%bf%bf", "é.é", "١.x", "𝟙.x", "\u202e1.x", "👍" * 100]
FORGED += ["-" * 5000, "1.%0d%0aSet-Cookie:a=b", "1;.css", "null", "[1]", "' OR 1=1 --", "<b>"]


@pytest.mark.parametrize("token", FORGED, ids=range(len(FORGED)))
def test_a_made_up_address_leads_nowhere(client, token):
    make_comment()
    assert client.get(f"/comments/status/{token}/").status_code == 404


def test_an_address_that_was_changed_anywhere_leads_nowhere(client):
    one, two = make_comment(text="One."), make_comment(text="Two.")
    token = status_url(one).split("/")[-2]
    number, signature = token.split(".")
    changed = [f"{two.pk}.{signature}", f"0{number}.{signature}", f"{number}{signature}"]
    changed += [
        f"{number}.{signature[:-1]}",
        f"{number}.{signature}A",
        f"{number}.{signature.lower()}",
    ]
    changed += [f"{number}.", f".{signature}", f"+{number}.{signature}", f" {token}", f"{token} "]
    changed += [token[:place] + "~" + token[place + 1 :] for place in range(len(token))]
    for each in changed:
        assert client.get(f"/comments/status/{each}/").status_code == 404, each
    assert client.get(f"/comments/status/{token}/").status_code == 200


@pytest.mark.parametrize("salt", ["comments.form.drawn", "comments.confirmation", "", "django"])
def test_what_was_signed_for_another_purpose_leads_nowhere(client, salt):
    comment = make_comment()
    token = signing.Signer(salt=salt, sep=".").sign(str(comment.pk))
    assert client.get(f"/comments/status/{token}/").status_code == 404


def test_a_signed_number_without_a_reply_leads_nowhere(client):
    token = SIGNER.sign("123456789")
    assert client.get(f"/comments/status/{token}/").status_code == 404


# --- From a reply that appeared at once -------------------------------------------------------


def sent(client, **fields):
    """Post a reply that appears at once, and give it as it was stored."""
    Policy(replies="open", hold_first=0).save()
    response = post_reply(client, make_article(), **fields)
    comment = Comment.objects.latest("pk")
    assert comment.is_approved and response["Location"].endswith(f"#comment-{comment.pk}")
    return comment


def ask_for_own(client, **fields):
    return client.post("/comments/status/", fields, headers=FROM_THIS_SITE)


def test_the_key_of_its_form_leads_an_author_to_the_page_of_a_reply_that_appeared_at_once(client):
    comment = sent(client, key="a" * 32)
    response = ask_for_own(client, number=comment.pk, key="a" * 32)
    assert (response.status_code, response["Location"]) == (303, status_url(comment))
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    "fields",
    [{}, {"key": ""}, {"key": "b" * 32}, {"key": "a" * 65}, {"key": "\0"}, {"number": "x"}]
    + [{"number": "0"}, {"number": "9" * 18}, {"number": "9" * 40}, {"number": "\0"}],
    ids=str,
)
def test_without_that_key_nobody_is_led_there(client, fields):
    comment = sent(client, key="a" * 32)
    if not fields:
        other = make_comment(key="c" * 32)
        fields = {"number": other.pk}
    response = ask_for_own(client, **{"number": comment.pk, "key": "a" * 32} | fields)
    assert response.status_code == 404


def test_a_reply_that_came_without_a_key_has_none_that_fits(client):
    comment = sent(client, key="")
    assert ask_for_own(client, number=comment.pk, key="").status_code == 404


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_no_other_site_asks_for_it(client, site):
    comment = sent(client, key="a" * 32)
    fields = {"number": comment.pk, "key": "a" * 32}
    response = client.post("/comments/status/", fields, headers={"Sec-Fetch-Site": site})
    assert response.status_code == 403
    assert client.get("/comments/status/").status_code == 405


def test_what_is_refused_leaves_no_address_in_the_log(client, caplog):
    """Whoever reads the log could use it."""
    address = status_url(make_comment())
    assert client.post(f"{address}text/", {"comment": ""}).status_code == 422
    assert "Unprocessable Content: /comments/status/…/text/" in caplog.text
    assert address not in caplog.text


# --- What it costs ----------------------------------------------------------------------------

# The reply with its piece; its decisions and findings; what stands around every page.
STATUS_QUERIES = 5


def queries_of(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_its_authors_page_costs_the_same_however_many_replies_there_are(client):
    site = SiteSettings.objects.create(name="Newsroom")
    MenuItem.objects.create(site=site, label="About", address="/about/")
    make_page()
    article = make_article()
    comment = make_comment(article=article)
    assert queries_of(client, status_url(comment)) == STATUS_QUERIES
    make_many_approved(article, 100, parent=comment)
    assert queries_of(client, status_url(comment)) == STATUS_QUERIES
