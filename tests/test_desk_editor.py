"""The rich text editor, played in a browser: each element written, saved, and read."""

import os
import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.running import Running
from tests.test_desk_pictures import picture
from tests.windows import log_in, settle, violations_in_every_look, window

pytestmark = pytest.mark.browser

ADD = "/admin/articles/article/add/"
GIVEN_BACK = 250  # milliseconds after which the editor has the focus that a button had


def open_editor(page: Page, newsroom: Running, path: str = ADD) -> Locator:
    page.goto(newsroom.url + path)
    expect(page.get_by_role("toolbar", name="Tools of the text")).to_be_visible()
    text = page.get_by_role("textbox", name="Body")
    text.click()
    settle(page)
    return text


def use(page: Page, tool: str) -> None:
    toolbar = page.get_by_role("toolbar", name="Tools of the text")
    toolbar.get_by_role("button", name=tool, exact=True).click()
    settle(page, GIVEN_BACK)


def go_into(page: Page, link: str) -> None:
    """Put the caret into a link of the text, and wait until the editor has seen it there."""
    page.get_by_role("link", name=link).click()
    toolbar = page.get_by_role("toolbar", name="Tools of the text")
    tool = toolbar.get_by_role("button", name="Link", exact=True)
    expect(tool).to_have_attribute("aria-pressed", "true")
    settle(page)


def type_keys(page: Page, *keys: str) -> None:
    """Each is the name of a key, or after a space words to be typed."""
    for key in keys:
        if key.startswith(" "):
            page.keyboard.type(key[1:])
        else:
            page.keyboard.press(key)
        settle(page)


def fill(page: Page, title: str, **values: str) -> None:
    dialog = page.get_by_role("dialog", name=title)
    for label, value in values.items():
        dialog.get_by_label(label.replace("_", " ")).fill(value)
    dialog.get_by_role("button", name=re.compile("^(Insert|Save)$")).click()
    expect(dialog).to_have_count(0)
    settle(page, GIVEN_BACK)


def insert_picture(page: Page) -> None:
    use(page, "Picture")
    chooser = page.get_by_role("dialog", name="Choose a picture")
    file = {"name": "Harbour.png", "mimeType": "image/png", "buffer": picture((60, 40))}
    chooser.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    expect(page.get_by_role("dialog", name="Picture")).to_be_visible()


def save(page: Page, headline: str, button: str = "Save and continue editing") -> None:
    page.get_by_label("Headline").fill(headline)
    page.get_by_label("Slug").fill(re.sub(r"\W+", "-", headline.lower()))
    page.get_by_label("Section").select_option(label="Newsroom")
    page.get_by_role("button", name=button, exact=True).first.click()
    expect(page.get_by_text("was added successfully")).to_be_visible()


def stored(page: Page) -> str:
    """The body as the form shows it after saving, before anybody has typed."""
    html: str = page.locator("#id_body").evaluate("field => field.defaultValue")
    return html


def written(page: Page, newsroom: Running, *keys: str) -> str:
    """What is stored after typing `keys`; one that begins with a star is a tool."""
    open_editor(page, newsroom)
    for key in keys:
        if key.startswith("*"):
            use(page, key[1:])
        else:
            type_keys(page, key)
    save(page, f"Written {os.urandom(4).hex()}")
    return stored(page)


@pytest.mark.parametrize(
    ("keys", "html"),
    [
        (["*Heading", " Tides", "Enter", " Text."], "<h2>Tides</h2><p>Text.</p>"),
        (["*Smaller heading", " Tides"], "<h3>Tides</h3>"),
        (["*Bold", " a", "*Bold", "  b"], "<p><strong>a</strong> b</p>"),
        ([" a ", "*Italic", " b"], "<p>a <em>b</em></p>"),
        (["*Bullet list", " a", "Enter", " b"], "<ul><li>a</li><li>b</li></ul>"),
        (
            ["*Numbered list", " a", "Enter", "Tab", " b"],
            "<ol><li>a<ol><li>b</li></ol></li></ol>",
        ),
        ([" a", "*Line", " b"], "<p>a</p><hr><p>b</p>"),
        (
            [
                " To be",
                "*Quotation",
                "Enter",
                " or not",
                "Enter",
                "Enter",
                " Hamlet",
                "Enter",
                " c",
            ],
            "<blockquote><p>To be</p><p>or not</p><cite>Hamlet</cite></blockquote><p>c</p>",
        ),
        ([" > To be"], "<blockquote><p>To be</p></blockquote>"),
        ([" To be", "*Quotation", "*Quotation"], "<p>To be</p>"),
        ([" To be", "*Quotation", "Home", "Backspace"], "<p>To be</p>"),
    ],
    ids=lambda value: None if isinstance(value, list) else re.sub(r"\W+", "-", value)[:40],
)
def test_an_element_is_stored_as_it_was_written(
    newsroom: Running, browser: Browser, keys: list[str], html: str
) -> None:
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        assert written(page, newsroom, *keys) == html


