"""Alerts to the support function: what is told at once, to which places, in which words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot.settings import Settings
from bot.texts import Texts
from storage.cards import CARD, card_key
from storage.records import OutboxItem

#: Told at once; every other kind waits for the morning's digest.
AT_ONCE = {
    "handover", "deviation", "deviation_annual", "amended", "annual_missing", "case_reply",
    "case_due",
}  # fmt: skip
#: A case that is told of for the first time; in a room of such a channel it gets a card.
NEW = {"handover", "deviation", "deviation_annual", "annual_missing"}
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

    def _item(self, name: str, place: str, kind: str, payload: Mapping[str, object]) -> OutboxItem:
        """In a room with cards the case's card, or a remark below it, and always in their order."""
        if place.partition(":")[0] not in CARD_CHANNELS:
            return OutboxItem(name, place, kind, dict(payload))
        number = str(payload["number"])
        first = kind in NEW
        return OutboxItem(
            f"card:{number}:{place}" if first else name,
            place,
            CARD if first else kind,
            dict(payload),
            card_key(number, place),
        )

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
