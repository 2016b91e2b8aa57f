"""The settings pages of a real application, without JavaScript."""

from __future__ import annotations

import pytest
from lxml import html
from talking import NOON, Talk

from bot.administration.vocabularies import PICKED
from bot.app import App
from bot.policy import OPERATOR
from tests.web_person import Person, logged_in

pytest_plugins = ["app_fixtures"]

HOME = "/stod/installningar"
TERM = f"{HOME}/listor/organisations/egnahemsbolaget"
IMPORT = f"{HOME}/importera"


@pytest.fixture
def visitor(app: App) -> Person:
    return logged_in(app)


def filled(visitor: Person, button: str, **values: str) -> str:
    """Fills in the form that has the button and presses it."""
    form = next(form for form in visitor.forms() if button in form.buttons)
    name, value = form.buttons[button]
    sent = form.fields | values | ({name: value} if name else {})
    return visitor.send(form.action, sent)


def value_of(visitor: Person, field: str) -> str:
    [node] = html.fromstring(visitor.page).xpath(f"//*[@id='{field}']")
    return str(node.text_content() if node.tag == "textarea" else node.get("value")).strip()


def test_every_page_opens_from_the_overview(visitor: Person) -> None:
    seen, waiting = set(), [HOME]
    while waiting:
        address = waiting.pop()
        visitor.open(address)
        assert visitor.status == 200, address
        seen.add(address)
        links = html.fromstring(visitor.page).xpath("//main//a/@href | //nav//a/@href")
        groups = {link.rsplit("/", 1)[0] for link in seen}
        for link in map(str, links):
            path = link.partition("?")[0]
            # One page of each sort is enough.
            fresh = path.rsplit("/", 1)[0] not in groups | {w.rsplit("/", 1)[0] for w in waiting}
            near = path.count("/") == 3 and path not in {*seen, *waiting}
            if path.startswith(HOME) and (fresh or near) and "/export" not in path:
                waiting.append(path)
    assert {f"{HOME}/{page}" for page in ("listor", "regler", "formular", "texter", "allmant",
                                          "personer", "omprovning")} <= seen  # fmt: skip
    assert len(seen) > 10


def test_a_name_is_changed_on_the_page_and_known_in_the_chat(app: App, visitor: Person) -> None:
    assert "Egnahemsbolaget" in visitor.open(TERM)
    for day in ("i morgon", "0001-01-01"):
        wrong = filled(visitor, "Byt namn", name="Bolaget för egna hem", since=day)
        assert "är inget datum" in wrong
    assert visitor.status == 400
    assert value_of(visitor, "rename-name") == "Bolaget för egna hem"
    assert "Namnet är bytt" in filled(visitor, "Byt namn", since="2026-11-20")
    assert "Bolaget för egna hem" in visitor.open(f"{HOME}/listor/organisations")
    said = Talk(app).say("Egnahemsbolaget gjorde ett avsteg i går, vi anställde två lärlingar")
    assert "heter sedan 20 november 2026 Bolaget för egna hem" in said


def test_a_row_is_added_corrected_and_ended(app: App, visitor: Person) -> None:
    visitor.open(f"{HOME}/listor/organisations")
    added = filled(visitor, "Lägg till", name="Nämnden för prov", synonyms="PN")
    assert "Raden är tillagd" in added
    taken = filled(visitor, "Lägg till", name="Nämnden för prov")
    assert "har redan koden namnden_for_prov" in taken
    assert value_of(visitor, "name") == "Nämnden för prov"
    visitor.open(f"{HOME}/listor/organisations/namnden_for_prov")
    assert "Raden är rättad" in filled(visitor, "Spara rättelsen", year_round="ja")
    ended = filled(visitor, "Spara", last="2026-11-01", successor="higab")
    assert "Ändringen är sparad" in ended
    assert "2026-11-01" in ended
    term = next(t for t in app.lists()["organisations"] if t.code == "namnden_for_prov")
    assert (term.synonyms, term.year_round, term.successor) == (("PN",), True, ("higab",))
    assert not term.holds(NOON.date())


def test_a_file_is_shown_as_what_it_changes_mended_and_taken_in(app: App, visitor: Person) -> None:
    visitor.open(f"{IMPORT}?lista=roles")
    bad = "kod;namn\r\nchef;Chefen\r\nX;\r\n".encode("cp1252")
    form = next(form for form in visitor.forms() if "file" in form.fields)
    fields = {name: value for name, value in form.fields.items() if name != "file"}
    response = visitor.browser.post(IMPORT, data=fields, files={"file": ("roller.csv", bad)})
    visitor.page = response.text
    assert response.status_code == 400
    assert "Rad 3: Koden ”X” duger inte." in visitor.text()
    assert "Rad 3: Namnet saknas." in visitor.text()
    mended = value_of(visitor, "text").replace("X;", "larare;Lärare")
    seen = filled(visitor, "Visa vad som ändras", text=mended)
    assert "2 rader ändras" in seen
    assert "Ny rad" in seen
    assert app.lists()["roles"][3].name == "chef"
    assert "Filen är inläst" in filled(visitor, "Godkänn och spara")
    assert {"Chefen", "Lärare"} <= {term.name for term in app.lists()["roles"]}
    exported = visitor.browser.get(f"{HOME}/export/alla")
    assert exported.headers["content-disposition"] == 'attachment; filename="alla.csv"'
    assert {line.split(";")[0] for line in exported.content.decode("utf-8-sig").splitlines()} == {
        "lista", *PICKED, "glossary",
    }  # fmt: skip


