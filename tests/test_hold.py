"""What holds under load: one effect for a thousand deliveries, nothing lost to faults or restarts.

Servers are ``hansyn serve`` in processes of their own. Alerts leave through the real relay and
Teams' real client to a platform that fails as it is told.
"""

from __future__ import annotations

import random
import shutil
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from bench.hold import GOALS, measure

from bot.app import App, build_app, utc_now
from bot.channels.connections import Connection
from bot.channels.teams.client import Client
from bot.channels.teams.messenger import Messenger
from bot.messages import ConversationKey, Envelope, Language, Said
from bot.serialise import reply_to_json
from bot.settings import Settings
from bot.turn import TurnRunner
from storage.errors import StorageError
from storage.model import CaseFilter
from storage.records import OutboxItem
from storage.store import open_store
from tests.holding import PATIENCE, Fault, Line, Platform, eventually, free_port, platform, server
from tests.test_turn_walk import NoDedupe

pytest_plugins = ["app_fixtures", "storage_fixtures"]

#: A question to the support function, line by line; the last one files it.
FILED = (
    "fråga stödfunktionen",
    "Kan vi kräva lärlingar?",
    "hoppa över",
    "hoppa över",
    "ja, skicka",
)
ALERT = {"number": "H-2026-0001", "kind": "handover", "line": "Fråga", "due": "-", "link": "-"}


def envelope(room: str, identity: str, text: str, channel: str = "plain") -> Envelope:
    key = ConversationKey(channel, "t", room, "", "anna")
    address = {"service": "", "conversation": room, "shared": False}
    return Envelope(key, identity, utc_now(), Said(text), address=address, in_band=False)


def together(works: list[Callable[[], object]], threads: int = 16) -> list[object]:
    with ThreadPoolExecutor(threads) as pool:
        return [future.result() for future in [pool.submit(work) for work in works]]


@pytest.fixture
def filled(loaded_data: Path, tmp_path: Path) -> Settings:
    """A data folder of the test's own, guidance in it."""
    folder = tmp_path / "data"
    shutil.copytree(loaded_data, folder)
    return Settings(data=folder)


@pytest.fixture
def live(filled: Settings) -> Iterator[App]:
    """An application whose clock goes."""
    app = build_app(filled)
    yield app
    app.close()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder the server's processes can share."""
    with TemporaryDirectory(prefix="hansyn-hold-") as name:
        yield Path(name)


@pytest.mark.slow
def test_an_event_delivered_a_thousand_times_to_two_servers_has_one_effect(
    postgresql_address: str, open_folder: Path, full: bool
) -> None:
    deliveries = 1000 if full else 200
    with platform() as teams, two_servers(open_folder, teams, postgresql_address) as ports:
        first = Line(ports[0])
        for number, text in enumerate(FILED[:-1]):
            first.deliver("R1", str(number), text)
        works = [
            partial(Line(ports[number % 2]).deliver, "R1", "again", FILED[-1])
            for number in range(deliveries)
        ]
        replies = together(works)
        assert eventually(lambda: len(teams.arrivals) >= len(FILED), 10)
        with open_store(postgresql_address) as store:
            assert len(store.cases.list(CaseFilter(kinds=("handover",)))) == 1
    assert len(set(replies)) == 1
    assert [each.name for each in teams.arrivals].count("again") == 1


@contextmanager
def two_servers(folder: Path, teams: Platform, address: str) -> Iterator[tuple[int, int]]:
    with (
        server(folder, teams.url, free_port(), address=address) as one,
        server(folder, teams.url, free_port(), address=address) as other,
    ):
        yield one.port, other.port


def test_two_applications_on_one_file_take_an_event_once(filled: Settings, full: bool) -> None:
    deliveries = 1000 if full else 100
    with two_apps(filled) as apps:
        said = envelope("R-twice", "twice", "Vad är ett avsteg?")
        works = [partial(apps[n % 2].receive, said) for n in range(deliveries)]
        replies = {reply_to_json(reply) for reply in together(works)}  # type: ignore[arg-type]
        assert len(replies) == 1
        assert len(apps[0].store.inbox.of_conversation(str(said.key))) == 1
        mutant = apps[0]
        store = NoDedupe(mutant.store)
        mutant._turns = TurnRunner(store, mutant.services, lambda *_: None)  # type: ignore[arg-type]
        together([partial(mutant.receive, said) for _ in range(10)])
        assert len(mutant.store.inbox.of_conversation(str(said.key))) == 11, "the control must fail"


