"""What people notice when old messages are forgotten: nothing but that old talk is gone."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from talking import NOON, Talk, jobs_at
from test_bot_drafts import GAPS, STORY
from typer.testing import CliRunner

from bot.administration.erasure import erase, find_traces
from bot.app import App
from bot.cli import app as command
from bot.messages import Choices, Chose, Form, Submitted
from bot.policy import OPERATOR
from bot.port import Letter
from storage.model import CaseFilter

pytest_plugins = ["app_fixtures"]

GONE = "Inget har ändrats"


def days_pass(app: App, *talks: Talk, days: int) -> None:
    """The server has run for so many days."""
    now = max(talk.now for talk in talks) + timedelta(days=days)
    jobs_at(app, lambda: now).run()
    for talk in talks:
        talk.now = now


def buttons(talk: Talk) -> list[tuple[str, str]]:
    return [(part.interaction, option.value) for part in talk.parts(Choices)
            for option in getattr(part, "options", ())]  # fmt: skip


def test_after_a_month_the_talk_is_gone_and_old_buttons_say_so(app: App, talk: Talk) -> None:
    talk.say("Ska städning i sex månader med tre personer med på bruttolistan?")
    [old, *_] = buttons(talk)
    talk.say("Vad är bruttolistan?")
    days_pass(app, talk, days=31)
    assert app.turns(talk.key, 10) == ()
    talk.send(Chose(*old))
    assert GONE in talk.text
    assert "fyra månader" in talk.say("Vad är bruttolistan?")
    assert [turn.number for turn in app.turns(talk.key, 10)] == [1, 2]


def test_an_answer_is_kept_by_its_number_when_nobody_knows_whose_it_was(
    app: App, talk: Talk
) -> None:
    talk.say("Vad är bruttolistan?")
    number = talk.files[0].reference.partition(":")[2]
    before = app.store.answers.find(number)
    days_pass(app, talk, days=89)
    assert app.open_file(f"record:{number}", talk.key) is not None
    days_pass(app, talk, days=2)
    answer = app.store.answers.find(number)
    assert before is not None
    assert answer is not None
    assert (answer.question, answer.answer, answer.quotes, answer.corpus_version) == (
        before.question, before.answer, before.quotes, before.corpus_version,
    )  # fmt: skip
    assert (answer.conversation_key, app.open_file(f"record:{number}", talk.key)) == ("", None)
    talk.send(Chose(f"feedback:{number}", "no"))
    assert talk.parts(Form)


def test_a_draft_and_its_talk_stay_as_long_as_the_draft(app: App, talk: Talk) -> None:
    talk.say(STORY)
    days_pass(app, talk, days=20)
    talk.say("Nybyggnad")
    days_pass(app, talk, days=20)
    assert len(app.turns(talk.key, 10)) == 2
    assert "Nybyggnad" in talk.command("summary")


def test_the_asker_of_an_open_case_gets_the_answer_after_months(app: App, talk: Talk) -> None:
    for line in ("jag vill prata med en människa", "Hur räknas vite?", "hoppa över", "hoppa över",
                 "ja"):  # fmt: skip
        talk.say(line)
    (case,) = app.store.cases.list(CaseFilter(kinds=("handover",)))
    days_pass(app, talk, days=100)
    assert app.support.send(OPERATOR, case.number, Letter("answer", "Per avrop.", "b1"))
    app.relay.deliver_due()
    assert "Per avrop." in str(app.turns(talk.key, 9))
    talk.say("men hur räknas vite vid försening?")
    assert ("case:" + case.number, "send") in buttons(talk)


def test_a_report_is_never_destroyed(app: App, talk: Talk) -> None:
    for line in (STORY, *GAPS):
        talk.say(line)
    (case,) = app.store.cases.list(CaseFilter(kinds=("deviation",)))
    days_pass(app, talk, days=4000)
    assert app.store.cases.find(case.number) == case
    assert "inskickad" in talk.say(f"hur går det med {case.number}?")


WORDS = (STORY, "ja", "nej", "Nybyggnad", "fortsätt", "avbryt", "Vad är bruttolistan?",
         "Ska städning i sex månader med tre personer med på bruttolistan?",
         "jag vill prata med en människa", "mina rapporter", "hoppa över")  # fmt: skip


def test_whatever_was_going_on_every_conversation_still_works(app: App) -> None:
    seed = random.randrange(10**6)
    dice = random.Random(seed)
    talks = [Talk(app, f"{seed}-{number}") for number in range(3)]
    shown: dict[str, list[tuple[str, str]]] = {talk.person: [] for talk in talks}
    cases = 0
    for _ in range(60):
        talk = dice.choice(talks)
        pressable = shown[talk.person]
        if dice.random() < 0.15:
            days_pass(app, *talks, days=dice.choice((1, 8, 31, 91)))
        elif pressable and dice.random() < 0.4:
            interaction, value = dice.choice(pressable)
            talk.send(dice.choice((Chose(interaction, value), Submitted(interaction, {}))))
        else:
            talk.say(dice.choice(WORDS))
        assert talk.reply.parts or not talk.sent, f"seed {seed}"
        shown[talk.person] += buttons(talk)
        assert len(app.turns(talk.key, 50)) <= app.revision(talk.key), f"seed {seed}"
        filed = len(app.store.cases.list(CaseFilter()))
        assert filed >= cases, f"seed {seed}"
        cases = filed


def test_who_asks_to_be_forgotten_keeps_only_what_the_law_keeps(app: App, talk: Talk) -> None:
    other = Talk(app, "bo")
    other.say("Vad är bruttolistan?")
    for line in (STORY, *GAPS, "Vad är bruttolistan?"):
        talk.say(line)
    (case,) = app.store.cases.list(CaseFilter(kinds=("deviation",)))
    identity = (talk.key.issuer, talk.key.person)
    planned = find_traces(app.store, *identity)
    done = erase(app.store, identity, "operator", NOON)
    assert (done.rows, [kept.number for kept in done.kept]) == (planned.rows, [case.number])
    assert app.turns(talk.key, 5) == ()
    assert len(app.turns(other.key, 5)) == 1
    assert app.store.cases.find(case.number) == case
    assert not any(find_traces(app.store, *identity).rows.values())
    logged = app.store.audit.list()[-1]
    assert (logged.action, talk.person in logged.object) == ("erase", False)


def test_every_run_is_noted_and_the_server_runs_once_a_day(app: App, talk: Talk) -> None:
    jobs = jobs_at(app, lambda: talk.now)
    jobs.run()
    jobs.run()
    talk.now += timedelta(days=1)
    jobs.run()
    runs = [entry for entry in app.store.audit.list() if entry.object == "retention"]
    assert [(entry.actor, entry.action) for entry in runs] == [("system", "forget")] * 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run", "--dry-run"], "Skulle glömmas"),
        (["run"], "allmänna handlingar"),
        (["erase", "web:", "anna", "--dry-run"], "Meddelanden och svar"),
        (["erase", "web:", "anna", "--json"], '"dry_run": false'),
        (["erase", "web:", "ingen"], ""),
    ],
)
def test_the_commands_say_what_they_did(
    app: App, talk: Talk, arguments: list[str], told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk.say("Vad är bruttolistan?")
    app.close()
    monkeypatch.setenv("HANSYN_DATA", str(app.configuration.data))
    result = CliRunner().invoke(command, ["retention", *arguments])
    assert told in result.output
    assert result.exit_code == (0 if told else 1), result.output
