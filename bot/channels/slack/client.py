"""slack-sdk's client with our way of telling what went wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from http.client import HTTPException
from time import monotonic
from typing import Any, TypeVar
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.webhook import WebhookClient

from bot.errors import Busy
from bot.outbox import Gone, Refused, Unreachable, asked_wait, is_sure

T = TypeVar("T")

API = "https://slack.com/api/"
#: Where Slack keeps what people upload; our token goes to no other address.
FILES = "https://files.slack.com/"
SECONDS = 15
#: After these Slack may have done part of what it was asked (docs.slack.dev, chat.postMessage).
UNSURE = {"fatal_error", "internal_error", "request_timeout", "service_unavailable"}
#: Who has left, and rooms that are closed: no later attempt would arrive.
GONE = {"account_inactive", "user_disabled", "is_archived"}
#: Seconds it is remembered who somebody is.
PERSON_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Me:
    """Who the bot is."""

    team: str
    user: str
    bot: str


@dataclass(frozen=True, slots=True)
class Member:
    """What Slack says of somebody."""

    #: A guest, or another organisation's member.
    outsider: bool
    #: Of their own choice, such as "sv-SE"; empty where Slack does not say.
    locale: str = ""


class Client:
    """One bot in one workspace."""

    def __init__(self, token: str, api_url: str = API) -> None:
        # No retries of the library's own: a message that may have arrived is ours to mark.
        self.web = WebClient(token, base_url=api_url, timeout=SECONDS, retry_handlers=[])
        self._files = FILES if api_url == API else api_url
        self._rooms: dict[str, str] = {}
        self._members: dict[str, tuple[Member, float]] = {}

    @cached_property
    def me(self) -> Me:
        """Asked for once. Raises ``Busy`` while Slack does not say, so that events come again."""
        try:
            told = self.send(lambda web: web.auth_test())
        except Refused as error:
            raise Busy from error
        return Me(str(told["team_id"]), str(told["user_id"]), str(told.get("bot_id") or ""))

    def own_room(self, person: str) -> str:
        """The room of the bot's direct messages with somebody. Raises ``Refused``."""
        if person not in self._rooms:
            opened = self.send(lambda web: web.conversations_open(users=person))
            self._rooms[person] = str(opened["channel"]["id"])
        return self._rooms[person]

    def member(self, person: str) -> Member:
        """Who somebody is; an outsider, when Slack will not say.

        Raises ``Busy`` while it cannot say: nobody is turned away for an outage.
        """
        known, until = self._members.get(person, (None, 0.0))
        if known is not None and monotonic() < until:
            return known
        try:
            told = self.send(lambda web: web.users_info(user=person, include_locale=True))["user"]
        except Refused as error:
            if isinstance(error, Unreachable) or error.retry_after:
                raise Busy from error
            return Member(outsider=True)
        flags = ("is_restricted", "is_ultra_restricted", "is_stranger")
        outsider = any(told.get(flag) for flag in flags) or told.get("team_id") != self.me.team
        found = Member(outsider, str(told.get("locale") or ""))
        self._members[person] = (found, monotonic() + PERSON_SECONDS)
        return found

    def send(self, work: Callable[[WebClient], T]) -> T:
        """One call; raises ``Refused`` or ``Unreachable``."""
        try:
            return work(self.web)
        except SlackApiError as error:
            raise _refusal(error) from error
        except URLError as error:
            before = _before_sending(error.reason)
            kind = Unreachable if before else Refused
            raise kind(type(error.reason).__name__, sure=before) from error
        except (SlackClientError, HTTPException, OSError) as error:
            raise Refused(type(error).__name__) from error

    def download(self, url: str, most: int) -> bytes | None:
        """What somebody uploaded, up to a byte more than ``most``; None if Slack has it not itself.

        Raises ``Busy`` while it cannot be fetched.
        """
        if not url.startswith(self._files):
            return None
        request = Request(url, headers={"Authorization": f"Bearer {self.web.token}"})  # noqa: S310
        try:
            with build_opener(_NoRedirect).open(request, timeout=SECONDS) as answer:
                return bytes(answer.read(most + 1))
        except HTTPError:
            return None
        except (OSError, HTTPException) as error:
            raise Busy from error

    def respond(self, url: str, **message: Any) -> bool:
        """Shows something to the one who pressed; the address is Slack's own and soon gone."""
        try:
            told = WebhookClient(url, timeout=SECONDS, retry_handlers=[]).send_dict(message)
        except (SlackClientError, HTTPException, OSError):
            return False
        return bool(told.status_code == 200)


class _NoRedirect(HTTPRedirectHandler):
    """Without the right scope Slack sends us to its login page."""

    def redirect_request(self, *asked: Any) -> None:
        """Nowhere."""


def _before_sending(reason: object) -> bool:
    """Was there nobody to connect to, so that nothing can have arrived?"""
    return isinstance(reason, ConnectionRefusedError) or type(reason).__name__ == "gaierror"


def _refusal(error: SlackApiError) -> Refused:
    """Why Slack did not take it; 429 says when to come back."""
    response = error.response
    name = str(response.get("error") or response.get("status") or "error")
    if name in GONE:
        return Gone(name, sure=True)
    wait = asked_wait(getattr(response, "headers", None) or {}, datetime.now(UTC))
    status = getattr(response, "status_code", 200)
    sure = name not in UNSURE and (status < 300 or is_sure(status))
    return Refused(name, wait, sure=sure)
