"""Sends what waits in the outbox for a platform channel: replies, alerts, private beginnings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.cases.alerts import AT_ONCE, NEW
from bot.channels.connections import Alert, Messenger
from bot.outbox import Refused, Sender
from bot.rooms import PRIVATE, PrivateStart
from bot.serialise import reply_from_json
from storage.cards import CARD
from storage.model import OutboxRow
from storage.records import OutboxItem

REPLY = "reply"
#: Rows about a case, which its card shows.
ON_CARDS = (AT_ONCE - NEW) | {CARD}


def reply_item(channel: str, message_id: str, key: str, address: dict[str, Any]) -> OutboxItem:
    """The row that sends a turn's reply; the reply itself stays in the inbox."""
    return OutboxItem(
        idem=f"{REPLY}:{channel}:{message_id}",
        destination=channel,
        kind=REPLY,
        payload={"message_id": message_id, "address": address},
        conversation_key=key,
    )


class ChannelSender:
    """Gives the rows of one channel to its messenger (``bot.outbox.Sender``)."""

    def __init__(
        self,
        messenger: Messenger,
        find_reply: Callable[[str, str], str | None],
        channel: str,
        private: PrivateStart,
        cards: Sender | None = None,
    ) -> None:
        self._messenger = messenger
        self._find_reply = find_reply
        self._channel = channel
        self._private = private
        #: For alerts about a case, where the channel shows cards.
        self._cards = cards

    def send(self, row: OutboxRow) -> None:
        """Returns when the platform has taken the message."""
        if row.kind == REPLY:
            self._reply(row)
        elif row.kind == PRIVATE:
            self._private.begin(row, self._messenger)
        elif self._cards is not None and row.kind in ON_CARDS:
            self._cards.send(row)
        else:
            place = row.destination.partition(":")[2]
            self._messenger.alert(place, to_alert(row))

    def _reply(self, row: OutboxRow) -> None:
        stored = self._find_reply(self._channel, str(row.payload["message_id"]))
        if stored is None:
            raise Refused("the reply is no longer stored", sure=True)
        address = row.payload["address"]
        assert isinstance(address, dict)
        self._messenger.post(address, reply_from_json(stored), repeated=row.repeated)


def to_alert(row: OutboxRow) -> Alert:
    """The alert as ``bot.effects`` queued it."""
    told = {name: str(row.payload.get(name, "")) for name in ("number", "kind", "line", "due")}
    return Alert(**told, link=str(row.payload.get("link", "")), repeated=row.repeated)
