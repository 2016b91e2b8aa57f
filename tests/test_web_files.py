"""Files through the web page and the terminal, and down again from the support page."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from bot.channels.terminal import run_terminal
from bot.files.attachments import LARGEST_FILE
from bot.messages import Content, Reply, Uploaded
from tests.fakes import ScriptedApp, say
from tests.fakes import script as usual
from tests.web_person import Person

PDF = b"%PDF-1.7 avtal"


def echo(content: Content) -> Reply:
    if isinstance(content, Uploaded):
        return say(f"Tog emot {content.name}, {len(content.content)} byte.")
    return usual(content)


@pytest.fixture
def person() -> Person:
    someone = Person(ScriptedApp(echo))
    someone.open()
    return someone


def send(person: Person, name: str, content: bytes, **changes: str) -> str:
    """Chooses a file in the page's form and sends it, as a browser without script does."""
    fields = {n: v for n, v in person.form("/bifoga").fields.items() if n != "file"} | changes
    response = person.browser.post("/bifoga", data=fields, files={"file": (name, content)})
    person.page, person.status = response.text, response.status_code
    return person.text()


def test_a_file_is_sent_without_javascript_and_answered_in_the_conversation(
    person: Person,
) -> None:
    assert "Tog emot avtal.pdf, 14 byte." in send(person, "avtal.pdf", PDF)
    assert person.status == 200


def test_the_same_file_sent_twice_from_one_form_is_one_message(person: Person) -> None:
    fields = {n: v for n, v in person.form("/bifoga").fields.items() if n != "file"}
    send(person, "avtal.pdf", PDF, **fields)
    send(person, "avtal.pdf", PDF, **fields)
    received = [each for each in person.app.received if isinstance(each.content, Uploaded)]
    assert len(received) == 1


def test_a_file_that_is_too_large_is_refused_in_plain_words(person: Person) -> None:
    assert "högst 5 MB" in send(person, "stor.pdf", PDF + b"x" * (LARGEST_FILE + 100_000))
    assert person.status == 413


def test_no_file_chosen_is_told_and_a_forged_form_is_not_served(person: Person) -> None:
    assert "Ingen fil var vald" in send(person, "", b"")
    person.open()
    send(person, "avtal.pdf", PDF, proof="fel")
    assert person.status == 403


def test_the_support_function_opens_a_file_as_an_audited_download() -> None:
    handler = Person()
    assert handler.browser.get("/stod/bilaga/fil-1").status_code == 403
    handler.open("/stod/oppna?nyckel=engangslank")
    handler.press("Öppna")
    handler.open("/stod/arende/A-2026-0007")
    assert 'href="/stod/bilaga/fil-1"' in handler.page
    response = handler.browser.get("/stod/bilaga/fil-1")
    assert response.content == b"%PDF-"
    assert response.headers["content-disposition"].startswith("attachment")
    assert ("fil-1", "stodfunktionen") in handler.app.support.reads
    assert handler.browser.get("/stod/bilaga/fil-2").status_code == 404


def test_a_file_is_sent_from_the_terminal_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "avtal.pdf").write_bytes(PDF)
    typed = io.StringIO(f"/bifoga {tmp_path / 'avtal.pdf'}\n/bifoga saknas.pdf\n")
    shown = io.StringIO()
    run_terminal(ScriptedApp(echo), typed, shown, interactive=False)
    assert "Tog emot avtal.pdf, 14 byte." in shown.getvalue()
    assert "saknas.pdf gick inte att öppna" in shown.getvalue()
