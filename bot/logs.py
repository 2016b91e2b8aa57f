"""Logs: facts with ids, never what a person wrote; JSON for machines, lines for a terminal."""

from __future__ import annotations

import logging
import sys
from contextlib import suppress

import structlog


class StandardError:
    """Writes lines to whatever stderr is now; a full disk behind it must not stop a turn."""

    def msg(self, message: str) -> None:
        """One line, at once."""
        with suppress(OSError, ValueError):
            sys.stderr.write(message + "\n")
            sys.stderr.flush()

    debug = info = warning = error = critical = msg


def set_up_logs(form: str, *, quiet: bool) -> None:
    """Configures structlog once per process; ``quiet`` shows warnings and worse only."""
    as_json = form == "json" or (form == "auto" and not sys.stderr.isatty())
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if as_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.dict_tracebacks,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.WARNING if quiet else logging.INFO
        ),
        logger_factory=lambda *_: StandardError(),
    )
