"""The knowledge base from the command line: a file in, a draft, an answer, and the way back."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import get_args

import pytest
from document_files import hide_words, protected_pdf, word
from talking import Talk

from bot.app import App
from bot.cli import main
from bot.guidance.thresholds import all_gold
from bot.texts import load_texts
from intents.personal_data import mask
from knowledge import imported
from knowledge.conflicts import Kind

pytest_plugins = ["app_fixtures"]

Hansyn = Callable[..., tuple[int, str, str]]
ROUTINE = """# Cykelgarage i upphandlingar

Cykelgarage ska vara låsta dygnet runt och rymma femtio cyklar.

## Bruttolistan

Bruttolistan omfattar alla upphandlingar som pågår längre än fyra månader och kräver mer än en
arbetstagare.
"""
ID = "dok-cykelgarage-i-upphandlingar"
ASKED = "Ska cykelgarage vara låsta dygnet runt?"


@pytest.fixture
def hansyn(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Hansyn:
    """Runs commands on one application: exit status, stdout, stderr."""
    for command in ("ask", "kb_import", "kb_publish", "kb_questions", "kb_show", "kb_versions"):
        monkeypatch.setattr(f"bot.commands.{command}.opened", lambda: nullcontext(app))
    monkeypatch.setattr("bot.guidance.corpus.FOLLOW_SECONDS", 0.0)
    # Three hundred questions take a second each time, and all of gold some more.
    monkeypatch.setattr("knowledge.hubs.PANEL", 20)
    monkeypatch.setattr("bot.guidance.answer_diff.all_gold", lambda store: all_gold(store)[::40])
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rutin.md").write_text(ROUTINE, encoding="utf-8")

    def run(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(list(arguments))
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run


def answer_to(hansyn: Hansyn, question: str = ASKED) -> str:
    _, out, _ = hansyn("ask", question, "--json")
    return str(json.loads(out)["quotes"])


def test_a_file_becomes_a_draft_an_answer_and_can_be_taken_back(
    hansyn: Hansyn, tmp_path: Path, app: App
) -> None:
    assert hansyn("kb", "import", "rutin.md", "--date", "2026-10-01")[0] == 0
    assert "femtio cyklar" not in answer_to(hansyn)
    assert hansyn("kb", "publish", ID, "--reason", "Beslutat i nämnden")[0] == 0
    assert "femtio cyklar" in answer_to(hansyn)
    said = hansyn("ask", ASKED)[1]
    assert said.startswith("Cykelgarage ska vara låsta dygnet runt")
    assert "ännu inte granskad" in said

    (tmp_path / "rutin.md").write_text(ROUTINE.replace("femtio", "sextio"), encoding="utf-8")
    hansyn("kb", "import", "rutin.md", "--date", "2026-10-01")
    shown = hansyn("kb", "diff", ID)[1]
    assert "-Cykelgarage ska vara låsta dygnet runt och rymma femtio cyklar." in shown
    assert "+Cykelgarage ska vara låsta dygnet runt och rymma sextio cyklar." in shown
    Talk(app).say(ASKED)
    (change,) = json.loads(hansyn("kb", "test", ID, "--json")[1])["changes"]
    assert (change["question"], "sextio" in change["after"]["text"]) == (ASKED, True)
    assert hansyn("kb", "publish", ID, "--reason", "Fler cyklar")[0] == 1
    assert "femtio cyklar" in answer_to(hansyn)
    hansyn("kb", "publish", ID, "--accept", "all", "--reason", "Fler cyklar")
    assert "sextio cyklar" in answer_to(hansyn)

    assert hansyn("kb", "rollback", ID, "--reason", "Fel antal")[0] == 0
    assert "femtio cyklar" in answer_to(hansyn)
    assert hansyn("kb", "retire", ID, "--reason", "Gäller inte mer")[0] == 0
    assert "cyklar" not in answer_to(hansyn)
    assert "borttagen" in hansyn("kb", "list", "--retired")[1]
    assert hansyn("kb", "show", ID)[1].count("ersatt") == 2

    app.store.audit.verify()
    done = [
        (entry.action, entry.facts["reason"])
        for entry in app.store.audit.list()
        if "reason" in entry.facts
    ]
    assert done == [("publish", "Beslutat i nämnden"), ("publish", "Fler cyklar"),
                    ("roll back", "Fel antal"), ("retire", "Gäller inte mer")]  # fmt: skip


def test_a_preview_shows_what_the_file_becomes_and_saves_nothing(
    hansyn: Hansyn, tmp_path: Path
) -> None:
    (tmp_path / "rutin.docx").write_bytes(word(hide_words))
    status, out, err = hansyn("kb", "import", "rutin.docx", "rutin.md", "--dry-run")
    assert status == 0
    for words in ("Vad är ett avsteg?", "formatmall", "fet rad (gissning)", "syns inte på sidan"):
        assert words in out
    # The boundary of the gross list is the conflict that is most often made.
    assert "Olika tid:" in out
    assert "minst fyra månader" in out
    assert "Inget sparades" in err
    assert hansyn("kb", "list", "--drafts")[1] == ""


def test_one_bad_file_in_a_folder_is_told_and_the_others_are_read(
    hansyn: Hansyn, tmp_path: Path
) -> None:
    folder = tmp_path / "mapp"
    folder.mkdir()
    (folder / "hemlig.pdf").write_bytes(protected_pdf())
    (folder / "rutin.md").write_text(ROUTINE, encoding="utf-8")
    (folder / "bild.png").write_bytes(b"\x89PNG")
    status, _, err = hansyn("kb", "import", "mapp")
    assert status == 1
    assert "hemlig.pdf: filen har lösenord. Spara en kopia utan lösenord." in err
    assert ID in hansyn("kb", "list", "--drafts")[1]


def test_the_same_file_again_saves_nothing_and_a_new_draft_replaces_the_old(
    hansyn: Hansyn, tmp_path: Path
) -> None:
    hansyn("kb", "import", "rutin.md")
    again = json.loads(hansyn("kb", "import", "rutin.md", "--json")[1])
    assert [(each["state"], each["draft"]) for each in again["files"]] == [("unchanged", None)]
    (tmp_path / "rutin.md").write_text(ROUTINE + "\nNytt.\n", encoding="utf-8")
    hansyn("kb", "import", "rutin.md")
    (draft,) = json.loads(hansyn("kb", "list", "--drafts", "--json")[1])
    assert draft["draft"] == 2


def test_a_shipped_article_is_approved_in_place(hansyn: Hansyn) -> None:
    status, _, _ = hansyn("kb", "publish", "bruttolistan-villkor", "--reason", "Läst", "--reviewed")
    assert status == 0
    (row,) = json.loads(hansyn("kb", "list", "bruttolistan-villkor", "--json")[1])
    assert row["reviewed"]


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (("retire", "bruttolistan-villkor"), 2, "Skriv varför"),
        (("publish", "bruttolistan-villkor", "--reason", "x"), 1, "inget utkast"),
        (("publish", "finns-inte", "--reason", "x"), 1, "finns inte"),
        (("retire", "finns-inte", "--reason", "x"), 1, "finns inte"),
        (("rollback", "bruttolistan-villkor", "--reason", "x"), 1, "ingen tidigare version"),
        (("diff", "bruttolistan-villkor", "--to", "9"), 1, "ingen version 9"),
        (("show", "finns-inte"), 1, "finns inte"),
        (("import", "rutin.md", "--review-by", "snart"), 2, "snart är inget datum"),
        (("import", "saknas.md"), 1, "går inte att öppna"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    hansyn: Hansyn, arguments: tuple[str, ...], status: int, told: str
) -> None:
    done, _, err = hansyn("kb", *arguments)
    assert done == status
    assert told in err


def test_a_test_question_is_added_asked_and_put_aside(
    hansyn: Hansyn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.guidance.thresholds.load_gold", list)
    add = ("kb", "questions", "--add")
    assert hansyn(*add, "Vilka gäller det?", "--source", "finns inte")[0] == 1
    assert hansyn(*add, "Vilka målgrupper gäller social hänsyn?", "--source", "malgrupper")[0] == 0
    assert hansyn(*add, "Måste vi ställa sociala krav?")[0] == 0
    out = json.loads(hansyn("kb", "questions", "--drafts", "--json")[1])
    wrong = {each["question"]: each["id"] for each in out["wrong"]}
    assert "Vilka målgrupper gäller social hänsyn?" not in wrong
    assert hansyn("kb", "questions", "--end", wrong["Måste vi ställa sociala krav?"])[0] == 0
    assert "Måste vi" not in hansyn("kb", "questions")[1]


def test_every_code_of_an_import_has_a_sentence() -> None:
    texts = load_texts()
    values = {"name": "a.pdf", "limit": 20, "count": 2}
    codes = {
        "rules": imported.Rule, "reasons": imported.Reason, "faults": imported.Fault,
        "cautions": imported.Caution, "conflicts.kind": Kind,
    }  # fmt: skip
    for group, literal in codes.items():
        for code in get_args(literal):
            assert mask(texts.render(f"kb.{group}.{code}", "sv", **values)).text
