"""The log as people meet it: what gets into it, its page, and hansyn audit."""

from __future__ import annotations

import ast
import json
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from talking import NOON
from typer.testing import CliRunner

from bot.app import App, open_data
from bot.cli import app as cli
from bot.commands.checks import Check
from bot.commands.doctor import check_log, check_login
from bot.policy import ROLES, Actor, Forbidden
from bot.settings import Settings
from bot.web.application import build_web
from bot.web.sections import console_sections
from storage.records import AuditItem
from tests.test_storage_audit import tamper
from tests.web_person import LOCAL, Person

pytest_plugins = ("app_fixtures", "storage_fixtures")

BOT = Path(__file__).parents[1] / "bot"
#: What makes a text live or takes it out of the answers.
PUBLISHES = {"publish_documents", "publish_versions", "publish_draft", "retire", "roll_back"}
#: What reads a whole report or one of its files for somebody to see.
REVISOR = Actor("stod:rev", frozenset({"revisor"}))
RUN = CliRunner()


@pytest.fixture
def auditor(app: App) -> Person:
    web = build_web(app, sections=console_sections(app))
    client = TestClient(web, "http://127.0.0.1", client=LOCAL, raise_server_exceptions=False)
    client.cookies.set("hansyn_stod", app.door.sessions.begin(REVISOR, "link"))
    return Person(client=client)


