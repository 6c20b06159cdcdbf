"""The network of a post: which addresses are of one, and what is kept."""

import pytest
from django.test import RequestFactory

from articles.tests.factories import make_article
from comments.models import Comment
from comments.network import network_of
from comments.tests.factories import FROM_THIS_SITE, form_data, post_reply


def of(address):
    return network_of(RequestFactory().get("/", REMOTE_ADDR=address))


SAME = [
    ("203.0.113.7", "203.0.113.255"),
    ("203.0.113.7", "::ffff:203.0.113.200"),
    ("2001:db8:1:2::3", "2001:db8:1:ffff::9"),
    ("fe80::1%eth0", "fe80::2"),
]
OTHER = [
    ("203.0.113.7", "203.0.114.7"),
    ("2001:db8:1::1", "2001:db8:2::1"),
    ("::ffff:203.0.113.7", "::ffff:203.0.114.7"),
    ("0.0.0.1", "::1"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_addresses_of_one_network_are_alike(one, other):
    assert of(one) == of(other)
    assert len(of(one)) == 64


@pytest.mark.parametrize(("one", "other"), OTHER)
def test_addresses_of_two_networks_differ(one, other):
    assert of(one) != of(other)


@pytest.mark.parametrize("address", ["", "unknown", "203.0.113", "203.0.113.7:80", "\x00", "é"])
def test_what_is_no_address_is_no_network(address):
    assert of(address) == ""


@pytest.mark.django_db
def test_a_reply_keeps_the_hash_and_nothing_of_the_browser(client):
    client.post(
        f"/articles/{make_article().slug}/comments/",
        form_data(),
        headers=FROM_THIS_SITE | {"User-Agent": "Canary/1.0"},
        REMOTE_ADDR="203.0.113.7",
    )
    comment = Comment.objects.get()
    assert comment.network == of("203.0.113.8")
    kept = repr([list(Comment.objects.values()), list(comment.findings.values())])
    assert "Canary" not in kept
    assert "203.0.113" not in kept


@pytest.mark.django_db
def test_forwarded_addresses_count_from_trusted_proxies_alone(client, settings):
    article = make_article()
    headers = {"X-Forwarded-For": "203.0.113.7"}
    post_reply(client, article, comment="One.")
    client.post(
        f"/articles/{article.slug}/comments/",
        form_data(comment="Two.", email="b@example.org"),
        headers=FROM_THIS_SITE | headers,
    )
    networks = set(Comment.objects.values_list("network", flat=True))
    assert networks == {of("127.0.0.1")}
