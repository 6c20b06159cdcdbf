"""Who sent a reply is read from what browsers say themselves: SECURITY.md, 1b."""

import pytest

from articles.tests.factories import make_article, make_staff
from comments.models import Comment
from comments.tests.factories import form_data
from comments.tests.reading import only, page, text_of

pytestmark = pytest.mark.django_db

SITE = "https://news.example.org"
NONE = None

# What the browser says, and what becomes of the reply. Sec-Fetch-Site decides where it is given.
MATRIX = [
    # Sec-Fetch-Site, Origin, outcome
    ("same-origin", SITE, "taken"),
    ("same-origin", NONE, "taken"),
    ("same-origin", "null", "taken"),
    ("same-site", SITE, "refused"),
    ("same-site", "https://blog.example.org", "refused"),
    ("same-site", NONE, "refused"),
    ("cross-site", SITE, "refused"),
    ("cross-site", "https://evil.example", "refused"),
    ("cross-site", "null", "refused"),
    ("cross-site", NONE, "refused"),
    ("none", SITE, "refused"),
    ("none", NONE, "refused"),
    ("", SITE, "refused"),
    ("Same-Origin", SITE, "refused"),
    ("same-origin, cross-site", SITE, "refused"),
    ("same-origin\u00a0", NONE, "refused"),
    (NONE, SITE, "taken"),
    (NONE, "null", "refused"),
    (NONE, "", "refused"),
    (NONE, "https://evil.example", "refused"),
    (NONE, "https://blog.example.org", "refused"),
    (NONE, "https://example.org", "refused"),
    (NONE, "https://news.example.org.evil.example", "refused"),
    (NONE, "https://evilnews.example.org", "refused"),
    (NONE, "https://news.example.org:8443", "refused"),
    (NONE, "https://news.example.org:443", "refused"),  # browsers leave the usual port out
    (NONE, "http://news.example.org", "refused"),
    (NONE, "http://news.example.org:443", "refused"),
    (NONE, "https://news.example.org/", "refused"),
    (NONE, "https://NEWS.example.org", "refused"),
    (NONE, "https://news.example.org, https://evil.example", "refused"),
    (NONE, "https://user@news.example.org", "refused"),
    (NONE, "//news.example.org", "refused"),
    (NONE, NONE, "asked"),
]


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = SITE
    settings.ALLOWED_HOSTS = ["news.example.org"]


def headers(site, origin):
    given = {"Host": "news.example.org", "Sec-Fetch-Site": site, "Origin": origin}
    return {name: value for name, value in given.items() if value is not None}


def post(client, article, site, origin, **extra):
    return client.post(
        f"/articles/{article.slug}/comments/",
        form_data(),
        headers=headers(site, origin) | extra,
        secure=True,
    )


def outcome(response):
    heading = "" if response.status_code == 303 else text_of(only(page(response), "h1"))
    return {
        (303, ""): "taken",
        (403, "You may not do this"): "refused",
        (200, "Send this reply?"): "asked",
    }[response.status_code, heading]


@pytest.mark.parametrize(("site", "origin", "expected"), MATRIX)
@pytest.mark.parametrize("who", ["reader", "moderator"])
def test_only_this_sites_own_form_is_taken(client, who, site, origin, expected):
    article = make_article()
    if who == "moderator":
        client.force_login(make_staff("Moderators"))
    response = post(client, article, site, origin)
    assert outcome(response) == expected
    replies = Comment.objects.all()
    assert [reply.status for reply in replies] == (["held"] if expected == "taken" else [])
    assert all(reply.decisions.get().by is None for reply in replies)


@pytest.mark.parametrize("what", ["taken", "refused", "asked", "422", "410"])
def test_the_answer_neither_reads_nor_sets_a_cookie(client, what):
    """Whoever is logged in is a reader here, so the answer cannot depend on the session."""
    article = make_article()
    client.force_login(make_staff("Moderators"))
    if what == "410":
        article.withdraw(by=make_staff())
    site = {"refused": "cross-site", "asked": None}.get(what, "same-origin")
    data = form_data(author="" if what == "422" else "Hana")
    response = client.post(
        f"/articles/{article.slug}/comments/", data, headers=headers(site, None), secure=True
    )
    statuses = {"taken": 303, "refused": 403, "asked": 200, "422": 422, "410": 410}
    assert response.status_code == statuses[what]
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize(
    "header", ["X-Forwarded-Host", "X-Forwarded-For", "Forwarded", "Referer", "X-Forwarded-Proto"]
)
def test_no_other_header_makes_a_sender_ours(client, header):
    article = make_article()
    value = {"X-Forwarded-For": "127.0.0.1", "Forwarded": "host=evil.example"}
    given = {header: value.get(header, "https://evil.example")}
    response = post(client, article, None, "https://evil.example", **given)
    assert outcome(response) == "refused"


def test_another_sites_page_says_where_to_send_it_from(client):
    response = post(client, make_article(), "cross-site", "https://evil.example")
    assert "open the page here and send it again" in response.content.decode()


def test_a_site_on_a_port_of_its_own_takes_what_comes_from_there(client, settings):
    settings.SITE_URL = "http://localhost:8000"
    settings.ALLOWED_HOSTS = ["localhost"]
    article = make_article()
    url = f"/articles/{article.slug}/comments/"
    for origin, status in [("http://localhost:8000", 303), ("http://localhost:9000", 403)]:
        sent_from = {"Host": "localhost:8000", "Origin": origin}
        assert client.post(url, form_data(), headers=sent_from).status_code == status


def test_a_host_that_is_not_this_sites_is_refused(client):
    article = make_article()
    response = client.post(
        f"/articles/{article.slug}/comments/",
        form_data(),
        headers={"Host": "evil.example", "Origin": "https://evil.example"},
        secure=True,
    )
    assert response.status_code == 400
    assert not Comment.objects.exists()
