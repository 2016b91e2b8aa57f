"""The real server in a thread, with a scripted application behind it, for a real browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn

from bot.app import utc_now
from bot.web.application import build_web
from bot.web.events import Streams
from bot.web.limits import Buckets
from bot.web.pages import Pages
from bot.web.sections import console_sections
from bot.web.serving import address_of, listen
from bot.web.site import Site
from tests.fakes import ScriptedApp


@dataclass(frozen=True)
class Served:
    """A running site."""

    app: Any
    address: str


@contextmanager
def served(app: Any = None) -> Iterator[Served]:
    """A site on a free loopback port, stopped at the end; scripted unless ``app`` is given.

    A real application has all the console's pages.
    """
    sections, clock = (console_sections(app), app.now) if app else ((), utc_now)
    app = app or ScriptedApp()
    streams = Streams(poll=0.05)
    site = Site(app, Pages(app), clock, Buckets(burst=10_000), streams)
    with listen("127.0.0.1", 18_200) as bound:
        config = uvicorn.Config(
            build_web(app, site, sections=sections), log_config=None, access_log=False
        )
        server = uvicorn.Server(config)
        streams.stopping = lambda: server.should_exit
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        try:
            yield Served(app, address_of(bound).rstrip("/"))
        finally:
            server.should_exit = True
            thread.join(10)
