"""Recorded dialogs are replayed: each turn must still say, ask, fill and do the same.

A transcript is a TOML file in ``transcripts/``: the dialog, the language and its turns. ``you`` is
text, ``doubt`` a text that may be a question, ``press`` a button, ``do`` a
command. What is left out of a turn is not checked.
"""

import tomllib
from pathlib import Path

import pytest
from strategies import given_now

from bot.texts import load_texts
from intents import exchange
from intents.dialogs import load_dialogs
from intents.engine import step
from intents.states import from_json, to_json

FOLDER = Path(__file__).parent / "transcripts"
TRANSCRIPTS = sorted(
    path for path in FOLDER.glob("*.toml") if "dialog" in tomllib.loads(path.read_text("utf-8"))
)


def message_of(turn):
    if "you" in turn:
        return exchange.Answer(turn["you"])
    if "press" in turn:
        return exchange.Pressed(turn["press"])
    if "doubt" in turn:
        return exchange.Doubtful(turn["doubt"])
    if "begin" in turn:
        return exchange.Begin(turn["begin"], turn.get("values", {}), turn.get("amends", ""))
    return getattr(exchange, turn["do"])()


def effect_name(effect):
    name = type(effect).__name__.lower()
    return f"{name}:{getattr(effect, 'kind', getattr(effect, 'dialog', ''))}".rstrip(":")


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_recorded_dialog_goes_the_same_way(path):
    script = tomllib.loads(path.read_text("utf-8"))
    dialog, language, state = load_dialogs()[script["dialog"]], script["language"], None
    for number, turn in enumerate(script["turn"]):
        numbers = script.get("numbers", {})
        lookups = script.get("lookups", {})
        given = given_now(number, language=language, numbers=numbers, lookups=lookups)
        taken = step(dialog, state, message_of(turn), given)
        said = "\n".join(load_texts().render(s.key, language, **s.values) for s in taken.says)
        for fragment in turn.get("says", ()):
            assert fragment in said, f"turn {number}: {said}"
        for fragment in turn.get("never", ()):
            assert fragment not in said, f"turn {number}: {said}"
        pending = taken.state.pending if taken.state else ""
        assert pending == turn.get("pending", pending), f"turn {number}: {said}"
        if "filled" in turn:
            filled = {k: taken.state.values.get(k) for k in turn["filled"]}
            assert filled == turn["filled"], f"turn {number}"
        done = [effect_name(effect) for effect in taken.effects]
        assert done == turn.get("does", []), f"turn {number}: {done}"
        # Every turn is a restart: only what survives JSON goes on.
        state = from_json(to_json(taken.state)) if taken.state else None


def test_every_dialog_has_a_transcript_in_each_language():
    scripts = [tomllib.loads(path.read_text("utf-8")) for path in TRANSCRIPTS]
    recorded = {(script["dialog"], script["language"]) for script in scripts}
    assert recorded == {(name, language) for name in load_dialogs() for language in ("sv", "en")}
