"""The chat page as a person without JavaScript meets it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from lxml import html

from bot.errors import Busy
from bot.messages import Chose, Opened, Reply, Said, Submitted, Text
from bot.web.view import Block, blocks
from storage.errors import DatabaseDown, DatabaseFull
from tests.contracts import ChannelContract, contents
from tests.fakes import ScriptedApp, say
from tests.web_person import Person, WebDriver, open_site


class TestContract(ChannelContract):
    @pytest.fixture
    def driver(self) -> WebDriver:
        return WebDriver()


@pytest.fixture
def person() -> Person:
    someone = Person()
    someone.open()
    return someone


def test_the_first_page_greets_once_and_names_who_is_responsible(person: Person) -> None:
    assert "Jag är en automatisk assistent" in person.text()
    person.open()
    assert [type(item.content) for item in person.app.received] == [Opened]
    assert "Ansvarig: Nämnden för prov" in person.page
    assert "Automatisk assistent" in person.page


def test_a_look_without_reading_opens_no_conversation() -> None:
    app = ScriptedApp()
    assert open_site(app).head("/").status_code == 200
    assert app.received == []


def test_a_double_click_is_one_message_and_one_reply(person: Person) -> None:
    fields = person.form("/meddelande").fields | {"message": "hej"}
    person.send("/meddelande", fields)
    person.send("/meddelande", fields)
    assert contents(person) == [Said("hej")]
    assert person.text().count("Du skrev: hej") == 1


def test_an_edited_text_from_an_old_page_is_a_message_of_its_own(person: Person) -> None:
    fields = person.form("/meddelande").fields
    person.send("/meddelande", fields | {"message": "hej"})
    person.send("/meddelande", fields | {"message": "hej igen"})
    assert contents(person) == [Said("hej"), Said("hej igen")]


def test_the_address_after_a_message_leads_to_its_turn(person: Person) -> None:
    fields = person.form("/meddelande").fields | {"message": "hej"}
    response = person.browser.post("/meddelande", data=fields, follow_redirects=False)
    assert (response.status_code, response.headers["location"]) == (303, "/#turn-2")
    assert 'id="turn-2"' in person.browser.get("/").text


def test_an_answered_question_loses_its_buttons_and_the_next_has_them(person: Person) -> None:
    person.fill_in("/meddelande", message="avsteg")
    assert "Ett helt år" in person.form("/val").buttons
    person.press("Ett helt år")
    assert [form for form in person.forms() if form.action == "/val"] == []
    assert contents(person)[-1] == Chose("steg-1", "annual")


def test_two_tabs_the_older_one_gets_the_state_of_things(person: Person) -> None:
    person.fill_in("/meddelande", message="avsteg")
    other_tab = person.form("/val")
    person.press("Ett helt år")
    person.send(other_tab.action, other_tab.fields | {"choice": "single"})
    assert "redan besvarad" in person.text()


def test_feedback_stays_changeable_and_shows_what_was_chosen(person: Person) -> None:
    person.fill_in("/meddelande", message="Får vi?")
    person.press("Ja")
    assert html.fromstring(person.page).xpath("//button[@aria-pressed='true']/text()") == ["Ja"]
    person.press("Nej")
    person.press("Ja")
    assert [item.value for item in contents(person)[1:]] == ["yes", "no", "yes"]  # type: ignore[union-attr]


def test_further_sources_are_folded_and_foreign_text_says_its_language(person: Person) -> None:
    person.fill_in("/meddelande", message="Får vi?")
    page = html.fromstring(person.page)
    assert len(page.xpath("//figure")) == 3
    assert len(page.xpath("//details//figure")) == 2
    assert "Visa 2 källor till" in person.text()
    assert page.xpath("//blockquote[@lang='en']/p/text()") == ["Contract conditions may be social."]
    assert page.xpath("//figure[1]//a/@href")[0] == "https://www.riksdagen.se/lou"


def test_a_link_leads_only_to_a_web_address(person: Person) -> None:
    from dataclasses import replace

    from bot.messages import Sources
    from tests.fakes import SOURCES

    bad = replace(SOURCES.sources[0], url="javascript:alert(1)")
    person.app.script = lambda content: Reply((Sources((bad,)),))
    person.fill_in("/meddelande", message="x")
    assert "javascript:" not in person.page


def test_a_form_comes_back_with_errors_at_the_fields_and_in_a_summary(person: Person) -> None:
    person.fill_in("/meddelande", message="formulär")
    person.fill_in(
        "/formular",
        **{"field-organisation": "Bolaget", "field-kind": "goods", "field-reason": "kaffe"},
    )
    page = html.fromstring(person.page)
    summary = page.xpath("//div[@role='alert' and contains(@class,'faults')]//a")[0]
    field = page.get_element_by_id(summary.get("href")[1:])
    assert field.value.strip() == "kaffe"
    assert field.get("aria-invalid") == "true"
    described = field.get("aria-describedby").split()
    assert any("utan kaffe" in page.get_element_by_id(name).text_content() for name in described)
    assert page.xpath("//input[@checked]/@value") == ["goods"]
    person.fill_in("/formular", **{"field-reason": "bråttom"})
    assert "A-2026-0007" in person.text()
    assert isinstance(contents(person)[-1], Submitted)


def test_no_reply_language_is_left_unsaid(person: Person) -> None:
    person.app.script = lambda content: Reply((Text("Hej", "sv"), Text("Hello", "en")), "en")
    person.fill_in("/meddelande", message="hello")
    page = html.fromstring(person.page)
    assert page.get("lang") == "en"
    assert page.xpath("//div[@lang='sv']//p/text()")[0].startswith("Hej")
    assert "Send" in person.form("/meddelande").buttons


def test_a_new_conversation_leaves_the_old_one_to_go_back_to(person: Person) -> None:
    person.fill_in("/meddelande", message="hej")
    person.press("Ny konversation")
    assert "Du skrev: hej" not in person.text()
    person.press("Till förra konversationen")
    assert "Du skrev: hej" in person.text()
    people = {item.key.person for item in person.app.received}
    assert len(people) == 1


def test_a_tab_with_the_former_conversation_sends_nothing_before_it_has_asked(
    person: Person,
) -> None:
    old = person.form("/meddelande").fields | {"message": "till förra"}
    person.press("Ny konversation")
    assert "bytt konversation" in person.send("/meddelande", old)
    assert person.status == 409
    person.press("Skicka igen")
    assert "Du skrev: till förra" in person.text()


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Busy(), "många som frågar"),
        (DatabaseFull(), "Försök igen"),
        (DatabaseDown(), "Försök igen"),
    ],
)
def test_nothing_written_is_lost_when_the_service_cannot_store_it(
    person: Person, fault: Exception, told: str
) -> None:
    person.app.fault = fault
    seen = person.fill_in("/meddelande", message="min långa <b>berättelse</b>")
    assert person.status == 503
    assert told in seen
    person.app.fault = None
    person.press("Skicka igen")
    assert "Du skrev: min långa <b>berättelse</b>" in person.text()
    assert contents(person) == [Said("min långa <b>berättelse</b>")]


def test_a_form_too_keeps_its_values_when_it_cannot_be_stored(person: Person) -> None:
    person.fill_in("/meddelande", message="formulär")
    person.app.fault = Busy()
    person.fill_in("/formular", **{"field-organisation": "Bolaget", "field-reason": "bråttom"})
    person.app.fault = None
    person.press("Skicka igen")
    assert contents(person)[-1].values["organisation"] == "Bolaget"  # type: ignore[union-attr]


def test_an_unknown_fault_shows_a_page_in_plain_swedish_and_no_trace(person: Person) -> None:
    person.app.fault = RuntimeError("hemlig detalj")
    seen = person.open()
    assert person.status == 500
    assert "Något gick fel hos oss" in seen
    assert "hemlig" not in person.page
    assert "Traceback" not in person.page


@pytest.mark.parametrize(
    ("send", "status", "told"),
    [
        (lambda c: c.post("/meddelande", content=b"message=%E5%E4%F6", headers=FORM), 400, "UTF-8"),
        (lambda c: c.post("/meddelande", content="message=å".encode(), headers=FORM), 400, "UTF-8"),
        (lambda c: c.post("/meddelande", json={"message": "x"}), 415, "bara att skicka text"),
        (lambda c: c.post("/meddelande", files={"message": b"x"}), 415, "bara att skicka text"),
        (lambda c: c.post("/meddelande", data={"message": "x" * 300_000}), 413, "Dela upp"),
        (lambda c: c.post("/meddelande", content=b"a=1&" * 200, headers=FORM), 400, "UTF-8"),
        (lambda c: c.post("/val", data={"choice": "x"}), 403, "för gammal"),
        (lambda c: c.get("/finns-inte"), 404, "finns inte"),
        (lambda c: c.get("/meddelande"), 405, "Gå till samtalet"),
        (lambda c: c.get("/fil/record:S-9999"), 404, "annat samtal"),
        (lambda c: c.get("/fil/..%2f..%2fetc%2fpasswd"), 404, "annat samtal"),
    ],
)
def test_bad_requests_get_a_clear_page(
    person: Person, send: Callable[..., object], status: int, told: str
) -> None:
    response = send(person.browser)
    assert response.status_code == status  # type: ignore[attr-defined]
    assert told in response.text  # type: ignore[attr-defined]
    assert contents(person) == []


FORM = {"content-type": "application/x-www-form-urlencoded"}


def test_another_browser_gets_neither_conversation_nor_file(person: Person) -> None:
    person.fill_in("/meddelande", message="Får vi?")
    stranger = open_site(person.app)
    assert "Får vi?" not in stranger.get("/").text
    assert open_site(person.app).get("/fil/record:S-1042").status_code == 403


def test_a_file_is_a_download_that_can_do_nothing(person: Person) -> None:
    response = person.browser.get("/fil/record%3AS-1042")
    assert response.headers["content-disposition"] == "attachment; filename*=utf-8''S-1042.txt"
    assert "sandbox" in response.headers["content-security-policy"]


def test_a_message_that_came_by_itself_stands_in_the_conversation(person: Person) -> None:
    person.app.push(person.app.received[0].key, say("Stödfunktionen svarar: ja."))
    assert "Stödfunktionen svarar: ja." in person.open()


def test_lists_in_a_text_are_lists_and_keep_their_numbers() -> None:
    text = "Så här:\n• ett\n• två\n\n3. tre\n4. fyra\n\nSlut.\nPå ny rad."
    assert blocks(text) == [
        Block("paragraph", ("Så här:",)),
        Block("list", ("ett", "två")),
        Block("numbered", ("tre", "fyra"), 3),
        Block("paragraph", ("Slut.", "På ny rad.")),
    ]


@pytest.mark.parametrize("text", ["2026. Året", "1.5 år", "-", "", "1. ett\n3. tre"])
def test_no_word_of_a_text_is_lost_in_its_lists(text: str) -> None:
    shown = " ".join(line for block in blocks(text) for line in block.lines)
    assert set(re.findall(r"[^\W\d]+", text)) <= set(re.findall(r"\w+", shown))
