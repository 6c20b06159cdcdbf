"""Dates, times and numbers for people."""

import re
from datetime import UTC, date, datetime

import pytest
from django.template import engines
from django.utils import timezone, translation

from newsroom import moments
from newsroom.tests.test_conventions import TEMPLATES, name_of, product_modules

MOMENT = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)


@pytest.fixture
def in_language():
    """Puts a language in force until the end of the test."""
    before = translation.get_language()
    yield translation.activate
    translation.activate(before)


def drawn(source, **context):
    return engines["django"].from_string("{% load i18n moments %}" + source).render(context)


@pytest.mark.parametrize(
    ("language", "day", "moment", "month", "time"),
    [
        ("en-gb", "23 November 2026", "23 November 2026, 09:05", "November 2026", "09:05"),
        ("ja", "2026年11月23日", "2026年11月23日 9:05", "2026年11月", "9:05"),
    ],
)
def test_dates_are_written_as_newspapers_of_the_language_do(
    in_language, language, day, moment, month, time
):
    in_language(language)
    assert moments.day_text(MOMENT) == day
    assert moments.moment_text(MOMENT) == moment
    assert moments.month_text(MOMENT) == month
    assert moments.time_text(MOMENT) == time


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [("en-gb", "23 Nov 2026", "23 Nov 2026, 09:05"), ("ja", "2026/11/23", "2026/11/23 9:05")],
)
def test_dates_are_shorter_in_lists_of_the_desk(in_language, language, day, moment):
    in_language(language)
    assert moments.day_text(MOMENT, short=True) == day
    assert moments.moment_text(MOMENT, short=True) == moment


def test_a_language_without_formats_of_its_own_has_those_of_django(in_language):
    in_language("de")
    assert moments.day_text(MOMENT) == "23. November 2026"
    assert moments.moment_text(MOMENT) == "23. November 2026 09:05"


@pytest.mark.parametrize(
    ("zone", "name"),
    [("Europe/London", "09:05 GMT"), ("Asia/Tokyo", "18:05 JST"), ("Asia/Dubai", "13:05 UTC+04")],
)
def test_the_zone_is_that_of_the_site_and_is_named(in_language, zone, name):
    with timezone.override(zone):
        assert moments.moment_text(MOMENT, with_zone=True).endswith(name)


def test_the_element_says_the_moment_to_machines_on_the_same_clock():
    with timezone.override("Asia/Tokyo"):
        assert 'datetime="2026-11-23T18:05:00+09:00"' in moments.moment(MOMENT)
        late = datetime(2026, 11, 23, 23, 5, tzinfo=UTC)
        assert moments.day(late) == (
            '<time datetime="2026-11-24T08:05:00+09:00">24 November 2026</time>'
        )


def test_a_day_without_a_time_is_a_day_to_machines_too():
    day = '<time datetime="2026-11-23">23 November 2026</time>'
    assert moments.day(date(2026, 11, 23)) == day


@pytest.mark.parametrize(
    "name",
    ["day", "short_day", "moment", "short_moment", "moment_with_zone", "moment_text"]
    + ["month_text", "time_text"],
)
def test_what_has_no_date_shows_none(name):
    assert drawn("{{ nothing|" + name + " }}", nothing=None) == ""


def test_a_template_writes_dates_as_elements_within_its_texts_too():
    element = '<time datetime="2026-11-23T09:05:00+00:00">23 November 2026, 09:05</time>'
    assert drawn("{{ at|moment }}", at=MOMENT) == element
    text = "{% blocktranslate with at=at|moment %}Typed {{ at }}.{% endblocktranslate %}"
    assert drawn(text, at=MOMENT) == f"Typed {element}."
    assert drawn('<a title="{{ at|moment_text }}">', at=MOMENT) == (
        '<a title="23 November 2026, 09:05">'
    )


@pytest.mark.parametrize(
    ("language", "text"), [("en-gb", "12,345"), ("ja", "12,345"), ("de", "12.345")]
)
def test_larger_numbers_have_their_thousands_apart(in_language, language, text):
    in_language(language)
    assert drawn("{{ number|grouped }}", number=12345) == text


# --- No format stands in a template or a module ------------------------------------------------

# Formats of the standards, for programs: attributes, ids and feeds.
FOR_PROGRAMS = {"c", "Y-m-d", "j", "r", "Y", "n"}


def test_templates_leave_the_writing_of_dates_to_the_language():
    filters = re.compile(r"""\|(?:date|time):["']([^"']*)["']""")
    found = {
        (name_of(template), written)
        for template in TEMPLATES
        for written in filters.findall(template.read_text())
        if written not in FOR_PROGRAMS
    }
    assert found == set()


def test_every_time_element_is_drawn_by_the_filters():
    by_hand = [name_of(each) for each in TEMPLATES if "<time" in each.read_text()]
    assert by_hand == []


def test_modules_leave_the_writing_of_dates_to_the_language():
    call = re.compile(r"""date_format\([^)]*,\s*_?\(?["'](?!\w+_FORMAT)[^"']*["']""")
    found = [name_of(file) for file in product_modules() if call.search(file.read_text())]
    assert found == []


def test_a_moment_written_before_is_written_anew_in_another_language_or_zone(in_language):
    in_language("en-gb")
    assert ">23 November 2026, 09:05<" in moments.moment(MOMENT)
    with timezone.override("Asia/Tokyo"):
        there = moments.moment(MOMENT)
        assert 'datetime="2026-11-23T18:05:00+09:00">23 November 2026, 18:05<' in there
        in_language("ja")
        assert ">2026年11月23日 18:05<" in moments.moment(MOMENT)
    assert ">2026年11月23日 9:05<" in moments.moment(MOMENT)
    assert moments.moment(None) == ""
