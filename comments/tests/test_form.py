import pytest

from articles.tests.factories import make_article, make_staff
from comments.models import Comment
from comments.tests.factories import (
    FROM_THIS_SITE,
    form_data,
    make_approved,
    make_comment,
    post_reply,
)
from comments.tests.reading import (
    all_by_id,
    by_id,
    controls,
    filled_in,
    only,
    page,
    reply_form,
    summary,
    text_of,
)

pytestmark = pytest.mark.django_db


def field_of(response, name):
    (found,) = (each for each in controls(reply_form(response)) if each.get("name") == name)
    return found


def heading_of(response):
    return text_of(by_id(page(response), "respond-heading"))


# --- The empty form ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "attributes"),
    [
        ("comment", {"required": "", "maxlength": "5000"}),
        ("author", {"type": "text", "required": "", "autocomplete": "name", "maxlength": "80"}),
        ("email", {"type": "email", "required": "", "autocomplete": "email"}),
        ("url", {"type": "text", "required": None, "autocomplete": "url", "inputmode": "url"}),
        ("subject", {"type": "text", "required": None, "autocomplete": "off", "tabindex": "-1"}),
        ("parent", {"type": "hidden", "value": None}),
        ("drawn", {"type": "hidden"}),
        ("key", {"type": "hidden", "value": None}),
    ],
)
def test_the_form_has_the_fields_browsers_know(client, name, attributes):
    field = field_of(client.get(make_article().get_absolute_url()), name)
    assert {attribute: field.get(attribute) for attribute in attributes} == attributes
    assert field.tag == ("textarea" if name == "comment" else "input")


def test_the_form_has_no_other_field(client):
    form = reply_form(client.get(make_article().get_absolute_url()))
    names = {"comment", "author", "email", "url", "subject", "parent", "drawn", "key"}
    names |= {"proof", "work", "notify_answers", "notify_all"}
    assert set(filled_in(form)) == names


def test_the_fields_stand_in_the_order_readers_know(client):
    form = reply_form(client.get(make_article().get_absolute_url()))
    seen = [each.get("name") for each in controls(form) if each.get("type") != "hidden"]
    assert seen == ["comment", "author", "email", "url", "subject", "notify_answers", "notify_all"]
    labels = [text_of(each) for each in form.iter("label")]
    assert labels[:5] == ["Comment *", "Name *", "Email *", "Website", "Leave this field empty"]


def test_each_field_has_a_label_of_its_own(client):
    article_page = page(client.get(make_article().get_absolute_url()))
    form = only(by_id(article_page, "respond"), "form")
    labelled = [each.get("for") for each in form.iter("label")]
    assert len(labelled) > 3
    assert len(labelled) == len(set(labelled))
    for identifier in labelled:
        assert identifier
        assert by_id(article_page, identifier).get("name") == identifier


def test_the_form_says_what_happens_to_the_address_before_it_asks(client):
    article_page = page(client.get(make_article().get_absolute_url()))
    note = by_id(article_page, "email-notes")
    assert note.tag == "p"
    assert text_of(note) == "Your email address will not be published."
    form = by_id(article_page, "respond").find("form")
    assert form is not None
    inside = list(form.iter())
    assert inside.index(note) < min(inside.index(each) for each in controls(form))
    assert "Required fields are marked *" in [text_of(each) for each in form.iter("p")]


def test_the_form_has_the_heading_and_the_button_of_wordpress(client):
    response = client.get(make_article().get_absolute_url())
    assert heading_of(response) == "Leave a Reply"
    (button,) = reply_form(response).iter("button")
    assert (button.get("type"), text_of(button)) == ("submit", "Post Comment")


def test_the_form_posts_to_the_replies_of_its_piece(client):
    article = make_article()
    form = reply_form(client.get(article.get_absolute_url()))
    assert form.get("method") == "post"
    assert form.get("action") == f"/articles/{article.slug}/comments/"


def test_the_form_holds_no_token_and_the_page_sets_no_cookie(client):
    response = client.get(make_article().get_absolute_url())
    assert "csrfmiddlewaretoken" not in response.content.decode()
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


# --- The email field and its note -------------------------------------------------------------


def test_the_email_field_is_described_by_the_note(client):
    response = client.get(make_article().get_absolute_url())
    assert field_of(response, "email").get("aria-describedby") == "email-notes"


def test_the_email_field_is_described_by_the_note_and_its_error(client):
    response = post_reply(client, make_article(), email="hana")
    field = field_of(response, "email")
    assert (field.get("aria-describedby") or "").split() == ["email-notes", "email_error"]
    assert field.get("aria-invalid") == "true"
    assert by_id(page(response), "email_error").tag == "ul"
    assert len(all_by_id(page(response), "email-notes")) == 1


# --- A form with errors -----------------------------------------------------------------------