def test_a_link_is_made_changed_and_removed(newsroom: Running, browser: Browser) -> None:
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        open_editor(page, newsroom)
        type_keys(page, " See ")
        use(page, "Link")
        fill(page, "Link", Text="the report", Address="www.example.org/report")
        type_keys(page, " .")
        body = page.locator("#id_body")
        linked = '<p>See <a href="https://www.example.org/report">the report</a>.</p>'
        expect(body).to_have_value(linked)
        go_into(page, "the report")
        type_keys(page, "Control+k")
        dialog = page.get_by_role("dialog", name="Link")
        dialog.get_by_label("Address").fill("javascript:alert(1)")
        dialog.get_by_role("button", name="Save").click()
        expect(dialog.get_by_role("alert")).to_have_text(
            "Give an address like https://example.org/page."
        )
        fill(page, "Link", Address="desk@example.org")
        expect(body).to_have_value(
            linked.replace("https://www.example.org/report", "mailto:desk@example.org")
        )
        go_into(page, "the report")
        use(page, "Remove the link")
        expect(body).to_have_value("<p>See the report.</p>")


def test_a_table_is_filled_from_the_keyboard_and_read_by_readers(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        open_editor(page, newsroom)
        use(page, "Table")
        fill(page, "Table", Rows="2", Columns="2")
        type_keys(page, " Port", "Tab", " Tonnes", "Tab", " Kobe", "Tab", " 12", "Tab", " Osaka")
        use(page, "Row below")
        type_keys(page, "Tab", "Tab")
        use(page, "Delete row")
        use(page, "Column after")
        type_keys(page, "Tab")
        use(page, "Delete column")
        save(page, f"Table {os.urandom(4).hex()}", "Save and publish")
        page.goto(newsroom.url)
        page.get_by_role("link", name=re.compile("^Table ")).first.click()
        region = page.get_by_role("region", name="Table 1: Port, Tonnes")
        expect(region.get_by_role("columnheader")).to_have_text(["Port", "Tonnes"])
        expect(region.get_by_role("cell")).to_have_text(["Kobe", "12", "Osaka", ""])
        region.focus()
        expect(region).to_be_focused()


def test_a_picture_is_chosen_described_and_seen_by_readers(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        text = open_editor(page, newsroom)
        insert_picture(page)
        fill(page, "Picture", Caption="The harbour", Credit="Photo: Maud")
        type_keys(page, " After.")
        expect(text.get_by_text("Its alternative text is missing.")).to_be_visible()
        text.get_by_role("button", name="Describe the picture").click()
        fill(page, "Picture", Alternative_text="Boats in a harbour")
        expect(text.get_by_text("Alternative text: Boats in a harbour")).to_be_visible()
        save(page, f"Picture {os.urandom(4).hex()}", "Save and publish")
        page.goto(newsroom.url)
        page.get_by_role("link", name=re.compile("^Picture ")).first.click()
        figure = page.locator(".body figure")
        expect(figure.get_by_role("img", name="Boats in a harbour")).to_be_visible()
        expect(figure.locator("figcaption")).to_have_text("The harbour Photo: Maud")
        expect(figure.locator("small")).to_have_text("Photo: Maud")


def test_a_picture_in_the_text_is_decorative_replaced_and_removed(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        text = open_editor(page, newsroom)
        insert_picture(page)
        page.get_by_role("dialog", name="Picture").get_by_label("Decorative").check()
        fill(page, "Picture")
        body = page.locator("#id_body")
        first = body.input_value()
        assert ' alt=""' in first
        expect(text.get_by_text("Decorative: passed over by screen readers.")).to_be_visible()
        text.get_by_role("button", name="Replace").click()
        chooser = page.get_by_role("dialog", name="Choose a picture")
        file = {"name": "Other.png", "mimeType": "image/png", "buffer": picture((60, 40))}
        chooser.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
        expect(text.get_by_text("Its alternative text is missing.")).to_be_visible()
        assert "alt=" not in body.input_value()
        text.get_by_role("button", name="Remove").click()
        assert "figure" not in body.input_value()


def test_what_was_stored_is_what_the_editor_reads_and_writes_again(
    newsroom: Running, browser: Browser
) -> None:
    """Opening a piece and typing one letter changes that letter alone."""
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        open_editor(page, newsroom)
        insert_picture(page)
        fill(page, "Picture", Alternative_text="Boats", Caption="Harbour", Credit="Maud")
        use(page, "Table")
        fill(page, "Table", Rows="2", Columns="2")
        type_keys(page, " a", "Tab", " b", "Tab", " c", "ArrowDown", "ArrowDown")
        use(page, "Link card")
        fill(page, "Link card", Title="Card", Address="https://example.org/")
        type_keys(page, " Be", "Enter", " Last")
        save(page, f"Read {os.urandom(4).hex()}")
        before = stored(page)
        assert before.count("<") > 30
        page.locator(".tiptap > p").last.click()
        type_keys(page, "End", " !")
        page.get_by_role("button", name="Save and continue editing").first.click()
        expect(page.get_by_text("was changed successfully")).to_be_visible()
        assert stored(page) == before.replace("Last", "Last!")


def test_the_tools_and_their_dialogs_are_used_from_the_keyboard_alone(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        open_editor(page, newsroom)
        type_keys(page, " Before", "Alt+F10")
        expect(page.get_by_role("button", name="Heading", exact=True)).to_be_focused()
        type_keys(page, "Enter")
        expect(page.get_by_role("button", name="Heading", exact=True)).to_have_attribute(
            "aria-pressed", "true"
        )
        type_keys(page, "Enter", "Alt+F10", "End", "Home", *["ArrowRight"] * 9)
        expect(page.get_by_role("button", name="Table", exact=True)).to_be_focused()
        type_keys(page, "Enter", "Escape", "Alt+F10", "ArrowRight")
        expect(page.get_by_role("button", name="Link card")).to_be_focused()
        type_keys(page, "Enter", " Title", "Tab", " example.org", "Enter", " After")
        html = page.locator("#id_body").input_value()
        assert 'href="https://example.org">Title</a>' in html
        assert html.endswith("<p>After</p>")
        type_keys(page, "Alt+F10", "Escape")
        expect(page.get_by_role("textbox", name="Body")).to_be_focused()
        type_keys(page, "Alt+F10", "Shift+Tab")  # one stop: the next is the field before
        expect(page.get_by_label("Standfirst")).to_be_focused()


def test_the_tools_stay_in_view_and_fit_a_phone(newsroom: Running, browser: Browser) -> None:
    with window(browser, width=360) as page:
        log_in(page, newsroom, "editor")
        open_editor(page, newsroom)
        for _ in range(40):
            page.keyboard.press("Enter")
        settle(page)
        expect(page.get_by_role("button", name="Undo")).to_be_in_viewport()
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 360


def test_axe_finds_nothing_on_an_editor_in_use(newsroom: Running, browser: Browser) -> None:
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        open_editor(page, newsroom)
        insert_picture(page)
        found = violations_in_every_look(page, widths=[1280])
        fill(page, "Picture")
        type_keys(page, " To be")
        use(page, "Quotation")
        use(page, "Link card")
        page.get_by_role("dialog", name="Link card").get_by_role("button", name="Insert").click()
        found += violations_in_every_look(page, widths=[1280])
        fill(page, "Link card", Title="Card", Address="example.org")
        use(page, "Table")
        fill(page, "Table")
        type_keys(page, " a", "Tab", " b", "Tab", " c")
        assert found + violations_in_every_look(page, widths=[1280]) == []


def test_a_standing_page_is_written_in_the_same_editor(newsroom: Running, browser: Browser) -> None:
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        title = f"House rules {os.urandom(4).hex()}"
        open_editor(page, newsroom, "/admin/articles/standingpage/add/")
        type_keys(page, " Be kind")
        use(page, "Quotation")
        page.get_by_label("Title").press_sequentially(title)
        slug = page.get_by_label("Slug").input_value()
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("was added successfully")).to_be_visible()
        page.goto(f"{newsroom.url}/{slug}/")
        expect(page.locator(".body blockquote")).to_have_text("Be kind")


EVERYTHING = """<p>Before the others.</p>

<blockquote><p>To be</p><cite>Hamlet</cite></blockquote>
<table><tr><th>Port</th><th>Tonnes in the whole of the year</th><th>Longshoremen</th></tr>
<tr><th>Kobe</th><td>1,200,000,000</td><td>1,204</td></tr></table>
<aside><a href="https://example.org/">A report with a long title</a></aside><hr>
<ol><li>One<ul><li>Two</li></ul></li></ol>"""


def test_what_was_written_without_scripts_is_accessible_to_readers_on_a_small_phone(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser, scripts=False) as page:
        log_in(page, newsroom, "editor")
        page.goto(newsroom.url + ADD)
        page.get_by_label("Body").fill(EVERYTHING)
        headline = f"Everything {os.urandom(4).hex()}"
        save(page, headline, "Save and publish")
    with window(browser, width=320) as page:
        page.goto(f"{newsroom.url}/articles/{headline.lower().replace(' ', '-')}/")
        expect(page.get_by_role("region", name=re.compile("^Table 1: Port, "))).to_be_visible()
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 320
        assert violations_in_every_look(page, widths=[320]) == []
