"""One person in several channels: codes, drafts that follow, and who may report where."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from talking import Talk

from bot.app import App
from bot.identity import is_known, linking_helps, may_report
from bot.linking import Wish, read_wish
from bot.messages import Command, ConversationKey, Said
from bot.settings import Settings
from storage.people import Person

pytest_plugins = ["app_fixtures"]


@dataclass
class TalkElsewhere(Talk):
    """The same in another channel."""

    channel: str = "telegram"

    @property
    def key(self) -> ConversationKey:
        return ConversationKey(self.channel, "t", self.person, "", self.person)


def code_in(text: str) -> str:
    found = re.search(r"koppla ((?:[0-9a-f]{4}-){3}[0-9a-f]{4})", text)
    assert found is not None
    return found[1]


def test_drafts_follow_to_linked_channels_that_take_reports(app: App) -> None:
    teams, telegram = TalkElsewhere(app, channel="teams"), TalkElsewhere(app, person="4711")
    teams.say("jag vill rapportera ett avsteg")
    code = code_in(teams.say("koppla"))
    assert "samma person" in telegram.say(f"koppla {code}")
    assert "ingen fråga öppen" in telegram.say("var var vi?")
    slack = TalkElsewhere(app, channel="slack", person="U1")
    slack.say(f"koppla {code_in(teams.say('koppla'))}")
    assert "Steg 1" in slack.say("var var vi?")
    assert "inte längre kopplad" in telegram.say("koppla bort")
    assert app.store.people.find("telegram:t", "4711") is None


def test_a_report_is_pointed_to_where_it_can_be_sent(app: App) -> None:
    telegram = TalkElsewhere(app, person="4711")
    assert "inte skicka in ärenden" in telegram.say("jag vill rapportera ett avsteg")
    assert linking_helps("web", Settings(public_url="https://hansyn.example.org"))
    assert not linking_helps("telegram", Settings())
    assert not linking_helps("teams", Settings(teams_reports=False))


def test_a_code_works_once_and_for_ten_minutes(app: App) -> None:
    teams = TalkElsewhere(app, channel="teams")
    first, second = code_in(teams.say("koppla")), code_in(teams.say("/koppla"))
    assert "gäller inte" not in TalkElsewhere(app, person="1").say(f"koppla {first}")
    assert "gäller inte" in TalkElsewhere(app, person="2").say(f"koppla {first}")
    assert "gäller inte" in TalkElsewhere(app, person="2").say("koppla 0000-0000-0000-0000")
    late = TalkElsewhere(app, person="3", now=teams.now + timedelta(minutes=11))
    assert "gäller inte" in late.say(f"koppla {second}")


def test_where_nobody_is_known_no_code_is_given_out(app: App) -> None:
    said = TalkElsewhere(app, person="4711").say("koppla")
    assert "Teams" in said
    assert "koppla " not in said.replace("”koppla”", "")


def test_a_dialog_goes_on_after_linking(app: App) -> None:
    teams = TalkElsewhere(app, channel="teams")
    asked = teams.say("jag vill rapportera ett avsteg").splitlines()[-1]
    assert asked in teams.say("koppla")


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        (Said("Koppla"), Wish()),
        (Command("koppla", "3F9A 0000 1111 2222"), Wish("3f9a000011112222")),
        (Said("link off"), Wish(apart=True)),
        (Said("koppla in stödfunktionen"), None),
        (Said("Kan vi koppla kravet till avtalet?"), None),
        (Said("koppla 123"), None),
    ],
)
def test_only_the_whole_wish_counts(said: Said | Command, wish: Wish | None) -> None:
    assert read_wish(said) == wish


@pytest.mark.parametrize(
    ("channel", "linked", "allowed"),
    [
        ("teams", False, True),
        ("slack", False, True),
        ("telegram", False, False),
        ("telegram", True, False),
        ("web", False, True),
    ],
)
def test_who_may_report_is_a_setting_per_channel(channel: str, linked: bool, allowed: bool) -> None:
    assert may_report(channel, Settings(), linked=linked) is allowed


def test_reports_by_telegram_need_a_linked_person_even_when_allowed() -> None:
    settings = Settings(telegram_reports=True)
    assert may_report("telegram", settings, linked=True)
    assert not may_report("telegram", settings, linked=False)
    assert not may_report("web", Settings(web_reports=False), linked=False)


def test_a_public_web_chat_takes_reports_of_linked_persons_only() -> None:
    public = Settings(public_url="https://hansyn.example.org")
    assert not may_report("web", public, linked=False)
    assert may_report("web", public, linked=True)
    nobody = Person("p", "", (("web:", "anna"), ("telegram:t", "17")))
    assert not is_known(nobody, public)
    assert is_known(replace(nobody, identities=(*nobody.identities, ("teams:t", "o"))), public)
