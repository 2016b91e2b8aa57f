"""Microsoft's Teams client, called from ordinary threads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from typing import Any
from urllib.parse import quote

import httpx
from microsoft_teams.api import ClientCredentials
from microsoft_teams.apps.token_manager import TokenManager
from microsoft_teams.common import Client as HttpClient
from microsoft_teams.common import ClientOptions

from bot.channels.loop import Loop
from bot.outbox import Refused, Unreachable, asked_wait, is_sure

SECONDS = 15.0
#: Seconds it is remembered whether somebody is a guest.
ROSTER_SECONDS = 24 * 3600

Token = Callable[[], Any]


def credentials_token(app_id: str, password: str, tenant: str) -> Token:
    """Fetches and keeps the bot's token with Microsoft's own library."""
    credentials = ClientCredentials(client_id=app_id, client_secret=password, tenant_id=tenant)
    return TokenManager(credentials).get_bot_token


class Client:
    """Sends activities to the service a conversation came from."""

    def __init__(self, token: Token) -> None:
        self._token = token
        self._loop = Loop("teams")
        self._http = HttpClient(ClientOptions(token=token))
        self._guests: dict[tuple[str, str], tuple[bool, float]] = {}

    def create(self, service: str, conversation: str, activity: dict[str, Any]) -> str:
        """Sends a message; returns its id. Raises ``Refused`` or ``Unreachable``."""
        path = f"/v3/conversations/{quote(conversation, safe='')}/activities"
        if activity.get("replyToId"):
            path += f"/{quote(str(activity['replyToId']), safe='')}"
        answer = self._send(service, lambda http, url: http.post(url, json=activity), path)
        found = answer.json() if answer.content else {}
        return str(found.get("id") or "") if isinstance(found, dict) else ""

    def open_private(self, service: str, tenant: str, person: str) -> str:
        """The id of a person's own conversation with the bot, new or known."""
        wanted = {
            "isGroup": False, "members": [{"id": person}], "tenantId": tenant,
            "channelData": {"tenant": {"id": tenant}},
        }  # fmt: skip
        path = "/v3/conversations"
        answer = self._send(service, lambda http, url: http.post(url, json=wanted), path)
        return str(answer.json()["id"])

    def update(
        self, service: str, conversation: str, identity: str, activity: dict[str, Any]
    ) -> None:
        """Puts another message in the place of one sent before."""
        path = f"/v3/conversations/{quote(conversation, safe='')}/activities/{quote(identity)}"
        self._send(service, lambda http, url: http.put(url, json=activity), path)

    def is_guest(self, service: str, conversation: str, person: str, tenant: str) -> bool:
        """Is somebody a guest of the tenant, or of another one? Yes, when Teams does not say."""
        known, until = self._guests.get((service, person), (True, float("-inf")))
        if monotonic() < until:
            return known
        path = f"/v3/conversations/{quote(conversation, safe='')}/members/{quote(person, safe='')}"
        try:
            answer = self._send(service, lambda http, url: http.get(url), path)
            told = answer.json()
            role = str(told.get("userRole") or "").lower()
            home = str(told.get("tenantId") or tenant)
        except (Refused, ValueError, AttributeError):
            return True
        found = role in ("guest", "anonymous") or home != tenant
        self._guests[service, person] = (found, monotonic() + ROSTER_SECONDS)
        return found

    def check(self) -> None:
        """Fetches a token, or raises what stands in the way."""
        self._loop.run(self._fetch_token(), SECONDS)

    async def _fetch_token(self) -> None:
        found = self._token()
        if hasattr(found, "__await__"):
            await found

    def _send(self, service: str, work: Callable[[Any, str], Any], path: str) -> httpx.Response:
        url = f"{service.rstrip('/')}{path}"
        try:
            answer: httpx.Response = self._loop.run(work(self._http, url), SECONDS)
        except httpx.HTTPStatusError as error:
            raise _refusal(error.response) from error
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise Unreachable(type(error).__name__, sure=True) from error
        except (httpx.HTTPError, TimeoutError) as error:
            raise Refused(type(error).__name__) from error
        if answer.status_code >= 400:
            raise _refusal(answer)
        return answer


def _refusal(answer: httpx.Response) -> Refused:
    """Why the service did not take it; 429 says when to come back."""
    status, wait = answer.status_code, asked_wait(answer.headers, datetime.now(UTC))
    return Refused(f"status {status}", wait, sure=is_sure(status))
