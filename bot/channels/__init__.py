"""The ways in: each channel is two translations and one call.

``NAMES`` tells where each channel starts. A channel's module is imported only when it is used, so
that no vendor's library loads before it is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

#: Name of the channel -> "module:function" that runs it with the application as first argument.
NAMES = {
    "terminal": "bot.channels.terminal:run_terminal",
    "web": "bot.web.serving:serve",
}


def load_channel(name: str) -> Callable[..., Any]:
    """The function that runs the channel; ``KeyError`` for an unknown name."""
    module, _, function = NAMES[name].partition(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found
