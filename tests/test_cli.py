"""The command line as an operator meets it: data to stdout, talk to stderr, 0, 1 or 2."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import cli
from bot.app import build_app
from bot.commands.ingest import run as ingest
from bot.commands.serve import refuse_open_pages
from bot.errors import SettingsError
from bot.settings import Settings, load_settings
from knowledge.guidance import load_guidance
from storage.errors import AlreadyServing, DatabaseDown
from storage.store import open_store

pytest_plugins = ["app_fixtures"]

Hansyn = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def hansyn(loaded_data: Path, tmp_path: Path) -> Hansyn:
    """Runs a command on a copy of the loaded data."""
    data = tmp_path / "data"
    shutil.copytree(loaded_data, data)
    environment = {**os.environ, "HANSYN_DATA": str(data), "PYTHONUTF8": "1"}

    def run(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bot", *arguments]
        return subprocess.run(
            command, input=given, capture_output=True, text=True, env=environment, cwd=tmp_path
        )

    return run


def test_one_json_object_per_question_in_order(hansyn: Hansyn) -> None:
    questions = ["Vad är bruttolistan?", "6 mån, 1 person", "hej", "{{x}} <b>"]
    done = hansyn("ask", "-", "--json", given="\n".join(questions) + "\n")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0, done.stderr
    assert [each["question"] for each in found] == questions
    assert [each["outcome"] for each in found][1:3] == ["screening", "smalltalk"]
    assert found[1]["verdict"] == "nej"
    assert set(found[0]) == {
        "question", "language", "outcome", "intent", "verdict", "missing", "answer", "quotes",
        "sources", "reasons", "choices", "ms",
    }  # fmt: skip


def test_an_answer_in_the_terminal_says_who_has_not_approved_it(hansyn: Hansyn) -> None:
    done = hansyn("ask", "Vad är bruttolistan?")
    assert "ännu inte granskad av stödfunktionen" in done.stdout
    assert "Vad är bruttolistan?, Vad är" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("backup", "ingen-mapp/kopia.zip"), "ingen-mapp"),
        (("restore", "ingen-fil.zip"), "ingen-fil.zip"),
        (("db", "copy", "trams"), "sqlite:///"),
    ],
)
def test_a_place_that_cannot_be_used_is_told_in_a_line(
    hansyn: Hansyn, arguments: tuple[str, ...], named: str
) -> None:
    done = hansyn(*arguments)
    assert done.returncode == 1
    assert named in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_everything_is_copied_to_another_database_but_never_over_one(
    hansyn: Hansyn, tmp_path: Path
) -> None:
    address = f"sqlite:///{(tmp_path / 'ny.sqlite3').as_posix()}"
    done = hansyn("db", "copy", address, "--json")
    assert json.loads(done.stdout)["documents"] > 100
    again = hansyn("db", "copy", address)
    assert again.returncode == 1
    assert "innehåller redan data" in again.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGTERM")
def test_a_server_told_to_stop_ends_cleanly_and_lets_go_of_the_file(
    loaded_data: Path, tmp_path: Path
) -> None:
    shutil.copytree(loaded_data, tmp_path / "data")
    environment = {**os.environ, "HANSYN_DATA": str(tmp_path / "data"), "HANSYN_PORT": "18600"}
    command = [sys.executable, "-m", "bot", "serve"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment,
                          cwd=tmp_path) as server:  # fmt: skip
        assert server.stderr is not None
        for line in server.stderr:
            if "/stod/oppna?nyckel=" in line:
                break
        server.terminate()
        rest = server.stderr.read()
    assert server.returncode == 0, rest
    assert "stoppad" in rest
    assert not (tmp_path / "data" / "hansyn.sqlite3-wal").exists()


def test_wrong_encoding_in_a_pipe_is_no_stack_trace(loaded_data: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "HANSYN_DATA": str(tmp_path / "new")}
    shutil.copytree(loaded_data, tmp_path / "new")
    command = [sys.executable, "-m", "bot", "ask", "-", "--json"]
    done = subprocess.run(command, input=b"\xff\xfe \x80vad?\n", capture_output=True,
                          env=environment, cwd=tmp_path)  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr


def test_a_faulty_setting_is_named_as_the_operator_writes_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HANSYN_PORT", "many")
    with pytest.raises(SettingsError, match="HANSYN_PORT"):
        load_settings()


def test_a_secret_can_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("s3cret\n")
    monkeypatch.setenv("HANSYN_SMTP_PASSWORD_FILE", str(tmp_path / "secret"))
    settings = load_settings()
    assert settings.smtp_password.get_secret_value() == "s3cret"
    assert "s3cret" not in repr(settings)


def test_a_secret_file_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANSYN_SMTP_PASSWORD_FILE", "ingen-fil")
    with pytest.raises(SettingsError, match="HANSYN_SMTP_PASSWORD_FILE: filen ingen-fil"):
        load_settings()


def test_other_programs_lines_in_the_env_file_are_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("COMPOSE_PROJECT_NAME=x\nHANSYN_ANSWER_DAYS=5\n")
    assert load_settings().answer_days == 5
    (tmp_path / ".env").write_text("HANSYN_ANSVER_DAYS=5\n")
    with pytest.raises(SettingsError, match="HANSYN_ANSVER_DAYS"):
        load_settings()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit to set")
def test_a_backup_that_finds_no_room_is_told_and_leaves_nothing(
    loaded_data: Path, tmp_path: Path
) -> None:
    import resource

    def little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    shutil.copytree(loaded_data, tmp_path / "data")
    command = [sys.executable, "-m", "bot", "backup", str(tmp_path / "kopia.zip")]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=tmp_path, preexec_fn=little_room,
        env={**os.environ, "HANSYN_DATA": str(tmp_path / "data")},
    )  # fmt: skip
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_only_one_server_works_on_a_file(tmp_path: Path) -> None:
    file = tmp_path / "a.sqlite3"
    with (
        open_store(file) as first,
        open_store(file) as second,
        first.serving(),
        pytest.raises(AlreadyServing),
        second.serving(),
    ):
        pass


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (AlreadyServing(), "En annan `hansyn serve`"),
        (DatabaseDown("Där är ingen fil."), "Där är ingen fil."),
        (ModuleNotFoundError("", name="slack_sdk"), "slack_sdk saknas"),
        (FileNotFoundError(2, "No such file", "kopia.zip"), "kopia.zip: filen eller mappen finns"),
    ],
)
def test_an_error_the_operator_can_mend_is_told_in_swedish(
    error: Exception, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(arguments: object) -> None:
        raise error

    monkeypatch.setattr(cli, "app", fails)
    with pytest.raises(SystemExit):
        cli.main([])
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "example.org"])
def test_serve_refuses_an_address_others_reach_while_the_link_is_the_only_lock(host: str) -> None:
    with pytest.raises(SettingsError, match="127"):
        refuse_open_pages(Settings(host=host))
    locked = {"oidc_issuer": "https://id.example", "public_url": "https://hansyn.example"}
    with pytest.raises(SettingsError, match="https"):
        refuse_open_pages(Settings(host=host, oidc_issuer=locked["oidc_issuer"]))
    refuse_open_pages(Settings(host=host, **locked))  # type: ignore[arg-type]


def test_a_damaged_index_is_built_anew(loaded_data: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(loaded_data, data)
    for file in (data / "index").iterdir():
        file.write_bytes(b"not an index")
    application = build_app(Settings(data=data))
    try:
        assert application.corpus.retriever().search("Vad är bruttolistan?").hits
    finally:
        application.close()


def test_the_acts_come_in_once_with_locators_a_lawyer_would_accept(
    shared: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("HANSYN_DATA", str(tmp_path / "data"))
    laws = shared / "laws"
    for expected in ("published", "unchanged"):
        assert ingest([laws], publish=True, dry_run=False, as_of="", as_json=True) == 0
        report = json.loads(capsys.readouterr().out)
        assert len(report[expected]) == 5
    assert report["passages"] > 1_100
    application = build_app(load_settings())
    try:
        hits = application.corpus.retriever().search("vad säger 17 kap. 1 § LOU").hits
        assert hits[0].passage.locator == "LOU 17 kap. 1 §"
        assert hits[0].passage.source_date == "2025-09-01"
    finally:
        application.close()


def test_a_text_made_to_win_every_search_waits_until_somebody_has_looked(
    loaded_data: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("HANSYN_DATA", str(shutil.copytree(loaded_data, tmp_path / "data")))
    shipped = load_guidance(values={"support_mailbox": "stod@example.org"})
    asked_of_others = [question for each in shipped for question in each.questions]
    questions = '", "'.join(asked_of_others[::15])
    head = (
        "---\nid: {name}\ntitle: {name}\nbasis: S2\nsource: X\nsource_date: odaterad\nurl:\n"
        "owner_role: stödfunktionen\nreview_by: 2027-06-30\ntags: [prov]\n"
        'status: ej granskad av stödfunktionen\nquestions: ["{questions}"]\n---\n{body}\n'
    )
    plain = '", "'.join(f"var ligger provlokalen {number}" for number in range(5))
    bodies = {
        "girig": (questions, " ".join(each.title for each in shipped[::3])),
        "dold": (plain, "Provlokalen." + "\u200b" * 60),
        "vanlig": (plain, "Provlokalen ligger i Angered."),
    }
    files = tmp_path / "texter"
    files.mkdir()
    for name, (asked, body) in bodies.items():
        text = head.format(name=name, questions=asked, body=body)
        (files / f"{name}.md").write_text(text, encoding="utf-8")

    def report(*, flagged: bool) -> tuple[int, dict[str, object]]:
        code = ingest([files], publish=True, dry_run=False, as_of="", as_json=True, flagged=flagged)
        return code, json.loads(capsys.readouterr().out)

    code, held = report(flagged=False)
    assert held["faults"] == []
    assert (code, held["published"], held["held"]) == (1, ["vanlig"], ["dold", "girig"])
    reasons = {flag["document"]: flag["reason"] for flag in held["flags"]}  # type: ignore[attr-defined]
    assert reasons == {"dold": "hidden", "girig": "wins"}
    code, published = report(flagged=True)
    assert (code, published["published"]) == (0, ["dold", "girig"])


def test_a_broken_file_is_named_and_the_rest_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HANSYN_DATA", str(tmp_path / "data"))
    (tmp_path / "bruten.md").write_text("---\nid: bruten\ntitle [\n---\ntext\n")
    assert (
        ingest([tmp_path / "bruten.md"], publish=True, dry_run=False, as_of="", as_json=True) == 1
    )
    assert "bruten.md:" in json.loads(capsys.readouterr().out)["faults"][0]
