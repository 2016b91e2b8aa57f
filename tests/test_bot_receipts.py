"""Whose a report is: by person in all linked channels, by number and secret word otherwise."""

from __future__ import annotations

import random
import re

import pytest
from talking import Talk
from test_bot_drafts import GAPS, STORY
from test_bot_linking import TalkElsewhere, code_in

from bot.app import App
from intents.receipt_words import find_word, to_word
from storage.model import CaseFilter

pytest_plugins = ["app_fixtures"]

WORD = re.compile(r"\b\w{4}-\w{4}-\w{4}\b")


def filed(app: App, talk: Talk) -> str:
    """Files a report and returns its number."""
    for line in (STORY, *GAPS):
        talk.say(line)
    return app.store.cases.list(CaseFilter(kinds=("deviation",)))[-1].number


def test_whoever_is_not_known_gets_a_word_that_opens_the_report_elsewhere(
    app: App, talk: Talk
) -> None:
    number = filed(app, talk)
    [word] = WORD.findall(talk.text)
    stored = [event.facts for event in app.store.cases.events(number)]
    assert word not in str(stored)
    assert "inskickad" in talk.say(f"hur går det med {number}?")
    stranger = Talk(app, person="bo")
    assert "Vilket ord" in stranger.say(f"hur går det med {number}?")
    assert "finns inte, eller" in stranger.say("kavo lume tisa")
    stranger.say(f"hur går det med {number}?")
    assert "inskickad" in stranger.say(f"det är {word.replace('-', ' ').upper()}")
    assert "inskickad" in stranger.say(f"läget för {number}, {word}")
    # The word opens the status; changing the report is for whoever sent it.
    assert "finns inte, eller" in stranger.say(f"ändra {number} {word}")
    assert app.open_file(f"receipt:{number}:txt", stranger.key) is None


def test_a_number_that_is_not_there_sounds_like_somebody_elses(app: App, talk: Talk) -> None:
    assert "Vilket ord" in talk.say("hur går det med A-2026-0999?")
    assert "finns inte, eller" in talk.say("hoppa över")


def test_a_persons_report_follows_to_linked_channels(app: App) -> None:
    teams, slack = TalkElsewhere(app, channel="teams"), TalkElsewhere(app, "U1", channel="slack")
    number = filed(app, teams)
    assert WORD.findall(teams.text) == []
    assert "Vilket ord" in slack.say(f"hur går det med {number}?")
    slack.say("hoppa över")
    slack.say(f"koppla {code_in(teams.say('koppla'))}")
    assert "inskickad" in slack.say(f"hur går det med {number}?")
    assert app.open_file(f"receipt:{number}:txt", slack.key) is not None
    assert app.open_file(f"receipt:{number}:txt", TalkElsewhere(app, "U2").key) is None


def test_the_organisation_of_the_last_report_is_taken_until_another_is_said(
    app: App, talk: Talk
) -> None:
    filed(app, talk)
    assert "Poseidon" in talk.say("jag vill rapportera ett avsteg")
    assert "Vilken förvaltning" in talk.say("ändra organisation")
    assert "Higab" in talk.say("Higab")
    talk.say("avbryt")
    talk.say("ja")
    assert "Poseidon" not in talk.say("Vi på Higab vill rapportera ett avsteg")
    assert "Poseidon" not in Talk(app, person="bo").say("jag vill rapportera ett avsteg")


@pytest.mark.parametrize("text", ["dina mina vara", "kavo", "", "kavolumetisa", "a" * 600])
def test_no_ordinary_text_is_a_word(text: str) -> None:
    assert find_word(text) is None


def test_every_word_is_read_as_it_was_given(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(500):
        word = to_word(chance.getrandbits(64))
        assert find_word(f"ordet är {word}.") == word
        assert find_word(word.upper().replace("-", " "), asked=True) == word