TYPED = {
    "comment": "First line <b>bold</b>\n\n  \u201csecond\u201d & last  line",
    "author": 'Hana \u2019" Wójcik',
    "email": "hana@example.org",
    "url": "https://example.org/~hana?a=1&b=2",
    "subject": "autofilled",
    "key": "0123456789abcdef",
    "proof": "1.token 2.token",
    "work": "c29sdmVk",
}

ERRORS = [
    ("comment", "", "Please write your comment."),
    ("author", "", "Please give a name."),
    ("email", "", "Please give an email address."),
    ("email", "hana@", "Please give an email address like name@example.org."),
    ("url", "javascript:alert(1)", "This is not the address of a website."),
]


@pytest.mark.parametrize(("name", "value", "message"), ERRORS)
def test_a_refused_form_keeps_everything_typed(client, name, value, message):
    article = make_article()
    answered = make_approved(article=article)
    sent = form_data(**{**TYPED, "parent": str(answered.pk), name: value})
    response = client.post(f"/articles/{article.slug}/comments/", sent, headers=FROM_THIS_SITE)
    assert response.status_code == 422
    kept = filled_in(reply_form(response))
    assert kept == sent | {"notify_answers": "", "notify_all": ""}
    assert Comment.objects.held().count() == 0


@pytest.mark.parametrize(("name", "value", "message"), ERRORS)
def test_an_error_stands_beside_its_field_and_is_linked_from_the_summary(
    client, name, value, message
):
    response = post_reply(client, make_article(), **{**TYPED, name: value})
    beside = by_id(page(response), f"{name}_error")
    assert text_of(beside) == message
    field = field_of(response, name)
    assert f"{name}_error" in (field.get("aria-describedby") or "").split()
    lines = summary(response)
    assert list(lines) == [f"#{name}"]
    assert lines[f"#{name}"].endswith(message)
    assert by_id(page(response), name) is not None


def test_all_errors_are_shown_at_once_in_the_order_of_the_form(client):
    response = post_reply(client, make_article(), comment="", author="", email="", url="x y")
    assert list(summary(response)) == ["#comment", "#author", "#email", "#url"]


def test_the_summary_stands_above_the_fields_and_is_announced(client):
    response = post_reply(client, make_article(), author="")
    form = reply_form(response)
    inside = list(form.iter())
    errors = by_id(form, "errors")
    assert errors.get("role") == "alert"
    assert inside.index(errors) < min(inside.index(each) for each in controls(form))


def test_the_title_of_a_refused_form_says_so(client):
    response = post_reply(client, make_article(headline="The Piece"), author="")
    (title,) = page(response).iter("title")
    assert text_of(title).startswith("Your reply was not sent")
    assert "The Piece" in text_of(title)


def test_a_form_without_errors_has_no_summary(client):
    assert not all_by_id(page(client.get(make_article().get_absolute_url())), "errors")


def test_a_refused_form_is_kept_by_no_cache(client):
    response = post_reply(client, make_article(), author="")
    assert "no-store" in response["Cache-Control"]


def test_a_refused_form_can_be_corrected_and_sent(client):
    article = make_article()
    refused = post_reply(client, article, author="")
    sent = filled_in(reply_form(refused)) | {"author": "Hana"}
    response = client.post(f"/articles/{article.slug}/comments/", sent, headers=FROM_THIS_SITE)
    assert response.status_code == 303
    assert Comment.objects.get().name == "Hana"


@pytest.mark.parametrize("name", ["proof", "work"])
@pytest.mark.parametrize("value", ["x" * 5000, "\x00", "🌸", "1.a 2.b 3.c 4.d"])
def test_what_the_script_fills_in_is_never_an_error(client, name, value):
    assert post_reply(client, make_article(), **{name: value}).status_code == 303


# --- Lengths ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "longest", "too_long"),
    [
        ("comment", "x" * 5000, "x" * 5001),
        ("author", "n" * 80, "n" * 81),
        ("email", "a@" + "b" * 60 + ".example.org", "a@" + "b." * 125 + "org"),
        ("url", "https://example.org/" + "u" * 180, "https://example.org/" + "u" * 181),
        ("key", "k" * 64, "k" * 65),
    ],
    ids=["comment", "author", "email", "url", "key"],
)
def test_what_is_longer_than_a_field_takes_is_refused_and_kept(client, name, longest, too_long):
    article = make_article()
    refused = post_reply(client, article, **{name: too_long})
    assert refused.status_code == 422
    assert filled_in(reply_form(refused))[name] == too_long
    assert post_reply(client, article, **{name: longest}).status_code == 303


def test_a_line_end_counts_as_one_character_as_it_does_in_browsers(client):
    """They count it once for `maxlength` and send it as two characters."""
    text = ("x" * 9 + "\r\n") * 499 + "x" * 10
    assert len(text.replace("\r\n", "\n")) == 5000
    response = post_reply(client, make_article(), comment=text)
    assert response.status_code == 303
    assert len(Comment.objects.get().body) == 5000


