"""Why something administrators ask for is not done."""

from __future__ import annotations

from bot.errors import HansynError


class Missing(HansynError):
    """There is nothing of that name to set."""


class Unsuitable(HansynError):
    """Something cannot be set so; the sentence is ``console_settings.fault.<code>``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
