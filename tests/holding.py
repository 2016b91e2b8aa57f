"""Servers under load for tests and measurements: a process of their own, and a platform that fails.

``Server`` is ``hansyn serve`` with the channel of ``serving_child``; ``Platform`` is where replies
and alerts arrive, and misbehaves as it is told.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

CHILD = Path(__file__).with_name("serving_child.py")
PATIENCE = 60.0
PROOF = {"x-proof": "hemligt"}


@dataclass
class Server:
    """One life of a server."""

    folder: Path
    platform: str
    port: int
    address: str = ""
    mode: str = ""

    def __post_init__(self) -> None:
        self.log = self.folder / f"server-{self.port}-{time.monotonic_ns()}.log"
        settings = {"HANSYN_DATA": str(self.folder / "data"), "HANSYN_DATABASE_URL": self.address}
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(CHILD), str(self.port), self.platform, self.mode],
                stdout=subprocess.PIPE,
                stderr=log,
                env={**os.environ, "PYTHONPATH": str(CHILD.parent.parent), **settings},
            )

    def wait(self) -> None:
        """Until it listens."""
        end = time.monotonic() + PATIENCE
        while "Webbchatten: " not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()[-2000:]
            assert time.monotonic() < end, "the server does not start"
            time.sleep(0.02)

    def stop(self) -> tuple[int, float, str]:
        """Asks it to end: exit code, seconds it took and what it wrote."""
        start = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        written, _ = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, time.monotonic() - start, written.decode()


@contextmanager
def server(folder: Path, platform: str, port: int, **more: str) -> Iterator[Server]:
    """A server that listens, gone at the end."""
    running = Server(folder, platform, port, **more)
    try:
        running.wait()
        yield running
    finally:
        if running.process.poll() is None:
            running.process.kill()
            running.process.wait()
        assert running.process.stdout is not None
        running.process.stdout.close()


class Line:
    """A platform's way to the server; delivers until it is acknowledged."""

    def __init__(self, port: int) -> None:
        self._port = port
        #: How often something had to be delivered again.
        self.repeats = 0

    def post(self, room: str, identity: str, text: str) -> tuple[int, bytes]:
        """One delivery: status and body; 0 when there was no answer."""
        body = json.dumps({"room": room, "person": room, "id": identity, "text": text})
        with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE)) as call:
            try:
                call.request("POST", "/api/plain", body, PROOF)
                answer = call.getresponse()
                return answer.status, answer.read()
            except (OSError, http.client.HTTPException):
                return 0, b""

    def deliver(self, room: str, identity: str, text: str) -> bytes:
        """Delivers the message again and again until it is acknowledged; the answer."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            status, body = self.post(room, identity, text)
            if status == 200:
                return body
            assert status in (0, 503), status
            self.repeats += 1
            time.sleep(0.05)
        raise AssertionError("never acknowledged")


@dataclass(frozen=True)
class Fault:
    """What the platform does with one message."""

    #: "429", "500", "reset", "accepted and reset" or "stall".
    kind: str
    seconds: float = 0.0

    @property
    def accepts(self) -> bool:
        """Does the message get through though the sender is told nothing good?"""
        return self.kind in ("accepted and reset", "accepted and 500", "stall")


@dataclass(frozen=True)
class Arrival:
    """A message that got through."""

    at: float
    place: str
    #: The message it answers, or the alert's summary.
    name: str
    #: Does it say that it may have arrived before, and may the sender think so?
    repeated: bool
    doubtful: bool = False


@dataclass
class Platform:
    """Where messages arrive."""

    #: What happens to a message for a place; None takes it.
    fault: Callable[[str], Fault | None] = lambda place: None
    url: str = ""
    arrivals: list[Arrival] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    #: Messages that came before the time the platform had asked for.
    early: int = 0

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._closed: dict[str, float] = {}
        self._doubtful: set[str] = set()

    def take(self, place: str, name: str, *, repeated: bool) -> Fault | None:
        """Decides on a message and remembers it if it gets through."""
        with self._lock:
            now = time.monotonic()
            self.early += self._closed.pop(place, 0.0) > now
            fault = self.fault(place)
            if fault is not None:
                self.faults.append(fault)
                if fault.kind == "429":
                    self._closed[place] = now + fault.seconds
            if fault is None or fault.accepts:
                self.arrivals.append(Arrival(now, place, name, repeated, name in self._doubtful))
            if fault is not None and fault.kind not in ("429", "stall"):
                self._doubtful.add(name)
            return fault


@contextmanager
def platform(fault: Callable[[str], Fault | None] = lambda place: None) -> Iterator[Platform]:
    """A platform on a loopback port."""
    state = Platform(fault)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            told: dict[str, Any] = json.loads(body)
            place = unquote(self.path.split("/")[3])
            name = str(told.get("replyToId") or told.get("summary"))
            repeated = "prepning" in body.decode("unicode_escape", "replace")
            happens = state.take(place, name, repeated=repeated)
            match happens:
                case None:
                    self.answer(201)
                case Fault("429", seconds):
                    self.answer(429, {"Retry-After": str(int(seconds))})
                case Fault("500" | "accepted and 500"):
                    self.answer(500)
                case Fault("stall", seconds):
                    time.sleep(seconds)
                    self.answer(201)
                case _:
                    self.hang_up()

        def hang_up(self) -> None:
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.close_connection = True
            self.connection.close()

        def answer(self, status: int, headers: dict[str, str] | None = None) -> None:
            content = b'{"id": "m"}'
            self.send_response(status)
            for header, value in {**(headers or {}), "content-length": str(len(content))}.items():
                self.send_header(header, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """Nothing to say."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, *args: object) -> None:
            """A sender that gave up hangs up."""

    listening = Quiet(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{listening.server_port}"
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    try:
        yield state
    finally:
        listening.shutdown()
        listening.server_close()


def free_port() -> int:
    """A port nobody has right now."""
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port: int = bound.getsockname()[1]
        return port


def eventually(holds: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Does it come true in time?"""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
