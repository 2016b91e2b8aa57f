"""What kind of request a payload is, told by bolt's listeners; our readers say what it asks."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

import slack_bolt
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context import BoltContext
from slack_bolt.request import BoltRequest

from bot.channels.connections import Delivery, Response, Unreadable
from bot.channels.slack.client import Client

Body = dict[str, Any]
Read = Callable[[Body], Delivery]

ANY = re.compile(".*", re.DOTALL)
DELIVERY = "delivery"


class Listeners:
    """Bolt as a table of listeners, and nothing more: verification and acknowledging are ours."""

    def __init__(self, client: Client, readers: Mapping[str, Read]) -> None:
        """``readers``: "event:NAME", "command:NAME", "shortcut:NAME", "action" and "view"."""
        # Bolt logs requests it has no listener for, and its loggers copy this one's level.
        quiet = logging.getLogger("slack_bolt")
        quiet.setLevel(logging.CRITICAL)
        self._bolt = slack_bolt.App(
            logger=quiet,
            client=client.web,
            # Bolt asks functions, not methods, what they want to be told.
            authorize=lambda: _authorized(client),
            process_before_response=True,
            request_verification_enabled=False,
        )
        self._bolt.error(_raise)
        for name, read in readers.items():
            self._listen(name, read)
        # A request nobody listens to would get a 404 and come again.
        for name in ("event", "command", "shortcut", "action", "view", "options"):
            self._listen(name, lambda body: Delivery())

    def find(self, payload: str | Body) -> Delivery:
        """What the reader for its kind makes of it. Raises ``Unreadable`` for no known kind."""
        # Bolt takes dictionaries in this mode only; it means no more than that.
        request = BoltRequest(body=payload, mode="socket_mode")
        response = self._bolt.dispatch(request)
        delivery = request.context.get(DELIVERY)
        if isinstance(delivery, Delivery):
            return delivery
        if response.status != 200:
            raise Unreadable("kind")
        # Bolt's own answers: the challenge of a new address, and nothing for our own messages.
        told = json.loads(response.body) if response.body else None
        return Delivery(answer=lambda reply: Response(200, told))

    def _listen(self, name: str, read: Read) -> None:
        def listen(body: Body, context: BoltContext) -> None:
            context[DELIVERY] = read(body)
            # Only tells bolt to look no further.
            context.ack()

        kind, _, about = name.partition(":")
        register = getattr(self._bolt, kind)
        register(about or ANY)(listen)


def _authorized(client: Client) -> AuthorizeResult:
    me = client.me
    return AuthorizeResult(
        enterprise_id=None, team_id=me.team, bot_id=me.bot, bot_user_id=me.user,
        bot_token=client.web.token,
    )  # fmt: skip


def _raise(error: Exception) -> None:
    raise error
