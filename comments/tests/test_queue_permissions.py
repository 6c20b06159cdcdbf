"""Who may open what of the replies' desk, and do what there: each address, each role."""

import re
from collections.abc import Callable
from itertools import product

import pytest
from django.test import Client

from articles.tests.factories import make_staff
from comments.models import Batch, Comment, Decision, SenderSearch, Standing
from comments.tests.factories import make_comment
from newsroom.admin_site import site

pytestmark = pytest.mark.django_db

QUEUE = "/admin/comments/queue/"
ROLES = ("reader", "Reporters", "Editors", "Moderators", "Chief moderators")
MODERATORS = ("Moderators", "Chief moderators")
CHIEF = ("Chief moderators",)

# The pages of the desk by their names (`admin:…`), and who may open them. One that isn't here
# fails.
OPEN_TO = {
    "comments_queue": MODERATORS,
    "comments_queue_decide": MODERATORS,
    "comments_queue_undo": MODERATORS,
    "comments_queue_pulse": MODERATORS,
    "comments_queue_text": MODERATORS,
    "comments_queue_note": MODERATORS,
    "comments_queue_sender": MODERATORS,
    "comments_queue_answer": MODERATORS,
    "comments_batches": MODERATORS,
    "comments_batch_new": MODERATORS,
    "comments_batch": MODERATORS,
    "comments_batch_stop": MODERATORS,
    "comments_batch_undo": MODERATORS,
    "comments_find_sender": CHIEF,
    "comments_log": MODERATORS,
    "comments_log_table": MODERATORS,
    "comments_dashboard": MODERATORS,
    "comments_learned": MODERATORS,
    "comments_learned_models": MODERATORS,
    "comments_mail_choice": MODERATORS,
    "comments_senders": MODERATORS,
    "comments_sender": MODERATORS,
    "comments_standing_lift": MODERATORS,
    "comments_word_lists": MODERATORS,
    "comments_word_list": MODERATORS,
    "comments_word_list_text": MODERATORS,
    "comments_word_list_table": MODERATORS,
}


def logged_in(role):
    client = Client()
    if role != "reader":
        client.force_login(make_staff(role))
    return client


@pytest.fixture
def clients():
    return {role: logged_in(role) for role in ROLES}


@pytest.fixture
def comment():
    return make_comment(text="For moderators alone.")


def desk_pages():
    """Name and route of each page that the desk of replies has added to the admin."""
    pages = {each.name: str(each.pattern) for each in site._pages}
    return {name: route for name, route in pages.items() if route.startswith("comments/")}


def address_of(name, comment):
    batch = Batch.objects.first() or Batch.objects.create(by=make_staff("Moderators"))
    number = {
        "comments_sender": comment.commenter_id,
        "comments_batch": batch.pk,
        "comments_batch_stop": batch.pk,
        "comments_batch_undo": batch.pk,
    }.get(name, comment.pk)
    values = {"number": number, "name": "banned_words"}
    return "/admin/" + re.sub(
        r"<\w+:(\w+)>", lambda match: str(values[match[1]]), desk_pages()[name]
    )


def is_refused(answer):
    to_login = answer.status_code == 302 and answer["Location"].startswith("/admin/login/")
    return to_login or answer.status_code in {403, 405}


def test_each_page_of_the_desk_is_open_to_whom_it_is_meant_for(clients, comment):
    assert desk_pages().keys() == OPEN_TO.keys()
    for name in desk_pages():
        address = address_of(name, comment)
        for role, client in clients.items():
            answers = [client.get(address), client.post(address)]
            what = (name, role, [each.status_code for each in answers])
            if role in OPEN_TO[name]:
                assert all(each.status_code < 500 for each in answers), what
                assert any(not is_refused(each) for each in answers), what
            else:
                assert all(map(is_refused, answers)), what
                assert all("For moderators" not in each.content.decode() for each in answers), what


# What is sent to the queue, by what it does: the address, and the fields.
ONE = "{number}/"
VERBS: dict[str, tuple[str, dict[str, str]]] = {
    **{
        name: (ONE, {"decision": name})
        for name in ("approve", "reject", "spam", "feature", "restore", "unfeature", "keep")
    },
    "edit out": ("{number}/text/", {"text": "For moderators."}),
    "note": ("{number}/note/", {"note": "Look at it."}),
    "answer": ("{number}/answer/", {"text": "Thank you."}),
    "block": ("{number}/sender/", {"standing": "blocked", "days": "7", "reason": ""}),
    "trust": ("{number}/sender/", {"standing": "trusted", "days": "7", "reason": ""}),
    "undo": ("undo/", {}),
    "find": ("find-sender/", {"sender_address": "reader@example.org"}),
}
# In which state a reply is for it, where it isn't held.
BEFORE: dict[str, list[Callable[..., bool]]] = {
    "restore": [Comment.reject],
    "unfeature": [Comment.approve, Comment.feature],
    "keep": [Comment.approve],
    "answer": [Comment.approve],
}
NOT_THEIRS = {"find": ("Moderators",)}


def everything():
    return (
        list(Comment.objects.order_by("pk").values()),
        Decision.objects.count(),
        list(Standing.objects.order_by("pk").values()),
        SenderSearch.objects.count(),
        Batch.objects.count(),
    )


def test_each_verb_of_the_queue_is_for_whom_it_is_meant_for(clients):
    by = make_staff("Moderators")
    for verb, role in product(VERBS, ROLES):
        path, fields = VERBS[verb]
        client, comment = clients[role], make_comment()
        for before in BEFORE.get(verb, []):
            before(comment, by=by)
        if verb == "keep":
            Comment.objects.filter(pk=comment.pk).update(reported_at=comment.submitted_at)
        if verb == "undo" and role in MODERATORS:
            client.post(QUEUE + ONE.format(number=comment.pk), approval(comment))
        comment.refresh_from_db()
        had = everything()
        sent = fields | {"seen": comment.as_seen}
        answer = client.post(QUEUE + path.format(number=comment.pk), sent)
        may = role in MODERATORS and role not in NOT_THEIRS.get(verb, ())
        assert is_refused(answer) is not may, (verb, role, answer.status_code)
        assert (everything() != had) is may, (verb, role, answer.content.decode()[-2000:])


def approval(comment):
    return {"decision": "approve", "seen": comment.as_seen}


def test_another_site_makes_no_moderators_browser_decide(comment):
    trusting, checked = logged_in("Moderators"), Client(enforce_csrf_checks=True)
    checked.force_login(make_staff("Moderators"))
    address = QUEUE + ONE.format(number=comment.pk)
    for client, headers in (
        (trusting, {"Sec-Fetch-Site": "cross-site"}),
        (trusting, {"Sec-Fetch-Site": "same-site"}),
        (checked, {}),
    ):
        assert client.post(address, approval(comment), headers=headers).status_code == 403
    comment.refresh_from_db()
    assert comment.is_held
