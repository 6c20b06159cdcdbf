"""Nothing that can be sent to the reply form is answered with a server error.

The client raises whatever a view does not catch, so an error fails these tests with its cause.
"""

from urllib.parse import quote_from_bytes

import pytest
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.tests.factories import make_article
from comments.models import Comment
from comments.tests.factories import FROM_THIS_SITE, form_data, make_approved
from comments.tests.hostile import XSS
from tests.soak import size

pytestmark = pytest.mark.django_db

FIELDS = ("comment", "author", "email", "url", "subject", "parent", "drawn", "key", "confirmed")
URLENCODED = "application/x-www-form-urlencoded"
ANSWERS = {200, 303, 400, 422}


def send(client, article, body, content_type=URLENCODED, *, headers=FROM_THIS_SITE):
    """Send the bytes of a body; the answer must not be an error of ours."""
    url = f"/articles/{article.slug}/comments/"
    response = client.generic("POST", url, body, content_type, headers=headers)
    assert response.status_code in ANSWERS
    return response


def urlencoded(fields):
    """A form body, whose values may be any bytes."""
    values = {
        name: value.encode() if isinstance(value, str) else value for name, value in fields.items()
    }
    return "&".join(f"{name}={quote_from_bytes(value)}" for name, value in values.items()).encode()


def multipart(fields, *, headers=""):
    parts = [
        b'--edge\r\nContent-Disposition: form-data; name="%s"\r\n%s\r\n%s\r\n'
        % (name.encode(), headers.encode(), value.encode() if isinstance(value, str) else value)
        for name, value in fields.items()
    ]
    return b"".join(parts) + b"--edge--\r\n"


def form_read(body, content_type):
    """What the view finds in the form."""
    return RequestFactory().generic("POST", "/", body, content_type).POST


# --- Values -----------------------------------------------------------------------------------

BYTES = {
    "NUL": b"a\x00b",
    "controls": bytes(range(32)),
    "C1 controls": "".join(map(chr, range(0x7F, 0xA0))).encode(),
    "lone surrogate": b"\xed\xa0\x80x",
    "two surrogates": b"\xed\xa0\xbd\xed\xb8\x80",
    "not UTF-8": b"\xff\xfe\xfd",
    "overlong": b"\xc0\xaf\xe0\x80\xaf",
    "cut short": "日本".encode()[:-1],
    "latin-1": "Wójcik".encode("latin-1"),
    "shift-jis": "小林".encode("shift-jis"),
    "utf-16": "Hana".encode("utf-16"),
    "noncharacters": "\ufdd0\ufffe\uffff\U0010ffff".encode(),
    "byte order mark": "\ufeff\ufeff".encode(),
    "tags": "\U000e0041\U000e007f".encode(),
    "marks": b"a" + "\u0301".encode() * 2000,
    "right to left": "\u202e\u2066\u061c".encode(),
    "expands": "\ufdfa".encode() * 80,
    "decomposes": "\u0958".encode() * 5000,
    "fillers": "\u3164\u115f".encode(),
    "line separators": "\u2028\u2029\x0b\x0c\x1c\x85".encode(),
    "percent": b"%" * 3000,
    "coded twice": b"%2500%252e%u0041",
    "entities": b"&#0;&#x110000;&#99999999999;&bogus;&" * 50,
    "huge number": b"9" * 5000,
    "negative": b"-1",
    "float": b"1e309",
    "not a number": b"nan",
    "arabic digits": "١٢٣".encode(),
    "superscript": "²".encode(),
    "64 bit": b"9223372036854775808",
    "signed nonsense": b"a:b:c",
    "signed characters": "é:ü:日".encode(),
    "colons": b":" * 500,
    "dots": b"." * 500,
    "json": b'{"comment": ["a", null]}',
    "sql": b"'); DROP TABLE comments_comment; --",
    "format": b"%s%d%n{0}{__class__}${x}",
    "template": b"{{ settings.SECRET_KEY }}{% debug %}",
    "mail header": b"a\r\nBcc: all@example.org",
    "long": b"x" * 200_000,
    "very long address": b"a@" + b"b." * 30_000 + b"org",
    "only at signs": b"@" * 5000,
    "angle brackets": b"<" * 5000,
    "open tags": b"<b>" * 1600,
    "empty": b"",
    "spaces": b" " * 4000,
}


