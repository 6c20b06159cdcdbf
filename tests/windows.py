"""Windows of a browser, who is logged in at one, and what axe finds in it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.running import Running
from tests.soak import FULL

AXE = Axe()
LOOKS: dict[Literal["light", "dark"], list[str] | None] = {
    "light": None,  # all rules
    "dark": ["color-contrast", "link-in-text-block"],
}


@contextmanager
def window(browser: Browser, *, scripts: bool = True, width: int = 1280) -> Iterator[Page]:
    """A window of somebody's own browser, in which nothing may break the content policy."""
    context = browser.new_context(
        java_script_enabled=scripts, viewport={"width": width, "height": 800}
    )
    page = context.new_page()
    broken: list[str] = []
    page.on(
        "console",
        lambda message: broken.append(message.text) if "Security Policy" in message.text else None,
    )
    try:
        yield page
        assert not broken
    finally:
        context.close()


def log_in(page: Page, newsroom: Running, username: str) -> None:
    """Let the window's next page be asked for by this person.

    The password is typed once for each, in a window of its own: checking it is meant to be slow.
    """
    browser = page.context.browser
    assert browser
    if username not in newsroom.sessions:
        with window(browser) as own:
            own.goto(f"{newsroom.url}/admin/")
            own.get_by_label("Username").fill(username)
            own.get_by_label("Password").fill(newsroom.password)
            own.get_by_role("button", name="Log in").click()
            expect(own.get_by_role("heading", name="Desk")).to_be_visible()
            newsroom.sessions[username] = own.context.cookies()
    page.context.add_cookies(newsroom.sessions[username])


def settle(page: Page, milliseconds: int = 100) -> None:
    """Let the editor take the focus and read the caret, which it does some frames after the browser
    has moved it: by the clock of the page, which is late where the machine is."""
    page.evaluate(
        "(wait) => new Promise((done) => requestAnimationFrame(() => setTimeout(done, wait)))",
        milliseconds,
    )


def violations(page: Page, *, rules: list[str] | None = None) -> list[str]:
    """What axe finds in the page as it is now, by all its rules or by these alone."""
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": rules}
    if page.evaluate("!window.axe"):
        page.evaluate(AXE.axe_script)
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [
        f"{page.url}: {each['id']} at {[node['html'][:200] for node in each['nodes']]}"
        for each in found
    ]


def violations_in_every_look(page: Page, *, widths: Iterable[int] = (1280, 320)) -> list[str]:
    """What axe finds in the page at these widths, in light and, where colours decide, in dark.

    In dark at the last width alone, but in `make soak`.
    """
    found = []
    *before, last = widths
    for width in (*before, last):
        page.set_viewport_size({"width": width, "height": 800})
        for scheme, rules in LOOKS.items():
            if scheme == "dark" and width != last and not FULL:
                continue
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            page.evaluate("document.getAnimations().forEach((each) => each.finish())")
            look = f"{width} px, {scheme}"
            found += [f"{look}: {each}" for each in violations(page, rules=rules)]
    page.emulate_media(color_scheme="light")
    return found
