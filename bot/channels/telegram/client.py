"""python-telegram-bot's client, called from ordinary threads."""

from __future__ import annotations

import os
import threading
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import cached_property
from typing import TypeVar

from httpx import ConnectError
from telegram import Bot
from telegram.error import Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import HTTPXRequest

from bot.channels.loop import Loop
from bot.outbox import Gone, Refused, Unreachable

T = TypeVar("T")

# The library's next release tells waits as timedelta only; until then it warns of the old way.
os.environ.setdefault("PTB_TIMEDELTA", "true")

#: Seconds a call may take; a long poll adds its own.
SECONDS = 20.0


class Client:
    """One bot. The library is asynchronous, so its calls run on a loop of their own."""

    def __init__(self, token: str, api_url: str) -> None:
        self._token = token
        self._api_url = api_url
        self._loop = Loop("telegram")
        self._lock = threading.Lock()

    @property
    def bot_id(self) -> str:
        """The bot's own id: the part of the token before the colon."""
        return self._token.partition(":")[0]

    @cached_property
    def username(self) -> str:
        """The bot's name without "@"; empty when Telegram does not answer."""
        try:
            return self.call(lambda bot: bot.get_me()).username or ""
        except TelegramError:
            return ""

    def call(self, work: Callable[[Bot], Awaitable[T]], seconds: float = SECONDS) -> T:
        """Runs one call and waits for it; raises what the library raises."""
        with self._lock:
            bot = self._bot
        return self._loop.run(work(bot), seconds)

    def send(self, work: Callable[[Bot], Awaitable[T]]) -> T:
        """The same for messages: raises ``Refused`` or ``Unreachable``."""
        try:
            return self.call(work)
        except RetryAfter as error:
            wait = error.retry_after
            assert isinstance(wait, timedelta)
            raise Refused("RetryAfter", wait, sure=True) from error
        except (TimedOut, TimeoutError) as error:
            raise Refused(type(error).__name__) from error
        except Forbidden as error:
            raise Gone("Forbidden", sure=True) from error
        except NetworkError as error:
            # BadRequest is a NetworkError to the library, but the next message may well arrive.
            if type(error) is NetworkError:
                unsent = isinstance(error.__cause__, ConnectError)
                raise Unreachable(type(error).__name__, sure=unsent) from error
            raise Refused(type(error).__name__, sure=True) from error
        except TelegramError as error:
            # Of its own class is an answer that could not be read.
            sure = type(error) is not TelegramError
            raise Refused(type(error).__name__, sure=sure) from error

    @cached_property
    def _bot(self) -> Bot:
        request = HTTPXRequest(read_timeout=SECONDS, connect_timeout=5)
        self._loop.run(request.initialize(), SECONDS)
        return Bot(self._token, f"{self._api_url}/bot", request=request)
