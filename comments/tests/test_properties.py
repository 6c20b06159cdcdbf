"""Whatever is typed into whichever form of the readers: no server error, nothing unescaped on any
page, feed or list of the desk, no thread in another order; and cleaning twice changes nothing."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from articles.tests.factories import make_article, make_staff
from articles.tests.whole_desk import undone
from comments import body_html, identity
from comments.models import Comment, Letter
from comments.notices.links import letter_url, subscriptions_url
from comments.status_address import status_url
from comments.tests.data_links import open_link
from comments.tests.factories import FROM_THIS_SITE, form_data, make_approved, make_comment
from comments.tests.hostile import XSS
from comments.tests.test_hostile_input import URLENCODED, urlencoded
from newsroom.tests.browsing import dom, text_of
from newsroom.tests.factories import make_superuser
from tests.soak import SEED, size

pytestmark = [pytest.mark.django_db, pytest.mark.soak]

# As an element or an attribute it stands on no page of ours, so that one that does was typed.
TYPED = "typed9"
BREAKS_OUT = [
    f"<{TYPED}>",
    f'"><{TYPED} on{TYPED}=1>',
    f"'><{TYPED}>",
    f'" on{TYPED}="1',
    f"' on{TYPED}='1",
    f"</textarea><{TYPED}>",
    f"</title></p></li></main><{TYPED}>",
    f"--><{TYPED}>",
    f"]]><{TYPED}/>",
    f"<a href='https://example.org/' on{TYPED}=1>x</a>",
    f"&lt;{TYPED}&gt;",
    f"{{{{ {TYPED} }}}}{{% {TYPED} %}}",
]
letters = st.characters() | st.sampled_from("\x00\u0301\u200b\u202e\u2028\ufffe<>&%@:./\\\"'\r\n")
words = st.text(letters, max_size=40)
values = st.one_of(
    st.sampled_from(BREAKS_OUT),
    st.builds("{}{}{}".format, words, st.sampled_from(BREAKS_OUT), words),
    words,
    st.sampled_from(XSS),
    st.integers().map(str),
    st.sampled_from(["", "on", "9" * 400, "-1", "٣", "ﷺ" * 80, "a\u0301" * 300, "\U000e0041"]),
)


def with_any(fields, examples):
    """Gives the test any values for some of these fields."""

    def decorate(test):
        some = st.dictionaries(st.sampled_from(fields), values, min_size=1, max_size=2)
        several_times = settings(
            max_examples=examples,
            deadline=None,
            suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        )
        return seed(SEED)(several_times(given(fields=some)(test)))

    return decorate


@pytest.fixture
def site():
    """A piece with a thread, and all that readers can open of one of its replies."""
    article = make_article(slug="piece")
    first = make_approved(article=article)
    for _ in range(2):
        make_approved(article=article, parent=make_approved(article=article, parent=first))
    make_approved(article=article)
    return article


@pytest.fixture
def chief():
    client = Client()
    client.force_login(make_superuser())
    return client


def send(url, fields):
    """As a browser sends it: what UTF-8 can't say goes as the bytes it would have."""
    sent = {name: value.encode(errors="surrogatepass") for name, value in fields.items()}
    answer = Client(headers=FROM_THIS_SITE).post(url, urlencoded(sent), URLENCODED)
    assert answer.status_code in {200, 302, 303, 400, 404, 409, 422, 429}, answer.status_code
    if answer.get("Content-Type", "").startswith("text/html"):
        assert_escaped(answer)
    return answer


def assert_escaped(page):
    for element in dom(page).iter():
        assert TYPED not in str(element.tag), page.request["PATH_INFO"]
        assert not [name for name in element.attrib if TYPED in name], page.request["PATH_INFO"]


def look_everywhere(article, chief, *more):
    """Each page on which something of a reply may stand is there, and none has been broken."""
    path = article.get_absolute_url()
    for url in (path, f"{path}?replies=newest", *more):
        answer = Client().get(url)
        assert answer.status_code == 200, url
        assert_escaped(answer)
    for feed in (f"{path}comments.atom", f"{path}picks.atom"):
        for element in ElementTree.fromstring(Client().get(feed).content).iter():
            assert TYPED not in element.tag
            if element.get("type") == "html":
                assert f"<{TYPED}" not in (element.text or "")
    for model in admin.site._registry:
        if model._meta.app_label == "comments":
            name = f"admin:comments_{model._meta.model_name}"
            assert_escaped(chief.get(reverse(f"{name}_changelist"), follow=True))
    reply = Comment.objects.latest("pk")
    assert_escaped(chief.get(reverse("admin:comments_comment_change", args=[reply.pk])))


def order(article):
    """The replies of the piece, as they stand on its page."""
    page = Client().get(article.get_absolute_url()).content.decode()
    return re.findall(r'id="comment-(\d+)"', page)


# --- Each form --------------------------------------------------------------------------------


