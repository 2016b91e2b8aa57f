"""A person, an unreliable channel and a second process walk the whole turn; seven faults are seen.

Everything a person says is also said once, in the order it was stored, to a process that nothing
happens to. Whatever the channel repeats, whoever comes between and whenever the process dies: both
conversations must stand alike, with as many cases, and one alert for each.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from strategies import LIKELY
from talking import NOON

import bot.router
from bot.app import App, build_app
from bot.messages import Content, ConversationKey, Due, Envelope, Reply, Said
from bot.relay import Relay
from bot.settings import Settings
from bot.thread import Thread, thread_from_json
from bot.turn import TurnRunner
from intents import commands
from intents.exchange import Answer
from intents.hearing import hear
from storage.model import CaseFilter, Committed, Conversation, OutboxRow
from storage.records import Turn
from storage.store import Store

pytest_plugins = ["app_fixtures"]

#: Dialogs that need no case of somebody's to begin with.
DIALOGS = ("handover", "deviation", "deviation_annual", "screening", "survey", "example", "visit",
           "consultation", "procurement_help", "report_status")  # fmt: skip
QUESTION = "Måste vi alltid ställa sociala krav?"
#: Short answers that some dialog takes.
SHORT = ("hoppa över", "ja", "Hur räknas vite?", "Higab", "två lärlingsplatser", "vet inte", "3")
ANYTHING = (*SHORT, "i går", "upphandlare", "Ale", "nybyggnad", *LIKELY)


class Through:
    """A store that passes everything on; faults change one thing each."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def die(self) -> None:
        """The process is killed."""


class Interrupted(Through):
    """Lets another process finish a turn between this one's loading and storing."""

    meanwhile: Callable[[], object] | None = None

    def load_conversation(self, key: str) -> Conversation:
        loaded = self._store.load_conversation(key)
        work, self.meanwhile = self.meanwhile, None
        if work is not None:
            work()
        return loaded


class NoDedupe(Through):
    """Takes every delivery for a new message."""

    deliveries: ClassVar[Iterator[int]] = count()

    def find_reply(self, channel: str, message_id: str) -> None:
        return None

    def commit_turn(self, turn: Turn) -> Committed:
        return self._store.commit_turn(
            replace(turn, message_id=f"{turn.message_id}#{next(self.deliveries)}")
        )


class AckFirst(Through):
    """Answers before it stores; what waits dies with the process."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.waiting: list[Turn] = []

    def commit_turn(self, turn: Turn) -> Committed:
        self.waiting.append(turn)
        return Committed(turn.seen_version + 1)

    def find_reply(self, channel: str, message_id: str) -> str | None:
        while self.waiting:
            self._store.commit_turn(self.waiting.pop(0))
        return self._store.find_reply(channel, message_id)

    def die(self) -> None:
        self.waiting.clear()


class NoVersionCheck(Through):
    """Writes over whatever is there."""

    def commit_turn(self, turn: Turn) -> Committed:
        version = self._store.load_conversation(turn.key).version
        return self._store.commit_turn(replace(turn, seen_version=version))


class StaleState(Through):
    """Remembers conversations and never looks whether somebody else went on with them."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.remembered: dict[str, str | None] = {}

    def load_conversation(self, key: str) -> Conversation:
        loaded = self._store.load_conversation(key)
        return replace(loaded, state_json=self.remembered.setdefault(key, loaded.state_json))

    def commit_turn(self, turn: Turn) -> Committed:
        self.remembered[turn.key] = turn.state_json
        return self._store.commit_turn(turn)


class DoubleAlert(Through):
    """Tells the support function twice."""

    def commit_turn(self, turn: Turn) -> Committed:
        again = tuple(replace(item, idem=f"{item.idem}:again") for item in turn.outbox)
        return self._store.commit_turn(replace(turn, outbox=(*turn.outbox, *again)))


class Sink:
    """Counts what reaches the support page."""

    def __init__(self) -> None:
        self.alerts: Counter[str] = Counter()

    def send(self, row: OutboxRow) -> None:
        self.alerts[str(row.payload.get("number"))] += 1


def forms(thread: Thread) -> list[tuple[object, ...]]:
    """What a person would notice of the dialogs under way."""
    return [(s.dialog, s.pending, dict(s.values), s.changing, s.paused) for s in thread.dialogs]