def test_a_text_that_is_longer_than_allowed_when_normalised_is_refused_and_kept(client):
    """NFC writes U+0958 as two characters."""
    text = "\u0958" * 3000
    response = post_reply(client, make_article(), comment=text)
    assert response.status_code == 422
    assert filled_in(reply_form(response))["comment"] == text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("author", "\ufdfa" * 80),  # one character that NFKC writes as 18
        ("url", "https://example.org/" + "日" * 60),  # nine characters each when percent-coded
        ("url", "bücher." * 22 + "example.org"),  # longer as xn--…
    ],
    ids=["name", "path", "host"],
)
def test_what_is_longer_than_a_field_takes_when_normalised_is_refused_and_kept(client, name, value):
    response = post_reply(client, make_article(), **{name: value})
    assert response.status_code == 422
    assert filled_in(reply_form(response))[name] == value
    assert f"#{name}" in summary(response)


# --- Nothing to read --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \r\n\t ",
        "\u3000\u00a0",
        "<b></b>",
        "<p> </p><br><br/>",
        "&nbsp;&nbsp;",
        "<!-- nothing -->",
        '<a href="https://example.org"></a>',
        '<img src="https://example.org/x.png">',
        "<svg></svg>",
        "\u200b\u200b",
        "&#8203;",
        "&shy;",
        "\ufeff",
        "\u3164",
        "\u115f\u1160",
        "\u2800",
        "\x01\x02",
        "&#1;",
        "<i>\u2060</i>",
    ],
)
def test_a_text_in_which_nothing_can_be_read_is_refused(client, text):
    response = post_reply(client, make_article(), comment=text)
    assert response.status_code == 422
    assert summary(response)["#comment"].endswith("Please write your comment.")
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "text", ["0", "?", "👍", "…", "<b>!</b>", "&lt;", "<", "은", "٪", "ㅋㅋ", "€"]
)
def test_a_short_text_is_a_text(client, text):
    assert post_reply(client, make_article(), comment=text).status_code == 303


# --- Answering a reply ------------------------------------------------------------------------


def test_the_form_tells_whom_it_answers(client):
    article = make_article()
    answered = make_approved(article=article, name="Maud <E> Ellery")
    response = client.get(f"{article.get_absolute_url()}?reply_to={answered.pk}")
    assert heading_of(response) == "Leave a Reply to Maud <E> Ellery"
    assert filled_in(reply_form(response))["parent"] == str(answered.pk)
    links = [each.get("href") for each in by_id(page(response), "respond").iter("a")]
    assert f"{article.get_absolute_url()}#respond" in links


def test_the_refused_form_still_tells_whom_it_answers(client):
    article = make_article()
    answered = make_approved(article=article, name="Maud")
    response = post_reply(client, article, parent=str(answered.pk), author="")
    assert heading_of(response) == "Leave a Reply to Maud"


def cannot_be_answered(article):
    """Values of `reply_to` and `parent` that name no reply which readers see under the piece."""
    held, rejected = make_comment(article=article), make_approved(article=article)
    rejected.reject(by=make_staff("Moderators"))
    elsewhere = make_approved()
    gone = max(held.pk, rejected.pk, elsewhere.pk) + 1
    numbers = [held.pk, rejected.pk, elsewhere.pk, gone, 0, -1, 2**63, 10**30]
    nonsense = ["x", "1.5", "1e3", "0x1", "½", "١", "NULL", "' OR 1=1 --", "[1]", "9" * 6000]
    return [*map(str, numbers), *nonsense]


def test_a_reply_that_readers_do_not_see_cannot_be_chosen_to_answer(client):
    article = make_article()
    for number in cannot_be_answered(article):
        response = client.get(article.get_absolute_url(), {"reply_to": number})
        assert response.status_code == 200
        assert heading_of(response) == "Leave a Reply"
        assert filled_in(reply_form(response))["parent"] == ""


def test_an_answer_to_what_readers_do_not_see_is_refused_once_and_keeps_its_text(client):
    article = make_article()
    for number in cannot_be_answered(article):
        before = Comment.objects.count()
        email = f"sender-{before}@example.org"
        refused = post_reply(
            client, article, parent=number, comment=f"Words {before}.", email=email
        )
        assert refused.status_code == 422, number
        assert "no longer here" in summary(refused)[""]
        assert heading_of(refused) == "Leave a Reply"
        assert Comment.objects.count() == before
        kept = filled_in(reply_form(refused))
        assert (kept["comment"], kept["email"], kept["parent"]) == (f"Words {before}.", email, "")
        again = client.post(f"/articles/{article.slug}/comments/", kept, headers=FROM_THIS_SITE)
        assert again.status_code == 303
        assert Comment.objects.latest("pk").parent is None


def test_an_answer_names_its_parent_and_its_thread(client):
    article = make_article()
    first = make_approved(article=article)
    second = make_approved(article=article, parent=first)
    assert post_reply(client, article, parent=str(second.pk)).status_code == 303
    answer = Comment.objects.held().get()
    assert (answer.parent, answer.thread) == (second, first)
