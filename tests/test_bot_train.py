"""``hansyn train``: a new model has to find more than the old one before it takes its place."""

from __future__ import annotations

import importlib.util
import json
import shutil
from pathlib import Path

import pytest

from bot.app import App
from bot.commands import train as command
from bot.commands.train import Contest, Task, run
from knowledge.embedding import SHIPPED_MODEL, StaticEmbedder
from knowledge.figures import figure
from knowledge.training_run import Recipe

pytest_plugins = ["app_fixtures"]
WORSE, BETTER = figure([0.2] * 9), figure([0.8] * 9)


@pytest.fixture
def out(app: App, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place for the model; training itself is a copy of the shipped one."""

    def learn(app: App, task: Task, new: Path) -> Recipe:
        shutil.copytree(SHIPPED_MODEL, new)
        return Recipe(seed=task.seed)

    monkeypatch.setenv("HANSYN_DATA", str(app.configuration.data))
    monkeypatch.setattr(command, "import_torch", lambda: None)
    monkeypatch.setattr(command, "learn", learn)
    return app.configuration.data / "model"


def let(monkeypatch: pytest.MonkeyPatch, contest: Contest) -> None:
    monkeypatch.setattr(command, "compete", lambda app, out, new: contest)


def test_a_better_model_takes_the_place_and_says_what_it_reached(
    out: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    let(monkeypatch, Contest(WORSE, BETTER))
    for seed in (3, 4):
        assert run(Task(None, None, seed, as_json=False)) == 0
        card = (out / "README.md").read_text(encoding="utf-8")
        assert f"seed {seed}" in card
        assert "0.800" in card
    assert StaticEmbedder(out).dimension == StaticEmbedder(SHIPPED_MODEL).dimension
    assert f"HANSYN_EMBEDDING_MODEL={out}" in capsys.readouterr().err
    assert [path.name for path in out.parent.glob("model*")] == ["model"]


@pytest.mark.parametrize("new", [WORSE, BETTER])
def test_a_model_that_finds_no_more_changes_nothing(
    out: Path, new: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    let(monkeypatch, Contest(BETTER, new))  # type: ignore[arg-type]
    before = set(out.parent.iterdir())
    assert run(Task(None, None, 0, as_json=True)) == 0
    assert json.loads(capsys.readouterr().out)["replaced"] is False
    assert {path.name for path in before} == {path.name for path in out.parent.iterdir()}


def test_a_folder_that_is_no_model_is_never_overwritten(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out.mkdir()
    (out / "viktigt.txt").write_text("behåll", encoding="utf-8")
    assert run(Task(None, out, 0, as_json=False)) == 1
    assert (out / "viktigt.txt").read_text(encoding="utf-8") == "behåll"
    assert str(out) in capsys.readouterr().err


@pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is not None, reason="the extra is installed"
)
def test_without_the_extra_it_says_what_to_install(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(Task(None, None, 0, as_json=False)) == 1
    assert "dev.py setup --semantic" in capsys.readouterr().err
