"""Where those who find a weakness learn whom to tell (RFC 9116)."""

from datetime import UTC, datetime, timedelta

import time_machine
from django.test import Client

PATH = "/.well-known/security.txt"


def fields():
    response = Client().get(PATH)  # pytest refuses any query here
    assert response.status_code == 200
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    lines = response.content.decode().splitlines()
    assert len({line.partition(":")[0] for line in lines}) == len(lines)
    return dict(line.split(": ", 1) for line in lines)


def test_it_names_the_contact_that_was_set(settings):
    settings.SECURITY_CONTACT = "mailto:security@news.example"
    assert fields()["Contact"] == "mailto:security@news.example"


def test_without_one_it_names_the_site_whose_foot_says_how_to_reach_the_newsroom(settings):
    assert fields()["Contact"] == f"{settings.SITE_URL}/"


def test_it_is_good_for_less_than_a_year_and_the_same_all_day():
    seen = set()
    for hour in (0, 9, 23):
        with time_machine.travel(datetime(2026, 3, 2, hour, 59, tzinfo=UTC), tick=False):
            seen.add(fields()["Expires"])
    [expires] = seen
    left = datetime.fromisoformat(expires) - datetime(2026, 3, 2, tzinfo=UTC)
    assert timedelta(days=90) < left < timedelta(days=365)


def test_it_says_where_it_stands_and_which_languages_are_read(settings):
    assert fields()["Canonical"] == f"{settings.SITE_URL}{PATH}"
    assert fields()["Preferred-Languages"] == "en"
    settings.LANGUAGE_CODE = "ja"
    assert fields()["Preferred-Languages"] == "ja, en"


def test_who_has_it_is_not_sent_it_again():
    first = Client().get(PATH)
    assert Client().get(PATH, headers={"If-None-Match": first["ETag"]}).status_code == 304
