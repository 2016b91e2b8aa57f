"""A real Chromium on the served site; a test that uses it skips where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.web_server import Served, served

Page = Any
#: Opens another page: ``new_page(width=320, java_script_enabled=False)``.
NewPage = Callable[..., Page]
LARGE_TEXT = """() => {
    document.documentElement.style.fontSize = '200%';
    for (const item of document.querySelectorAll('body *')) {
        item.style.letterSpacing = '0.12em';
        item.style.wordSpacing = '0.16em';
        item.style.lineHeight = '1.5';
    }
}"""
SMALL_TARGETS = """() => [...document.querySelectorAll(
        'a, button, input, select, textarea, summary'
    )]
    .filter((item) => item.checkVisibility() && item.type !== 'hidden')
    .filter((item) => !item.closest('.skip, figcaption, .prose p, .opening p'))
    .map((item) => [item.textContent.trim().slice(0, 30), item.getBoundingClientRect()])
    .filter(([, box]) => box.width < 24 || box.height < 24)
    .map(([name, box]) => `${name} ${box.width}x${box.height}`)"""


@dataclass(frozen=True)
class Fault:
    """One violation axe found."""

    rule: str
    targets: tuple[str, ...]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    """One browser per module; its event loop would disturb other modules' asyncio tests."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture
def site() -> Iterator[Served]:
    with served() as running:
        yield running


@pytest.fixture
def new_page(browser: Any, site: Served) -> Iterator[NewPage]:
    """Opens pages of their own cookies; at the end no script or policy may have complained."""
    contexts, complaints = [], []

    def make(width: int = 1280, height: int = 900, **options: Any) -> Page:
        viewport = {"width": width, "height": height}
        context = browser.new_context(viewport=viewport, base_url=site.address, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.extend(_policy(line.text)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def _policy(line: str) -> list[str]:
    return [line] if "Content Security Policy" in line else []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """The chat, opened."""
    opened = new_page()
    opened.goto("/")
    return opened


def send(page: Page, text: str) -> None:
    """Type into the message field, press Enter and wait for the turn."""
    before = page.locator("article").count()
    page.fill("#message", text)
    page.press("#message", "Enter")
    page.locator("article").nth(before).wait_for()


def log_in(page: Page) -> None:
    """Open the support page by its one-time link."""
    page.goto("/stod/oppna?nyckel=engangslank")
    page.get_by_role("button", name="Öppna").click()
    page.get_by_role("heading", name="Ärenden", exact=True).wait_for()


def axe_faults(page: Page, axe: str) -> list[Fault]:
    """What axe-core objects to on the page, best practice included."""
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        Fault(item["id"], tuple(str(node["target"]) for node in item["nodes"]))
        for item in found["violations"]
    ]


def overflow(page: Page) -> int:
    """Pixels the page is wider than its window."""
    width = "document.scrollingElement.scrollWidth - document.documentElement.clientWidth"
    return int(page.evaluate(width))


def page_faults(page: Page, axe: str) -> dict[str, object]:
    """What is wrong with the page in any light, on a small window and with large text."""
    found: dict[str, object] = {"axe, light": axe_faults(page, axe)}
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    page.set_viewport_size({"width": 320, "height": 256})
    found["axe, dark, 320 pixels"] = axe_faults(page, axe)
    found["sideways at 320 pixels"] = overflow(page)
    found["targets under 24 pixels"] = page.evaluate(SMALL_TARGETS)
    found["main headings"] = page.locator("h1").count() - 1
    page.set_viewport_size({"width": 640, "height": 900})
    page.evaluate(LARGE_TEXT)
    found["sideways at twice the text"] = overflow(page)
    return {name: faults for name, faults in found.items() if faults}
