"""What moderators send at the same moment, in threads with a connection each."""

import pytest
from django.test import Client

from articles.tests.factories import make_staff
from comments.models import Comment, Decision, MailChoice
from comments.tests.factories import make_approved, make_comment
from comments.tests.test_concurrent_posting import in_threads  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

TIMES = 10


def test_who_decides_on_a_reply_and_on_its_answers_do_not_wait_for_each_other(in_threads):  # noqa: F811
    """PostgreSQL ends one of two transactions that do."""
    by, first = make_staff("Moderators"), make_approved()
    answers = [make_comment(article=first.article, parent=first) for _ in range(3)]

    def decide_on(number):
        def decide():
            for _ in range(TIMES):
                Comment.objects.get(pk=number).restore(by=by)
                Comment.objects.get(pk=number).approve(by=by)

        return decide

    def answer():
        for number in range(TIMES):
            text = f"We say {number}."
            Comment.objects.answer(first.article, parent=answered, text=text, by=by)

    answered = make_approved(article=first.article, parent=first)
    in_threads(answer, *(decide_on(each.pk) for each in (first, *answers)))
    made = in_threads(Decision.objects.filter(by=by).count)[0]
    # The answers were held before.
    assert made == TIMES * (2 + 1 + 2 * len(answers)) - len(answers)


def test_a_form_about_mail_that_is_sent_twice_at_once_is_one_choice(in_threads):  # noqa: F811
    browser = Client()
    browser.force_login(make_staff("Moderators"))

    def post():
        again = Client()
        again.cookies = browser.cookies
        return again.post("/admin/comments/your-mail/", {"when": "daily", "hour": "8"}).status_code

    assert in_threads(*[post] * 4) == [302] * 4
    assert in_threads(MailChoice.objects.count) == [1]
