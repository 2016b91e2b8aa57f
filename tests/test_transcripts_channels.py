"""The same conversations on every channel, with the real application behind it.

A conversation is a TOML file in ``conversations/``: what a person does, turn by turn (``say``,
``press`` a button, press it ``again`` as it stood, ``fill`` in the form, which is asked question by
question where none can be shown), what they then ``sees`` and what is ``never`` shown. ``{number}``
stands for the number shown last. A ``letter`` is what the support function writes in that case. A
conversation that ``reports`` is for somebody the channel knows.
"""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import pytest
from talking import Talk

from bot.app import App, build_app
from bot.channels.teams.client import Client as TeamsClient
from bot.channels.telegram.client import Client as TelegramClient
from bot.port import Letter
from bot.settings import Settings
from tests.fakes import NOON
from tests.scripted_desks import ONE
from tests.slack_person import SlackDriver
from tests.slack_server import slack_server
from tests.teams_person import TeamsDriver
from tests.teams_service import teams_service
from tests.telegram_person import TelegramDriver
from tests.telegram_server import TOKEN, telegram_server
from tests.terminal_person import TerminalDriver
from tests.web_person import WebDriver, open_site

pytest_plugins = ["app_fixtures"]

CONVERSATIONS = sorted((Path(__file__).parent / "conversations").glob("*.toml"))


class Somebody(Protocol):
    """A person at a channel; each act returns what is then shown that is new."""

    def say(self, text: str) -> str: ...
    def pick(self, label: str) -> str: ...
    def press_again(self, label: str) -> str: ...
    def fill(self, values: Mapping[str, str]) -> str: ...
    def look(self) -> str: ...


#: The number of a person -> that person, who was never there before.
Enter = Callable[[int], Somebody]


@contextmanager
def at_terminal(app: App) -> Iterator[Enter]:
    yield lambda number: TerminalDriver(Path(), app, f"p{number}")


@contextmanager
def on_web(app: App) -> Iterator[Enter]:
    yield lambda number: WebDriver(app, open_site(app, now=app.now))


@contextmanager
def in_teams(app: App) -> Iterator[Enter]:
    with teams_service() as service:
        client = TeamsClient(lambda: "x.y.z")

        def enter(number: int) -> TeamsDriver:
            identity = {"id": f"29:{number}", "aadObjectId": f"{number:08}-0000-4000-8000-00000000"}
            return TeamsDriver(service, client, app, identity)

        yield enter


@contextmanager
def in_slack(app: App) -> Iterator[Enter]:
    with slack_server() as server:
        yield lambda number: SlackDriver(server, app, f"U{number}")


@contextmanager
def in_telegram(app: App) -> Iterator[Enter]:
    with telegram_server() as server:
        client = TelegramClient(TOKEN, server.url)
        yield lambda number: TelegramDriver(server, client, app, number)


CHANNELS = {"terminal": at_terminal, "web": on_web, "teams": in_teams, "slack": in_slack,
            "telegram": in_telegram}  # fmt: skip
NUMBERS = count(1)
NUMBER = re.compile(r"\b[A-Z]{1,2}-\d{4}-\d{4}\b")


class Channel:
    """A channel of an application of its own."""

    def __init__(self, name: str, app: App, enter: Enter) -> None:
        self.name, self.app, self.enter = name, app, enter

    def somebody(self) -> Somebody:
        """A new person."""
        return self.enter(next(NUMBERS))

    def make_known(self, person: Somebody) -> None:
        """Lets somebody report: Telegram does not know who it is but by a code from elsewhere."""
        if self.name == "telegram":
            refused = person.say("jag vill rapportera ett avsteg")
            assert "inte rapportera förrän jag vet vem du är" in refused
            given = Talk(self.app, f"w{next(NUMBERS)}").say("koppla")
            code = re.search(r"koppla [-0-9a-f]{19}", given)
            assert code is not None
            assert "samma person" in person.say(code[0])


@pytest.fixture(scope="module", params=CHANNELS)
def channel(
    request: pytest.FixtureRequest, loaded_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Channel]:
    folder = tmp_path_factory.mktemp(request.param) / "data"
    shutil.copytree(loaded_data, folder)
    app = build_app(Settings(data=folder, telegram_reports=True), lambda: NOON)
    with CHANNELS[request.param](app) as enter:
        yield Channel(request.param, app, enter)
    app.close()


def do(person: Somebody, turn: dict[str, Any], number: str = "") -> str:
    if "say" in turn:
        return person.say(turn["say"].replace("{number}", number))
    if "press" in turn:
        return person.pick(turn["press"])
    if "fill" in turn:
        return person.fill(turn["fill"])
    return person.press_again(turn["again"]) if "again" in turn else person.look()


def write_letter(app: App, number: str, text: str) -> None:
    assert app.support.send(ONE, number, Letter("answer", text, number))


@pytest.mark.parametrize("path", CONVERSATIONS, ids=lambda path: path.stem)
def test_a_conversation_goes_the_same_way_everywhere(channel: Channel, path: Path) -> None:
    script = tomllib.loads(path.read_text("utf-8"))
    person = channel.somebody()
    if script.get("reports"):
        channel.make_known(person)
    seen = case = ""
    for number, turn in enumerate(script["turn"], 1):
        if "letter" in turn:
            write_letter(channel.app, case, turn["letter"])
        seen = do(person, turn, case)
        case = "".join(NUMBER.findall(seen)[-1:]) or case
        for fragment in turn.get("sees", ()):
            assert fragment in seen, f"turn {number}: {seen}"
        for fragment in turn.get("never", ()):
            assert fragment not in seen, f"turn {number}: {seen}"
