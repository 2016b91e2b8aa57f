"""The console of a real application in a real browser: every page, by keyboard, without script.

With ``README_SCREENSHOTS=1`` the pictures of the README are written to tests/e2e/screenshots.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import NewPage, Page, browser, new_page, page_faults
from tests.console_week import open_after_a_week
from tests.web_server import Served, served

__all__ = ["browser", "new_page"]
pytestmark = pytest.mark.browser
pytest_plugins = ["app_fixtures"]
PICTURES = Path(__file__).parent / "e2e" / "screenshots"
#: Address -> name of its picture in the README, if it has one.
PAGES = {
    "/stod": "konsol",
    "/stod?lage=sena&ord=kaffe&slag=deviation": "",
    "/stod/arende/H-2026-0001": "",
    "/stod/arende/A-2026-0004": "arende",
    "/stod/registrera": "",
    "/stod/utskick": "",
    "/stod/fragor": "",
    "/stod/kunskap": "oversikt",
    "/stod/kunskap/artiklar": "",
    "/stod/kunskap/artiklar/malgrupper": "",
    "/stod/kunskap/artiklar/malgrupper/jamfor": "",
    "/stod/kunskap/artiklar/malgrupper/redigera": "",
    "/stod/kunskap/artiklar/ny": "",
    "/stod/kunskap/importera": "",
    "/stod/kunskap/granska": "",
    "/stod/kunskap/testfragor": "",
    "/stod/kunskap/omdomen": "",
    "/stod/kunskap/alder": "",
    "/stod/kunskap/svar": "",
    "/stod/kunskap/svar/S-1001": "",
    "/stod/drift": "",
    "/stod/logg?kontroll=ja": "",
    "/stod/jag": "",
    "/stod/inloggade": "",
    "/stod/logga-in": "",
    "/tillganglighet": "",
}


@pytest.fixture(scope="module")
def week(loaded_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The application after a working week; tests read it, or change a case of their own."""
    folder = tmp_path_factory.mktemp("week") / "data"
    shutil.copytree(loaded_data, folder)
    app = open_after_a_week(folder)
    try:
        with served(app) as running:
            yield running
    finally:
        app.close()


@pytest.fixture
def site(week: Served) -> Served:
    return week


def log_in(page: Page, site: Served) -> None:
    page.goto(site.app.support_link)
    page.get_by_label("Din signatur").fill("ab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Ärenden", exact=True).wait_for()


@pytest.fixture(scope="module")
def logged_in(browser: Any, week: Served) -> Any:
    """The cookies of a login, so that each page need not begin with one."""
    context = browser.new_context(base_url=week.address)
    log_in(context.new_page(), week)
    state = context.storage_state()
    context.close()
    return state


def focused(page: Page) -> str:
    """What has focus, as a reader would name it."""
    return str(page.evaluate("document.activeElement.innerText || document.activeElement.id"))


def tab_to(page: Page, name: str, most: int = 60) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if focused(page).startswith(name):
            return
    pytest.fail(f"{name} cannot be reached by the keyboard")


def go_to(page: Page, name: str) -> None:
    """Follows the link, or presses the button, of that name."""
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize("address", PAGES)
def test_every_page_of_the_console_passes_axe_and_fits_small_windows_and_large_text(
    new_page: NewPage, logged_in: Any, axe: str, address: str
) -> None:
    page = new_page(1180, 980, storage_state=logged_in, reduced_motion="reduce")
    answer = page.goto(address)
    assert answer.status == 200
    if os.environ.get("README_SCREENSHOTS") and PAGES[address]:
        page.screenshot(path=PICTURES / f"{PAGES[address]}.png")
    assert page_faults(page, axe) == {}


def test_a_case_is_found_taken_and_answered_by_keyboard_alone_without_script(
    new_page: NewPage, site: Served
) -> None:
    page = new_page(width=1180, height=820, java_script_enabled=False)
    log_in(page, site)
    page.keyboard.press("Tab")
    assert focused(page) == "Hoppa till innehållet"
    page.keyboard.press("Enter")
    go_to(page, "Nya")
    go_to(page, "A-2026-0003")
    go_to(page, "Ta ärendet")
    page.get_by_text("Handläggs av dig").wait_for()
    assert "Togs om hand" in focused(page)
    tab_to(page, "answer")
    page.keyboard.type("Tack, vi tar det härifrån.")
    go_to(page, "Skicka svaret")
    page.get_by_text("Svar till den som frågade").wait_for()
    assert "Tack, vi tar det härifrån." in focused(page)
    assert "Väntar på att skickas" in focused(page)
