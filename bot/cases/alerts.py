"""Alerts to the support function: what is told at once, to which places, in which words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot.settings import Settings
from bot.texts import Texts
from storage.cards import CARD, card_key
from storage.records import OutboxItem

#: Told at once; every other kind waits for the morning's digest.
AT_ONCE = {"handover", "deviation", "deviation_annual", "amended", "case_reply", "case_due"}
#: A case that is told of for the first time; in a room of such a channel it gets a card.
NEW = {"handover", "deviation", "deviation_annual"}
CARD_CHANNELS = {"slack", "teams"}
#: The support function's own page, which shows every case anyway.
PAGE = "page"


class Alerts:
    """Makes the outbox rows of one alert, one for each place it goes to."""

    def __init__(self, settings: Settings, texts: Texts) -> None:
        self._settings = settings
        self._texts = texts

    def items(self, name: str, payload: Mapping[str, object]) -> list[OutboxItem]:
        """One row per place; ``name`` is the same for the same alert however often it is made."""
        kind = str(payload["kind"])
        places = (PAGE, *self.places()) if kind in AT_ONCE else (PAGE,)
        return [self._item(f"{name}:{place}", place, kind, payload) for place in places]

    def cards(self, number: str) -> list[OutboxItem]:
        """A case's card in every room that shows cards; where it is already, nothing happens."""
        rooms = [place for place in self.places() if _shows_cards(place)]
        return [_card(place, {"number": number}) for place in rooms]

    def _item(self, name: str, place: str, kind: str, payload: Mapping[str, object]) -> OutboxItem:
        """In a room with cards the case's card, or a remark below it, and always in their order."""
        if not _shows_cards(place):
            return OutboxItem(name, place, kind, dict(payload))
        if kind in NEW:
            return _card(place, payload)
        order = card_key(str(payload["number"]), place)
        return OutboxItem(name, place, kind, dict(payload), order)

    def places(self) -> tuple[str, ...]:
        """Where alerts go: the mailbox and the rooms the operator has named."""
        settings = self._settings
        mail = (f"mail:{settings.support_mailbox}",) if settings.smtp_host else ()
        return (*mail, *settings.alert_to)

    def payload(self, kind: str, number: str, line: str, due: date | None) -> dict[str, object]:
        """Number, kind, one line of picked fields, deadline and link; never free text."""
        shown = due.isoformat() if due else self._texts.render("alert.no_due", "sv")
        link = self.link(f"/stod/arende/{number}")
        return {"number": number, "kind": kind, "line": line, "due": shown, "link": link}

    def link(self, path: str) -> str:
        """The page's address, or words for where it is found."""
        public = self._settings.public_url.rstrip("/")
        return f"{public}{path}" if public else self._texts.render("alert.no_link", "sv")


def _shows_cards(place: str) -> bool:
    return place.partition(":")[0] in CARD_CHANNELS


def _card(place: str, payload: Mapping[str, object]) -> OutboxItem:
    number = str(payload["number"])
    name, order = f"card:{number}:{place}", card_key(number, place)
    return OutboxItem(name, place, CARD, dict(payload), order)
