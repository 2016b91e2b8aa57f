"""In the middle of a form anything may be said; the form waits, and nothing is taken by mistake."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from talking import NOON, Talk

from bot.app import App, build_app
from bot.messages import Choices, Chose, ConversationKey, Due, Opened
from bot.settings import Settings
from bot.thread import Thread, join, thread_from_json
from intents.dialogs import load_dialogs
from intents.model import State
from storage.model import CaseFilter
from storage.people import digest
from storage.records import LinkIdentity, NewLinkCode, Turn

pytest_plugins = ["app_fixtures"]

STORY = "vi på Egnahemsbolaget kom överens med målaren om två lärlingsplatser i går utan er"
#: Said in between, and a word of what the person gets for it, before the same question again.
BETWEEN = {
    "Vad är bruttolistan?": "fyra månader",
    "What is the gross list?": "fyra månader",
    "hej": "Hej",
    "Tack!": "Varsågod",
    "hjälp": "ställa en fråga",
    "vem är du?": "automatisk assistent",
}
#: A first answer for each dialog, so that more than the first question is tried.
FIRST = {"deviation": "hoppa över", "handover": "Hur räknas vite?", "survey": "upphandlare"}


NUMBERS = count()


@pytest.fixture(scope="module")
def one_app(loaded_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """One application for all; each test is a new person."""
    folder = tmp_path_factory.mktemp("own") / "data"
    shutil.copytree(loaded_data, folder)
    application = build_app(Settings(data=folder), lambda: NOON)
    yield application
    application.close()


@pytest.fixture
def talk(one_app: App) -> Talk:
    return Talk(one_app, f"anna{next(NUMBERS)}")


def thread_of(talk: Talk) -> Thread:
    return thread_from_json(talk.app.store.load_conversation(str(talk.key)).state_json)


def values_of(talk: Talk) -> dict[str, object]:
    state = thread_of(talk).active
    assert state is not None
    return dict(state.values)


def buttons(talk: Talk) -> str:
    """Id of the buttons of the pending question."""
    shown = (part for part in talk.parts(Choices) if isinstance(part, Choices))
    return next(part.interaction for part in shown if part.role == "dialog")


def last_line(talk: Talk) -> str:
    return talk.text.splitlines()[-1]


@pytest.mark.parametrize("name", sorted(load_dialogs()))
def test_a_question_or_a_greeting_at_any_step_leads_back_to_the_very_same_question(
    talk: Talk, name: str
) -> None:
    talk.send(Due("begin", {"dialog": name, "values": {}, "amends": ""}))
    for answer in ("", FIRST.get(name, "Higab")):
        if answer:
            talk.say(answer)
        before, asked = thread_of(talk).active, last_line(talk)
        for said, expected in BETWEEN.items():
            if before is not None and before.pending == "question" and said.endswith("?"):
                continue
            seen = talk.say(said)
            assert thread_of(talk).active == before, said
            if talk.reply.language == "sv":
                assert expected in seen, said
                assert last_line(talk) == asked, said
        talk.say("på svenska")


def test_a_rule_question_in_mid_form_is_answered_with_its_sources(talk: Talk) -> None:
    talk.say(STORY)
    talk.say("vad räknas som avsteg?")
    assert talk.sources
    assert "enhet" in last_line(talk)


def test_a_case_for_the_list_in_mid_form_gets_its_verdict_and_can_be_registered_later(
    talk: Talk,
) -> None:
    talk.say(STORY)
    seen = talk.say("ska 6 månader och 3 personer med på listan?")
    assert "Ja, den ska med" in seen
    assert "enhet" in last_line(talk)
    assert [state.dialog for state in thread_of(talk).dialogs] == ["screening", "deviation"]


@pytest.mark.parametrize("said", ["enheten heter väl bygg?", "jag vill prata med en människa"])
def test_what_may_be_a_question_is_stored_only_when_the_person_says_so(
    talk: Talk, said: str
) -> None:
    talk.say(STORY)
    before = values_of(talk)
    talk.say(said)
    assert values_of(talk) == before
    talk.press("doubt_save")
    assert values_of(talk)["unit"] == said


def test_a_doubtful_text_is_answered_when_it_was_a_question(talk: Talk) -> None:
    talk.say(STORY)
    talk.say("jag vill prata med en människa")
    seen = talk.press("doubt_answer")
    assert "fråga till stödfunktionen" in seen
    talk.say("avbryt")
    assert "enhet" in last_line(talk)


@pytest.mark.parametrize("said", ["hej", "skicka", "hjälp", "in English please", "fortsätt"])
def test_a_greeting_or_a_command_is_never_an_answer(talk: Talk, said: str) -> None:
    talk.say(STORY)
    before = values_of(talk)
    talk.say(said)
    assert values_of(talk) == before


def test_another_errand_is_done_first_and_the_form_goes_on_after_it(talk: Talk) -> None:
    talk.say(STORY)
    talk.say("Nybyggnad")
    assert "Vi tar det här först" in talk.say("jag vill prata med en människa")
    for line in ("Hur räknas vite?", "hoppa över", "hoppa över"):
        talk.say(line)
    seen = talk.say("ja")
    assert "tillbaka till det du höll på med" in seen
    assert "Vilken roll" in last_line(talk)
    assert values_of(talk)["unit"] == "Nybyggnad"


def test_two_stories_are_two_drafts_and_none_is_lost(talk: Talk) -> None:
    talk.say(STORY)
    talk.say("fortsätt senare")
    assert "tidigare utkast finns kvar" in talk.say(STORY.replace("Egnahemsbolaget", "Higab"))
    talk.say("avbryt")
    talk.say("ja")
    assert "Egnahemsbolaget" in talk.say("fortsätt")


def test_whoever_tells_and_asks_whether_it_counts_is_answered_before_anything_is_reported(
    talk: Talk,
) -> None:
    story = f"{STORY}. Blir det ett avsteg?"
    assert "valt att inte använda stadens" in talk.say(story)
    assert "Steg" not in talk.text
    assert "”Egnahemsbolaget”" in talk.press(f"deviation:{story}")


def test_without_a_form_a_command_says_that_nothing_is_open(talk: Talk) -> None:
    for said in ("avbryt", "fortsätt", "var var vi?", "varför frågar ni?", "ändra 3", "ja"):
        assert "ingen fråga öppen" in talk.say(said), said


def test_a_correction_of_the_last_answer_needs_no_number(talk: Talk) -> None:
    talk.say(STORY)
    talk.say("Nybyggnad")
    assert "Enhet: Ombyggnad" in talk.say("nej vänta, Ombyggnad")
    assert values_of(talk)["unit"] == "Ombyggnad"


def test_yesterdays_question_takes_todays_answer(app: App, reopened: Callable[[], App]) -> None:
    talk = Talk(app)
    talk.say(STORY)
    tomorrow = replace(talk, app=reopened(), now=talk.now + timedelta(days=1))
    tomorrow.say("Nybyggnad")
    assert values_of(tomorrow)["unit"] == "Nybyggnad"
    assert values_of(tomorrow)["event_date"] == "2026-11-19"


def test_a_button_of_a_form_that_rests_says_so_and_offers_to_go_on(talk: Talk) -> None:
    talk.say(STORY)
    talk.say("Nybyggnad")
    old = buttons(talk)
    talk.say("fortsätt senare")
    talk.send(Chose(old, "chef"))
    assert "gått ut" in talk.text
    assert "Vilken roll" in talk.press("resume")
    assert "role" not in values_of(talk)


def test_a_button_of_the_form_below_goes_back_to_it(talk: Talk) -> None:
    talk.say(STORY)
    talk.say("Nybyggnad")
    old = buttons(talk)
    talk.say("jag vill prata med en människa")
    talk.send(Chose(old, "chef"))
    assert values_of(talk)["role"] == "chef"


# One person, two channels ---------------------------------------------------------------------


@dataclass
class Elsewhere(Talk):
    """A conversation on a channel with a tenant."""

    channel: str = "slack"

    @property
    def key(self) -> ConversationKey:
        return ConversationKey(self.channel, "T1", f"D-{self.person}", "", self.person)


@pytest.fixture
def slack(one_app: App) -> Elsewhere:
    return Elsewhere(one_app, f"U{next(NUMBERS)}")


@pytest.fixture
def teams(slack: Elsewhere) -> Elsewhere:
    """The same person on another channel, linked by a one-time code."""
    code, later = digest(slack.person), NOON + timedelta(hours=1)
    other = Elsewhere(slack.app, f"29:{slack.person}", channel="teams")
    records = (
        NewLinkCode(code, "slack:T1", slack.person, expires_at=later),
        LinkIdentity(code, "teams:T1", other.person),
    )
    turn = Turn(code, "web", code, NOON, 0, None, "sv", "{}", records=records)
    slack.app.store.commit_turn(turn)
    return other


def test_a_draft_begun_on_one_channel_is_gone_on_with_on_another(
    slack: Elsewhere, teams: Elsewhere
) -> None:
    slack.say(STORY)
    teams.send(Opened())
    assert "utkast kvar" in teams.text
    assert "Egnahemsbolaget" in teams.press("resume")
    teams.say("Nybyggnad")
    assert "Enhet: Nybyggnad" in slack.say("fortsätt")


def test_a_form_under_way_elsewhere_takes_no_answer_here(
    slack: Elsewhere, teams: Elsewhere
) -> None:
    slack.say(STORY)
    teams.say("Nybyggnad")
    assert "Enhet: Nybyggnad" not in slack.say("var var vi?")
    slack.say("Ombyggnad")
    assert "Enhet: Ombyggnad" in slack.say("var var vi?")


def test_a_button_left_on_the_other_channel_is_stale(slack: Elsewhere, teams: Elsewhere) -> None:
    slack.say(STORY)
    slack.say("Nybyggnad")
    old = buttons(slack)
    teams.say("fortsätt")
    teams.say("projektledare")
    slack.send(Chose(old, "chef"))
    assert "gått ut" in slack.text
    assert "Roll: projektledare" in slack.press("resume")


def test_a_yes_on_both_channels_makes_one_case(
    slack: Elsewhere, teams: Elsewhere, app: App
) -> None:
    slack.command("fraga")
    for line in ("Hur räknas vite?", "hoppa över", "hoppa över"):
        slack.say(line)
    teams.say("fortsätt")
    teams.say("ja")
    slack.say("ja")
    cases = slack.app.store.cases.list(CaseFilter())
    theirs = {str(slack.key), str(teams.key)}
    assert len([case for case in cases if case.submitted_by in theirs]) == 1


def test_a_draft_from_before_the_channels_were_linked_comes_along() -> None:
    own = Thread((State("survey", 1, ""),))
    joined = join(own, Thread((State("visit", 1, "", place="teams|x"),)), "slack|y")
    assert [state.place for state in joined.dialogs] == ["teams|x", "slack|y"]


@pytest.mark.parametrize(
    ("said", "matter"),
    [("kan jag prata med en människa", ""), ("svaret hjälper inte, skicka vidare", "Vad är vite?")],
)
def test_an_old_question_is_the_matter_only_of_who_points_back_to_it(
    talk: Talk, said: str, matter: str
) -> None:
    talk.say("Vad är vite?")
    talk.say(said)
    assert str(values_of(talk).get("question") or "") == matter
