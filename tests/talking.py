"""One person's conversation with a real application."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.app import App
from bot.jobs import Jobs
from bot.messages import (
    Choices,
    Chose,
    Command,
    Content,
    ConversationKey,
    Envelope,
    File,
    Part,
    Reply,
    Said,
    Sources,
    Text,
)

NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)


@dataclass
class Talk:
    """One person in one conversation; says things and reads replies."""

    app: App
    person: str = "anna"
    now: datetime = NOON
    sent: int = 0
    reply: Reply = field(default_factory=lambda: Reply(()))

    @property
    def key(self) -> ConversationKey:
        return ConversationKey("web", "", self.person, "", self.person)

    def send(self, content: Content, message_id: str = "") -> Reply:
        """Delivers one message and keeps the reply."""
        self.sent += 1
        self.now += timedelta(seconds=1)
        envelope = Envelope(self.key, message_id or f"{self.person}-{self.sent}", self.now, content)
        self.reply = self.app.receive(envelope)
        return self.reply

    def say(self, text: str) -> str:
        """What the assistant answers to a line, buttons left out."""
        self.send(Said(text))
        return self.text

    def press(self, value: str) -> str:
        """Presses the button of that value in the latest reply."""
        for part in self.parts(Choices):
            assert isinstance(part, Choices)
            if value in {option.value for option in part.options}:
                self.send(Chose(part.interaction, value))
                return self.text
        raise AssertionError(f"no button {value}")

    def command(self, name: str) -> str:
        self.send(Command(name))
        return self.text

    @property
    def text(self) -> str:
        return "\n".join(part.text for part in self.reply.parts if isinstance(part, Text))

    def parts(self, kind: type[Part]) -> list[Part]:
        return [part for part in self.reply.parts if isinstance(part, kind)]

    @property
    def sources(self) -> list[str]:
        return [s.locator for part in self.reply.parts if isinstance(part, Sources)
                for s in part.sources]  # fmt: skip

    @property
    def files(self) -> list[File]:
        return [part for part in self.reply.parts if isinstance(part, File)]


def jobs_at(app: App, now: Callable[[], datetime]) -> Jobs:
    """What the server does by itself, at another time than the application's."""
    return Jobs(app.store, lambda: app.configuration, app.texts, app.receive, now, app.lists)
