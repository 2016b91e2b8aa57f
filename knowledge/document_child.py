"""The process a file is parsed in: little memory, little time, nothing to write to.

``python -m knowledge.document_child KIND`` takes the file on stdin and writes one JSON object.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from dataclasses import asdict

from knowledge.imported import Refused

MEMORY = 1024**3
#: Of processor time, in seconds.
SECONDS = 15
OUT_OF_MEMORY = 77
WATCH_EVERY = 0.05


def limit() -> bool:
    """Limits this process; is its memory limited too?"""
    try:
        import resource
    except ImportError:
        # Windows: the parent's clock and the gate are what is left.
        return False
    for kind, value in (
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (value, value))
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except (ValueError, OSError):
        # macOS maps more than this before the first line runs; what is used is watched instead.
        threading.Thread(target=_watch_memory, daemon=True).start()
    return True


def _watch_memory() -> None:
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    while resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit < MEMORY:
        time.sleep(WATCH_EVERY)
    os._exit(OUT_OF_MEMORY)


def answer(kind: str, content: bytes, *, limited: bool) -> dict[str, object]:
    """What the parent is told: the text, or why there is none."""
    # The parsers are imported within the limits.
    from knowledge.document_reading import read_blocks

    try:
        found = read_blocks(kind, content)
    except Refused as refused:
        return {"refused": refused.fault}
    except (MemoryError, RecursionError):
        return {"refused": "limits"}
    except Exception:
        # Parsers raise whatever they meet in a damaged file.
        return {"refused": "damaged"}
    told = asdict(found)
    if not limited:
        told["warnings"]["memory_unlimited"] = 1
    return told


def main() -> None:
    """Reads stdin, answers on stdout."""
    limited = limit()
    logging.disable()
    content = sys.stdin.buffer.read()
    told = answer(sys.argv[1], content, limited=limited)
    sys.stdout.buffer.write(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
