import html5lib
import pytest

from articles.body_html import ALLOWED, clean
from articles.drawn_html import draw
from newsroom.tests.test_clean_html import ATTACKS

ROW = "<tr><td>1</td><td>2</td></tr>"


def test_what_needs_no_drawing_is_as_it_was():
    html = '<p>One&nbsp;<a href="/a/?b&amp;c">two</a></p>\n<hr><ul><li>Three<br>four</li></ul>'
    assert draw(html) == html


def test_a_table_stands_in_a_region_that_the_keyboard_can_scroll():
    html = (
        f"<table><thead><tr><th>Port</th><th>Tonnes</th></tr></thead><tbody>{ROW}</tbody></table>"
    )
    assert draw(html) == (
        '<div class="table" role="region" aria-label="Table 1: Port, Tonnes" tabindex="0"><table>'
        '<thead><tr><th scope="col">Port</th><th scope="col">Tonnes</th></tr></thead>'
        f"<tbody>{ROW}</tbody></table></div>"
    )


def test_each_table_has_a_name_of_its_own():
    table = f"<table><tbody>{ROW}</tbody></table>"
    drawn = draw(f"{table}<p>between</p>{table}")
    assert 'aria-label="Table 1"' in drawn
    assert 'aria-label="Table 2"' in drawn


def test_a_heading_in_a_row_is_that_of_the_row():
    drawn = draw("<table><tbody><tr><th>Kobe</th><td>1</td></tr></tbody></table>")
    assert '<th scope="row">Kobe</th>' in drawn


def test_headings_cannot_break_out_of_the_name_of_the_table():
    head = "<thead><tr><th>a &quot; onfocus=&quot;x() &lt;b&gt;</th></tr></thead>"
    drawn = draw(clean(f"<table>{head}<tbody><tr><td>1</td></tr></tbody></table>"))
    assert 'aria-label="Table 1: a &quot; onfocus=&quot;x() &lt;b&gt;"' in drawn


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.a.example/b?c=1&amp;d=2", "a.example"),
        ("http://A.example:8080/", "a.example"),
        ("https://user@b.example/", "b.example"),
    ],
)
def test_a_link_card_names_the_site_it_leads_to(address, host):
    assert draw(f'<aside><a href="{address}">Title</a></aside>') == (
        f'<div class="link-card"><a href="{address}" rel="noopener">Title '
        f'<span class="link-card-host">{host}</span></a></div>'
    )


def test_a_link_card_to_a_page_of_this_site_names_no_other():
    assert draw('<aside><a href="/about/">About</a></aside>') == (
        '<div class="link-card"><a href="/about/">About</a></div>'
    )


@pytest.mark.django_db
@pytest.mark.parametrize("attack", ATTACKS)
def test_drawing_brings_nothing_back(attack):
    drawn = draw(clean(f"<table><tr><td>{attack}</td><td>a</td></tr></table>{attack}"))
    for element in html5lib.parseFragment(drawn, namespaceHTMLElements=False).iter():
        assert element.tag in ALLOWED.tags | {"DOCUMENT_FRAGMENT", "div", "span"}
        assert not [name for name in element.attrib if name.startswith("on")]
        assert not element.get("href", "").lower().startswith(("javascript:", "data:"))