@contextmanager
def two_apps(settings: Settings) -> Iterator[tuple[App, App]]:
    """Two applications that share nothing but the database."""
    apps = build_app(settings), build_app(settings)
    try:
        yield apps
    finally:
        for app in apps:
            app.close()


def test_one_person_in_two_channels_at_once_loses_no_draft(
    any_address: str, tmp_path: Path, full: bool
) -> None:
    """What she says in Teams goes to one server and in Slack to another; her drafts are common."""
    rounds = 40 if full else 6
    settings = Settings(data=tmp_path / "data", database_url=any_address)  # type: ignore[arg-type]
    with two_apps(settings) as apps:
        for app in apps:
            app.corpus.retriever()
        link_slack_to_teams(apps[0])

        def converse(app: App, channel: str) -> None:
            for number in range(rounds):
                for step, text in enumerate(FILED):
                    said = envelope("R1", f"{number}-{step}", text, channel)
                    patient(partial(app.receive, said))

        channels = ("teams", "slack")
        together([partial(converse, *each) for each in zip(apps, channels, strict=True)])
        cases = apps[0].store.cases.list(CaseFilter(kinds=("handover",)))
    filed = Counter(case.submitted_by.partition("|")[0] for case in cases)
    assert filed == {"teams": rounds, "slack": rounds}


def link_slack_to_teams(app: App) -> None:
    reply = app.receive(envelope("R1", "code", "koppla", "teams"))
    told = reply_to_json(reply)
    code = told[told.index("koppla ") :].split("”")[0].split('"')[0].split("\\")[0].strip()
    app.receive(envelope("R1", "link", code, "slack"))
    assert app.store.people.find("slack:t", "anna") is not None


def patient(work: Callable[[], object]) -> None:
    """A platform delivers again what could not be stored."""
    for _ in range(50):
        try:
            work()
            return
        except StorageError:
            time.sleep(0.01)
    raise AssertionError("never stored")


FAULTS = ("429", "500", "reset", "accepted and reset", "accepted and 500", "stall")
AMBIGUOUS = {"accepted and reset", "accepted and 500"}
BAD = "room-0"


