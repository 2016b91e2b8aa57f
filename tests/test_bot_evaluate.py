"""``hansyn eval`` as somebody who measures meets it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bot.app import App
from bot.commands.evaluate import Wanted, run

pytest_plugins = ["app_fixtures"]

LINES = [
    {"id": "a", "question": "Vad är bruttolistan?", "kind": "answerable", "source": "S4"},
    {"id": "b", "question": "Hur lagar man en cykelslang?", "kind": "out_of_scope"},
    {"id": "c", "question": "6 mån, 1 person", "kind": "intent:screening", "verdict": "nej"},
]


@pytest.fixture
def questions(app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of questions, and the settings that lead to the loaded data."""
    monkeypatch.setenv("HANSYN_DATA", str(app.configuration.data))
    path = tmp_path / "frågor.jsonl"
    path.write_text("\n".join(map(json.dumps, LINES)), encoding="utf-8")
    return path


def printed(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_a_file_gives_legs_and_answers_each_with_its_interval(
    questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    curve = tmp_path / "kurva.svg"
    assert run(Wanted(questions, curve=curve, as_json=True)) == 0
    found = printed(capsys)
    assert found["questions"] == 3
    assert set(found["kinds"]) == {"answerable", "out_of_scope", "intent:screening"}
    assert set(found["outcome"]) == {"of", "share", "low", "high"}
    assert found["verdict"]["share"] == 1.0
    assert found["legs"]["fusion"]["recall_at_1"]["count"] == 1
    assert [row["id"] for row in found["answers"]] == ["a", "b", "c"]
    assert ElementTree.parse(curve).getroot().tag.endswith("svg")


def test_the_tables_are_in_swedish(questions: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(Wanted(questions)) == 0
    shown = capsys.readouterr()
    assert "rätt källa först" in shown.out
    assert "nDCG@10" in shown.out
    assert not shown.err


def test_two_saved_runs_tell_which_questions_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = {"id": "a", "question": "Vad?", "said": "answered", "first": "S4", "marks": {}}
    files = [tmp_path / "före.json", tmp_path / "efter.json"]
    for file, right in zip(files, (False, True), strict=True):
        run_made = {"answers": [row | {"marks": {"source_first": right}}]}
        file.write_text(json.dumps(run_made), encoding="utf-8")
    assert run(Wanted(compare=(files[0], files[1]))) == 0
    assert "1 av 1 frågor har ändrats: 1 bättre, 0 sämre." in capsys.readouterr().out
    assert run(Wanted(compare=(files[1], files[0]), as_json=True)) == 0
    assert printed(capsys)["worse"] == 1


def test_faq_and_headings_print_plain_numbers_to_read_off(
    questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = {"question": "Var hämtas passet?", "candidate_answers": ["Hos polisen.", "I maj."]}
    faq = tmp_path / "faq.jsonl"
    faq.write_text(json.dumps(rows | {"label": 0, "category_id": 1}), encoding="utf-8")
    assert run(Wanted(faq=faq, as_json=True)) == 0
    found = printed(capsys)
    assert 0 <= found["in_category_accuracy"] <= found["pool_ndcg_at_10"] <= 1
    assert "fusion" in found["legs"]
    assert run(Wanted(faq=faq)) == 0


@pytest.mark.parametrize(
    ("wanted", "code", "word"),
    [
        (Wanted(Path("a"), faq=Path("b")), 2, "--faq"),
        (Wanted(faq=Path("b"), curve=Path("c")), 2, "--curve"),
        (Wanted(Path("saknas.jsonl")), 1, "saknas.jsonl"),
        (Wanted(compare=(Path("saknas"), Path("saknas"))), 1, "saknas"),
    ],
)
def test_what_cannot_be_measured_is_told_in_a_sentence(
    questions: Path, wanted: Wanted, code: int, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(wanted) == code
    assert word in capsys.readouterr().err


def test_a_file_that_is_no_saved_run_is_named(
    questions: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(Wanted(compare=(questions, questions))) == 1
    assert "frågor.jsonl" in capsys.readouterr().err


def test_a_file_of_another_format_is_told_what_a_question_looks_like(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = tmp_path / "annat.jsonl"
    other.write_text('{"id": "1", "question": "hej"}\n', encoding="utf-8")
    assert run(Wanted(other)) == 1
    told = capsys.readouterr().err
    assert "annat.jsonl:1" in told
    assert "id, question och kind" in told
