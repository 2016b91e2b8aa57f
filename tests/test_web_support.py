"""The support page: one way in, an audited read, cases that change hands."""

from __future__ import annotations

import pytest

from bot.messages import Due
from bot.web.logins import PERSON
from tests.fakes import ScriptedApp
from tests.scripted_desks import OTHER
from tests.web_person import Person, open_site

CASE = "/stod/arende/A-2026-0007"


@pytest.fixture
def handler() -> Person:
    someone = Person()
    someone.open("/stod/oppna?nyckel=engangslank")
    someone.press("Öppna")
    return someone


@pytest.mark.parametrize("address", ["/stod", "/stod/utskick", "/stod/fragor", CASE])
def test_without_the_link_nothing_is_shown(address: str) -> None:
    person = Person()
    assert "engångslänken" in person.open(address)
    assert person.status == 403
    assert "Egnahemsbolaget" not in person.page
    assert person.app.support.reads == []


def test_the_link_works_once_and_opening_it_alone_does_not_use_it_up() -> None:
    app = ScriptedApp()
    one, other = Person(app), Person(app)
    other.open("/stod/oppna?nyckel=engangslank")
    one.open("/stod/oppna?nyckel=engangslank")
    assert "Ärenden" in one.press("Öppna")
    assert "redan använd" in other.press("Öppna")
    assert other.status == 403


def test_the_login_cookie_is_its_own_and_unreadable() -> None:
    site = open_site(ScriptedApp())
    response = site.post("/stod/oppna", data={"token": "engangslank"}, follow_redirects=False)
    cookie = response.headers["set-cookie"]
    assert cookie.startswith("hansyn_stod=")
    assert "HttpOnly" in cookie
    assert "Path=/;" in cookie


def test_the_list_shows_picked_facts_and_can_be_filtered(handler: Person) -> None:
    seen = handler.text()
    assert "Egnahemsbolaget · entreprenad" in seen
    assert "2 ärenden" in seen
    assert "Bråttom" not in seen
    assert handler.app.support.reads == []
    assert "Ett ärende" in handler.open("/stod?lage=nya&slag=deviation")
    assert "Inga ärenden" in handler.open("/stod?lage=stangda")
    assert "2 ärenden" in handler.open("/stod?lage=trams&slag=trams")


def test_cases_are_searched_and_counted_and_an_empty_queue_says_what_it_is_for(
    handler: Person,
) -> None:
    assert "Ett ärende" in handler.open("/stod?ord=egnahem")
    assert "Rensa urvalet" in handler.open("/stod?ord=kaffe")
    assert "Du har inga ärenden" in handler.open("/stod?lage=mina")
    assert "Öppna 2" in " ".join(handler.text().split())
    assert "Ett ärende" in handler.open("/stod?organisation=Egnahemsbolaget&vem=ingen&sida=9")


def test_reading_a_case_is_noted_and_its_text_is_shown_as_text(handler: Person) -> None:
    seen = handler.open(CASE)
    assert "<b>Bråttom</b> & trångt" in seen
    assert "<b>Bråttom</b>" not in handler.page
    assert "Den som skickade in" in seen
    assert handler.app.support.reads == [("A-2026-0007", PERSON)]


def test_a_case_is_taken_given_back_taken_and_closed(handler: Person) -> None:
    handler.open(CASE)
    assert "Handläggs av stödfunktionen" in handler.press("Ta ärendet")
    assert "Ingen har tagit" in handler.press("Lämna tillbaka")
    handler.press("Ta ärendet")
    handler.press("Avsluta")
    assert handler.app.support.rows["A-2026-0007"].state == "closed"
    assert handler.form_buttons() == {"Öppna igen", "Spara anteckningen"}
    assert "Handläggs av stödfunktionen" in handler.press("Öppna igen")


def test_an_answer_is_sent_and_what_was_written_is_kept_when_somebody_was_quicker(
    handler: Person,
) -> None:
    handler.open(CASE)
    handler.app.support.take(OTHER, "A-2026-0007")
    seen = handler.fill_in(CASE, act="note", note="Ring 850709-9805 på måndag")
    assert "[personnummer] på måndag" in seen
    handler.app.support.release(OTHER, "A-2026-0007")
    handler.open(CASE)
    handler.app.support.take(OTHER, "A-2026-0007")
    handler.send(CASE, handler.form(CASE).fields | {"act": "answer", "answer": "Ja, det får ni."})
    assert handler.status == 409
    handler.app.support.release(OTHER, "A-2026-0007")
    handler.open(CASE)
    assert "Levererat" in handler.send(
        CASE, handler.form(CASE).fields | {"act": "answer", "answer": "Ja, det får ni."}
    )


def test_ticked_gaps_become_ready_questions_and_an_empty_form_sends_nothing(
    handler: Person,
) -> None:
    handler.open(CASE)
    assert "ingen text" in handler.fill_in(CASE, act="completion", completion=" ")
    boxes = {"saknas-event_date": "ja", "completion": "Svara före fredag."}
    seen = handler.fill_in(CASE, act="completion", **boxes)
    assert "- Vilken dag hände det?\n\nSvara före fredag." in seen


