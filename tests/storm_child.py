"""The process that is killed in the crash storm: the real core behind a pipe.

Reads one JSON message a line, hands it to ``App.receive`` and writes "ack ID" when that returns.
Alerts leave through the real relay as "alert IDEM ATTEMPT". With "ack-first" it acknowledges before
it works, as stock webhook servers do: the mutant that must lose messages.
"""

from __future__ import annotations

import json
import queue
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeVar

from bot.app import App
from bot.logs import set_up_logs
from bot.messages import Chose, Command, ConversationKey, Envelope, Said
from bot.relay import Relay
from bot.settings import Settings
from storage.errors import StorageError
from storage.model import OutboxRow
from storage.store import open_store

T = TypeVar("T")
LOCK = threading.Lock()
PAUSE = threading.Event()
LEASE = timedelta(seconds=61)


def say(line: str) -> None:
    """One line to the parent, whole even when two threads write."""
    with LOCK:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


class Sink:
    """Stands for the support function's channel."""

    def send(self, row: OutboxRow) -> None:
        """Shows the alert; the parent counts."""
        say(f"alert {row.idem} {row.attempts}")


def to_envelope(raw: dict[str, str]) -> Envelope:
    """A message of the parent's."""
    key = ConversationKey("web", "", raw["dialog"], "", raw["dialog"])
    content = {
        "said": lambda: Said(raw["text"]),
        "command": lambda: Command(raw["text"]),
        "chose": lambda: Chose("", raw["text"]),
    }[raw["kind"]]()
    return Envelope(key, raw["id"], datetime.now(UTC), content)


def patient(work: Callable[[], T]) -> T:
    """A channel repeats what got no acknowledgement, here while the database is down."""
    for _ in range(600):
        try:
            return work()
        except StorageError:
            PAUSE.wait(0.05)
    raise AssertionError("the database did not come back")


def work_off(app: App, later: queue.Queue[Envelope]) -> None:
    """The mutant's worker: what waits here dies with the process."""
    while True:
        app.receive(later.get())
        later.task_done()


def main() -> None:
    """Works until killed or the parent closes the pipe."""
    address, mode, folder = sys.argv[1:4]
    # Log lines on the pipe would be torn into the acknowledgements.
    set_up_logs("json", quiet=True)
    settings = Settings(data=folder)  # type: ignore[arg-type]
    app = App(settings, patient(lambda: open_store(address)))
    app.relay = Relay(app.store, {"page": Sink()}, app.now, lambda row: None)
    app.relay.start()
    later: queue.Queue[Envelope] = queue.Queue()
    if mode == "ack-first":
        threading.Thread(target=work_off, args=(app, later), daemon=True).start()
    for line in sys.stdin:
        raw = json.loads(line)
        if mode == "ack-first":
            say(f"ack {raw['id']}")
            later.put(to_envelope(raw))
            continue
        patient(partial(app.receive, to_envelope(raw)))
        say(f"ack {raw['id']}")
    later.join()
    app.relay.stop()
    # What a killed life had leased goes out when the lease has run out.
    after_leases = Relay(app.store, {"page": Sink()}, lambda: app.now() + LEASE, lambda row: None)
    patient(after_leases.deliver_due)
    app.close()


if __name__ == "__main__":
    main()
