"""The knowledge pages of a real application, walked through as a browser without script."""

from __future__ import annotations

import re
from dataclasses import replace
from threading import Event

import pytest
from document_files import protected_pdf, word
from lxml import html
from talking import NOON

from bot.app import App
from bot.background import MOST_WAITING, Works
from bot.errors import Busy
from bot.guidance.drafting import keep_draft
from bot.guidance.publishing import NothingToDo
from bot.policy import OPERATOR
from knowledge.gold_questions import load_gold
from knowledge.guidance import REVIEWED
from tests.web_person import Person, logged_in

pytest_plugins = ["app_fixtures"]

ARTICLES, IMPORT = "/stod/kunskap/artiklar", "/stod/kunskap/importera"
REVIEW, TESTS = "/stod/kunskap/granska", "/stod/kunskap/testfragor"
GROUPS = f"{ARTICLES}/malgrupper"
ROUTINE = """# Cykelgarage i upphandlingar

Cykelgarage ska vara låsta dygnet runt och rymma femtio cyklar.

## Bruttolistan

Bruttolistan omfattar alla upphandlingar som pågår längre än fyra månader och kräver mer än en
arbetstagare.
""".encode()
#: Enough to see some answers change; the whole gold takes long.
ASKED = [question for question in load_gold() if question.wanted == ("S2",)][:40]


@pytest.fixture
def editor(app: App, monkeypatch: pytest.MonkeyPatch) -> Person:
    # Three hundred questions take a second each time.
    monkeypatch.setattr("knowledge.hubs.PANEL", 20)
    monkeypatch.setattr("bot.guidance.thresholds.load_gold", lambda: ASKED)
    return logged_in(app)


def values(editor: Person, name: str) -> list[str]:
    """What stands in the fields of that name."""
    page = html.fromstring(editor.page)
    areas = [area.text_content().lstrip("\n") for area in page.xpath(f"//textarea[@name='{name}']")]
    return areas or page.xpath(f"//input[@name='{name}']/@value")


def alert(editor: Person) -> str:
    """What is said to have gone wrong."""
    return " ".join(html.fromstring(editor.page).xpath("string(//*[@role='alert'])").split())


def fill(editor: Person, label: str, **fields: str) -> str:
    """Fills in the form with that button and presses it; an empty box sends nothing."""
    form = next(form for form in reversed(editor.forms()) if label in form.buttons)
    name, value = form.buttons[label]
    kept = {each: said for each, said in form.fields.items() if said}
    return editor.send(form.action, kept | fields | ({name: value} if name else {}))


def wait(editor: Person) -> str:
    """Looks again until the work under way has ended."""
    for _ in range(40):
        if 'id="progress"' not in editor.page:
            return editor.text()
        again = html.fromstring(editor.page).xpath("//main//a/@href")[-1]
        editor.open(again)
    pytest.fail("the work does not end")


def upload(editor: Person, *files: tuple[str, bytes]) -> str:
    """Chooses the files and sends them."""
    editor.open(IMPORT)
    sent = [("file", (name, content)) for name, content in files]
    fields = editor.forms()[-1].fields
    answer = editor.browser.post(IMPORT, data=fields, files=sent)  # type: ignore[arg-type]
    editor.page, editor.status = answer.text, answer.status_code
    return wait(editor)


def test_a_text_is_found_by_its_words_and_its_state(editor: Person) -> None:
    assert "En text" in editor.open(f"{ARTICLES}?sok=vilka+malgrupper+galler")
    assert "Ingen text passar" in editor.open(f"{ARTICLES}?lage=borttagna")
    assert editor.open(f"{ARTICLES}?lage=skrap&sida=999")
    assert editor.status == 200


def test_a_fault_names_its_line_and_nothing_typed_is_lost(editor: Person, app: App) -> None:
    editor.open(f"{GROUPS}/redigera")
    body = "Målgruppen är alla.\n\nRing **oss**."
    fill(editor, "Spara utkastet", body=body, questions="Vilka?\nvilka?")
    assert editor.status == 400
    assert "Text: Rad 3: ** visas som tecken i chatten" in alert(editor)
    assert "Samma fråga står på rad 1" in alert(editor)
    assert values(editor, "body") == [body]
    assert not app.store.guidance.drafts()


def test_a_draft_is_kept_beside_the_live_text_and_can_be_discarded(
    editor: Person, app: App
) -> None:
    before = app.store.guidance.document("malgrupper")
    editor.open(f"{GROUPS}/redigera")
    assert "Utkastet är sparat" in fill(editor, "Spara utkastet", body="Målgruppen är alla.")
    assert "är inte publicerat än" in editor.text()
    assert app.store.guidance.document("malgrupper") == before
    editor.open(f"{GROUPS}/jamfor")
    assert html.fromstring(editor.page).xpath("//ins//text() | //del//text()")
    editor.open(f"{GROUPS}/redigera")
    assert values(editor, "body") == ["Målgruppen är alla.\n"]
    assert "Utkastet är kastat" in editor.press("Kasta utkastet")
    assert not app.store.guidance.drafts()