def test_a_file_approved_after_somebody_elses_change_is_shown_again(visitor: Person) -> None:
    visitor.open(f"{IMPORT}?lista=roles")
    seen = filled(visitor, "Visa vad som ändras", text="kod;namn\nchef;Chefen")
    form = next(form for form in visitor.forms() if "Godkänn och spara" in form.buttons)
    again = visitor.send(IMPORT, form.fields | {"act": "save", "version": "0"})
    assert "En rad ändras" in seen
    assert "Listorna har ändrats medan du läste" in again


def test_a_decision_is_previewed_then_taken_then_told(app: App, visitor: Person) -> None:
    asker = Talk(app, "anna")
    asker.say("3+3 mån option, 2 pers")
    visitor.open(f"{HOME}/regler/option")
    assert "Skriv vem som har beslutat" in filled(
        visitor, "Visa vilka svar som ändras", value="räknas"
    )
    assert visitor.status == 400
    told = {"value": "räknas", "decided_by": "enhetschefen", "source": "beslut 7/2026"}
    seen = filled(visitor, "Visa vilka svar som ändras", **told)
    assert "Ett svar av 1 blir ett annat" in seen
    assert "oklar blir ja" in seen
    assert app.store.policies.history("option") == ()
    assert "Beslutet är sparat" in filled(visitor, "Besluta: räknas")
    [box] = html.fromstring(visitor.page).xpath("//input[@type='checkbox']/@name")
    form = next(form for form in visitor.forms() if "Skriv till de valda" in form.buttons)
    without = {name: value for name, value in form.fields.items() if name != box}
    assert "Ingen valdes" in visitor.send(form.action, without)
    assert "Brevet är på väg" in filled(visitor, "Skriv till de valda", **{str(box): "ja"})
    assert "har fått brev" in visitor.text()
    assert "enhetschefen" in visitor.open(f"{HOME}/regler")


def test_a_value_changed_after_its_preview_is_previewed_again(app: App, visitor: Person) -> None:
    visitor.open(f"{HOME}/regler/option")
    told = {"value": "räknas", "decided_by": "chefen", "source": "beslut"}
    filled(visitor, "Visa vilka svar som ändras", **told)
    seen = filled(visitor, "Besluta: räknas", value="räknas inte")
    assert "Besluta: räknas inte" in visitor.form_buttons()
    assert "Inget av 0 sparade svar" in seen
    assert app.store.policies.history("option") == ()


def test_a_sentence_is_previewed_saved_and_taken_back(app: App, visitor: Person) -> None:
    assert "Inga texter är ändrade" in visitor.open(f"{HOME}/texter")
    found = visitor.open(f"{HOME}/texter?sok=skickat ärende nummer&del=handover")
    assert "handover.done" in found
    visitor.open(f"{HOME}/texter/sv/handover.done")
    assert "precis som i originalet" in filled(visitor, "Spara", words="Skickat!")
    assert value_of(visitor, "words") == "Skickat!"
    own = "Ärende {number} är skickat. Svar inom {answer_days} dagar."
    seen = filled(visitor, "Förhandsvisa", words=own)
    assert "Ärende A-2026-0007 är skickat. Svar inom 3 dagar." in seen
    assert app.texts.sentences["sv"]["handover.done"] != own
    assert "Texten är sparad" in filled(visitor, "Spara", words=own)
    assert app.texts.sentences["sv"]["handover.done"] == own
    assert "En ändrad text" in visitor.open(f"{HOME}/texter")
    visitor.open(f"{HOME}/texter/sv/handover.done")
    filled(visitor, "Använd programmets text")
    assert app.texts.sentences["sv"]["handover.done"] != own


def test_help_and_settings_and_a_persons_organisation_are_saved(app: App, visitor: Person) -> None:
    visitor.open(f"{HOME}/formular/deviation/organisation")
    seen = filled(visitor, "Spara", **{"help-sv": "Skriv bolagets namn."})
    assert "Egen hjälp: Skriv bolagets namn." in " ".join(seen.split())
    visitor.open(f"{HOME}/allmant")
    assert "1 till 60 arbetsdagar" in filled(visitor, "Spara", answer_days="90")
    assert value_of(visitor, "answer_days") == "90"
    saved = filled(visitor, "Spara", answer_days="5", support_mailbox="upphandling@example.se")
    assert "Ändringen är sparad" in saved
    assert app.configuration.answer_days == 5
    visitor.open(f"{HOME}/allmant")
    app.change_settings(OPERATOR, {"answer_days": "7", "support_mailbox": "upphandling@example.se"})
    filled(visitor, "Spara", draft_days="40")
    assert (app.configuration.answer_days, app.configuration.draft_days) == (7, 40)
    assert "upphandling@example.se" in Talk(app).say("vem hjälper mig med social hänsyn?") + str(
        app.services.retriever().index.passages
    )
    person = app.store.people.admit("teams:T1", "abc", NOON)
    visitor.open(f"{HOME}/personer")
    assert "Organisationen är sparad" in filled(visitor, f"Spara {person}", organisation="higab")
    known = app.store.people.find("teams:T1", "abc")
    assert known is not None
    assert known.organisation == "higab"


@pytest.mark.parametrize(
    "address",
    ["listor/annat", "listor/roles/annat", "regler/annat", "texter/sv/annat", "formular/annat",
     "texter/fi/common.hello", "formular/deviation/annat", "export/annat"],
)  # fmt: skip
def test_what_is_not_there_says_so(visitor: Person, address: str) -> None:
    visitor.open(f"{HOME}/{address}")
    assert visitor.status == 404
