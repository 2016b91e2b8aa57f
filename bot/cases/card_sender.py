"""Draws cases' cards in rooms, and says below them what wants attention.

A row only says that a case has changed; what is drawn is the case as it is when the row is sent.
So late rows cost nothing, and a card can fall behind but never go back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from bot.cases.cards import CaseCards
from bot.channels.connections import CardRooms
from bot.messages import Card
from bot.texts import Texts
from storage.cards import CARD, ShownCard
from storage.model import OutboxRow
from storage.store import Store


class CardSender:
    """Sends the rows about cases bound for the rooms of one channel (``bot.outbox.Sender``)."""

    def __init__(
        self,
        store: Store,
        cards: CaseCards,
        rooms: CardRooms,
        texts: Texts,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._cards = cards
        self._rooms = rooms
        self._texts = texts
        self._now = now

    def send(self, row: OutboxRow) -> None:
        """Returns when the card shows the case as it is; raises what the rooms raise."""
        number, place = str(row.payload["number"]), row.destination
        # What is said below a card needs the card to be there: an edit tells if it is.
        shown = self._draw(number, place, is_there=row.kind == CARD)
        if shown is not None and row.kind != CARD:
            self._rooms.remark(room_of(place), shown.reference, self._remark(row))

    def _draw(self, number: str, place: str, *, is_there: bool) -> ShownCard | None:
        """Until nothing has happened meanwhile; None for a case that is gone."""
        channel = place.partition(":")[0]
        while (card := self._cards.card(number, channel)) is not None:
            known = self._store.cards.find(number, place)
            if is_there and known is not None and known.shown == digest_of(card):
                return known
            is_there = True
            before = known.reference if known else {}
            reference = dict(self._rooms.draw(room_of(place), card, before))
            self._store.cards.save(
                ShownCard(number, place, reference, digest_of(card), self._now())
            )
        return None

    def _remark(self, row: OutboxRow) -> str:
        told = {name: str(row.payload.get(name, "")) for name in ("number", "line", "due")}
        key = "remark_due" if row.kind == "case_due" else "remark"
        said = self._texts.render(f"card.{key}", "sv", **told)
        again = self._texts.render("alert.repeated", "sv", **told) if row.repeated else ""
        return f"{said}\n{again}".strip()


def room_of(place: str) -> str:
    """The room as its platform calls it."""
    return place.partition(":")[2]


def digest_of(card: Card) -> str:
    """The same for cards that look the same."""
    return hashlib.sha256(repr(card).encode()).hexdigest()[:16]
