"""The sum that a browser solves: when it is asked for, what counts, and how often."""

import base64
import json
from datetime import timedelta

import pytest
from altcha import Challenge, Payload, create_challenge, solve_challenge
from django.utils import timezone

from articles.models import Replies
from articles.tests.factories import make_article
from comments import proof_of_work
from comments.models import Comment, Policy, PolicyChange, UsedWork
from comments.models.policy import CALM
from comments.tests.factories import make_comment, post_reply

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

ALWAYS = {"replies": Replies.OPEN, "hold_first": 0, "proof_of_work": "always"}


@pytest.fixture(autouse=True)
def little_work(monkeypatch):
    monkeypatch.setattr(proof_of_work, "COST", 1)
    monkeypatch.setattr(proof_of_work, "FEWEST_TRIES", 1)
    monkeypatch.setattr(proof_of_work, "MOST_TRIES", 20)


def solved(given=None):
    """What the browser sends for a challenge."""
    challenge = Challenge.from_dict(given or proof_of_work.challenge())
    solution = solve_challenge(challenge)
    assert solution
    return Payload(challenge, solution).to_base64()


def changed(work, **parameters):
    payload = json.loads(base64.b64decode(work))
    payload["challenge"]["parameters"] |= parameters
    return base64.b64encode(json.dumps(payload).encode()).decode()


def rules_that_saw(comment):
    return set(comment.findings.values_list("rule", flat=True))


def test_the_browser_gets_a_new_challenge_that_nothing_keeps(client):
    answers = [client.get("/comments/challenge/") for _ in range(2)]
    assert answers[0].json() != answers[1].json()
    for answer in answers:
        assert "no-store" in answer["Cache-Control"]
        assert not answer.cookies
        assert answer.json()["parameters"]["algorithm"] == "PBKDF2/SHA-256"
        assert proof_of_work.is_solved(solved(answer.json()))


def test_it_takes_as_much_work_as_is_meant(client, monkeypatch):
    monkeypatch.undo()
    given = client.get("/comments/challenge/").json()["parameters"]
    assert given["cost"] * proof_of_work.FEWEST_TRIES >= 1_000_000
    # The solution can be told by half of it alone, which no shorter work finds.
    assert len(given["keyPrefix"]) == 32


def test_a_reply_with_a_solution_appears_and_one_without_is_held(client):
    Policy(**ALWAYS).save()
    article = make_article()
    post_reply(client, article, comment="With.", email="a@example.org", work=solved())
    post_reply(client, article, comment="Without.", email="b@example.org")
    assert Comment.objects.get(body="With.").is_approved
    without = Comment.objects.get(body="Without.")
    assert (without.status, rules_that_saw(without)) == ("held", {"no_proof_of_work"})


def test_a_solution_counts_once():
    Policy(**ALWAYS).save()
    work = solved()
    assert make_comment(work=work).is_approved
    assert make_comment(work=work).is_held
    assert UsedWork.objects.count() == 1


def test_a_solution_that_came_at_once_with_two_replies_counts_for_one(monkeypatch):
    Policy(**ALWAYS).save()
    work = solved()
    make_comment(work=work)
    # The other was judged before the first was taken in.
    monkeypatch.setattr(proof_of_work, "is_solved", lambda work: True)
    late = make_comment(work=work)
    assert (late.status, rules_that_saw(late)) == ("held", {"no_proof_of_work"})


def test_a_challenge_runs_out(clock):
    Policy(**ALWAYS).save()
    work = solved()
    clock.shift(proof_of_work.RUNS_OUT - timedelta(seconds=2))
    assert proof_of_work.is_solved(work)
    clock.shift(3)
    assert not proof_of_work.is_solved(work)
    assert make_comment(work=work).is_held


def test_used_solutions_are_kept_until_their_challenge_runs_out(clock):
    Policy(**ALWAYS).save()
    make_comment(work=solved())
    assert not UsedWork.objects.due_for_erasure().exists()
    clock.shift(proof_of_work.RUNS_OUT + timedelta(seconds=1))
    assert UsedWork.objects.due_for_erasure().count() == 1


def of_another_site():
    expires_at = timezone.now() + timedelta(hours=1)
    made = create_challenge("PBKDF2/SHA-256", 1, counter=3, expires_at=expires_at, hmac_secret="x")
    return solved(made.to_dict())


FORGED = {
    "nothing": lambda: "",
    "no base64": lambda: "\x00é",
    "no JSON": lambda: base64.b64encode(b"[" * 1000).decode(),
    "another shape": lambda: base64.b64encode(b'{"challenge": 1, "solution": []}').decode(),
    "too long": lambda: "A" * 10_000,
    "another site's": of_another_site,
    "an easier one": lambda: changed(solved(), keyPrefix=""),
    "one without an end": lambda: changed(solved(), expiresAt=None),
    "one that ends later": lambda: changed(solved(), expiresAt=4_000_000_000),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_forged_solution_is_none_and_no_error(client, forged):
    Policy(**ALWAYS).save()
    assert post_reply(client, make_article(), work=forged()).status_code == 303
    assert rules_that_saw(Comment.objects.get()) == {"no_proof_of_work"}
    assert not UsedWork.objects.exists()


# --- When it is asked for ---------------------------------------------------------------------


def is_asked(client, article):
    return b"/comments/challenge/" in client.get(article.get_absolute_url()).content


def test_a_quiet_site_asks_for_none(client):
    assert not is_asked(client, make_article())
    assert not rules_that_saw(make_comment()) & {"no_proof_of_work"}


def test_the_page_of_a_piece_tells_the_browser_where_it_is_asked_for(client):
    Policy(proof_of_work="always").save()
    assert is_asked(client, make_article())


def test_it_switches_itself_on_under_attack_and_off_after_a_calm(clock):
    Policy(attack_pace=3).save()
    for _ in range(2):
        make_comment()
    assert not Policy.objects.current().asks_for_work()
    make_comment()
    assert Policy.objects.current().asks_for_work()
    assert rules_that_saw(make_comment()) == {"newcomer", "no_proof_of_work"}
    (change,) = PolicyChange.objects.all()
    assert (change.rule, change.by) == ("attack_pace", None)
    clock.shift(CALM - timedelta(seconds=1))
    assert Policy.objects.current().asks_for_work()
    clock.shift(1)
    assert not Policy.objects.current().asks_for_work()


def test_while_they_pour_in_it_stays_on(clock):
    Policy(attack_pace=2).save()
    for _ in range(8):
        make_comment()
        clock.shift(timedelta(minutes=5))
    assert Policy.objects.current().is_under_attack()
    assert PolicyChange.objects.count() == 1


@pytest.mark.parametrize("fields", [{"proof_of_work": "never"}, {"attack_pace": 0}])
def test_it_can_be_switched_off(fields):
    Policy(**{"attack_pace": 1} | fields).save()
    make_comment()
    assert not Policy.objects.current().asks_for_work()
    assert not PolicyChange.objects.exists()
