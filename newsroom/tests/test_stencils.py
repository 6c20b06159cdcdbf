"""Templates drawn once and filled in: the same HTML as drawing them each time gives."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from newsroom.stencils import Html, Stencil, filled, kept

REPLY = "comments/_reply.html"
TEXTS = ["Ann", "<b>&'\"", "100% {name} %(name)s {0} {{ name }}", "\\1 \\g<0>", "筆者", ""]


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("language", ["en-gb", "ja"])
@pytest.mark.parametrize("rest", [{}, {"is_edited": True, "opens": True}, {"ends": "··"}])
def test_it_is_what_the_template_gives(name, language, rest):
    values = {"number": 1234567, "name": name, "permanent": "/comments/", "website": "/?a&b"}
    with translation.override(language):
        once = render_to_string(REPLY, values | rest).rstrip("\n")
        for _again in range(2):
            assert Stencil(REPLY).fill(values, **rest) == once.replace("1,234,567", "1234567")


def test_what_is_html_stays_so_and_nothing_else_does():
    values = {"number": 1, "name": "<i>", "text": Html("<p>a</p>", "<p>b</p>")}
    html = filled(REPLY, values)
    assert "<p>a</p><p>b</p>" in html
    assert "&lt;i&gt;" in html
    assert "<i>" not in html


def test_a_value_that_is_not_there_is_not_asked_for():
    assert "<a href" not in Stencil(REPLY).fill({"name": "Ann"})
    assert "taken away" in Stencil(REPLY).fill({})


def test_html_is_kept_by_what_it_shows_and_the_language():
    made = []

    def context(name):
        made.append(name)
        return {"number": 1, "name": name}

    once = [kept(REPLY, context, name) for name in ("Ann", "Ann", "<b>")]
    assert once[0] == once[1] == render_to_string(REPLY, {"number": 1, "name": "Ann"})
    assert "&lt;b&gt;" in once[2]
    assert made == ["Ann", "<b>"]
    with translation.override("ja"):
        assert kept(REPLY, context, "Ann") != once[0]
    assert made == ["Ann", "<b>", "Ann"]
