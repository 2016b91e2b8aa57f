"""How a command opens the application: settings, quiet logs, database, starter guidance."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bot.app import App, build_app, open_data
from bot.logs import set_up_logs
from bot.settings import Settings, load_settings
from storage.store import Store


@contextmanager
def opened(settings: Settings | None = None, *, quiet: bool = True) -> Iterator[App]:
    """The application, closed again at the end."""
    chosen = settings or load_settings()
    set_up_logs(chosen.log_format, quiet=quiet)
    app = build_app(chosen)
    try:
        yield app
    finally:
        app.close()


@contextmanager
def database() -> Iterator[Store]:
    """The database alone, closed again at the end."""
    settings = load_settings()
    set_up_logs(settings.log_format, quiet=True)
    settings.data.mkdir(parents=True, exist_ok=True)
    with open_data(settings) as store:
        yield store


def input_lines(text: str) -> list[str]:
    """The argument itself, or every line of stdin for "-"."""
    if text != "-":
        return [text]
    raw = sys.stdin.buffer.read().decode("utf-8", "replace")
    return [line for line in raw.splitlines() if line.strip()]


def print_json(value: object) -> None:
    """One JSON text on a line of its own, at once."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def tell(text: str) -> None:
    """A line to the person at the terminal, not to a pipe."""
    sys.stderr.write(text + "\n")