def test_a_colleague_is_let_in_by_a_link_of_their_own_and_signs_their_cases(
    handler: Person,
) -> None:
    handler.open("/stod/inloggade")
    link = handler.press("Länk till en kollega").split("http")[1].split()[0]
    colleague = Person(handler.app)
    colleague.open("http" + link)
    colleague.fill_in("/stod/oppna", signature="AB")
    colleague.open(CASE)
    assert "Handläggs av dig (ab)" in colleague.press("Ta ärendet")
    assert "Handläggs av ab" in handler.open(CASE)


def test_a_case_somebody_else_has_cannot_be_taken(handler: Person) -> None:
    handler.open(CASE)
    handler.app.support.take(OTHER, "A-2026-0007")
    assert "någon annan" in handler.press("Ta ärendet")
    assert handler.status == 409
    assert "Handläggs av stödfunktionen" in handler.press("Ta över ärendet")


def test_an_act_without_the_pages_proof_changes_nothing(handler: Person) -> None:
    handler.send(CASE, {"act": "take"})
    assert handler.status == 403
    handler.open("/stod/arende/H-2026-0002")
    handler.open(CASE)
    fields = handler.form(CASE).fields | {"act": "explode"}
    handler.send(CASE, fields)
    assert handler.status == 400
    assert handler.app.support.rows["A-2026-0007"].state == "new"


def test_an_unknown_case_is_a_clear_page(handler: Person) -> None:
    assert "finns inte" in handler.open("/stod/arende/X-1")
    assert handler.status == 404


def test_undelivered_messages_are_announced_and_listed(handler: Person) -> None:
    assert "Ett utskick har inte kommit fram" in handler.text()
    seen = handler.open("/stod/utskick")
    assert "12 försök" in seen
    assert "SMTPServerDisconnected" in seen
    assert "E-post: Avsteg" in seen
    assert "A-2026-0007" in seen


def test_an_undelivered_message_is_sent_again_by_a_button(handler: Person) -> None:
    handler.open("/stod/utskick")
    assert "Alla utskick har kommit fram" in handler.press("Skicka igen")
    assert handler.app.support.sent_again == ["17"]
    handler.send("/stod/utskick", {"problem": "17"})
    assert handler.status == 403


def test_a_report_for_somebody_who_mailed_begins_in_the_handlers_own_chat(handler: Person) -> None:
    handler.open("/stod")
    handler.fill_in("/stod/registrera", reporter="inköpare 850709-9805", story="Målaren lovade")
    (envelope,) = [e for e in handler.app.received if isinstance(e.content, Due)]
    assert envelope.content.facts["text"] == "Målaren lovade"
    assert "850709" not in envelope.content.facts["values"]["registered_for"]
    handler.open("/stod")
    handler.fill_in("/stod/registrera", reporter=" ", story="Målaren lovade")
    assert handler.status == 400


def theme_with(handler: Person, question: str) -> dict[str, str]:
    """What the form of that question's theme would send with no box ticked."""
    fields = next(form.fields for form in handler.forms() if f"till-{question}" in form.fields)
    return {name: value for name, value in fields.items() if not name.startswith("till-")}


def test_one_answer_goes_to_the_ticked_questions_alone(handler: Person) -> None:
    seen = handler.open("/stod/fragor")
    assert "2 frågor som liknar varandra" in seen
    assert "nästa <b>träff</b>" in seen
    written = {"answer": "Den 4 mars.", "title": "Nästa träff", "act": "answer"}
    nobody = theme_with(handler, "S-2") | written
    assert "Inget är skickat" in handler.send("/stod/fragor", nobody)
    one = theme_with(handler, "S-2") | written | {"till-S-2": "ja"}
    assert "till en fråga" in handler.send("/stod/fragor", one)
    ((chosen, answer),) = handler.app.questions.answered
    assert (chosen, answer.title, answer.text) == (["S-2"], "Nästa träff", "Den 4 mars.")
    assert "datum" not in handler.text()


def test_questions_are_searched_and_laid_aside_with_a_reason(handler: Person) -> None:
    assert "Inga obesvarade frågor" in handler.open("/stod/fragor?ord=kaffe&dagar=trams")
    seen = handler.open("/stod/fragor?ord=handboken")
    assert "Finns handboken?" in seen
    assert "träff?" not in seen
    ticked = theme_with(handler, "S-3") | {"till-S-3": "ja", "act": "aside"}
    assert "ett skäl" in handler.send("/stod/fragor", ticked)
    ticked = theme_with(handler, "S-3") | {"till-S-3": "ja", "act": "aside", "reason": "outside"}
    assert "En fråga är undanlagd" in handler.send("/stod/fragor", ticked | {"note": "850709-9805"})
    assert handler.app.questions.laid_aside == [(["S-3"], "outside", "[personnummer]")]
