"""Windows of a browser, and logging in at one."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, expect

from tests.running import Running


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
    page.goto(f"{newsroom.url}/admin/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(newsroom.password)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Desk")).to_be_visible()