@pytest.mark.slow
def test_no_fault_of_a_platform_loses_an_alert_or_makes_others_wait(
    live: App, seed: int, full: bool
) -> None:
    """A fifth of the messages meet a fault; one place stalls; then nothing answers for a while."""
    alerts, stalls = (2000, (0.04, 5.0)) if full else (300, (0.2, 1.0))
    faults = Faults(random.Random(seed), *stalls)
    with platform(faults) as teams:
        connect(live, teams)
        rows = [alert(number, f"plain:room-{number % 10}") for number in range(alerts)]
        start = time.monotonic()
        for begin in range(0, alerts, 50):
            live.store.outbox.add(rows[begin : begin + 50], utc_now())
            live.relay.wake()
        assert eventually(lambda: len(teams.arrivals) > alerts // 2)
        faults.out = True
        time.sleep(1)
        faults.out = False
        assert eventually(partial(all_arrived, teams, alerts), 2 * PATIENCE)
        done = time.monotonic() - start
    times = Counter(each.name for each in teams.arrivals)
    shown_again = sum(times.values()) - alerts
    ambiguous = sum(fault.kind in AMBIGUOUS for fault in teams.faults)
    told = f"{alerts} alerts, {dict(Counter(fault.kind for fault in teams.faults))}"
    sys.stdout.write(f"seed {seed}: {told}, shown again {shown_again}, {done:.1f} s\n")
    assert teams.early == 0
    assert shown_again <= ambiguous
    assert wrongly_marked(teams) == []


class Faults:
    """Misbehaves at random; one place stalls now and then and does nothing else."""

    def __init__(self, random_: random.Random, chance: float, stall: float) -> None:
        self._random = random_
        self._chance = chance
        self._stall = stall
        #: Does nothing answer?
        self.out = False

    def __call__(self, place: str) -> Fault | None:
        if self.out:
            return Fault("reset")
        if place == BAD:
            return Fault("stall", self._stall) if self._random.random() < self._chance else None
        if self._random.random() > 0.2:
            return None
        kind = self._random.choice(FAULTS[:-1])
        return Fault(kind, 1.0 if kind == "429" else 0.0)


def connect(app: App, teams: Platform) -> None:
    """A channel with Teams' own client; its relay runs."""

    def words(language: Language) -> Callable[..., str]:
        return lambda key, **values: app.texts.render(f"teams.{key}", language, **values)

    place = {"service": teams.url}
    messenger = Messenger(Client(lambda: "x.y.z"), words, lambda room: place)
    app.connect(Connection("plain", messenger))
    app.relay.start()


def alert(number: int, place: str) -> OutboxItem:
    return OutboxItem(f"n{number}", place, "handover", {**ALERT, "number": f"H-{number}"})


def wrongly_marked(teams: Platform) -> list[str]:
    """What says that it may be a repeat, or does not, against what the sender could know."""
    return [each.name for each in teams.arrivals if each.repeated != each.doubtful]


def test_a_place_that_stalls_delays_the_others_by_no_more_than_two_seconds(live: App) -> None:
    stall = Fault("stall", 3.0)
    with platform(lambda place: stall if place == BAD else None) as teams:
        connect(live, teams)
        rows = [alert(number, f"plain:room-{number % 3}") for number in range(30)]
        start = time.monotonic()
        live.store.outbox.add(rows, utc_now())
        live.relay.wake()
        assert eventually(lambda: sum(each.place != BAD for each in teams.arrivals) == 20)
        assert time.monotonic() - start < 2


def test_replies_of_a_conversation_leave_in_order_whatever_the_platform_does(
    live: App, seed: int
) -> None:
    random_ = random.Random(seed)
    kinds = ("500", "reset", "accepted and reset")
    with platform(
        lambda _: Fault(random_.choice(kinds)) if random_.random() < 0.1 else None
    ) as teams:
        connect(live, teams)
        rooms, messages = 6, 6

        def converse(room: str) -> None:
            for number in range(messages):
                said = envelope(room, f"{room}-{number}", "hej")
                address = {"service": teams.url, "conversation": room, "shared": False}
                live.receive(replace(said, address={**address, "reply_to": said.message_id}))

        together([partial(converse, f"r{room}") for room in range(rooms)])
        assert eventually(partial(all_arrived, teams, rooms * messages))
    order: dict[str, list[str]] = defaultdict(list)
    for each in teams.arrivals:
        if each.name not in order[each.place]:
            order[each.place].append(each.name)
    assert dict(order) == {
        f"r{room}": [f"r{room}-{number}" for number in range(messages)] for room in range(rooms)
    }
    assert wrongly_marked(teams) == []


def all_arrived(teams: Platform, messages: int) -> bool:
    return len({each.name for each in teams.arrivals}) == messages


@pytest.mark.slow
def test_restarts_under_load_end_in_time_and_lose_nothing(open_folder: Path, full: bool) -> None:
    restarts, people = (50, 8) if full else (5, 6)
    port, over = free_port(), threading.Event()
    sent: dict[str, int] = {}

    def converse(room: str) -> int:
        line, number = Line(port), 0
        while not over.is_set():
            line.deliver(room, f"{room}-{number}", "hej")
            number += 1
            sent[room] = number
        return line.repeats

    stops = []
    with platform() as teams, ThreadPoolExecutor(people) as pool:
        talking = [pool.submit(converse, f"r{number}") for number in range(people)]
        try:
            for left in reversed(range(restarts)):
                with server(open_folder, teams.url, port) as running:
                    enough = sum(sent.values()) + 20
                    assert eventually(lambda goal=enough: sum(sent.values()) > goal)  # type: ignore[misc]
                    if not left:
                        over.set()
                        repeats = sum(future.result() for future in talking)
                        total = sum(sent.values())
                        assert eventually(partial(all_arrived, teams, total))
                    stops.append(running.stop()[:2])
        finally:
            over.set()
    slowest = max(seconds for _, seconds in stops)
    sys.stdout.write(f"{restarts} stops, slowest {slowest:.1f} s, {total} messages, "
                     f"{repeats} delivered again, {len(teams.arrivals)} replies\n")  # fmt: skip
    assert {code for code, _ in stops} == {0}
    assert slowest <= 10
    with open_store(f"sqlite:///{open_folder / 'data' / 'hansyn.sqlite3'}") as store:
        stored = [store.inbox.of_conversation(f"plain|t|{room}||{room}") for room in sent]
    assert sum(map(len, stored)) == total


@pytest.mark.slow
def test_acknowledgements_come_in_time_while_guidance_is_taken_in(open_folder: Path) -> None:
    """Four times the goals of ``dev.py bench hold``, once in three: machines have other work."""
    for attempt in range(3):
        figures = measure(open_folder / str(attempt), 4)
        sys.stdout.write(f"{figures}\n")
        if all(figures[name] <= 4 * goal for name, goal in GOALS.items()):
            return
    raise AssertionError("slower than four times the goals")
