"""Files in the chat: what is taken, what is kept with a report, and the form as a Word file."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document
from talking import Talk

from bot.app import App
from bot.files.attachments import LARGEST_FILE, Checked, Fault, check_file
from bot.messages import Uploaded
from storage.model import CaseFilter

pytest_plugins = "app_fixtures"

STORY = (
    "I går kom vi på Poseidon överens med takläggaren om tre praktikplatser utan er. "
    "Jag är projektledare. Upphandling dnr 44/26, entreprenad, avtalet är inte tecknat."
)
GAPS = ("Nybyggnad", "egen modell", "vår jurist", "vet inte", "nej", "det var bråttom", "ja")
PDF = b"%PDF-1.7 protokoll"


def upload(talk: Talk, name: str, content: bytes) -> str:
    talk.send(Uploaded(name, content))
    return talk.text


def word(*entries: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for entry in entries:
            archive.writestr(entry, "<w:t>Hej</w:t>")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("program.exe", b"MZ", "kind"),
        ("avtal", PDF, "kind"),
        ("avtal.pdf", b"", "empty"),
        ("avtal.pdf", b"<html>", "damaged"),
        ("bild.png", b"\xff\xd8\xff", "damaged"),
        ("avtal.docx", b"PK\x03\x04 halv", "damaged"),
        ("avtal.docx", word("word/document.xml", "word/vbaProject.bin"), "macros"),
        ("avtal.docm", word("word/document.xml"), "macros"),
        ("blad.docx", word("xl/workbook.xml"), "damaged"),
        ("rader.csv", b"a\x00b", "damaged"),
        ("stor.txt", b"x" * (LARGEST_FILE + 1), "size"),
    ],
)
def test_a_file_of_the_wrong_kind_or_size_is_refused(
    name: str, content: bytes, reason: str
) -> None:
    assert check_file(name, content) == Fault(reason)


def test_a_file_is_known_by_its_bare_name_and_old_swedish_letters_are_read() -> None:
    checked = check_file("C:\\mapp\\Målning.CSV", "Målning;2".encode("cp1252"))
    assert isinstance(checked, Checked)
    assert (checked.name, checked.text) == ("Målning.csv", "Målning;2")


def test_a_file_follows_the_report_and_the_question_is_asked_again(app: App, talk: Talk) -> None:
    talk.say(STORY)
    told = upload(talk, "protokoll.pdf", PDF)
    assert "protokoll.pdf" in told
    assert told.endswith("Vilken enhet eller avdelning?")
    for answer in GAPS:
        talk.say(answer)
    (case,) = app.store.cases.list(CaseFilter(kinds=("deviation",)))
    (file,) = case.values["attachments"]
    kept = app.store.attachments.find(file["id"])
    assert kept is not None
    assert (kept.number, kept.content) == (case.number, PDF)


def test_a_file_with_personal_data_is_warned_about_and_goes_with_one_word(talk: Talk) -> None:
    talk.say(STORY)
    assert "personuppgifter" in upload(talk, "lista.txt", b"Kim 850709-9805")
    assert "Ett steg tillbaka" in talk.say("tillbaka")
    assert "lista.txt" not in talk.command("summary")


def test_without_a_report_under_way_a_file_is_not_kept(app: App, talk: Talk) -> None:
    assert "när du rapporterar ett avsteg" in upload(talk, "protokoll.pdf", PDF)
    assert talk.files == []


def test_the_filled_form_holds_the_record_and_is_read_back_from_an_upload(
    app: App, talk: Talk
) -> None:
    for line in (STORY, *GAPS):
        talk.say(line)
    opened = app.open_file(talk.files[-1].reference, talk.key)
    assert opened is not None
    form = Document(io.BytesIO(opened.content))
    rows = {row.cells[0].text: row.cells[1] for row in form.tables[0].rows}
    assert rows["Organisation"].text == "Poseidon"
    assert rows["Resultat"].text == "3 praktikplatser"
    rows["Upphandling"].text, rows["Datum"].text = "Tak Ugglan", "i övermorgon"
    changed = io.BytesIO()
    form.save(changed)
    other = Talk(app, "kim")
    told = upload(other, "ifylld.docx", changed.getvalue())
    assert "kunde jag inte läsa, så jag frågar om dem: Datum" in told
    assert told.endswith("Vilken dag hände det?")
    other.say("i går")
    assert "Tak Ugglan" in other.say("hoppa över")
    other.say("ja")
    assert len(app.store.cases.list(CaseFilter(kinds=("deviation",)))) == 2
    assert app.open_file(talk.files[-1].reference, other.key) is None


def test_an_empty_form_is_offered_to_who_would_rather_write(app: App, talk: Talk) -> None:
    talk.say("jag vill rapportera ett avsteg")
    opened = app.open_file(talk.files[0].reference, talk.key)
    assert opened is not None
    assert opened.name == "avstegsrapport.docx"


def test_who_asks_for_the_form_gets_it_with_the_answer(app: App, talk: Talk) -> None:
    talk.say("Finns det en mall för avstegsrapporten?")
    opened = [app.open_file(file.reference, talk.key) for file in talk.files]
    assert "avstegsrapport.docx" in {file.name for file in opened if file}


def test_rows_from_a_csv_file_go_into_the_yearly_report(talk: Talk) -> None:
    told = upload(talk, "rader.csv", "Upphandling;Typ;Lärling\nTak;entreprenad;2".encode())
    assert "Vilken förvaltning" in told
    talk.say("Higab")
    talk.say("i år")
    for answer in ("vet inte", "hoppa över", "hoppa över"):
        told = talk.say(answer)
    assert "Tak (entreprenad): 2 lärlingsplatser" in told
