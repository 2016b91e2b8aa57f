"""A process per contender: its own memory to measure, its own caches, its own build.

They are asked in turn, so that whatever else the machine does slows all of them alike.
"""

from __future__ import annotations

import multiprocessing
import re
import resource
import sys
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from bench._contenders import CONTENDERS, Contender

from knowledge.figures import ndcg
from knowledge.model import Passage

#: ``ru_maxrss`` counts bytes on macOS and kilobytes elsewhere.
MIB = 2**20 if sys.platform == "darwin" else 2**10


class Worker:
    """One contender in a process of its own."""

    def __init__(self, name: str, passages: Sequence[Passage]) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, name), daemon=True)
        self._process.start()
        self._pipe.send(list(passages))

    def call(self, name: str, *arguments: object) -> Any:
        """Has the process do one of its tasks; returns what it measured."""
        self._pipe.send((name, arguments))
        return self._pipe.recv()

    def built(self) -> dict[str, Any]:
        """Build time and memory; ``{"missing": module}`` when a library is not installed."""
        found: dict[str, Any] = self._pipe.recv()
        return found

    def close(self) -> None:
        """Ends the process."""
        self._process.terminate()
        self._process.join()
        self._pipe.close()


def _work(pipe: Connection, name: str) -> None:
    passages: list[Passage] = pipe.recv()
    before = _peak()
    start = time.perf_counter()
    try:
        contender = CONTENDERS[name](passages)
    except ImportError as error:
        pipe.send({"missing": error.name})
        return
    pipe.send({"build_s": time.perf_counter() - start, "peak_mib": _peak() - before})
    tasks = {"time": _time, "score": _score, "publish": _publish}
    while True:
        task, arguments = pipe.recv()
        pipe.send(tasks[task](contender, *arguments))


def _peak() -> float:
    """The most memory so far, MiB; on Linux ``ru_maxrss`` would hold the parent's peak too."""
    status = Path("/proc/self/status")
    if status.exists() and (found := re.search(r"VmHWM:\s*(\d+)", status.read_text("ascii"))):
        return int(found[1]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MIB


def _time(
    contender: Contender, questions: Sequence[str], budget: float
) -> tuple[list[float], float]:
    """Seconds of each question until the budget is spent, and of the processor for all of them."""
    times: list[float] = []
    before = time.process_time()
    for question in questions:
        start = time.perf_counter()
        contender.ask(question)
        times.append(time.perf_counter() - start)
        if sum(times) > budget:
            break
    return times, time.process_time() - before


def _score(contender: Contender, items: Sequence[tuple[str, int]], budget: float) -> float:
    """Mean nDCG@10 of known items, of as many as the budget allows."""
    end = time.perf_counter() + budget
    found = []
    for text, number in items:
        found.append(ndcg([n == number for n in contender.rank(text)], 1))
        if time.perf_counter() > end:
            break
    return sum(found) / max(1, len(found))


def _publish(contender: Contender, passages: Sequence[Passage]) -> list[float] | None:
    """Seconds until each changed article can be found; None where it cannot be exchanged."""
    if contender.publish is None:
        return None
    times = []
    for passage in passages:
        start = time.perf_counter()
        contender.publish(passage)
        times.append(time.perf_counter() - start)
    return times
