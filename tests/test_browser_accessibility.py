"""Every page in a real browser against axe, small windows, large text, print and preferences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browsing import (
    NewPage,
    Page,
    browser,
    log_in,
    new_page,
    page,
    page_faults,
    send,
    site,
)

__all__ = ["browser", "new_page", "page", "site"]
pytestmark = pytest.mark.browser
LONG_WORD = "upphandlingsdokumentationsgranskningsunderlagsförteckning" * 3


def start(page: Page) -> None:
    page.goto("/")


def answer(page: Page) -> None:
    page.goto("/")
    send(page, f"Får vi ställa sociala krav? {LONG_WORD}?")
    page.get_by_text("Visa 2 källor till").click()


def form(page: Page) -> None:
    page.goto("/")
    send(page, "formulär")


def faults(page: Page) -> None:
    form(page)
    page.get_by_label("Skäl").fill("kaffe")
    page.get_by_role("button", name="Skicka in").click()
    page.locator(".faults").wait_for()


def receipt(page: Page) -> None:
    form(page)
    page.get_by_label("Skäl").fill("bråttom")
    page.get_by_role("button", name="Skicka in").click()
    page.get_by_text("A-2026-0007 (").wait_for()


def choices(page: Page) -> None:
    page.goto("/")
    send(page, "avsteg")


def problem(page: Page) -> None:
    page.goto("/")
    page.press("#message", "Enter")
    page.locator("#problem .fault").wait_for()


def cases(page: Page) -> None:
    log_in(page)


def case(page: Page) -> None:
    log_in(page)
    page.goto("/stod/arende/A-2026-0007")
    page.get_by_text("Be om komplettering").click()
    page.get_by_text("Skriv en intern anteckning").click()
    page.get_by_label("Anteckningen").fill(LONG_WORD)
    page.get_by_role("button", name="Spara anteckningen").click()
    page.get_by_label("Ditt svar").fill("Ja, det får ni.")
    page.get_by_role("button", name="Skicka svaret").click()
    page.get_by_text("Lämna till en kollega").click()


def colleague(page: Page) -> None:
    log_in(page)
    page.goto("/stod/inloggade")
    page.get_by_role("button", name="Länk till en kollega").click()


def questions(page: Page) -> None:
    log_in(page)
    page.get_by_role("link", name="Obesvarade frågor").click()
    page.get_by_label("När är nästa träff?").check()
    page.get_by_text("Svara dem du har valt").first.click()
    page.locator("#group-1-answer").fill(LONG_WORD)
    page.locator("#group-1-title").fill(LONG_WORD)
    page.get_by_role("button", name="Skicka till de valda").first.click()
    page.get_by_text("sparat som utkast").wait_for()


def undelivered(page: Page) -> None:
    log_in(page)
    page.goto("/stod/utskick")


def login(page: Page) -> None:
    page.goto("/stod/oppna?nyckel=x")


def closed(page: Page) -> None:
    page.goto("/stod")


def statement(page: Page) -> None:
    page.goto("/tillganglighet")


def privacy(page: Page) -> None:
    page.goto("/privacy")


PLACES = (
    start, answer, choices, form, faults, receipt, problem,
    login, closed, cases, case, colleague, questions, undelivered, statement, privacy,
)  # fmt: skip
Place = Callable[[Page], None]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_every_page_passes_axe_fits_320_pixels_and_twice_the_text(
    new_page: NewPage, axe: str, place: Place
) -> None:
    page = new_page(color_scheme="light", reduced_motion="reduce")
    place(page)
    assert page_faults(page, axe) == {}


@pytest.mark.parametrize("height", [256, 900])
def test_what_has_focus_is_never_hidden_behind_something(new_page: NewPage, height: int) -> None:
    page = new_page(width=768, height=height, reduced_motion="reduce")
    answer(page)
    send(page, "avsteg")
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    for _ in range(14):
        page.keyboard.press("Tab")
        hidden = page.evaluate(
            """() => {
                const item = document.activeElement, box = item.getClientRects()[0];
                    if (item === document.body) return '';
                const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
                const top = document.elementFromPoint(x, y);
                return top && (item.contains(top) || top.contains(item)) ? '' : item.outerHTML;
            }"""
        )
        assert hidden == ""


def test_a_turn_can_be_reached_by_its_heading_and_names_its_sender(page: Page) -> None:
    send(page, "hej")
    headings = page.get_by_role("log").get_by_role("heading", level=3).all_inner_texts()
    assert headings == ["Hänsyn svarar", "Du skrev", "Hänsyn svarar"]


def test_no_motion_for_those_who_want_none(new_page: NewPage) -> None:
    page = new_page(reduced_motion="reduce")
    start(page)
    send(page, "hej")
    moving = "(items) => items.some((item) => getComputedStyle(item).animationName !== 'none')"
    assert page.locator("*").evaluate_all(moving) is False


def test_forced_colours_keep_the_edges_of_what_can_be_pressed(new_page: NewPage) -> None:
    page = new_page(forced_colors="active")
    answer(page)
    edge = "(item) => getComputedStyle(item).borderStyle"
    assert page.get_by_role("button", name="Nej").evaluate(edge) == "solid"
    assert page.locator(".said").first.evaluate(edge) == "solid"


def test_a_printed_answer_shows_every_source_with_its_address(new_page: NewPage) -> None:
    page = new_page()
    start(page)
    send(page, "Får vi?")
    page.emulate_media(media="print")
    printed = "(links) => links.map((link) => getComputedStyle(link, '::after').content)"
    shown = page.locator(".source a").evaluate_all(printed)
    assert len(shown) == 3
    assert all("https://" in address for address in shown)
    assert not page.locator("#composer").is_visible()
    assert page.get_by_text("Contract conditions may be social.").is_visible()