@pytest.mark.parametrize("field", FIELDS)
def test_no_value_of_a_field_is_an_error(client, field):
    """Each value in both codings: the two are read as the same form, and one of them is posted, by
    a current browser or a text browser. Over the fields, each value goes each of these ways."""
    article = make_article()
    for number, (name, value) in enumerate(BYTES.items(), start=FIELDS.index(field)):
        fields = form_data(email=f"sender-{number}@example.org", comment=f"No. {number}.")
        codings = (
            (urlencoded(fields | {field: value}), URLENCODED),
            (multipart(fields | {field: value}), MULTIPART),
        )
        assert form_read(*codings[0]) == form_read(*codings[1]), name
        headers = FROM_THIS_SITE if number // 2 % 2 else {}
        send(client, article, *codings[number % 2], headers=headers)
    assert client.get(article.get_absolute_url()).status_code == 200


MULTIPART = "multipart/form-data; boundary=edge"

letters = st.characters() | st.sampled_from("\x00\u0301\u200b\u202e\ufffe<>&%@:./\\\"'\r\n")
values = st.one_of(st.text(letters, max_size=60), st.sampled_from(XSS), st.integers().map(str))


@pytest.mark.soak
@given(st.dictionaries(st.sampled_from(FIELDS), values), st.booleans(), st.booleans())
@settings(
    max_examples=size(60, 2000),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_form_is_an_error(client, fields, is_multipart, says_where_from):
    article = make_article()
    sent = {
        name: value.encode(errors="surrogatepass") for name, value in (form_data() | fields).items()
    }
    headers = FROM_THIS_SITE if says_where_from else {}
    body = multipart(sent) if is_multipart else urlencoded(sent)
    send(client, article, body, MULTIPART if is_multipart else URLENCODED, headers=headers)


@pytest.mark.soak
@given(st.binary(max_size=300), st.sampled_from([URLENCODED, MULTIPART, "text/plain", ""]))
@settings(
    max_examples=size(40, 1000),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_body_is_an_error(client, body, content_type):
    send(client, make_article(), body, content_type)
    assert not Comment.objects.exists()


# --- Bodies -----------------------------------------------------------------------------------


def test_a_megabyte_of_text_is_refused(client):
    article = make_article()
    for text in (b"x" * 1_000_000, b"&#1;" * 250_000, b"\n" * 1_000_000):
        fields = form_data() | {"comment": text}
        assert send(client, article, urlencoded(fields)).status_code == 400
        assert send(client, article, multipart(fields), MULTIPART).status_code == 400
    assert not Comment.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"&&&===",
        b"%",
        b"%zz=%zz",
        b"comment",
        b"comment=%",
        b"comment=%E0%A4%A",
        b"comment=%ff%fe&author=%00",
        b"comment[]=a&author[0]=b&email[x]=c",
        b"%63omment=a",
        b"comment;author;email",
        b"=" * 1000,
        b"\xff\xfe\x00",
        "コメント=日本".encode(),
    ],
)
def test_no_spelling_of_a_form_is_an_error(client, body):
    assert send(client, make_article(), body).status_code == 422
    assert not Comment.objects.exists()


@pytest.mark.parametrize("field", FIELDS)
def test_of_a_field_sent_more_than_once_one_counts(client, field):
    article = make_article()
    sent = form_data() | {field: form_data().get(field, "")}
    last = urlencoded({field: sent[field]})
    body = b"&".join([urlencoded(sent), urlencoded({field: "first"}), last])
    assert send(client, article, body).status_code == 303


