"""The real application in a real browser: a question, a report to its receipt, the support page.

With ``README_SCREENSHOTS=1`` the pictures of the README are written to tests/e2e/output.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import build_app_in
from tests.browsing import NewPage, Page, axe_faults, browser, new_page, overflow
from tests.web_server import Served, served

__all__ = ["browser", "new_page"]
pytestmark = pytest.mark.browser
PICTURES = Path(__file__).parent / "e2e" / "output"
STORY = (
    "Jag vill rapportera ett avsteg. Vi på Egnahemsbolaget kom överens med målaren om "
    "två lärlingsplatser den 3 november 2026."
)
#: What a step asks about -> what the colleague answers; any other step gets its least choice.
ANSWERS = {
    "pratat med en leverantör": "Ja",
    "Vilken enhet": "Byggenheten",
    "Vilken roll": "upphandlare",
    "Vilken upphandling": "Målning av trapphus, etapp 2",
    "Är avtalet tecknat": "Ja",
    "Vilken leverantör": "Måleriet i Majorna AB",
    "Vad blev resultatet": "2 lärlingsplatser",
    "Vilken modell": "Egen överenskommelse med leverantören",
    "varför blev det": "Tiden räckte inte till en behovsanalys.",
}
LEAST = ("Ja, skicka in", "Nej", "Vet inte", "Inget", "Hoppa över")
RECEIPT = re.compile(r"A-\d{4}-\d{4}")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Served]:
    app = build_app_in(tmp_path)
    try:
        with served(app) as running:
            yield running
    finally:
        app.close()


def picture(page: Page, name: str) -> None:
    if os.environ.get("README_SCREENSHOTS"):
        PICTURES.mkdir(exist_ok=True)
        page.evaluate("document.activeElement.blur()")
        page.screenshot(path=PICTURES / f"{name}.png")


def say(page: Page, text: str) -> str:
    """Writes a message and returns the reply."""
    before = page.locator("article").count()
    page.fill("#message", text)
    page.press("#message", "Enter")
    page.locator("article").nth(before).wait_for()
    return last_reply(page)


def last_reply(page: Page) -> str:
    return str(page.locator("article").last.locator(".reply").inner_text())


def press(page: Page, label: str) -> str:
    before = page.locator("article").count()
    page.get_by_role("button", name=label, exact=True).last.click()
    page.locator("article").nth(before).wait_for()
    return last_reply(page)


def answer_step(page: Page, asked: str) -> str:
    known = next((text for part, text in ANSWERS.items() if part in asked), None)
    if known:
        return say(page, known)
    buttons = page.locator(".choices.dialog button").all_inner_texts()
    return press(page, next(label for label in (*LEAST, *buttons) if label in buttons))


def report(page: Page) -> str:
    """Tells the story, answers what is missing and sends; returns the receipt's text."""
    reply = say(page, STORY)
    for _ in range(30):
        if RECEIPT.search(reply):
            return reply
        if "Så här ser det ut" in reply:
            picture(page, "sammanfattning")
        reply = answer_step(page, reply)
    pytest.fail(f"no receipt after 30 steps; the last reply was {reply}")


def test_a_question_a_report_with_receipt_and_the_case_on_the_support_page(
    new_page: NewPage, site: Served, axe: str
) -> None:
    page = new_page(width=900, height=900, reduced_motion="reduce")
    page.goto("/")
    assert "social hänsyn" in last_reply(page)
    say(page, "Måste vi ställa sociala krav i upphandlingen?")
    assert page.locator("article").last.locator("figure blockquote").count() >= 1
    picture(page, "svar")

    page.get_by_role("button", name="Ny konversation").click()
    receipt = report(page)
    number = RECEIPT.search(receipt)
    assert number
    picture(page, "kvitto")
    assert axe_faults(page, axe) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert overflow(page) == 0
    with page.expect_download() as download:
        page.locator("article").last.locator(".file a").first.click()
    assert download.value.suggested_filename.startswith(number[0])

    page.set_viewport_size({"width": 900, "height": 900})
    page.goto(site.app.support_link)
    page.get_by_role("button", name="Öppna").click()
    page.get_by_role("link", name=number[0]).wait_for()
    picture(page, "arenden")
    page.get_by_role("link", name=number[0]).click()
    page.get_by_role("button", name="Ta ärendet").click()
    page.get_by_role("button", name="Avsluta").wait_for()
    picture(page, "arende")
    assert "Målning av trapphus, etapp 2" in page.locator("main").inner_text()
    assert axe_faults(page, axe) == []
