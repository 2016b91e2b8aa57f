"""A restored copy is a working assistant: it answers, and a draft goes on where it was left."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from talking import NOON, Talk

from bot.app import App, build_app
from bot.settings import Settings
from storage.backup import restore

pytest_plugins = ["app_fixtures"]


def test_a_bot_on_the_restored_copy_answers_and_resumes_the_draft(
    talk: Talk, app: App, tmp_path: Path
) -> None:
    talk.command("fraga")
    talk.say("Vad gäller för sommarjobb?")
    app.store.backup(tmp_path / "kopia.zip", NOON)
    talk.say("hoppa över")

    copy = tmp_path / "copy"
    copy.mkdir()
    settings = Settings(data=copy)
    restore(tmp_path / "kopia.zip", settings.store_url, verify=True)
    restored = build_app(settings, lambda: NOON)
    try:
        later = dataclasses.replace(talk, app=restored)
        assert "fyra månader" in later.say("Vad är bruttolistan?")
        assert "förvaltning" in later.text
        later.say("hoppa över")
        later.say("hoppa över")
        assert "H-" in later.say("ja")
    finally:
        restored.close()
