"""Does the server stay awake: 32 conversations at once while it encodes and takes in new guidance.

A real server in a process of its own, behind its front for webhooks. Everybody writes every other
second; meanwhile questions are encoded without end and every second another article is published.
Reported are the time to an acknowledgement, which comes after the commit, and the lag of the
server's event loop.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import numpy as np
from bench.ask import note

from storage.store import open_store
from tests.holding import Line, Server, free_port, platform, server

CONVERSATIONS = 32
PACE = 2.0
SECONDS, QUICK_SECONDS = 20.0, 5.0
QUESTIONS = (
    "Vad är ett avsteg?",
    "Hur högt får vitet vara?",
    "hej",
    "Vem godkänner avsteg?",
    "Måste vi ha med social hänsyn i direktupphandling?",
    "1 mars-30 juni, två personer",
)
GOALS = {"ack_p99_ms": 250, "ack_max_ms": 1000, "lag_p99_ms": 20}

Figures = dict[str, float]


def main() -> int:
    """Measures and prints a line per figure, or JSON; 0 when it could be measured."""
    parser = argparse.ArgumentParser("hold", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--quick", action="store_true", help="a quarter of the time")
    options, _ = parser.parse_known_args()
    note(f"{CONVERSATIONS} conversations")
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), QUICK_SECONDS if options.quick else SECONDS)
    lines = (f"{name} {round(value, 1)}" for name, value in figures.items())
    report = json.dumps({"bench": "hold", **figures})
    shown = report if options.json else "\n".join([*lines, f"(want at most {GOALS})"])
    sys.stdout.write(shown + "\n")
    return 0


def measure(folder: Path, seconds: float) -> Figures:
    """Starts a server in an empty folder and loads it."""
    folder.mkdir(exist_ok=True)
    with (
        platform() as arriving,
        server(folder, arriving.url, free_port(), mode="measured") as running,
    ):
        times = converse(folder, running, seconds)
        _, stop, written = running.stop()
        lags = json.loads(written)
    return {
        "messages_per_s": len(times) / seconds,
        "ack_p50_ms": float(np.percentile(times, 50)),
        "ack_p99_ms": float(np.percentile(times, 99)),
        "ack_max_ms": max(times),
        "lag_p99_ms": float(np.percentile(lags, 99)),
        "replies_sent_at_once": len(arriving.arrivals) / len(times),
        "stop_s": stop,
    }


def converse(folder: Path, running: Server, seconds: float) -> list[float]:
    """Milliseconds to each acknowledgement."""
    over = threading.Event()
    publishing = threading.Thread(target=publish_on, args=(folder, over))
    end = time.perf_counter() + seconds
    times: list[float] = []

    def person(number: int) -> None:
        time.sleep(PACE * number / CONVERSATIONS)
        line, said = Line(running.port), 0
        while (start := time.perf_counter()) < end:
            text = QUESTIONS[(number + said) % len(QUESTIONS)]
            line.deliver(f"room-{number}", f"{number}-{said}", text)
            times.append((time.perf_counter() - start) * 1000)
            said += 1
            time.sleep(max(0.0, PACE - (time.perf_counter() - start)))

    publishing.start()
    with ThreadPoolExecutor(CONVERSATIONS) as pool:
        list(pool.map(person, range(CONVERSATIONS)))
    over.set()
    publishing.join()
    return times


def publish_on(folder: Path, over: threading.Event) -> None:
    """Publishes a changed article every second, as another process does."""
    with open_store(folder / "data" / "hansyn.sqlite3") as store:
        documents = [each.document for each in store.guidance.published_documents()]
        for number in count():
            if over.wait(1.0):
                return
            article = documents[number % len(documents)]
            changed = replace(article, body=f"{article.body}\n\nÄndrad {number}.")
            store.guidance.publish_documents([changed], datetime.now(UTC))