def test_nobody_writes_over_what_a_colleague_saved_meanwhile(editor: Person, app: App) -> None:
    editor.open(f"{GROUPS}/redigera")
    live = app.store.guidance.document("malgrupper")
    assert live is not None
    keep_draft(app, OPERATOR, replace(live.document, body="Kollegans text.\n"), live.version)
    with pytest.raises(NothingToDo):
        keep_draft(app, OPERATOR, live.document, live.version)
    fill(editor, "Spara utkastet", body="Min text.")
    assert "någon annan har sparat" in alert(editor)
    assert values(editor, "body") == ["Min text."]
    assert "Utkastet är sparat" in fill(editor, "Spara utkastet")
    editor.open(f"{GROUPS}/redigera")
    keep_draft(app, OPERATOR, replace(live.document, body="Kollegans text igen.\n"))
    editor.press("Kasta utkastet")
    assert editor.status == 409
    assert len(app.store.guidance.drafts()) == 1


def test_nobody_approves_what_they_have_not_read(editor: Person, app: App) -> None:
    editor.open(GROUPS)
    live = app.store.guidance.document("malgrupper")
    assert live is not None
    app.store.guidance.publish_documents([replace(live.document, body="Nyare text.\n")], NOON)
    fill(editor, "Godkänn", reason="Genomläst")
    assert "Någon annan kan ha ändrat texten" in alert(editor)
    assert "Nyare text." in editor.text()
    assert "Texten är godkänd" in fill(editor, "Godkänn", reason="Genomläst")


def test_a_new_article_is_kept_once_and_never_becomes_a_version_of_an_older_one(
    editor: Person, app: App
) -> None:
    for _ in range(2):
        editor.open(f"{ARTICLES}/ny")
        fill(editor, "Spara utkastet", title="Cykelställ", body="Ska finnas.", source="Beslut")
        editor.send(*editor.posted)
    drafts = [each.document.id for each in app.store.guidance.drafts()]
    assert drafts == ["egen-cykelstall", "egen-cykelstall-2"]


def test_approving_taking_out_and_going_back_each_want_a_reason(editor: Person, app: App) -> None:
    editor.open(GROUPS)
    fill(editor, "Godkänn", reason=" ")
    assert editor.status == 409
    assert "skriv varför" in alert(editor)
    assert "Texten är godkänd" in fill(editor, "Godkänn", reason="Genomläst")
    assert "Nästa ogranskade: " in editor.text()
    live = app.store.guidance.document("malgrupper")
    assert live is not None
    assert live.document.status == REVIEWED
    assert "borttagen ur svaren" in fill(editor, "Ta bort ur svaren", reason="Gäller inte")
    assert app.store.guidance.document("malgrupper") is None
    assert "gäller igen" in fill(editor, "Gå tillbaka", reason="Jo", version=str(live.version))
    back = app.store.guidance.document("malgrupper")
    assert back is not None
    assert back.document == live.document


def test_a_file_shows_its_headings_what_it_contradicts_and_what_was_left_out(
    editor: Person, app: App
) -> None:
    seen = upload(editor, ("rutin.md", ROUTINE))
    assert "Säger emot" in seen
    assert "längre än fyra månader" in seen
    assert "Bruttolistan märkt i filen" in " ".join(seen.split())
    for act, told in (("see", "med dina ändringar"), ("keep", "Utkastet är sparat")):
        form = editor.forms()[-1]
        kept = {name: value for name, value in form.fields.items() if name != "rubrik-1"}
        assert told in editor.send(form.action, kept | {"act": act, "valid_to": "2026-12-31"})
    (draft,) = app.store.guidance.drafts()
    assert draft.document.valid_to == "2026-12-31"
    assert [each.heading for each in draft.document.sections] == ["Cykelgarage i upphandlingar"]


def test_a_wrong_fact_of_a_file_is_told_and_the_rest_of_the_form_is_kept(editor: Person) -> None:
    upload(editor, ("rutin.md", ROUTINE))
    fill(editor, "Spara utkastet", valid_from="2026-06-01", valid_to="2026-05-01", basis="KS 1/26")
    assert editor.status == 400
    assert "Slutet kommer före början" in alert(editor)
    assert values(editor, "basis") == ["KS 1/26"]


