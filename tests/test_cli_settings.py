"""Lists and the rule from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.app import App
from bot.cli import app as cli

pytest_plugins = ["app_fixtures"]


@pytest.fixture
def folder(app: App, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder the commands work in."""
    monkeypatch.setenv("HANSYN_DATA", str(app.configuration.data))
    return app.configuration.data


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, list(words))


def test_a_file_is_tried_taken_in_and_written_back(folder: Path) -> None:
    file = folder / "roles.csv"
    file.write_bytes("Kod;Namn\r\nchef;Chefen\r\nlarare;Lärare\r\n".encode("cp1252"))
    tried = run("vocabulary", "import", str(file), "--dry-run")
    assert "roles chef: namn ”chef” → ”Chefen”" in tried.stdout
    assert "roles larare: ny, Lärare" in tried.stdout
    assert "Chefen" not in run("vocabulary", "show", "roles").stdout
    assert run("vocabulary", "import", str(file)).exit_code == 0
    shown = json.loads(run("vocabulary", "show", "roles", "--json").stdout)
    assert {"Chefen", "Lärare"} <= {row["name"] for row in shown}
    out = folder / "out.csv"
    assert run("vocabulary", "export", "--out", str(out)).exit_code == 0
    again = json.loads(run("vocabulary", "import", str(out), "--json").stdout)
    assert again["changes"] == []
    assert again["unchanged"] > 100


def test_a_faulty_file_is_refused_with_the_line_of_each_fault(folder: Path) -> None:
    file = folder / "roller.csv"
    file.write_text("kod;namn\nchef;\nA;B\n", encoding="utf-8")
    refused = run("vocabulary", "import", str(file), "--list", "roles")
    assert refused.exit_code == 2
    assert "Rad 2: Namnet saknas." in refused.stderr
    assert "Rad 3: Koden ”A” duger inte." in refused.stderr
    assert "Säg vilken lista" in run("vocabulary", "import", str(file)).stderr
    assert run("vocabulary", "import", str(file), "--list", "roller").exit_code == 2


def test_a_decision_is_taken_and_the_next_screening_uses_it(folder: Path) -> None:
    assert folder.is_dir()
    case = ("screen", "3+3 mån option, 2 pers", "--json")
    assert json.loads(run(*case).stdout)["verdict"] == "oklar"
    who = ("--decided-by", "enhetschefen", "--source", "beslut 7/2026")
    for words in (("option", "kanske"), ("optin", "räknas"), ("option", "räknas", "--from", "nu")):
        assert run("policy", "set", *words, *who).exit_code == 2
    assert run("policy", "set", "option", "räknas", *who).exit_code == 0
    assert json.loads(run(*case).stdout)["verdict"] == "ja"
    [option] = [
        r for r in json.loads(run("policy", "list", "--json").stdout) if r["key"] == "option"
    ]
    assert option["decision"]["decided_by"] == "enhetschefen"
