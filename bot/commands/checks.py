"""What ``hansyn doctor`` learns of the platform channels: tokens, addresses, clock, alerts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from bot.app import App
from bot.channels.connections import Alert, Connection

State = Literal["green", "yellow", "red"]
#: Platforms refuse what is five minutes off; a clock that drifts is told of long before.
MOST_SKEW = timedelta(seconds=60)
SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the table."""

    name: str
    state: State
    told: str


def check_channels(app: App) -> Iterator[Check]:
    """Every configured channel's own findings, the clock and the rooms for alerts."""
    for connection in app.connections:
        for finding in connection.check():
            yield Check(finding.name, "green" if finding.good else "red", finding.told)
    yield from _clock(app)
    for place in app.configuration.alert_to:
        if _connection(app, place) is None:
            yield Check(f"Larm till {place}", "red", "kanalen är inte påslagen")
    for row in app.store.outbox.struggling():
        told = f"når inte fram sedan {row.created_at:%Y-%m-%d %H:%M} ({row.last_error})"
        yield Check(f"Larm till {row.destination}", "red", told)


def send_tests(app: App) -> Iterator[Check]:
    """Sends a test alert to every room of HANSYN_ALERT_TO; one without a channel is red already."""
    if not app.configuration.alert_to:
        yield Check("Testlarm", "red", "HANSYN_ALERT_TO är inte satt: larm har ingenstans att gå")
    for place in app.configuration.alert_to:
        connection = _connection(app, place)
        if connection is not None:
            yield _send_test(app, connection, place)


def _send_test(app: App, connection: Connection, place: str) -> Check:
    def words(key: str) -> str:
        return app.texts.render(f"alert.test.{key}", "sv")

    alert = Alert(words("number"), "test", words("line"), words("due"), words("link"))
    try:
        connection.messenger.alert(place.partition(":")[2], alert)
    except Exception as error:  # whatever a vendor's library raises is the finding
        return Check(f"Testlarm {place}", "red", f"kom inte fram: {error or type(error).__name__}")
    return Check(f"Testlarm {place}", "green", "skickat")


def _connection(app: App, place: str) -> Connection | None:
    kind = place.partition(":")[0]
    return next((each for each in app.connections if each.name == kind), None)


def _clock(app: App) -> Iterator[Check]:
    """Compares the clock with the first platform that tells the time."""
    asked = [connection.clock for connection in app.connections if connection.clock]
    told = next(filter(None, map(_time_at, asked)), None)
    if told is not None:
        skew = abs(app.now() - told)
        state: State = "green" if skew <= MOST_SKEW else "red"
        yield Check("Klocka", state, f"{skew.total_seconds():.0f} s fel")
    elif asked:
        yield Check("Klocka", "yellow", "ingen plattform svarade, så klockan är inte jämförd")


def _time_at(address: str) -> datetime | None:
    try:
        with urlopen(Request(address, method="HEAD"), timeout=SECONDS) as answer:  # noqa: S310 - a setting
            headers = answer.headers
    except HTTPError as error:
        headers = error.headers
    except (OSError, ValueError):
        return None
    told = headers.get("Date")
    return parsedate_to_datetime(told) if told else None
