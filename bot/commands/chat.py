"""``hansyn chat``: the terminal channel on the local database."""

from __future__ import annotations

import sys

from bot.channels.terminal import run_terminal
from bot.commands.opening import opened


def run() -> int:
    """Talks until the input ends."""
    with opened() as app:
        app.relay.start()
        run_terminal(app, sys.stdin, sys.stdout)
    return 0
