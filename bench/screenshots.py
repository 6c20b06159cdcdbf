"""Pictures of every kind of page, in every way it can be shown.

    make screenshots

starts a demo newsroom of its own with everything in it, and writes PNG files into
build/screenshots: <page>-<way>.png. `python -m bench.screenshots front article` draws only those
pages.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.machine.browser import browser as find_browser
from tests.running import ROOT, Running, manage, running

FOLDER = ROOT / "build" / "screenshots"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WIDE, PHONE, SHEET = (1280, 900), (360, 740), (794, 1123)

EVERY_PICTURE = """async () => {
    for (const image of document.images) image.loading = "eager";
    await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
    scrollTo(0, 0);
}"""


@dataclass(frozen=True)
class Way:
    """How a page is shown. `mirrored` turns the site around it from right to left."""

    size: tuple[int, int]
    context: dict[str, Any] = field(default_factory=dict)
    is_printed: bool = False
    is_mirrored: bool = False


WAYS = {
    "light": Way(WIDE, {"color_scheme": "light"}),
    "dark": Way(WIDE, {"color_scheme": "dark"}),
    "tablet": Way((768, 1024), {"color_scheme": "light"}),
    "phone": Way(PHONE, {"color_scheme": "light", "has_touch": True}),
    "phone-dark": Way(PHONE, {"color_scheme": "dark", "has_touch": True}),
    "print": Way(SHEET, {"color_scheme": "dark"}, is_printed=True),
    "rtl": Way(WIDE, {"color_scheme": "light"}, is_mirrored=True),
    "contrast": Way(WIDE, {"forced_colors": "active"}),
}


def addresses(made: dict[str, str]) -> dict[str, str]:
    """The pages that are only asked for, by name."""
    return {
        "front": "/",
        "article": made["article"],
        "arabic": made["arabic"],
        "japanese": made["japanese"],
        "section": "/sections/harbour/",
        "topic": "/topics/harbour/",
        "author": "/authors/maud-ellery/",
        "source": "/sources/afp/",
        "archive": "/archive/",
        "month": f"/archive/{datetime.now(UTC):%Y/%m}/",
        "popular": "/popular/",
        "search": "/search/?q=harbour",
        "search-filters": "/search/?q=boat&section=harbour&period=week",
        "search-nothing": "/search/?q=zeppelin",
        "changes": made["changes"],
        "corrections": "/corrections/",
        "page": "/about/",
        "404": "/there/is/nothing/",
        "410": made["withdrawn"],
    }


def form_with_errors(page: Page) -> None:
    page.get_by_label("Comment").fill("The bell is the old one, from the lifeboat.")
    page.get_by_label("Email").fill("no address")
    page.get_by_role("button", name="Post Comment").click()
    page.get_by_role("alert").wait_for()


def answering(page: Page) -> None:
    page.get_by_role("link", name="Reply", exact=False).nth(1).click()
    page.locator("#respond").scroll_into_view_if_needed()


# Pages that are come to from the article, and the part of them that is shown.
STEPS: dict[str, tuple[Callable[[Page], None], str | None]] = {
    "replies": (lambda page: None, "#comments"),
    "form": (answering, "#respond"),
    "form-errors": (form_with_errors, "#respond"),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("pages", nargs="*", help="the names of the pages; all by default")
    parser.add_argument("--ways", nargs="*", choices=WAYS, default=list(WAYS))
    wanted = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as newsroom:
        made = build(newsroom)
        known = [*addresses(made), *STEPS, "503"]
        if unknown := set(wanted.pages) - set(known):
            parser.error(
                f"no such page: {', '.join(sorted(unknown))}; there are {', '.join(known)}"
            )
        with chromium() as browser:
            for name in wanted.ways:
                shoot(browser, newsroom, made, wanted.pages or known, name)
    print(FOLDER)
    return 0


def build(newsroom: Running) -> dict[str, str]:
    """Fill it; the addresses of what was made, by name."""
    printed = manage(newsroom, "shell", "-v0", "-c", "from bench.showcase import build; build()")
    made: dict[str, str] = json.loads(printed.splitlines()[-1])
    return made


@contextmanager
def chromium() -> Iterator[Browser]:
    path = find_browser()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(path) if path else None, args=ARGUMENTS
        )
        yield browser
        browser.close()


def shoot(
    browser: Browser, newsroom: Running, made: dict[str, str], wanted: list[str], name: str
) -> None:
    way, paths = WAYS[name], addresses(made)
    width, height = way.size
    context = browser.new_context(viewport={"width": width, "height": height}, **way.context)
    page = context.new_page()
    for each in wanted:
        if each == "503":
            manage(newsroom, "maintenance", "on")
        page.goto(newsroom.url + paths.get(each, made["article"]))
        step, part = STEPS.get(each, (None, None))
        if step:
            step(page)
        _draw(page, way, FOLDER / f"{each}-{name}.png", part)
        if each == "503":
            manage(newsroom, "maintenance", "off")
    context.close()


def _draw(page: Page, way: Way, file: Path, part: str | None) -> None:
    if way.is_mirrored:
        page.evaluate("document.documentElement.dir = 'rtl'")
    if way.is_printed:
        page.emulate_media(media="print")
        part = None  # on paper there are neither replies nor forms
    page.evaluate(EVERY_PICTURE)
    if part:
        page.locator(part).screenshot(path=file)
    else:
        page.screenshot(path=file, full_page=True)
    if way.is_printed:
        page.emulate_media(media="screen")
    print(file.name, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
