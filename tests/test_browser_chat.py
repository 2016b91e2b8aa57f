"""The chat in a real browser: what the script adds, and what must hold without it."""

from __future__ import annotations

import pytest

from tests.browsing import NewPage, Page, browser, new_page, page, send, site
from tests.contracts import INJECTIONS, contents
from tests.fakes import say
from tests.web_server import Served

__all__ = ["browser", "new_page", "page", "site"]
pytestmark = pytest.mark.browser


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.textContent"))


def test_the_answer_comes_without_reload_and_focus_stays_in_the_field(page: Page) -> None:
    page.evaluate("window.kept = true")
    send(page, "Får vi ställa sociala krav?")
    page.get_by_text("Ja, det får ni.").wait_for()
    assert page.evaluate("window.kept") is True
    assert focused(page) == "message"
    assert page.input_value("#message") == ""
    assert page.locator("[role=log] article").count() == 2


def test_shift_enter_makes_a_line_and_enter_sends_it(page: Page, site: Served) -> None:
    page.click("#message")
    page.keyboard.type("ett")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("två")
    page.keyboard.press("Enter")
    page.get_by_text("Du skrev: ett").wait_for()
    assert [item.text for item in contents(site)] == ["ett\ntvå"]  # type: ignore[arg-type, union-attr]


def test_the_keys_are_stated_where_they_work(page: Page, new_page: NewPage) -> None:
    assert page.locator("#keys").is_visible()
    plain = new_page(java_script_enabled=False)
    plain.goto("/")
    assert not plain.locator("#keys").is_visible()


def test_a_double_click_on_send_is_one_message(page: Page, site: Served) -> None:
    page.fill("#message", "hej")
    page.get_by_role("button", name="Skicka").dblclick()
    page.get_by_text("Du skrev: hej").wait_for()
    page.wait_for_timeout(200)
    assert len(contents(site)) == 1  # type: ignore[arg-type]


def test_a_message_that_comes_by_itself_is_shown_and_disturbs_nothing(
    page: Page, site: Served
) -> None:
    send(page, "Får vi?")
    page.get_by_text("Visa 2 källor till").click()
    page.fill("#message", "halvskrivet")
    site.app.push(site.app.received[0].key, say("Stödfunktionen svarar: ja."))
    page.get_by_text("Stödfunktionen svarar: ja.").wait_for()
    assert page.input_value("#message") == "halvskrivet"
    assert focused(page) == "message"
    assert page.locator("details[open]").count() == 1


def test_two_tabs_show_the_same_conversation(page: Page) -> None:
    other = page.context.new_page()
    other.goto("/")
    send(page, "hej från ena fliken")
    other.bring_to_front()
    other.get_by_text("Du skrev: hej från ena fliken").wait_for()
    other.close()


def test_focus_goes_to_the_result_when_the_pressed_button_is_gone(page: Page) -> None:
    send(page, "avsteg")
    page.get_by_role("button", name="Ett helt år").press("Enter")
    page.get_by_text("Du valde annual.").wait_for()
    page.locator(".turn:last-of-type .reply h3:focus").wait_for()
    assert page.get_by_role("button", name="Ett helt år").count() == 0


def test_feedback_keeps_its_button_and_the_focus_on_it(page: Page) -> None:
    send(page, "Får vi?")
    page.get_by_role("button", name="Nej").press("Enter")
    page.locator("button[aria-pressed=true]").wait_for()
    assert focused(page) == "Nej"


def test_faults_in_a_form_get_the_focus_and_lead_to_their_fields(page: Page) -> None:
    send(page, "formulär")
    page.get_by_label("Organisation").fill("Bolaget")
    page.get_by_label("Skäl").fill("kaffe")
    page.get_by_role("button", name="Skicka in").click()
    page.locator(".faults:focus").wait_for()
    page.get_by_role("link", name="Skäl: Beskriv skälet utan kaffe.").press("Enter")
    page.locator("[name=field-reason]:focus").wait_for()
    page.keyboard.press("Control+A")
    page.keyboard.type("bråttom")
    page.get_by_role("button", name="Skicka in").click()
    page.get_by_text("A-2026-0007 (").wait_for()
    assert page.get_by_role("link", name="Kvitto (docx)").count() == 1


def test_news_in_the_middle_of_a_form_keep_what_is_filled_in(page: Page, site: Served) -> None:
    send(page, "formulär")
    page.get_by_label("Organisation").fill("Bolaget")
    page.get_by_label("Vara").check()
    site.app.push(site.app.received[0].key, say("Ett besked."))
    page.get_by_text("Ett besked.").wait_for()
    assert page.get_by_label("Organisation").input_value() == "Bolaget"
    assert page.get_by_label("Vara").is_checked()


def test_without_contact_the_text_stays_and_the_person_is_told(page: Page) -> None:
    send(page, "hej")
    page.context.set_offline(True)
    page.fill("#message", "min text")
    page.press("#message", "Enter")
    page.get_by_role("alert").filter(has_text="Din text står kvar").wait_for()
    assert page.input_value("#message") == "min text"
    page.context.set_offline(False)
    page.press("#message", "Enter")
    page.get_by_text("Du skrev: min text").wait_for()
    assert page.locator("#problem").inner_text() == ""


def test_an_empty_message_is_told_beside_the_field_and_focus_stays(page: Page) -> None:
    page.press("#message", "Enter")
    page.get_by_role("alert").filter(has_text="Meddelandet är tomt").wait_for()
    assert focused(page) == "message"


@pytest.mark.parametrize("scripted", [True, False])
def test_markup_is_shown_and_never_run(new_page: NewPage, scripted: bool) -> None:
    page = new_page(java_script_enabled=scripted)
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.goto("/")
    for markup in INJECTIONS:
        page.fill("#message", markup)
        page.get_by_role("button", name="Skicka").click()
        page.get_by_text(f"Du skrev: {markup}", exact=True).wait_for()
    assert page.locator("article script, article img").count() == 0


def test_everything_works_without_javascript(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto("/")
    page.fill("#message", "Får vi?")
    page.get_by_role("button", name="Skicka").click()
    page.get_by_text("Ja, det får ni.").wait_for()
    assert page.url.endswith("#turn-2")
    page.get_by_text("Visa 2 källor till").click()
    assert page.get_by_text("Contract conditions may be social.").is_visible()
    page.fill("#message", "formulär")
    page.get_by_role("button", name="Skicka").last.click()
    page.get_by_label("Organisation").fill("Bolaget")
    page.get_by_label("Skäl").fill("bråttom")
    page.get_by_role("button", name="Skicka in").click()
    page.get_by_text("A-2026-0007 (").wait_for()


def test_the_whole_way_by_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    assert focused(page) == "Hoppa till samtalet"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert focused(page) == "message"
    page.keyboard.type("Får vi?")
    page.keyboard.press("Enter")
    page.get_by_text("Ja, det får ni.").wait_for()
    order = []
    for _ in range(6):
        page.keyboard.press("Shift+Tab")
        order.insert(0, focused(page).strip())
    assert order[1:] == [
        "Visa 2 källor till",
        "Ja",
        "Nej",
        "Fråga stödfunktionen",
        "Spara till akten (txt)",
    ]
    assert order[0].startswith("Lag om offentlig upphandling, LOU 17 kap. 1 §")
