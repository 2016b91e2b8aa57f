"""A person at the keyboard of a terminal."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.channels.terminal import KEY, Console, Terminal
from bot.messages import Chose
from tests.fakes import NOON, ScriptedApp


class TerminalDriver:
    """A person at the keyboard; the terminal itself never delivers twice."""

    def __init__(self, folder: Path, app: Any = None, person: str = "local") -> None:
        self.app = app or ScriptedApp()
        self.out = io.StringIO()
        self.ids = 0
        self.key = replace(KEY, person=person)
        console = Console(io.StringIO(), self.out, interactive=False, width=80)
        self.terminal = Terminal(
            self.app, console, self.key, lambda: NOON, new_id=self.new_id, folder=folder
        )
        self.last = ""
        #: Characters read so far.
        self.looked = 0
        self.marks: dict[str, str] = {}
        self.pressed = ("", Chose("", ""))

    def new_id(self) -> str:
        return f"{self.key.person}-{self.ids}"

    def say(self, text: str) -> str:
        self.ids += 1
        self.last = text
        return self.type(text)

    def type(self, text: str) -> str:
        self.terminal.take(text)
        return self.read()

    def look(self) -> str:
        """What came by itself."""
        self.app.relay.deliver_due()
        self.terminal.show_news()
        return self.read()

    def read(self) -> str:
        """What stands on the screen since last time."""
        seen = self.out.getvalue()[self.looked :]
        self.looked += len(seen)
        self.marks = {label: mark for mark, label in re.findall(r"^(\w+)\) (.+)$", seen, re.M)}
        return seen

    def press(self, label: str) -> str:
        mark = self.marks[label]
        self.pressed = (mark, self.terminal.screen.picks[mark])
        return self.say(mark)

    pick = press

    def fill(self, values: Mapping[str, str]) -> str:
        """Answers question by question, since no form can be shown here."""
        return [self.say(value or "hoppa över") for value in values.values()][-1]

    def press_again(self, label: str) -> str:
        mark, chosen = self.pressed
        self.terminal.screen.picks[mark] = chosen
        return self.say(mark)

    def redeliver(self) -> str:
        return self.type(self.last)

    def save(self, label: str) -> bytes:
        assert "Sparad som S-1042.txt" in self.type("fil 1")
        return (self.terminal.folder / "S-1042.txt").read_bytes()
