"""The terminal: the channel contract, and what only a terminal does."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels import NAMES, load_channel
from bot.channels.terminal import KEY, Console, run_terminal
from bot.errors import Busy
from bot.messages import Command, Opened, Reply, Said, Submitted
from storage.errors import DatabaseFull
from tests.contracts import ChannelContract, contents
from tests.fakes import ScriptedApp, say
from tests.terminal_person import TerminalDriver


@pytest.fixture
def driver(tmp_path: Path) -> TerminalDriver:
    return TerminalDriver(tmp_path)


class TestContract(ChannelContract):
    @pytest.fixture
    def driver(self, tmp_path: Path) -> TerminalDriver:
        return TerminalDriver(tmp_path)


def piped(text: str | bytes, app: ScriptedApp | None = None, **options: object) -> str:
    """What comes out of a pipe that ``text`` went into."""
    data = text.encode() if isinstance(text, str) else text
    stdin = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")
    out = io.StringIO()
    assert run_terminal(app or ScriptedApp(), stdin, out, **options) == 0  # type: ignore[arg-type]
    return out.getvalue()


def test_a_pipe_is_one_message_a_line_and_gets_no_greeting_and_no_prompts() -> None:
    assert piped("hej\nigen\n") == "Du skrev: hej\n\nDu skrev: igen\n\n"


def test_a_line_that_is_not_utf_8_is_named_and_the_next_is_read() -> None:
    seen = piped("åäö\n".encode("latin-1") + b"hej\n")
    assert "UTF-8" in seen
    assert "Du skrev: hej" in seen


def test_a_stream_that_cannot_show_a_letter_does_not_stop_the_talk() -> None:
    stdin = io.TextIOWrapper(io.BytesIO("räksmörgås\n".encode()), encoding="utf-8")
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    run_terminal(ScriptedApp(), stdin, out, width=80)
    assert b"r?ksm?rg?s" in out.buffer.getvalue()  # type: ignore[attr-defined]


def test_a_person_is_greeted_first_and_leaves_politely(monkeypatch: pytest.MonkeyPatch) -> None:
    typed = iter(["hej", "/avsluta"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(typed))
    app, out = ScriptedApp(), io.StringIO()
    run_terminal(app, io.StringIO(), out, interactive=True, width=80)
    assert isinstance(app.received[0].content, Opened)
    assert out.getvalue().startswith("Hej! Jag är en automatisk assistent.")
    assert out.getvalue().rstrip().endswith("Det du har skrivit är sparat.")


def test_an_answer_that_came_by_itself_is_shown_before_the_next_prompt(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app, out = ScriptedApp(), io.StringIO()
    letter = replace(say("Stödfunktionen svarar: ja, det får ni."), facts={"outcome": "letter"})

    def typed(prompt: str) -> str:
        if len(app.received) > 1:
            return "/avsluta"
        app.push(KEY, letter)
        return "hej"

    monkeypatch.setattr("builtins.input", typed)
    run_terminal(app, io.StringIO(), out, interactive=True, width=80)
    assert out.getvalue().count("ja, det får ni") == 1
    again = io.StringIO()
    monkeypatch.setattr("builtins.input", lambda prompt: "/avsluta")
    app.push(KEY, letter)
    run_terminal(app, io.StringIO(), again, interactive=True, width=80)
    assert "ja, det får ni" in again.getvalue()


@pytest.mark.parametrize("end", [EOFError, KeyboardInterrupt])
def test_end_of_input_and_ctrl_c_end_politely(
    monkeypatch: pytest.MonkeyPatch, end: type[BaseException]
) -> None:
    def ended(prompt: str) -> str:
        raise end

    monkeypatch.setattr("builtins.input", ended)
    out = io.StringIO()
    assert run_terminal(ScriptedApp(), io.StringIO(), out, interactive=True, width=80) == 0
    assert "Samtalet är avslutat" in out.getvalue()


def test_long_lines_are_wrapped_at_the_width_of_the_window() -> None:
    out = io.StringIO()
    console = Console(io.StringIO(), out, interactive=True, width=40)
    console.write(["ord " * 50])
    assert max(map(len, out.getvalue().splitlines())) <= 40


def test_a_label_or_a_number_with_a_bracket_picks_as_well(driver: TerminalDriver) -> None:
    driver.say("avsteg")
    assert "Du valde annual." in driver.say("ett helt år")
    driver.app._spent.clear()
    driver.say("avsteg")
    assert "Du valde single." in driver.say("1)")


def test_feedback_has_letters_so_that_numbers_stay_answers(driver: TerminalDriver) -> None:
    assert "a) Ja\nb) Nej" in driver.say("Får vi?")
    assert "Du skrev: 2" in driver.say("2")
    driver.say("Får vi?")
    assert "Du valde no." in driver.say("b")


def test_a_form_is_asked_field_by_field_and_sent_whole(driver: TerminalDriver) -> None:
    assert "Organisation\nNämnd eller bolag." in driver.say("formulär")
    assert "1) Tjänst\n2) Vara" in driver.say("Egnahemsbolaget")
    assert "mellan 1 och 2" in driver.say("7")
    driver.say("2")
    assert "behöver ett svar" not in driver.say("")
    assert "behöver ett svar" in driver.say("")
    assert "A-2026-0007" in driver.say("bråttom")
    assert contents(driver)[-1] == Submitted(
        "formular-1",
        {"organisation": "Egnahemsbolaget", "kind": "goods", "count": "", "reason": "bråttom"},
    )


def test_a_form_can_be_left_without_sending_anything(driver: TerminalDriver) -> None:
    driver.say("formulär")
    assert "Inget har skickats in" in driver.say("avbryt")
    assert contents(driver) == [Said("formulär")]
    assert "Du skrev: hej" in driver.say("hej")


def test_a_slash_makes_a_command(driver: TerminalDriver) -> None:
    driver.say("/hjalp med avsteg")
    assert contents(driver) == [Command("hjalp", "med avsteg")]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Busy(), "många"),
        (DatabaseFull(), "inte tagits emot"),
        (RuntimeError("hemligt"), "gick fel hos oss"),
    ],
)
def test_a_fault_is_told_and_the_talk_goes_on(
    driver: TerminalDriver, fault: Exception, told: str
) -> None:
    driver.app.fault = fault
    assert told in driver.say("hej")
    driver.app.fault = None
    assert "Du skrev: hej" in driver.say("hej")


def test_an_answer_cannot_command_the_terminal(driver: TerminalDriver) -> None:
    driver.app.script = lambda content: say("vit\x1b[2J\x07text")
    assert driver.say("hej") == "vit[2Jtext\n\n"


def test_a_saved_file_never_replaces_another(driver: TerminalDriver) -> None:
    driver.say("Får vi?")
    driver.type("fil 1")
    assert "S-1042-1.txt" in driver.type("fil 1")


def test_the_language_of_the_reply_is_the_language_of_the_terminal(driver: TerminalDriver) -> None:
    driver.app.script = lambda content: Reply((), language="en")
    driver.say("hello")
    assert driver.terminal.words("bye").startswith("The conversation")


def test_a_message_past_256_kb_is_refused_with_a_reason(driver: TerminalDriver) -> None:
    assert "för långt" in driver.say("å" * 200_000)
    assert contents(driver) == []


def test_every_named_channel_that_is_here_can_be_loaded() -> None:
    assert load_channel("terminal") is run_terminal
    assert set(NAMES) >= {"terminal", "web"}
