"""How fast a question is answered, beside the bare library calls and a Haystack pipeline.

All run on the same passages and the same 1 000 different questions, in turn, with nothing cached
between them. On a busy machine the processor's time says more than the clock's. A yardstick that
is not installed is skipped and said so. nDCG@10 is that of known items: every other word of a
sentence, and the passage it stands in.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from bench._contenders import CONTENDERS
from bench._corpus import bench_passages, bench_questions, known_items, where_from
from bench._workers import Worker

from knowledge.model import Passage

SIZES = (1_200, 10_000, 50_000)
QUICK_SIZES = (1_200,)
QUESTIONS, QUICK_QUESTIONS = 1_000, 200
#: Questions asked of one contender before the next has its turn.
BLOCK = 50
KNOWN = 100
PUBLISHED = 5
# A pipeline that takes a second a question is timed on fewer of them.
SLOW_BUDGET_SECONDS = 60.0
#: What is wanted: (figure, size) -> at most; a ratio to Haystack: at least.
WANTED = {
    ("ours_to_bare", 10_000): ("<=", 5.0),
    ("ours_to_bare", 50_000): ("<=", 2.0),
    ("haystack_to_ours", 10_000): (">=", 50.0),
    ("publish_to_build", 50_000): ("<=", 0.05),
}

Figures = dict[str, Any]


def main() -> int:
    """Measures every size and prints a table, or JSON; 0 when it could be measured."""
    options = _options()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    sizes = options.sizes or (QUICK_SIZES if options.quick else SIZES)
    questions = bench_questions(QUICK_QUESTIONS if options.quick else QUESTIONS)
    note(f"{len(questions)} questions, {where_from()}")
    report: Figures = {"bench": "ask", "first_answer_s": first_answer(), "sizes": []}
    for size in sizes:
        report["sizes"].append(measure(bench_passages(size), questions))
    sys.stdout.write(json.dumps(report) + "\n" if options.json else table(report))
    return 0


def measure(passages: list[Passage], questions: Sequence[str]) -> Figures:
    """One size: every contender that is installed, and changed articles."""
    note(f"{len(passages)} passages: building {', '.join(CONTENDERS)}")
    workers, figures = {}, {}
    for name in CONTENDERS:
        worker = Worker(name, passages)
        figures[name] = worker.built()
        if "missing" in figures[name]:
            note(f"  {name}: skipped, {figures[name]['missing']} is not installed")
            worker.close()
            continue
        note(f"  {name}: built in {figures[name]['build_s']:.1f} s")
        workers[name] = worker
    try:
        _ask_in_turn(workers, figures, questions)
        items = known_items(passages, KNOWN)
        for name, worker in workers.items():
            note(f"  {name}: known items")
            figures[name]["ndcg_at_10"] = worker.call("score", items, SLOW_BUDGET_SECONDS)
        changed = passages[:: max(1, len(passages) // PUBLISHED)][:PUBLISHED]
        published = statistics.median(workers["hansyn"].call("publish", changed))
    finally:
        for worker in workers.values():
            worker.close()
    figures["hansyn"]["publish_s"] = published
    ratios = _ratios(figures)
    note("  " + ", ".join(f"{name} {value:.3g}" for name, value in ratios.items()))
    return {"passages": len(passages), **figures, "ratios": ratios}


def _ask_in_turn(
    workers: dict[str, Worker], figures: dict[str, Figures], questions: Sequence[str]
) -> None:
    times: dict[str, list[float]] = {name: [] for name in workers}
    processor = dict.fromkeys(workers, 0.0)
    for worker in workers.values():
        worker.call("time", questions[:5], SLOW_BUDGET_SECONDS)
    for start in range(0, len(questions), BLOCK):
        for name, worker in workers.items():
            left = SLOW_BUDGET_SECONDS - sum(times[name])
            if left > 0:
                spent, used = worker.call("time", questions[start : start + BLOCK], left)
                times[name] += spent
                processor[name] += used
        note(f"  asked {min(start + BLOCK, len(questions))} of {len(questions)}")
    for name, spent in times.items():
        p50, p95 = np.quantile(spent, [0.5, 0.95])
        figures[name] |= {"p50_ms": p50 * 1e3, "p95_ms": p95 * 1e3, "asked": len(spent)}
        figures[name]["cpu_ms"] = processor[name] / len(spent) * 1e3


def _ratios(figures: dict[str, Figures]) -> dict[str, float]:
    ours = figures["hansyn"]
    ratios = {"publish_to_build": ours["publish_s"] / ours["build_s"]}
    for key, mark in (("p50_ms", ""), ("cpu_ms", "_cpu")):
        if key in figures["bare"]:
            ratios[f"ours_to_bare{mark}"] = ours[key] / figures["bare"][key]
        if key in figures["haystack"]:
            ratios[f"haystack_to_ours{mark}"] = figures["haystack"][key] / ours[key]
    return ratios


def first_answer() -> dict[str, float]:
    """Seconds from starting ``hansyn ask`` to its answer: on a new machine, and after that."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"HANSYN_DATA": str(Path(folder) / "data")}
        for name in ("new_machine", "later"):
            start = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "bot", "ask", "Vad är bruttolistan?"],
                env=environment,
                stdout=subprocess.DEVNULL,
                check=True,
            )
            found[name] = time.perf_counter() - start
            note(f"first answer, {name.replace('_', ' ')}: {found[name]:.2f} s")
    return found


def table(report: Figures) -> str:
    """The figures side by side."""
    first = report["first_answer_s"]
    lines = [f"first answer {first['later']:.2f} s after process start (want <= 2),"]
    lines.append(f"  on a new machine {first['new_machine']:.2f} s")
    head = ("p50 ms", "p95 ms", "cpu ms", "build s", "peak MiB", "nDCG@10", "asked")
    keys = ("p50_ms", "p95_ms", "cpu_ms", "build_s", "peak_mib", "ndcg_at_10", "asked")
    for size in report["sizes"]:
        lines += ["", f"{size['passages']:<10}" + "".join(f"{name:>10}" for name in head)]
        for name in CONTENDERS:
            row = size[name]
            cells = (f"{row[key]:>10.3g}" if key != "asked" else f"{row[key]:>10}" for key in keys)
            lines.append(
                f"{name:<10}" + ("  not installed" if "missing" in row else "".join(cells))
            )
        for name, value in size["ratios"].items():
            sign, wanted = WANTED.get((name, size["passages"]), ("", 0.0))
            lines.append(f"  {name} {value:.3g}" + (f"  (want {sign} {wanted:g})" if sign else ""))
    return "\n".join(lines) + "\n"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("ask", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
    parser.add_argument("--quick", action="store_true", help="one size, fewer questions")
    parser.add_argument("--sizes", type=int, nargs="+", help="numbers of passages")
    options, _ = parser.parse_known_args()
    return options


def note(line: str) -> None:
    """Progress, at once and apart from the figures."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
