"""A restored copy is a working assistant: it answers, and a draft goes on where it was left."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from talking import NOON, Talk

from bot.app import App, build_app
from bot.commands.backups import run_restore
from bot.login.door import build_door
from bot.policy import OPERATOR
from bot.settings import Settings
from storage.backup import restore
from storage.store import open_store

pytest_plugins = ["app_fixtures"]


def test_who_has_logged_out_since_the_backup_stays_logged_out(
    app: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions, links = app.door.sessions, app.door.links
    token, link = sessions.begin(OPERATOR, "link"), links.make(OPERATOR)
    app.store.backup(tmp_path / "kopia.zip", NOON)
    monkeypatch.setenv("HANSYN_DATA", str(tmp_path / "copy"))
    assert run_restore(tmp_path / "kopia.zip", verify=True, force=False, as_json=False) == 0
    with open_store(Settings(data=tmp_path / "copy").store_url) as store:
        door = build_door(store, Settings(), lambda: NOON)
        assert door.sessions.who(token) is None
        assert not door.links.use(link)
    assert sessions.who(token)


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
