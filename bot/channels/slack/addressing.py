"""Whose conversation a request belongs to, and where its reply is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from bot.channels.plain_text import Words, words_for
from bot.channels.slack.blocks import Origin
from bot.channels.slack.client import Client
from bot.errors import Busy
from bot.messages import Content, ConversationKey, Envelope
from bot.outbox import Refused
from bot.port import App


@dataclass(frozen=True, slots=True)
class Spot:
    """A person in a conversation, and where replies go."""

    origin: Origin
    person: str
    #: Room and thread to post to.
    channel: str
    thread: str = ""
    #: Do others read along where the person wrote?
    shared: bool = False
    #: Where Slack lets a press be answered, to the presser alone.
    url: str = ""
    #: Was a form sent, which shows its faults itself?
    modal: bool = False


@dataclass(slots=True)
class Addressing:
    """Envelopes of one workspace."""

    client: Client
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def key(self, spot: Spot) -> ConversationKey:
        """The conversation."""
        origin = spot.origin
        return ConversationKey(
            "slack", self.client.me.team, origin.room, origin.thread, spot.person
        )

    def room(self, channel: str, thread: str, person: str) -> Spot:
        """Where somebody wrote: in a shared room a thread is a conversation of its own."""
        if channel.startswith("D"):
            return Spot(Origin(channel), person, channel, thread)
        return Spot(Origin(channel, thread), person, channel, thread, shared=True)

    def direct(self, person: str) -> Spot:
        """The direct messages with somebody. Raises ``Busy`` while Slack does not answer."""
        try:
            return self.room(self.client.own_room(person), "", person)
        except Refused as error:
            raise Busy from error

    def words(self, app: App, spot: Spot) -> Words:
        """Slack's own sentences for the person, in their language."""
        return words_for(app, self.key(spot), lambda: self.client.member(spot.person).locale)

    def envelope(
        self, identity: str, content: Content, spot: Spot, *, in_band: bool = False
    ) -> Envelope:
        """What somebody wants; guests and members of other organisations make no reports."""
        outsider = self.client.member(spot.person).outsider
        address: dict[str, object] = {
            "channel": spot.channel, "thread": spot.thread, "user": spot.person,
            "shared": spot.shared and spot.channel == spot.origin.room,
            "origin": [spot.origin.room, spot.origin.thread],
        }  # fmt: skip
        if spot.url:
            address |= {"url": spot.url, "url_thread": spot.origin.thread}
        if spot.modal:
            address["modal"] = True
        return Envelope(
            self.key(spot), identity, self.now(), content, outsider=outsider,
            private=not spot.shared, address=address, in_band=in_band,
        )  # fmt: skip
