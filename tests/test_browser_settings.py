"""The settings pages of a real application in a real browser, and a change made by keyboard."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from talking import NOON, Talk

from bot.app import build_app
from bot.settings import Settings
from tests.browsing import NewPage, Page, browser, new_page, page_faults
from tests.web_server import Served, served

__all__ = ["browser", "new_page"]
pytestmark = pytest.mark.browser
pytest_plugins = ["app_fixtures"]
HOME = "/stod/installningar"
ORGANISATION = f"{HOME}/listor/organisations/egnahemsbolaget"


@pytest.fixture(scope="module")
def site(loaded_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An application somebody has asked, with a person known in one channel."""
    folder = tmp_path_factory.mktemp("settings") / "data"
    shutil.copytree(loaded_data, folder)
    app = build_app(Settings(data=folder), lambda: NOON)
    Talk(app).say("3+3 mån option, 2 pers")
    app.store.people.admit("teams:T1", "abc", NOON)
    try:
        with served(app) as running:
            yield running
    finally:
        app.close()


@pytest.fixture(scope="module")
def logged_in(browser: Any, site: Served) -> Any:
    """The cookies of a login, so that each page need not begin with one."""
    context = browser.new_context(base_url=site.address)
    page = context.new_page()
    page.goto(site.app.support_link)
    page.get_by_role("button", name="Öppna").click()
    page.get_by_role("heading", name="Ärenden", exact=True).wait_for()
    state = context.storage_state()
    context.close()
    return state


def opened(address: str) -> Callable[[Page], None]:
    return lambda page: page.goto(f"{HOME}{address}")


def term(page: Page) -> None:
    page.goto(ORGANISATION)
    for fold in ("Rätta eller lägg till namn", "Avsluta"):
        page.locator("summary", has_text=fold).click()
    page.locator("summary", has_text="Byt namn").click()
    page.locator("#rename-name").fill("Bostads AB Poseidon AB")
    page.locator("#rename-since").evaluate("item => item.type = 'text'")
    page.locator("#rename-since").fill("snart")
    page.get_by_role("button", name="Byt namn").click()
    page.get_by_role("alert").wait_for()


def diff(page: Page) -> None:
    page.goto(f"{HOME}/importera?lista=roles")
    sheet = "kod;namn;synonymer\nchef;Chefen;" + "långtord" * 12 + "\nny;Ny roll;\n"
    file = {"name": "roller.csv", "mimeType": "text/csv", "buffer": sheet.encode()}
    page.locator("#file").set_input_files(file)
    page.get_by_role("button", name="Visa vad som ändras").click()
    page.get_by_text("2 rader ändras").wait_for()


def faults(page: Page) -> None:
    diff(page)
    page.locator("#text").fill("kod;namn\nX;\n")
    page.get_by_role("button", name="Visa vad som ändras").first.click()
    page.get_by_text("Rad 2: Namnet saknas.").wait_for()


def decision(page: Page) -> None:
    page.goto(f"{HOME}/regler/option")
    page.locator("input[value='räknas']").check()
    page.get_by_label("Beslutat av").fill("enhetschefen")
    page.get_by_label("Källa").fill("beslut 7/2026")
    page.get_by_role("button", name="Visa vilka svar som ändras").click()
    page.get_by_text("Ett svar av 1 blir ett annat").wait_for()


def preview(page: Page) -> None:
    page.goto(f"{HOME}/texter/sv/handover.done")
    page.get_by_label("Texten med egna ord").fill("Ärende {number} är skickat: {answer_days}.")
    page.get_by_role("button", name="Förhandsvisa").click()
    page.get_by_text("Ärende A-2026-0007 är skickat: 3.").wait_for()


PLACES = {
    "overview": opened(""),
    "lists": opened("/listor"),
    "rules": opened("/regler"),
    "rescreened": opened("/omprovning"),
    "forms": opened("/formular"),
    "form": opened("/formular/deviation"),
    "list": opened("/listor/organisations"),
    "term": term,
    "diff": diff,
    "faults": faults,
    "decision": decision,
    "field": opened("/formular/deviation/organisation"),
    "words": opened("/texter?sok=avsteg"),
    "sentence": preview,
    "general": opened("/allmant"),
    "people": opened("/personer"),
}


@pytest.mark.parametrize("place", PLACES)
def test_every_settings_page_passes_axe_and_fits_small_windows_and_large_text(
    new_page: NewPage, logged_in: Any, axe: str, place: str
) -> None:
    page = new_page(1180, 820, storage_state=logged_in, reduced_motion="reduce")
    PLACES[place](page)
    assert page_faults(page, axe) == {}


def test_a_name_is_changed_by_keyboard_without_script_and_the_chat_knows_it(
    new_page: NewPage, logged_in: Any, site: Served
) -> None:
    page = new_page(1180, 820, storage_state=logged_in, java_script_enabled=False)
    page.goto(ORGANISATION)
    page.locator("summary", has_text="Byt namn").focus()
    page.keyboard.press("Enter")
    page.locator("#rename-name").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("Bolaget för egna hem")
    page.locator("#rename-since").fill(NOON.date().isoformat())
    page.locator("#rename-name").press("Enter")
    page.get_by_text("Namnet är bytt.").wait_for()
    assert page.evaluate("document.activeElement.id") == "gjort"
    said = Talk(site.app, "nina").say("Egnahemsbolaget gjorde ett avsteg i går, två lärlingar")
    assert "heter sedan 20 november 2026 Bolaget för egna hem" in said