def test_too_many_fields_are_refused(client):
    body = b"&".join(b"f%d=1" % number for number in range(5000))
    assert send(client, make_article(), body).status_code == 400


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("", 422),
        ("text/plain", 422),
        ("application/json", 422),
        ("application/json; charset=utf-8", 422),
        ("text/html", 422),
        ("x", 422),
        ("x/y; a=b; a=c;;;", 422),
        ("multipart/form-data", 400),
        ("multipart/form-data; boundary=", 400),
        ("multipart/form-data; boundary=" + "x" * 300, 400),
        ("multipart/form-data; boundary=\u00e9", 400),
        ("multipart/form-data; boundary=edge", 422),
        ("multipart/mixed; boundary=edge", 422),
    ],
)
def test_no_content_type_is_an_error(client, content_type, status):
    body = b'{"comment": "x", "author": "y"}'
    assert send(client, make_article(), body, content_type).status_code == status
    assert not Comment.objects.exists()


CHARSETS = ["utf-7", "utf-16", "utf-32", "latin-1", "unicode_escape", "raw_unicode_escape", "idna"]
CHARSETS += ["punycode", "undefined", "rot13", "hex", "base64", "zlib", "shift-jis", "cp037"]


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("content_type", [URLENCODED, MULTIPART, "text/plain"])
def test_a_form_in_another_charset_is_refused(client, charset, content_type):
    """Django reads a form in whatever charset the request names; some of them cannot be read."""
    fields = form_data() | {"comment": b"+2AA- \\ud800 x"}
    body = multipart(fields) if content_type == MULTIPART else urlencoded(fields)
    response = send(client, make_article(), body, f"{content_type}; charset={charset}")
    assert response.status_code == 400
    assert not Comment.objects.exists()


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", "utf8", "U8", "no-such-charset", '"utf-8"'])
@pytest.mark.parametrize("content_type", [URLENCODED, MULTIPART])
def test_a_form_that_says_it_is_utf_8_is_taken(client, charset, content_type):
    fields = form_data(author="Wójcik")
    body = multipart(fields) if content_type == MULTIPART else urlencoded(fields)
    response = send(client, make_article(), body, f"{content_type}; charset={charset}")
    expected = 400 if content_type == URLENCODED and charset in {"utf8", "U8"} else 303
    assert response.status_code == expected  # Django's own check knows one spelling
    assert [each.name for each in Comment.objects.all()] == ["Wójcik"] * (expected == 303)


@pytest.mark.parametrize(
    "headers",
    [
        "Content-Transfer-Encoding: base64\r\n",
        "Content-Transfer-Encoding: quoted-printable\r\n",
        "Content-Transfer-Encoding: nonsense\r\n",
        "Content-Type: text/plain; charset=rot13\r\n",
        "Content-Type: text/plain; charset*=nosuch''%41\r\n",
        "X: \x00\r\n",
        ": :\r\n",
    ],
)
def test_no_header_of_a_part_is_an_error(client, headers):
    send(client, make_article(), multipart(form_data(), headers=headers), MULTIPART)


@pytest.mark.parametrize(
    "disposition",
    [
        'form-data; name="comment"; filename="a.html"',
        'form-data; name="comment"; filename=""',
        "form-data; name*=nosuch''comm%41ent",
        "form-data; name*=utf-7''%2B2AA-comment",
        'form-data; name="comment',
        "form-data; name=\x00",
        "form-data",
        "",
        "attachment; name=comment",
    ],
)
def test_no_disposition_of_a_part_is_an_error(client, disposition):
    part = f"--edge\r\nContent-Disposition: {disposition}\r\n\r\nhello\r\n".encode()
    body = part + multipart(form_data(comment=""))
    assert send(client, make_article(), body, MULTIPART).status_code == 422


@pytest.mark.parametrize("cut", [1, 10, 50, 100, 200, 500, 900, 1500])
def test_a_body_that_was_cut_short_never_cuts_a_reply_short(client, cut):
    body = multipart(form_data() | {"comment": "x" * 600})[:-cut]
    send(client, make_article(), body, MULTIPART)
    assert [len(each.body) for each in Comment.objects.all()] in ([], [600])


# --- Questions --------------------------------------------------------------------------------


@pytest.mark.parametrize("value", BYTES.values(), ids=BYTES)
def test_no_question_to_the_page_is_an_error(client, value):
    article = make_article()
    make_approved(article=article)
    url = f"{article.get_absolute_url()}?reply_to={quote_from_bytes(value[:8000])}&%ff=%00&x[]=1"
    assert client.get(url).status_code == 200
