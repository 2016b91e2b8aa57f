"""What a platform channel consists of; one is connected only where its settings are given.

A channel is two translations and one call: its webhook turns a request into an ``Envelope``, its
messenger turns a stored ``Reply`` into the platform's message.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from threading import Event
from typing import Any, Protocol

import structlog

from bot.errors import Busy
from bot.messages import Card, ConversationKey, Envelope, Reply
from bot.port import App
from bot.settings import Settings
from storage.errors import StorageError

log = structlog.get_logger()

#: Bytes of a webhook's body (reliability goals, C1).
LARGEST_BODY = 256 * 1024


class Unsigned(Exception):
    """The request does not prove that the platform sent it; answered with 401."""


class Unreadable(Exception):
    """A request of the platform's that makes no sense; answered with 400."""


@contextmanager
def reading() -> Iterator[None]:
    """Around the reading of a platform's payload: whatever it makes us stumble over is its fault.

    Our own trouble (``Busy``, ``StorageError``) passes through, so that the platform tries again.
    """
    try:
        yield
    except (Unsigned, Unreadable, Busy, StorageError):
        raise
    except Exception as error:
        raise Unreadable(type(error).__name__) from error


@dataclass(frozen=True, slots=True)
class Alert:
    """News for the support function; built from picked fields, never from what a person wrote."""

    number: str
    kind: str
    #: One line, such as "Avsteg · Egnahemsbolaget · entreprenad".
    line: str
    #: ISO date, or words for "no time limit".
    due: str
    #: Address of the case, or words for where it is found.
    link: str
    #: May it have been shown before?
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Response:
    """What a webhook answers, status and JSON or text."""

    status: int = 200
    #: A JSON object, a text, or None for an empty body.
    body: dict[str, Any] | str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What a verified request asks for."""

    #: None when there is nothing to do, such as the platform's own tests.
    envelope: Envelope | None = None
    #: The answer to the request, made from the stored reply after the commit.
    answer: Callable[[Reply], Response] = field(default=lambda reply: Response())
    #: Done before the turn, changing nothing of ours: opening a modal in time.
    before: Callable[[], object] | None = None

    def prepare(self) -> None:
        """Does what comes before the turn, best effort: a failure must not cost the message."""
        try:
            if self.before is not None:
                self.before()
        except Exception as error:  # whatever a vendor's library raises
            log.warning("before the turn", error=type(error).__name__)


class Webhook(Protocol):
    """A way in over HTTP."""

    @property
    def path(self) -> str:
        """Where the platform posts, such as "/api/slack"."""
        ...

    def receive(self, headers: Mapping[str, str], body: bytes) -> Delivery:
        """Reads a request, its raw bytes verified first; header names are in lower case.

        Raises:
            Unsigned: the signature, token or secret is missing or wrong.
            Unreadable: signed, but no request the platform would send.
        """
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation and the way to it."""

    #: As it stands in the keys of its messages.
    conversation: str
    #: As the channel's envelopes carry it.
    address: Mapping[str, Any]


class Messenger(Protocol):
    """A way out. All of it raises ``bot.outbox.Refused`` or ``Unreachable``."""

    def post(self, address: Mapping[str, Any], reply: Reply, *, repeated: bool) -> None:
        """Sends a reply to the conversation at ``address``, as the channel's envelopes carry it."""
        ...

    def open_private(self, room: Mapping[str, Any], key: ConversationKey) -> Place:
        """The person's own conversation, opened if need be; ``room`` is where they wrote."""
        ...

    def alert(self, place: str, alert: Alert) -> None:
        """Sends an alert to a place the operator has named, such as a room's id."""
        ...


class CardRooms(Protocol):
    """Shows cards in rooms the operator has named; raises as a ``Messenger`` does."""

    def draw(self, place: str, card: Card, reference: Mapping[str, Any]) -> Mapping[str, Any]:
        """Sends the card, or edits the message at ``reference``; returns where it is now.

        A message that somebody has deleted is sent anew.
        """
        ...

    def remark(self, place: str, reference: Mapping[str, Any], text: str) -> None:
        """Says something below the card, so that the room notices."""
        ...


@dataclass(frozen=True, slots=True)
class Finding:
    """What ``hansyn doctor`` found out about a channel."""

    name: str
    good: bool
    told: str


@dataclass(frozen=True, slots=True)
class Connection:
    """A channel ready for use."""

    #: "slack", "teams" or "telegram": the first part of its conversation keys.
    name: str
    messenger: Messenger
    webhooks: tuple[Webhook, ...] = ()
    #: Runs until the event is set, for channels that fetch their messages themselves.
    listen: Callable[[Event], None] | None = None
    #: Asks the platform whether token, scopes and addresses are right.
    check: Callable[[], tuple[Finding, ...]] = tuple
    #: Any address of the platform's; its answers tell the time. Empty where none is known.
    clock: str = ""
    #: None where messages cannot be edited or a case is no matter for the channel.
    cards: CardRooms | None = None


#: Name -> (the setting that turns it on, "module:function" that builds it).
CHANNELS = {
    "teams": ("teams_app_id", "bot.channels.teams.connecting:connect"),
    "slack": ("slack_bot_token", "bot.channels.slack:connect"),
    "telegram": ("telegram_token", "bot.channels.telegram:connect"),
}


def connect_channels(app: App, settings: Settings) -> tuple[Connection, ...]:
    """The configured channels; no vendor's library is loaded for the others.

    Raises:
        SettingsError: a channel's settings are incomplete, or its extra is not installed.
    """
    return tuple(
        _builder(place)(app, settings)
        for setting, place in CHANNELS.values()
        if _is_set(getattr(settings, setting, ""))
    )


def _builder(place: str) -> Callable[[App, Settings], Connection]:
    module, _, function = place.partition(":")
    with warnings.catch_warnings():
        # Libraries announce previews of their own that nobody here uses.
        warnings.simplefilter("ignore")
        build: Callable[[App, Settings], Connection] = getattr(import_module(module), function)
    return build


def _is_set(value: object) -> bool:
    secret = getattr(value, "get_secret_value", None)
    return bool(secret() if secret else value)