@pytest.fixture
def command(app: App, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Commands work on the application's data."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HANSYN_DATA", str(app.configuration.data))
    return tmp_path


def fill(app: App, count: int) -> None:
    items = [AuditItem("stod:ab", "take", f"case:A-{number}") for number in range(count)]
    app.store.audit.append(items, NOON)


def functions_that_publish() -> list[tuple[str, ast.FunctionDef]]:
    found = []
    for file in BOT.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and not _inner(node) and PUBLISHES & _called(node):
                found.append((f"{file.stem}.{node.name}", node))
    return found


def _called(node: ast.AST) -> set[str]:
    return {
        call.func.attr
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and "guidance" in ast.dump(call.func.value)
    }


def _inner(node: ast.FunctionDef) -> bool:
    return node.name == "work"


def test_every_way_to_publish_a_text_writes_to_the_log() -> None:
    found = functions_that_publish()
    assert len(found) >= 4
    for name, node in found:
        names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        names |= {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
        assert names & {"_note", "audit"}, name


def test_an_act_read_in_is_in_the_log(app: App, command: Path) -> None:
    shipped = (BOT.parent / "knowledge" / "guidance" / "allman-handling-chatt.md").read_text(
        "utf-8"
    )
    article = shipped.replace("id: allman-handling-chatt", "id: prov")
    (command / "prov.md").write_text(article, encoding="utf-8")
    done = RUN.invoke(cli, ["ingest", "prov.md", "--publish", "--flagged"])
    assert done.exit_code == 0, done.output
    (entry,) = app.store.audit.list("document:prov")
    assert (entry.actor, entry.action) == ("operator", "publish")


def test_an_auditor_finds_who_did_what_and_sees_no_content(app: App, auditor: Person) -> None:
    fill(app, 3)
    app.store.audit.append(
        [AuditItem("3f9a00000000aaaa", "read", "case:A-1", {"version": 2})],
        NOON + timedelta(days=1),
    )
    seen = " ".join(auditor.open("/stod/logg").split())
    assert "3f9a läste case:A-1 version: 2" in seen
    assert "ab tog case:A-2" in seen
    seen = auditor.open("/stod/logg?vad=A-1&vem=AB&slag=take")
    assert "case:A-1" in seen
    assert "läste" not in seen
    assert "case:A-0" not in auditor.open("/stod/logg?fran=2026-11-21")
    assert "stämmer" in auditor.open("/stod/logg?vad=finns-inte")
    for odd in ("fran=x", "till=9999-12-31", "fore=x", f"fore={'9' * 30}", "vem=%00"):
        auditor.open(f"/stod/logg?{odd}")
        assert auditor.status == 200


def test_a_long_log_is_shown_in_pages_and_checked_by_a_press(app: App, auditor: Person) -> None:
    fill(app, 60)
    first = auditor.open("/stod/logg")
    assert ("case:A-59" in first, "case:A-5\n" in first) == (True, False)
    older = auditor.page.split('class="pager"')[1].split('href="')[1].split('"')[0]
    assert "case:A-0" in auditor.open(f"/stod/logg{older.replace('&amp;', '&')}")
    assert "Loggen är hel. Antal poster: 61." in auditor.open("/stod/logg?kontroll=ja")
    tamper(app.store, "UPDATE audit SET actor = 'x' WHERE position = 5")
    assert "inte stämmer är 5" in auditor.open("/stod/logg?kontroll=ja")


def test_the_log_is_listed_and_checked_from_the_command_line(app: App, command: Path) -> None:
    fill(app, 3)
    listed = RUN.invoke(cli, ["audit", "list", "--object", "A-1", "--actor", "AB", "--json"])
    (entry,) = json.loads(listed.stdout)
    assert (entry["object"], entry["action"]) == ("case:A-1", "take")
    assert len(RUN.invoke(cli, ["audit", "list", "--limit", "2"]).stdout.splitlines()) == 2
    check = ["audit", "verify", "--head", "head.txt"]
    assert "hel" in RUN.invoke(cli, check).stdout
    kept = (command / "head.txt").read_text()
    assert kept.startswith("3 ")
    (command / "head.txt").write_text("3 another\n")
    broken = RUN.invoke(cli, check)
    assert broken.exit_code == 1
    assert "inte stämmer är 3" in broken.stdout
    assert (command / "head.txt").read_text() == "3 another\n"
    assert RUN.invoke(cli, ["audit", "list", "--since", "igår"]).exit_code == 2


def test_a_link_made_on_the_machine_lets_somebody_in(app: App, command: Path) -> None:
    link = RUN.invoke(cli, ["admin", "link"]).stdout.strip()
    person = Person(client=TestClient(build_web(app), "http://127.0.0.1", client=LOCAL))
    person.open(link.replace("http://127.0.0.1:8000", ""))
    person.fill_in("/stod/oppna", signature="AB")
    person.open("/stod/jag")
    assert "alla roller" in person.text()
    assert [e.action for e in app.store.audit.list()] == ["login.invite", "login"]
    assert RUN.invoke(cli, ["admin", "logout"]).stdout.strip() == "Avslutade inloggningar: 1."
    person.open("/stod")
    assert person.status == 403


def test_the_key_of_the_settings_signs_the_log(tmp_path: Path) -> None:
    with open_data(Settings(data=tmp_path, audit_key="a long secret")) as store:  # type: ignore[arg-type]
        store.audit.append([AuditItem("stod:ab", "take", "case:A-1")], NOON)
        assert store.audit.inspect().signed_from == 1


def test_the_doctor_sees_a_changed_log_and_a_login_that_gives_no_roles(app: App) -> None:
    fill(app, 2)
    assert (check_log(app).state, check_login(app).state) == ("yellow", "yellow")
    tamper(app.store, "UPDATE audit SET actor = 'x' WHERE position = 2")
    assert check_log(app) == Check("Logg", "red", "post 2 är ändrad")
    folder = app.configuration.data
    proxied = Settings(data=folder, proxy_peers=("10.0.0.5",))
    assert check_login(App(proxied, app.store)).state == "red"
    nowhere = {"oidc_issuer": "http://127.0.0.1:9", "roles": {"*": ["anvandare"]}}
    told = check_login(App(Settings(data=folder, **nowhere), app.store)).told  # type: ignore[arg-type]
    assert "http://127.0.0.1:9" in told


def test_a_handler_without_every_role_cannot_make_one(app: App) -> None:
    with pytest.raises(Forbidden):
        app.door.links.make(Actor("one", frozenset(ROLES) - {"kb_godkannare"}))