class TurnWalk(RuleBasedStateMachine):
    """A person who is delivered twice, comes from two tabs and has the server die on them."""

    app: ClassVar[App]
    #: What is between the turn and the store, to see whether the walk notices.
    fault: ClassVar[type[Through]] = Through
    people: ClassVar[Iterator[int]]

    def __init__(self) -> None:
        super().__init__()
        self.number = next(self.people)
        self.said: list[tuple[Envelope, Reply]] = []
        self.calm = self.runner(Through(self.app.store))
        self.start()

    def start(self) -> None:
        """A process begins."""
        self.gate = Interrupted(self.app.store)
        self.store = self.fault(self.gate)  # type: ignore[arg-type]
        self.process = self.runner(self.store)

    def runner(self, store: Through) -> TurnRunner:
        return TurnRunner(store, self.app.services, lambda *_: None)  # type: ignore[arg-type]

    def key(self, name: str) -> ConversationKey:
        person = f"{name}{self.number}"
        return ConversationKey("web", "", person, "", person)

    def envelope(self, content: Content) -> Envelope:
        at = NOON + timedelta(seconds=len(self.said))
        return Envelope(self.key("p"), f"m{self.number}-{len(self.said)}", at, content)

    def thread(self, name: str) -> Thread:
        return thread_from_json(self.app.store.load_conversation(str(self.key(name))).state_json)

    def note(self, envelope: Envelope, reply: Reply) -> None:
        """Say it to the calm process too."""
        self.said.append((envelope, reply))
        self.calm.receive(
            replace(envelope, key=self.key("c"), message_id=f"c{envelope.message_id}")
        )

    def send(self, content: Content) -> None:
        envelope = self.envelope(content)
        reply = self.process.receive(envelope)
        assert reply.parts, "something is always said"
        self.note(envelope, reply)

    # Every second walk is one that soon ends in a case.
    @initialize(name=st.just("handover") | st.sampled_from(DIALOGS))
    def begin(self, name: str) -> None:
        self.send(Due("begin", {"dialog": name, "values": {}, "amends": ""}))

    @rule(text=st.sampled_from(ANYTHING))
    def say(self, text: str) -> None:
        self.send(Said(text))

    @rule()
    def finish(self) -> None:
        """Skip what can be skipped and say yes: most walks end in a case."""
        for text in ("Hur räknas vite?", "hoppa över", "hoppa över", "ja"):
            self.send(Said(text))

    @rule(back=st.integers(1, 6))
    def deliver_again(self, back: int) -> None:
        envelope, reply = self.said[-min(back, len(self.said))]
        assert self.process.receive(envelope) == reply

    @rule(mine=st.sampled_from(SHORT), other=st.sampled_from(SHORT))
    def two_tabs(self, mine: str, other: str) -> None:
        """Another process stores a turn of the same conversation while this one decides."""
        second = replace(self.envelope(Said(other)), message_id=f"t{self.number}-{len(self.said)}")
        elsewhere = self.runner(Through(self.app.store))
        self.gate.meanwhile = lambda: self.note(second, elsewhere.receive(second))
        first = self.envelope(Said(mine))
        self.note(first, self.process.receive(first))

    @rule()
    def die(self) -> None:
        self.store.die()
        self.start()

    @rule(text=st.sampled_from(SHORT))
    def take_back(self, text: str) -> None:
        before = self.thread("p")
        self.send(Said(text))
        after = self.thread("p")
        if not before.active or not after.active or before.active.aside or after.active.aside:
            return
        if len(after.active.history) == len(before.active.history) + 1:
            self.send(Said("tillbaka"))
            assert forms(self.thread("p")) == forms(before), "back undoes exactly one step"

    @rule()
    def ask_in_between(self) -> None:
        before = self.thread("p")
        self.send(Said(QUESTION))
        if before.active and before.active.pending != "question":
            assert forms(self.thread("p")) == forms(before), "a digression changes nothing"

    @invariant()
    def nothing_is_lost_or_doubled(self) -> None:
        if not self.said:
            return
        assert forms(self.thread("p")) == forms(self.thread("c"))
        cases = {name: self.cases(name) for name in "pc"}
        assert len(cases["p"]) == len(cases["c"])
        if cases["p"]:
            sink = Sink()
            silent = {"page": sink, "conversation": Sink()}
            Relay(self.app.store, silent, lambda: NOON + timedelta(days=1), _alarm).deliver_due()
            assert all(told == 1 for told in sink.alerts.values())

    def cases(self, name: str) -> list[str]:
        mine = str(self.key(name))
        return [c.number for c in self.app.store.cases.list(CaseFilter()) if c.submitted_by == mine]


def _alarm(row: OutboxRow) -> None:
    raise AssertionError(row)


@pytest.fixture(scope="module")
def walked(loaded_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """One application for all walks; each walk is a new person."""
    folder = tmp_path_factory.mktemp("own") / "data"
    shutil.copytree(loaded_data, folder)
    application = build_app(Settings(data=folder), lambda: NOON)
    yield application
    application.close()


PEOPLE = count()


def walk(app: App, fault: type[Through], examples: int) -> None:
    known = {"app": app, "fault": fault, "people": PEOPLE}
    case = type("Walk", (TurnWalk,), known).TestCase
    case.settings = settings(max_examples=examples, stateful_step_count=8, database=None,
                             phases=(Phase.generate,), report_multiple_bugs=False,
                             suppress_health_check=list(HealthCheck))  # fmt: skip
    case().runTest()


def test_nothing_is_lost_or_doubled_whatever_happens_to_a_turn(walked: App, full: bool) -> None:
    walk(walked, Through, 200 if full else 10)


@pytest.mark.parametrize(
    "fault", [NoDedupe, AckFirst, NoVersionCheck, StaleState, DoubleAlert], ids=lambda f: f.__name__
)
def test_the_walk_sees_a_fault_of_the_turn(walked: App, fault: type[Through]) -> None:
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        walk(walked, fault, 500)


def test_the_walk_sees_a_lost_undo(walked: App) -> None:
    with (
        patch.object(commands, "undo", lambda state: replace(state, history=state.history[:-1])),
        pytest.raises((AssertionError, BaseExceptionGroup)),
    ):
        walk(walked, Through, 500)


def test_the_walk_sees_a_question_stored_as_an_answer(walked: App) -> None:
    def deaf(dialog: Any, state: Any, text: str, given: Any, intent_of: Any) -> Any:
        return Answer(text) if text == QUESTION else hear(dialog, state, text, given, intent_of)

    with (
        patch.object(bot.router, "hear", deaf),
        pytest.raises((AssertionError, BaseExceptionGroup)),
    ):
        walk(walked, Through, 500)
