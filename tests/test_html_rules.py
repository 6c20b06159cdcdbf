"""The rules for HTML notice what they are there for."""

import pytest

from tests.html_rules import faults

GOOD = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="x">'
    '<title>T</title></head><body><main id="content"><h1 id="h">T</h1>{}</main></body></html>'
)


def test_a_good_page_has_no_faults():
    assert list(faults(GOOD.format('<p aria-labelledby="h">Text</p>'), "/")) == []


def test_data_for_machines_is_no_script():
    assert list(faults(GOOD.format('<script type="application/ld+json">{{}}</script>'), "/")) == []


@pytest.mark.parametrize(
    "bad",
    [
        "<p>never closed</div>",
        "<p>in <ul></ul> it</p>",
        '<p class="a" class="b"></p>',
        "&nosuchentity;",
        '<p id="h"></p>',
        '<label for="nothing">L</label>',
        '<input name="nameless">',
        '<p aria-describedby="nothing"></p>',
        '<a href="#nothing">A</a>',
        '<a href="/#nothing">A</a>',
        "<h1>Another</h1>",
        "<h3>Third</h3>",
        "<h2> </h2>",
        '<div role="main"></div>',
        "<time>yesterday</time>",
        '<time datetime="1 May 2026"></time>',
        '<time datetime="2026-05-01T10:00"></time>',
        '<p style="color: red"></p>',
        '<p onclick="x()"></p>',
        "<script>x()</script>",
        '<script type="module">x()</script>',
        '<img src="/x.png">',
        "<ul><p>Not an item</p></ul>",
        '<a href="/"><button type="button">B</button></a>',
        '<a href="javascript:x()">A</a>',
        '<a href="//elsewhere.test/">A</a>',
        '<img src="https://elsewhere.test/x.png" alt="">',
        '<form action="https://elsewhere.test/"></form>',
        '<article class="reply"><a href="https://x.test/" rel="nofollow">A</a></article>',
    ],
)
def test_a_fault_is_noticed(bad):
    assert len(list(faults(GOOD.format(bad), "/"))) == 1


def test_a_page_may_name_an_original_elsewhere_and_load_nothing_from_there():
    for rel, count in [("canonical", 0), ("stylesheet", 1)]:
        link = f'<link rel="{rel}" href="https://elsewhere.test/"></head>'
        page = GOOD.format("").replace("</head>", link)
        assert len(list(faults(page, "/"))) == count


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        ("<!doctype html>", ""),
        (' lang="en"', ""),
        ('<meta name="viewport" content="x">', ""),
        ("<title>T</title>", "<title></title>"),
        ('<main id="content">', "<div>"),
    ],
)
def test_what_is_missing_is_noticed(there, instead):
    page = GOOD.format("").replace(there, instead)
    if instead == "<div>":
        page = page.replace("</main>", "</div>")
    assert len(list(faults(page, "/"))) == 1