def test_what_breaks_out_is_taken_and_stands_everywhere_as_it_was_typed(site, chief):
    """In the text and in the name, so that the examples below are known to get that far."""
    for number, text in enumerate(BREAKS_OUT):
        who = {"author": text, "email": f"reader-{number}@example.org"}
        fields = form_data(comment=f"It: {text}", **who)
        assert send(f"{site.get_absolute_url()}comments/", fields).status_code == 303, text
    for reply in Comment.objects.held():
        assert reply.approve(by=make_staff("Moderators"))
        assert_escaped(Client().get(status_url(reply)))
    look_everywhere(site, chief)
    page: Any = Client().get(site.get_absolute_url())
    names = {text_of(each) for each in dom(page).iter("bdi")}
    assert set(BREAKS_OUT) <= names


REPLY = ["comment", "author", "email", "url", "subject", "parent", "drawn", "key", "confirmed"]
REPLY += ["proof", "work", "notify_answers", "notify_all", "preview"]
REPLY += ["comment", "author", "url"] * 5  # what stands on pages, more often


@with_any(REPLY, size(12, 2000))
def test_the_reply_form(site, chief, fields):
    before, last = order(site), Comment.objects.latest("pk").pk
    assert len(before) == 6
    with undone():
        send(f"{site.get_absolute_url()}comments/", form_data() | fields)
        new = Comment.objects.filter(pk__gt=last).first()
        if new is None:
            return
        assert_escaped(Client().get(status_url(new)))
        new.approve(by=make_staff("Moderators"))
        new.feature(by=make_staff("Moderators"))
        look_everywhere(site, chief)
        assert [each for each in order(site) if each in before] == before
        assert str(new.pk) in order(site)


@with_any(["comment", "seen", "email"], size(6, 1000))
def test_the_form_that_changes_a_reply(site, chief, fields):
    with undone():
        reply = make_comment(article=site)
        as_seen = {"comment": "Changed.", "seen": reply.as_seen}
        send(f"{status_url(reply)}text/", as_seen | fields)
        reply.refresh_from_db()
        reply.approve(by=make_staff("Moderators"))
        look_everywhere(site, chief, status_url(reply))
        assert body_html.ALLOWED.clean(reply.body_html) == reply.body_html


@with_any(["words"], size(5, 1000))
def test_the_question_for_a_second_look(site, chief, fields):
    with undone():
        reply = make_comment(article=site)
        reply.reject(by=make_staff("Moderators"), reason=fields["words"][:200].replace("\0", ""))
        send(f"{status_url(reply)}second-look/", fields)
        look_everywhere(site, chief, status_url(reply))


@with_any(["answer"], size(5, 1000))
def test_the_answer_to_a_letter(site, chief, fields):
    with undone():
        reply = make_comment(article=site)
        letter = Letter.objects.write(reply, by=make_staff("Moderators"), text="Is this true?")
        page = letter_url(letter).removeprefix("http://localhost:8000")
        send(page, fields)
        look_everywhere(site, chief, page)


@with_any(["email", "subject"], size(6, 1000))
def test_the_question_for_ones_data(site, chief, fields):
    with undone():
        send("/comments/your-data/", fields)
        look_everywhere(site, chief)


@with_any(["do", "article", "List-Unsubscribe"], size(15, 1000))
def test_the_buttons_of_subscriptions(site, fields):
    with undone():
        reply = make_comment(article=site)
        assert reply.commenter
        page = subscriptions_url(reply.commenter.pk, site.pk)
        send(page.removeprefix("http://localhost:8000"), fields)


@with_any(["page", "number"], size(5, 500))
def test_the_pages_of_ones_data(site, fields):
    with undone():
        reply = make_comment(article=site, text=fields.get("page", "x")[:4000] or "x")
        assert reply.commenter
        page = open_link(reply.commenter)
        assert_escaped(Client().get(page, {name: v[:300] for name, v in fields.items()}))
        send(f"{page}erasing/{reply.pk}/", fields)
        assert Comment.objects.get(pk=reply.pk).is_erased


@pytest.mark.parametrize("broken", BREAKS_OUT[:3])
def test_what_breaks_out_of_its_place_is_noticed(broken):
    page: Any = HttpResponse(f'<p title="{broken}">{broken}</p>')
    page.request = {"PATH_INFO": "/"}
    with pytest.raises(AssertionError):
        assert_escaped(page)


# --- Cleaning ---------------------------------------------------------------------------------


@seed(SEED)
@settings(max_examples=size(200, 20_000), deadline=None)
@given(values)
def test_cleaning_twice_changes_nothing(value):
    html = body_html.clean(value)
    assert body_html.ALLOWED.clean(html) == html
    assert f"<{TYPED}" not in html
    for clean in (identity.clean_name, identity.clean_website):
        try:
            once = clean(value)
        except ValidationError:
            continue
        assert clean(once) == once
