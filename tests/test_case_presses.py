"""Presses on cards in any order and at the same moment: one owner, and a card that shows it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from threading import Barrier, Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import App, build_app
from bot.cases.card_sender import CardSender
from bot.messages import Card, Chose, ConversationKey, Envelope
from bot.settings import Settings
from storage.cards import CARD, card_key
from storage.grants import Grant
from storage.people import first_id
from storage.records import NewCase, OutboxItem
from tests.test_support_letters import Clock

pytest_plugins = ["app_fixtures"]


@pytest.fixture(scope="module")
def app(loaded_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("presses") / "data"
    shutil.copytree(loaded_data, folder)
    application = build_app(Settings(data=folder), Clock())
    for person in PRESSERS:
        handler = Grant(
            first_id("slack:T1", person), ("handlaggare",), None, "local", application.now()
        )
        application.store.grants.save(handler)
    yield application
    application.close()


def kinds(app: App, number: str) -> list[str]:
    return [event.kind for event in app.store.cases.events(number)]


class Wall:
    """A room where every card that was ever shown can still be pressed."""

    def __init__(self) -> None:
        self.shown: list[Card] = []
        self.fails = 0

    def draw(self, place: str, card: Card, reference: object) -> dict[str, object]:
        if self.fails:
            self.fails -= 1
            raise OSError("down")
        self.shown.append(card)
        return {"id": 1}

    def remark(self, place: str, reference: object, text: str) -> None:
        raise AssertionError(text)


def press(app: App, person: str, card: Card, act: str) -> None:
    key = ConversationKey("slack", "T1", "C1", f"case-{card.number}", person)
    identity = f"{card.interaction}:{act}:{person}"
    app.receive(Envelope(key, identity, app.now(), Chose(card.interaction, act)))


def put_up(app: App, wall: Wall, name: str) -> None:
    """A new case with its card."""
    app.store.cases.file(NewCase(name, "handover", {}, 2026), app.now())
    first = OutboxItem(f"card:{name}", "wall:C1", CARD, {"number": name}, card_key(name, "wall:C1"))
    app.store.outbox.add([first], app.now())
    draw(app, wall)


def draw(app: App, wall: Wall) -> None:
    """Sends one row, as the relay does."""
    sender = CardSender(app.store, app._cards, wall, app.texts, app.now)
    for row in app.store.outbox.claim(app.now() + timedelta(minutes=2), lease_seconds=0):
        if row.destination != "wall:C1":
            continue
        try:
            sender.send(row)
        except OSError:
            return
        app.store.outbox.mark_sent(row, app.now())


PRESSERS = ("Uett", "Utva")
STEPS = st.tuples(
    st.sampled_from(PRESSERS),
    st.sampled_from(("take", "release", "close", "reopen", "look")),
    st.integers(0, 3),
    st.booleans(),
    st.integers(0, 1),
)


@settings(max_examples=25, deadline=None)
@given(steps=st.lists(STEPS, max_size=12))
def test_any_order_of_presses_leaves_one_owner_and_a_card_that_shows_it(
    app: App, steps: list[tuple[str, str, int, bool, int]]
) -> None:
    wall, number = Wall(), app.store.reserve_number("handover", 2026)
    put_up(app, wall, number)
    for person, act, back, drawn, fails in steps:
        press(app, person, wall.shown[-1 - min(back, len(wall.shown) - 1)], act)
        wall.fails = fails
        if drawn:
            draw(app, wall)
    wall.fails = 0
    for _ in range(len(steps) * 2 + 2):
        draw(app, wall)
    found = app.store.cases.find(number)
    assert found is not None
    assert wall.shown[-1] == app.case_card(number, "wall:C1")
    owners = [first_id("slack:T1", person) for person in PRESSERS]
    assert (found.owner_person in owners) == (found.state != "new") or found.state == "closed"
    told = kinds(app, number)
    assert not any(a == b for a, b in pairwise(told))


def test_of_two_who_press_at_once_one_gets_the_case(app: App) -> None:
    for _ in range(5):
        number = app.store.reserve_number("handover", 2026)
        put_up(app, wall := Wall(), number)
        start = Barrier(len(PRESSERS))

        def take(person: str, card: Card = wall.shown[-1], start: Barrier = start) -> None:
            start.wait()
            press(app, person, card, "take")

        threads = [Thread(target=take, args=(person,)) for person in PRESSERS]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert kinds(app, number) == ["filed", "taken"]
