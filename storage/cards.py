"""Cards: which message shows a case in a room, and what it shows there now.

Whatever happens to a case is a line of its history, and each such line queues a redrawing of its
cards in the same transaction, so that no card can be forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from storage.engine import Database, insert_new
from storage.records import Facts, OutboxItem
from storage.schema_console import cards

#: Kind of the outbox row that draws a card.
CARD = "card"
_NEW = insert_new(cards)


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A card as its room has it."""

    number: str
    #: "slack:C0123".
    place: str
    #: What the platform calls the message; empty before it was sent.
    reference: Facts
    #: A digest of what it shows; empty before it was sent.
    shown: str
    updated_at: datetime


class Cards:
    """Remembers the cards in rooms."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, number: str, place: str) -> ShownCard | None:
        """The case's card in a room; None where it has none."""
        query = select(cards).where(cards.c.number == number, cards.c.place == place)
        row = self._database.read(lambda connection: connection.execute(query).first())
        return None if row is None else ShownCard(**row._mapping)

    def save(self, card: ShownCard) -> None:
        """Note where the card is and what it shows."""
        same = (cards.c.number == card.number, cards.c.place == card.place)
        now = {"reference": card.reference, "shown": card.shown, "updated_at": card.updated_at}

        def work(connection: Connection) -> None:
            if not connection.execute(update(cards).where(*same).values(now)).rowcount:
                _begin(connection, {"number": card.number, "place": card.place, **now})

        self._database.write(work)


def card_key(number: str, place: str) -> str:
    """What orders the messages about one card; no conversation is called so."""
    return f"card|{number}|{place}"


def begin_cards(connection: Connection, items: Iterable[OutboxItem], at: datetime) -> None:
    """Note the cards that are on their way, so that they are redrawn from now on."""
    for item in items:
        if item.kind == CARD:
            place = {"number": str(item.payload["number"]), "place": item.destination}
            _begin(connection, {**place, "reference": {}, "shown": "", "updated_at": at})


def redrawings(connection: Connection, number: str, event: int) -> tuple[OutboxItem, ...]:
    """What redraws the case's cards after an event of its history."""
    places = connection.scalars(select(cards.c.place).where(cards.c.number == number))
    return tuple(
        OutboxItem(
            f"card:{number}:{place}:{event}", place, CARD, {"number": number},
            card_key(number, place),
        )
        for place in places
    )  # fmt: skip


def _begin(connection: Connection, row: dict[str, object]) -> None:
    connection.execute(_NEW[connection.dialect.name], row)
