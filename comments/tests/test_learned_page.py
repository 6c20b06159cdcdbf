"""The screen of what was learned: its record, the thresholds, and the site without the package."""

import subprocess
import sys

import pytest
from django.contrib.auth.models import Permission
from django_tasks_db.models import DBTaskResult

from articles.tests.factories import make_staff
from comments import learning, tasks
from comments.learning import progress
from comments.models import Comment, LearnedModel, Policy, PolicyChange, Prediction
from comments.tests.factories import make_comment
from comments.tests.learned import make_decided, make_model
from newsroom.tests.browsing import dom, fields_of, fill_in, links, text_at

pytestmark = pytest.mark.django_db

PAGE = "/admin/comments/learned/"
MODELS = f"{PAGE}models/"


@pytest.fixture
def by(client):
    by = make_staff("Moderators")
    client.force_login(by)
    return by


def learning_tasks():
    return DBTaskResult.objects.filter(task_path=progress.TASK)


def test_the_record_stands_as_a_curve_and_a_table(client, by):
    model = make_model(precision=97)
    model.record["mistakes"] = [
        [make_comment().pk, "approve", 98, "spam"],
        [0, "spam", 97, "approve"],
    ]
    model.save()
    answer = client.get(PAGE)
    said = text_at(answer)
    assert "1,000 decisions of moderators" in said
    assert "the newest 200 of them" in said
    assert "97.0 %" in said
    assert "approve (98 %)" in said
    html = answer.content.decode()
    assert html.count('<polyline class="line-precision"') == 2
    assert "From 97 %: 97 of 100 right (97.0 %), 50.0 % of all" in html
    assert len(dom(answer).findall(".//div[@class='table-scroll']")) == 3
    assert len([link for link in links(answer) if link.startswith("/admin/comments/comment/")]) == 2


def test_a_threshold_that_the_record_supports_is_set_and_recorded(client, by):
    make_model(precision=97)
    answer = fill_in(client, PAGE, learned_approves_from="97")
    assert answer.status_code == 302
    assert Policy.objects.current().learned_approves_from == 97
    change = PolicyChange.objects.get()
    assert (change.by, change.field, change.after) == (by, "learned_approves_from", "97")
    fill_in(client, PAGE)
    assert PolicyChange.objects.count() == 1
    fill_in(client, PAGE, learned_approves_from="0")
    assert Policy.objects.current().learned_approves_from == 0


def test_any_other_is_refused_and_changes_nothing(client, by):
    make_model(precision=97)
    for bad in ("98", "96", "", "-1", "1e9", "\x00", "97\ud800"):
        body = f"learned_approves_from=97&learned_rejects_from={bad}"
        answer = client.post(
            PAGE,
            body.encode("utf-8", "surrogatepass"),
            content_type="application/x-www-form-urlencoded",
        )
        assert answer.status_code == 422, bad
        assert not PolicyChange.objects.exists()


def test_what_was_set_and_is_supported_no_more_may_stay_and_the_page_says_so(client, by):
    make_model(precision=90)
    Policy(learned_rejects_from=97).save()
    assert "the record does not support it any more" in text_at(client.get(PAGE))
    assert fields_of(client.get(PAGE))["learned_rejects_from"] == "97"
    assert fill_in(client, PAGE, learned_approves_from="90").status_code == 302
    policy = Policy.objects.current()
    assert (policy.learned_approves_from, policy.learned_rejects_from) == (90, 97)


def test_whoever_may_not_change_the_rules_sees_and_sets_nothing(client):
    make_model()
    reader = make_staff("Editors")
    client.force_login(reader)
    assert [client.get(PAGE).status_code, client.post(PAGE).status_code] == [403, 403]
    reader.user_permissions.add(Permission.objects.get(codename="view_policy"))
    answer = client.get(PAGE)
    assert answer.status_code == 200
    assert not {"learned_approves_from", "learned_rejects_from"} & set(fields_of(answer))
    assert client.post(PAGE, {"learned_approves_from": "95"}).status_code == 403
    assert client.post(MODELS).status_code == 403
    client.logout()
    assert client.get(PAGE).status_code == 302
    assert not PolicyChange.objects.exists()


def test_learning_is_asked_for_once(client, by):
    make_decided(120, by=by)
    assert "Learn anew now" in text_at(client.get(PAGE))
    assert client.get(MODELS).status_code == 405
    assert client.post(MODELS, follow=True).status_code == 200
    client.post(MODELS)
    assert learning_tasks().count() == 1
    assert "The worker is learning" in text_at(client.get(PAGE))
    assert learning_tasks().get().args_kwargs["args"] == [by.pk]


def test_too_few_decisions_are_told_and_nothing_begins(client, by):
    make_decided(30, by=by)
    said = text_at(client.get(PAGE))
    assert "It takes 100 decisions of moderators, of more than one kind; there are 30." in said
    client.post(MODELS)
    assert not learning_tasks().exists()


def test_a_card_says_what_is_likely_and_why_as_long_as_it_is_of_that_text(client, by):
    comment = make_comment(text="Cheap casino <b>bonus</b>")
    Comment.objects.filter(pk=comment.pk).update(likely="spam", sure=96)
    weighed = [[False, "<i>casino</i>", 2.0], [True, "approved:1", -1.0], [True, "language:en", 9]]
    weighed.append([True, "rule:many_links", 1.5])
    Prediction.objects.create(comment=comment, model=make_model(), version=1, weighed=weighed)
    card = text_at(client.get("/admin/comments/queue/"), ".//article")
    assert "Likely: mark as spam, 96 % sure" in card
    assert "For it: <i>casino</i> rule: Many links" in card
    assert "Against it: an approved reply of this sender" in card
    assert "language" not in card
    answer = client.get("/admin/comments/queue/?order=likely")
    assert "likely=spam&sure=95" in " ".join(links(answer))
    Comment.objects.filter(pk=comment.pk).update(version=2)
    assert "Likely:" not in text_at(client.get("/admin/comments/queue/"), ".//article")


def test_without_the_package_the_screen_says_what_to_install_and_all_else_works(
    client, by, monkeypatch
):
    monkeypatch.setattr(learning, "find_spec", lambda name: None)
    make_decided(120, by=by)
    model = make_model()
    comment = make_comment()
    assert "pip install '.[learn]'" in text_at(client.get(PAGE))
    client.post(MODELS)
    for job in (tasks.learn, tasks.learn_when_due, tasks.predict_waiting):
        job.call()
    assert not learning_tasks().exists()
    assert list(LearnedModel.objects.all()) == [model]
    assert client.get("/admin/comments/queue/?order=likely").status_code == 200
    comment.approve(by=by)


def test_nothing_that_answers_requests_imports_the_package():
    """Neither the site nor the tasks need it to be loaded."""
    code = """
import sys

class Refuses:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"sklearn", "scipy", "numpy"}:
            raise ImportError(name)

sys.meta_path.insert(0, Refuses())
import django
django.setup()
import comments.tasks, newsroom.urls, comments.learning.acting
from comments.learning import is_installed
try:
    print(is_installed())
except ImportError:
    print(False)
"""
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == "False"
