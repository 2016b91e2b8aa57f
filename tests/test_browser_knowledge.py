"""A file imported and a text published in a real browser, by keyboard and without script.

With ``README_SCREENSHOTS=1`` the pictures of the README are written to tests/e2e/screenshots.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from document_files import saved

from bot.app import build_app
from bot.settings import Settings
from knowledge.gold_questions import load_gold
from tests.browsing import NewPage, Page, browser, new_page, page_faults
from tests.test_browser_console import PICTURES, focused, go_to, log_in, tab_to
from tests.web_server import Served, served

__all__ = ["browser", "new_page"]
pytestmark = pytest.mark.browser
pytest_plugins = ["app_fixtures"]
#: Enough to see some answers change; the whole gold takes long.
ASKED = [question for question in load_gold() if question.wanted == ("S2",)][:40]
GROUPS = "/stod/kunskap/artiklar/malgrupper"


@pytest.fixture
def site(loaded_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setattr("knowledge.hubs.PANEL", 20)
    monkeypatch.setattr("bot.guidance.thresholds.load_gold", lambda: ASKED)
    shutil.copytree(loaded_data, tmp_path / "data")
    app = build_app(Settings(data=tmp_path / "data"))
    try:
        with served(app) as running:
            yield running
    finally:
        app.close()


def routine() -> bytes:
    """A routine as an office writes it: fake headings, contacts, a rule told in its own way."""
    from docx import Document

    document = Document()
    document.core_properties.title = "Rutin för bruttolistan"
    document.add_heading("Rutin för bruttolistan", level=1)
    document.add_paragraph("Rutinen gäller alla som planerar upphandlingar på förvaltningen.")
    document.add_heading("Vad som ska anmälas", level=2)
    document.add_paragraph(
        "Bruttolistan omfattar alla upphandlingar som pågår längre än sex månader och kräver "
        "mer än en arbetstagare."
    )
    document.add_paragraph().add_run("Så anmäler du").bold = True
    document.add_paragraph("Skicka uppgifterna till stödfunktionen innan du annonserar.")
    document.add_paragraph().add_run("Observera").bold = True
    document.add_paragraph("Anmälan betyder inte att krav måste ställas i upphandlingen.")
    document.add_heading("Kontakt", level=2)
    document.add_paragraph("Telefon: 031-390 06 00")
    return saved(document)


def picture(page: Page, name: str) -> None:
    if os.environ.get("README_SCREENSHOTS"):
        PICTURES.mkdir(exist_ok=True)
        page.evaluate("document.activeElement.blur()")
        page.screenshot(path=PICTURES / f"{name}.png")


def send_files(page: Page, *files: tuple[str, bytes]) -> None:
    """Chooses the files, sends them and waits until they are read."""
    page.goto("/stod/kunskap/importera")
    page.set_input_files("#file", [
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        for name, content in files
    ])  # fmt: skip
    page.get_by_role("button", name="Läs in").click()


def test_a_file_is_shown_as_what_it_becomes_before_anything_is_saved(
    new_page: NewPage, site: Served, axe: str
) -> None:
    page = new_page(1180, 1230, reduced_motion="reduce", locale="sv-SE")
    log_in(page, site)
    send_files(page, ("rutin.docx", routine()), ("gammal.doc", b"\xd0\xcf\x11\xe0 gammal"))
    page.get_by_role("heading", name="Inlästa filer").wait_for()
    assert "gammalt format" in page.locator("main").inner_text()
    assert page_faults(page, axe) == {}
    page.set_viewport_size({"width": 1180, "height": 1230})
    page.reload()
    page.emulate_media(color_scheme="light")
    page.get_by_role("link", name="Rutin för bruttolistan").click()
    page.get_by_label("Observera").uncheck()
    page.get_by_role("button", name="Visa på nytt").click()
    page.get_by_text("med dina ändringar").wait_for()
    assert focused(page).startswith("Så här ser det ut")
    assert not page.get_by_label("Observera").is_checked()
    assert "kontaktuppgift" in page.locator("main").inner_text()
    page.goto(page.url.partition("?")[0])
    picture(page, "import")
    assert page_faults(page, axe) == {}


def test_a_changed_text_is_published_by_keyboard_alone_without_script(
    new_page: NewPage, site: Served
) -> None:
    page = new_page(1180, 900, java_script_enabled=False)
    log_in(page, site)
    page.goto(f"{GROUPS}/redigera")
    tab_to(page, "title")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+Home")
    page.keyboard.type("**")
    go_to(page, "Spara utkastet")
    assert "En sak behöver rättas" in focused(page)
    tab_to(page, "Text: Rad 1")
    page.keyboard.press("Enter")
    tab_to(page, "body")
    page.keyboard.press("Control+Home")
    page.keyboard.press("Delete")
    page.keyboard.press("Delete")
    page.keyboard.type("Alla får hjälp. ")
    go_to(page, "Spara utkastet")
    assert "Utkastet är sparat" in focused(page)
    go_to(page, "Granska och publicera")
    go_to(page, "Jämför svaren")
    page.get_by_text("att ta ställning till").wait_for()
    tab_to(page, "reason")
    page.keyboard.type("Tydligare")
    go_to(page, "Publicera texten")
    assert "Ta ställning till de här svaren" in focused(page)
    while page.locator(".change:not(:has(input:checked))").count():
        tab_to(page, "svar-")
        page.keyboard.press("Space")
    go_to(page, "Publicera texten")
    assert focused(page).startswith("Publicerat.")
    page.goto(GROUPS)
    assert "Alla får hjälp." in page.locator(".reading").inner_text()


def test_changed_answers_stand_side_by_side(new_page: NewPage, site: Served, axe: str) -> None:
    page = new_page(1180, 1000, reduced_motion="reduce")
    log_in(page, site)
    page.goto(f"{GROUPS}/redigera")
    body = page.input_value("#body").replace("behöver kommunens hjälp", "staden vill hjälpa")
    page.fill("#body", body)
    page.get_by_role("button", name="Spara utkastet").click()
    page.goto("/stod/kunskap/granska")
    assert page_faults(page, axe) == {}
    page.set_viewport_size({"width": 1180, "height": 1000})
    page.emulate_media(color_scheme="light")
    page.get_by_role("button", name="Jämför svaren").click()
    page.locator(".change").first.wait_for()
    assert page.locator(".change del").first.inner_text()
    assert page.locator(".change ins").first.inner_text()
    picture(page, "svarsdiff")
    assert page_faults(page, axe) == {}
