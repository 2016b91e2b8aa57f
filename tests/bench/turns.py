"""What a turn costs: durable turns beside plain sqlite3, and one step of a dialog.

The yardstick is one thread that commits one transaction per turn with the same pragmas and the
same payload and does nothing else: no conversation lock, no version check, no stored reply to look
up. Ours are 32 conversations at once, each waiting for its commit.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dialog_talk
import numpy as np
from bench.ask import note

from intents.exchange import Begin
from storage.engine import SQLITE_PRAGMAS
from storage.records import Turn
from storage.store import Store, open_store

CONVERSATIONS = 32
SECONDS, QUICK_SECONDS = 10.0, 2.0
DIALOGS, QUICK_DIALOGS = 60, 10
TEXT = "Vi kom överens med leverantören om två lärlingsplatser utan att fråga stödfunktionen. " * 2
REPLY = json.dumps({"parts": [{"kind": "text", "text": TEXT * 4}], "language": "sv"})
STATE = json.dumps({"dialogs": [{"dialog": "deviation", "values": {"what": TEXT}}]})
NOW = datetime.now(UTC)
TABLES = """
    CREATE TABLE inbox (channel TEXT, id TEXT, key TEXT, at TEXT, text TEXT, reply TEXT,
        PRIMARY KEY (channel, id));
    CREATE TABLE conversations (key TEXT PRIMARY KEY, version INTEGER, state TEXT, at TEXT);
"""
WANTED = "turns_to_plain >= 0.15, turn_p99_ms <= 50, step_p99_ms <= 1"

Figures = dict[str, Any]


def main() -> int:
    """Measures both and prints a line each, or JSON; 0 when it could be measured."""
    parser = argparse.ArgumentParser("turns", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--quick", action="store_true", help="a fifth of the time")
    options, _ = parser.parse_known_args()
    seconds = QUICK_SECONDS if options.quick else SECONDS
    with tempfile.TemporaryDirectory() as folder:
        note("plain sqlite3")
        plain = plain_turns(Path(folder) / "plain.sqlite3", seconds)
        note(f"{CONVERSATIONS} conversations")
        turns = durable_turns(Path(folder) / "ours.sqlite3", seconds)
    note("dialog steps")
    steps = dialog_steps(QUICK_DIALOGS if options.quick else DIALOGS)
    report = {"bench": "turns", "plain_turns_per_s": plain, **turns,
              "turns_to_plain": turns["turns_per_s"] / plain, **steps}  # fmt: skip
    lines = (f"{name} {round(value, 3)}" for name, value in report.items() if name != "bench")
    shown = json.dumps(report) if options.json else "\n".join([*lines, f"(want {WANTED})"])
    sys.stdout.write(shown + "\n")
    return 0


def plain_turns(file: Path, seconds: float) -> float:
    """Turns a second of one thread that writes two rows in a transaction."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        for pragma in (*SQLITE_PRAGMAS, "PRAGMA journal_mode=WAL"):
            connection.execute(pragma)
        connection.executescript(TABLES)

        def turn(number: int) -> None:
            key = f"web:{number % CONVERSATIONS}"
            at = NOW.isoformat()
            connection.execute("BEGIN IMMEDIATE")
            row = ("web", str(number), key, at, TEXT, REPLY)
            connection.execute("INSERT INTO inbox VALUES (?, ?, ?, ?, ?, ?)", row)
            connection.execute(
                "INSERT INTO conversations VALUES (?, 1, ?, ?) ON CONFLICT (key) DO UPDATE"
                " SET version = version + 1, state = excluded.state, at = excluded.at",
                (key, STATE, at),
            )
            connection.execute("COMMIT")

        times = _repeat(turn, seconds)
    return len(times) / seconds


def durable_turns(file: Path, seconds: float) -> Figures:
    """Turns a second of all conversations together, and the slowest in a hundred."""
    with open_store(f"sqlite:///{file.as_posix()}", upgrade=True) as store:
        found: list[list[float]] = []
        threads = [
            threading.Thread(target=lambda n=n: found.append(_converse(store, n, seconds)))
            for n in range(CONVERSATIONS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    times = np.concatenate(found)
    return {"turns_per_s": len(times) / seconds, "turn_p99_ms": _p99(times)}


def _converse(store: Store, conversation: int, seconds: float) -> list[float]:
    key = f"web||{conversation}||{conversation}"
    versions = [store.load_conversation(key).version]

    def turn(number: int) -> None:
        message = f"{conversation}:{number}"
        store.find_reply("web", message)
        seen = store.load_conversation(key).version
        done = store.commit_turn(
            Turn(key, "web", message, NOW, seen, STATE, "sv", REPLY, text=TEXT)
        )
        versions.append(done.version)

    return _repeat(turn, seconds)


def _repeat(work: Callable[[int], None], seconds: float) -> list[float]:
    """Does it again and again for some seconds; returns how long each took."""
    times: list[float] = []
    end = time.perf_counter() + seconds
    while (start := time.perf_counter()) < end:
        work(len(times))
        times.append(time.perf_counter() - start)
    return times


def dialog_steps(dialogs: int) -> Figures:
    """The pure step of the engine over whole deviation reports, told in one go and slot by slot."""
    times: list[float] = []
    step = dialog_talk.step

    def timed(*given: Any) -> Any:
        # Of this thread alone: a step does nothing but compute, whatever else the machine does.
        start = time.thread_time()
        found = step(*given)
        times.append(time.thread_time() - start)
        return found

    dialog_talk.Talk("deviation", Begin(dialog_talk.STORY)).all(*dialog_talk.GAPS)
    dialog_talk.step = timed
    for number in range(dialogs):
        talk = dialog_talk.Talk("deviation", Begin(dialog_talk.STORY if number % 2 else ""))
        talk.all(*dialog_talk.GAPS)
    dialog_talk.step = step
    return {"step_p50_ms": float(np.median(times)) * 1e3, "step_p99_ms": _p99(np.array(times))}


def _p99(times: Any) -> float:
    return float(np.quantile(times, 0.99)) * 1e3


if __name__ == "__main__":
    sys.exit(main())