def test_a_file_does_not_replace_what_a_colleague_has_kept_since_it_was_read(
    editor: Person, app: App
) -> None:
    upload(editor, ("rutin.md", ROUTINE))
    fill(editor, "Spara utkastet")
    (draft,) = app.store.guidance.drafts()
    upload(editor, ("rutin.md", ROUTINE + b"\n\nMer text."))
    keep_draft(app, OPERATOR, replace(draft.document, body="Kollegans text.\n"))
    assert "Så här ser det ut" in fill(editor, "Spara utkastet")
    assert [each.document.body for each in app.store.guidance.drafts()] == ["Kollegans text.\n"]
    assert "Utkastet är sparat" in fill(editor, "Spara utkastet")


def test_a_refused_file_stays_in_view_and_the_others_go_on(editor: Person, app: App) -> None:
    seen = upload(editor, ("rutin.docx", word()), ("hemlig.pdf", protected_pdf()))
    assert "hemlig.pdf: filen har lösenord. Spara en kopia utan lösenord." in seen
    assert "sparade som utkast" in editor.press("Spara texten som utkast")
    assert "hemlig.pdf" in editor.text()
    assert [each.document.title for each in app.store.guidance.drafts()] == ["Rutin för avsteg"]


def decisions(editor: Person) -> list[str]:
    """Names of the fields that decide on an answer."""
    names = html.fromstring(editor.page).xpath("//input[@type='radio']/@name")
    return list(dict.fromkeys(names))


def live_body(app: App) -> str:
    live = app.store.guidance.document("malgrupper")
    assert live is not None
    return live.document.body


def test_a_draft_is_published_when_every_changed_answer_is_accepted_and_not_before(
    editor: Person, app: App
) -> None:
    live = app.store.guidance.document("malgrupper")
    assert live is not None
    body = live.document.body.replace("personer som behöver", "alla som behöver")
    keep_draft(app, OPERATOR, replace(live.document, body=body))
    editor.open(REVIEW)
    editor.press("Jämför svaren")
    assert re.search(r"svar ändras", wait(editor))

    fill(editor, "Publicera texten", reason="Tydligare")
    assert editor.status == 409
    assert "Ta ställning till de här svaren" in alert(editor)
    assert values(editor, "reason") == ["Tydligare"]
    rejected = dict.fromkeys(decisions(editor), "reject")
    fill(editor, "Publicera texten", **rejected)
    assert "du har sagt nej" in alert(editor)
    assert f"{GROUPS}/redigera" in editor.page
    assert live_body(app) == live.document.body

    many = {f"svar-{number}": "accept" for number in range(1, 400)}
    assert set(rejected) <= set(many)
    assert "Publicerat" in fill(editor, "Publicera texten", **many)
    assert live_body(app) == body
    assert "Inget utkast väntar" in editor.text()


def test_work_that_is_forgotten_says_so(editor: Person) -> None:
    for address in (f"{REVIEW}/borta", f"{IMPORT}/borta", f"{TESTS}/korning/borta"):
        assert "Det finns inte kvar" in editor.open(address)
        assert editor.status == 410


def test_a_test_question_is_added_asked_and_put_aside(
    editor: Person, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.guidance.thresholds.load_gold", list)
    editor.open(TESTS)
    fill(editor, "Lägg till", question="Vilka gäller det?", expected="Ingen sådan text")
    assert "ingen publicerad text eller paragraf heter så" in alert(editor)
    assert values(editor, "question") == ["Vilka gäller det?"]
    fill(editor, "Lägg till", question="Vilka målgrupper gäller social hänsyn?",
         expected="vilka målgrupper gäller social hänsyn?")  # fmt: skip
    fill(editor, "Lägg till", question="Måste vi ställa sociala krav?", none="ja")
    editor.press("Mot det som är publicerat")
    assert "1 av 2 svar är rätt" in wait(editor)
    seen = editor.open(f"{TESTS}?lage=fel")
    assert "Måste vi ställa sociala krav?" in seen
    assert "Vilka målgrupper" not in seen
    assert "används inte längre" in editor.press(
        "Använd inte längre: Måste vi ställa sociala krav?"
    )
    assert [each.question for each in app.store.gold.list()] == [
        "Vilka målgrupper gäller social hänsyn?"
    ]


def test_more_work_than_can_wait_is_refused_and_what_waits_is_done() -> None:
    works, gate = Works[bool](), Event()
    begun = [works.begin(lambda _: gate.wait(5)) for _ in range(MOST_WAITING)]
    with pytest.raises(Busy):
        works.begin(lambda _: True)
    gate.set()
    assert all(each.wait(5) and each.result for each in begun)
    assert works.begin(lambda _: True).wait(5)
