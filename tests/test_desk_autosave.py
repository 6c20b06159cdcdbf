"""Writing in the admin: crashes, lost connections, two editors. Nothing that was typed is lost."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Error, Locator, Page, expect

from tests.running import Running
from tests.windows import log_in, violations, window

pytestmark = pytest.mark.browser

ADD = "/admin/articles/article/add/"
LIST = "/admin/articles/article/"
KEPT = re.compile("All you typed is kept")

MAKE = """
from django.contrib.auth.models import Group, User
from articles.models import Article, Section
editor = User.objects.get(username="editor")
piece = Article.objects.create(
    headline={headline!r}, slug={slug!r}, body="<p>The ferry sails on Monday.</p>",
    standfirst="As it was.", section=Section.objects.first(), begun_by=editor)
piece.record(by=editor)
if not User.objects.filter(username="maud").exists():
    maud = User.objects.create_user("maud", password={password!r}, is_staff=True)
    maud.groups.add(Group.objects.get(name="Editors"))
print(piece.pk)
"""


def make_piece(newsroom: Running, headline: str) -> str:
    """A draft, and where it is written. There is a second editor, maud."""
    code = MAKE.format(
        headline=headline,
        slug=headline.lower().replace(" ", "-"),
        password=newsroom.password,
    )
    pk = newsroom.run(code).split()[-1]
    return f"{newsroom.url}{LIST}{pk}/change/"


@pytest.fixture
def editor(newsroom: Running, browser: Browser) -> Iterator[Page]:
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        yield page


def open_form(page: Page, address: str) -> None:
    """With a clock that the test moves on."""
    page.clock.install()
    page.goto(address)
    expect(page.locator(".tiptap")).to_be_visible()


def type_body(page: Page, text: str) -> None:
    page.locator(".tiptap").click()
    page.keyboard.press("Control+Home")
    page.keyboard.type(text)


def wait(page: Page, seconds: int) -> None:
    for _second in range(seconds):
        page.clock.run_for(1000)


def status(page: Page):
    return page.locator("#autosave-status")


def keep(page: Page) -> None:
    """Let the seconds pass after which what was typed is on the server."""
    wait(page, 6)
    expect(status(page)).to_have_text(KEPT)


def crash(page: Page) -> Page:
    """The window is gone without a word; another of the same browser."""
    context = page.context
    with pytest.raises(Error):
        page.goto("chrome://crash", timeout=2000)
    page.close()
    return context.new_page()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def offered(page: Page, headline: str) -> Locator:
    """What the list or the form offers: other tests leave texts of the same editor there."""
    notice = page.get_by_role("region", name="Typed and not saved")
    return notice.locator(".unsaved-copy").filter(has_text=headline)


def test_what_was_typed_into_a_piece_is_offered_after_a_crash(
    newsroom: Running, editor: Page
) -> None:
    address = make_piece(newsroom, "Ferry before the crash")
    open_form(editor, address)
    editor.get_by_label("Headline").fill("Ferry typed before the crash")
    type_body(editor, "Typed before the crash. ")
    editor.get_by_label("Section").select_option(label="Readers")
    keep(editor)

    again = crash(editor)
    again.goto(address)
    expect(again.get_by_label("Headline")).to_have_value("Ferry before the crash")
    notice = again.get_by_role("region", name="Typed and not saved")
    expect(notice).to_contain_text("Ferry typed before the crash")
    assert violations(again) == []
    notice.get_by_role("link", name="Take it up").click()
    expect(again.get_by_label("Headline")).to_have_value("Ferry typed before the crash")
    expect(again.locator(".tiptap")).to_contain_text("Typed before the crash. The ferry sails")
    expect(again.get_by_label("Section")).to_have_value(re.compile(r"\d+"))
    save(again)
    expect(again.get_by_text("was changed successfully")).to_be_visible()
    expect(offered(again, "Ferry typed before the crash")).to_have_count(0)
    again.goto(address)
    expect(again.locator(".tiptap")).to_contain_text("Typed before the crash.")


def test_a_new_piece_is_offered_after_a_crash_in_the_list_as_well(
    newsroom: Running, editor: Page
) -> None:
    open_form(editor, newsroom.url + ADD)
    editor.get_by_label("Headline").press_sequentially("Never saved before")
    type_body(editor, "From nothing.")
    editor.get_by_label("Section").select_option(label="World")
    keep(editor)

    again = crash(editor)
    again.goto(newsroom.url + LIST)
    offered(again, "Never saved before").get_by_role("link", name="Compare").click()
    expect(again.get_by_text("From nothing.").first).to_be_visible()
    assert violations(again) == []
    again.get_by_role("link", name="Take it up").click()
    expect(again.get_by_label("Slug")).to_have_value("never-saved-before")
    expect(again.locator(".tiptap")).to_have_text("From nothing.")
    save(again)
    expect(again.get_by_text("was added successfully")).to_be_visible()
    expect(offered(again, "Never saved before")).to_have_count(0)


def test_without_a_connection_the_browser_keeps_it_and_it_is_offered_later(
    newsroom: Running, editor: Page
) -> None:
    address = make_piece(newsroom, "Ferry in a tunnel")
    open_form(editor, address)
    editor.context.set_offline(True)
    type_body(editor, "Typed in a tunnel. ")
    wait(editor, 6)
    expect(status(editor)).to_have_text(
        re.compile(r"Not saved on the server since \d\d:\d\d; kept in this browser\.")
    )
    expect(editor.locator("#autosave-news")).to_have_text(re.compile("Not saved on the server"))
    assert violations(editor) == []

    again = crash(editor)
    again.context.set_offline(False)
    again.goto(address)
    notice = again.get_by_role("region", name="Typed and not saved")
    expect(notice).to_contain_text("Ferry in a tunnel")
    notice.get_by_role("link", name="Take it up").click()
    expect(again.locator(".tiptap")).to_contain_text("Typed in a tunnel. The ferry sails")
    kept = "Object.keys(localStorage).filter((key) => key.startsWith('desk:')).length"
    assert again.evaluate(kept) == 0  # the server has it


def test_a_connection_that_comes_back_is_used_by_itself(newsroom: Running, editor: Page) -> None:
    open_form(editor, make_piece(newsroom, "Ferry out of the tunnel"))
    editor.context.set_offline(True)
    type_body(editor, "Typed in a tunnel. ")
    wait(editor, 6)
    expect(status(editor)).to_have_text(re.compile("kept in this browser"))
    editor.context.set_offline(False)
    wait(editor, 6)
    expect(status(editor)).to_have_text(re.compile("The server has it again"))
    assert editor.evaluate("Object.keys(localStorage).join()").count("desk:") == 0


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_of_two_editors_the_second_sees_both_texts_and_nothing_is_lost(
    newsroom: Running, browser: Browser, scripts: bool
) -> None:
    address = make_piece(newsroom, f"Ferry of two {scripts}")
    with window(browser, scripts=scripts) as one, window(browser, scripts=scripts) as two:
        log_in(one, newsroom, "editor")
        log_in(two, newsroom, "maud")
        one.goto(address)
        two.goto(address)
        expect(two.locator("#others")).to_contain_text(
            "editor has been writing in this piece since"
        )
        one.get_by_label("Standfirst").fill("Typed by the first.")
        two.get_by_label("Standfirst").fill("Saved by the second.")
        two.get_by_label("Dateline").fill("DOVER")
        save(two)
        expect(two.get_by_text("was changed successfully")).to_be_visible()

        save(one)
        expect(
            one.get_by_text("Somebody has saved this piece since you opened it.")
        ).to_be_visible()
        expect(one.get_by_text("maud saved version 2")).to_be_visible()
        difference = one.get_by_role("region", name="standfirst")
        expect(difference).to_contain_text("Changed by both of you")
        expect(difference.locator("del").first).to_contain_text("Saved")
        expect(difference.locator("ins").first).to_contain_text("Typed")
        expect(one.get_by_role("textbox", name="Standfirst")).to_have_value("Typed by the first.")
        expect(one.get_by_role("textbox", name="Dateline")).to_have_value("DOVER")
        if scripts:
            assert violations(one) == []
        save(one)
        expect(one.get_by_text("was changed successfully")).to_be_visible()
        two.goto(address)
        expect(two.get_by_label("Standfirst")).to_have_value("Typed by the first.")
        two.get_by_role("link", name="Versions").click()
        expect(two.get_by_role("main")).to_contain_text("maud")


def test_two_windows_of_one_editor_are_two_and_each_is_told_of_the_other(
    newsroom: Running, editor: Page
) -> None:
    address = make_piece(newsroom, "Ferry in two windows")
    open_form(editor, address)
    expect(editor.locator("#others")).to_be_hidden()
    second = editor.context.new_page()
    second.goto(address)
    there = "You have been writing in this piece in another window since"
    expect(second.locator("#others")).to_contain_text(there)
    wait(editor, 20)
    expect(editor.locator("#others")).to_contain_text(there)

    second.get_by_label("Headline").fill("Ferry of the second window")
    save(second)
    expect(second.get_by_text("was changed successfully")).to_be_visible()
    wait(editor, 20)
    expect(editor.locator("#newer")).to_contain_text("You, in another window, saved version 2")
    expect(editor.locator("#others")).to_be_hidden()
    editor.get_by_label("Headline").fill("Ferry of the first window")
    keep(editor)
    save(editor)
    expect(editor.get_by_role("region", name="headline")).to_contain_text("Changed by both of you")


def test_a_session_that_ends_while_one_writes_loses_nothing(
    newsroom: Running, editor: Page
) -> None:
    address = make_piece(newsroom, "Ferry after midnight")
    open_form(editor, address)
    editor.context.clear_cookies(name="sessionid")
    type_body(editor, "Typed after midnight. ")
    wait(editor, 6)
    expect(status(editor)).to_contain_text("Your session has ended.")
    with editor.context.expect_page() as opened:
        status(editor).get_by_role("link", name="Log in in another window").click()
    login = opened.value
    login.get_by_label("Username").fill("editor")
    login.get_by_label("Password").fill(newsroom.password)
    login.get_by_role("button", name="Log in").click()
    expect(login.get_by_role("heading", name="Desk")).to_be_visible()
    wait(editor, 12)
    expect(status(editor)).to_have_text(re.compile("The server has it again"))
    save(editor)
    expect(editor.get_by_text("was changed successfully")).to_be_visible()
    editor.goto(address)
    expect(editor.locator(".tiptap")).to_contain_text("Typed after midnight.")


def test_a_form_sent_without_scripts_after_the_session_ended_is_sent_again(
    newsroom: Running, browser: Browser
) -> None:
    address = make_piece(newsroom, "Ferry without scripts")
    with window(browser, scripts=False) as page:
        log_in(page, newsroom, "editor")
        page.goto(address)
        page.get_by_label("Standfirst").fill("Typed without scripts.")
        page.context.clear_cookies(name="sessionid")
        save(page)
        expect(page.get_by_role("heading", name="Not saved yet, and not lost")).to_be_visible()
        with page.context.expect_page() as opened:
            page.get_by_role("link", name="Log in, in another window").click()
        opened.value.get_by_label("Username").fill("editor")
        opened.value.get_by_label("Password").fill(newsroom.password)
        opened.value.get_by_role("button", name="Log in").click()
        expect(opened.value.get_by_role("heading", name="Desk")).to_be_visible()
        for _token in ("of the old session", "of the new"):
            page.get_by_role("button", name="Send it again").click()
        expect(page.get_by_text("was changed successfully")).to_be_visible()
        page.goto(address)
        expect(page.get_by_label("Standfirst")).to_have_value("Typed without scripts.")


def test_leaving_warns_only_while_the_server_has_not_got_it(
    newsroom: Running, editor: Page
) -> None:
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    editor.on("dialog", stay)
    open_form(editor, make_piece(newsroom, "Ferry that is left"))
    editor.context.set_offline(True)
    editor.get_by_label("Headline").fill("Typed")
    editor.close(run_before_unload=True)
    wait(editor, 1)
    assert asked == ["beforeunload"]
    assert not editor.is_closed()
    editor.context.set_offline(False)
    wait(editor, 6)
    expect(status(editor)).to_have_text(
        re.compile(r"All you typed is kept|The server has it again")
    )
    with editor.expect_event("close"):
        editor.close(run_before_unload=True)
    assert asked == ["beforeunload"]


def test_looking_at_a_piece_without_typing_leaves_nothing_to_offer(
    newsroom: Running, editor: Page
) -> None:
    address = make_piece(newsroom, "Ferry only looked at")
    open_form(editor, address)
    editor.locator(".tiptap").click()
    wait(editor, 25)
    editor.goto(address)
    expect(editor.locator(".tiptap")).to_be_visible()
    expect(editor.get_by_role("region", name="Typed and not saved")).to_have_count(0)
    expect(status(editor)).to_be_hidden()
    wait(editor, 2)
    expect(editor.locator("#others")).to_be_hidden()  # the first window told that it went


def test_a_saving_that_was_refused_goes_on_as_if_nothing_had_happened(
    newsroom: Running, editor: Page
) -> None:
    open_form(editor, make_piece(newsroom, "Ferry with a mistake"))
    editor.get_by_label("Headline").fill("")
    type_body(editor, "Typed. ")
    save(editor)
    expect(editor.get_by_text("Please correct the error below.")).to_be_visible()
    expect(editor.locator(".tiptap")).to_contain_text("Typed.")
    type_body(editor, "And typed on. ")
    keep(editor)
    again = crash(editor)
    again.goto(newsroom.url + LIST)
    copy = again.locator(".unsaved-copy").filter(has_text="Ferry with a mistake")
    copy.get_by_role("link", name="Take it up").click()
    expect(again.locator(".tiptap")).to_contain_text("And typed on. Typed.")


def test_axe_finds_nothing_on_the_page_that_holds_a_form(newsroom: Running, editor: Page) -> None:
    editor.goto(newsroom.url + ADD)
    editor.context.clear_cookies(name="sessionid")
    save(editor)
    expect(editor.get_by_role("heading", name="Not saved yet, and not lost")).to_be_visible()
    assert violations(editor) == []


def test_an_unsaved_headline_of_one_long_word_fits_a_phone(newsroom: Running, editor: Page) -> None:
    open_form(editor, newsroom.url + ADD)
    editor.get_by_label("Headline").fill("x" * 150)
    keep(editor)
    again = crash(editor)
    again.set_viewport_size({"width": 360, "height": 800})
    again.goto(newsroom.url + ADD)
    expect(offered(again, "xxx").first).to_be_visible()
    assert again.evaluate("document.scrollingElement.scrollWidth") <= 360
