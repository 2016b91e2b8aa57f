"""Teams as one of the application's channels."""

from __future__ import annotations

from collections.abc import Mapping

from bot.channels.connections import Connection, Finding
from bot.channels.teams.case_cards import TeamsCards
from bot.channels.teams.client import Client, credentials_token
from bot.channels.teams.messenger import Messenger
from bot.channels.teams.reading import Reader
from bot.channels.teams.tokens import Keys, TokenCheck, fetch_from
from bot.channels.teams.webhook import TeamsWebhook
from bot.errors import SettingsError
from bot.port import App
from bot.settings import Settings


def connect(app: App, settings: Settings) -> Connection:
    """The channel. Raises ``SettingsError`` when password or tenant is missing."""
    password = settings.teams_app_password.get_secret_value()
    if not (password and settings.teams_tenant):
        raise SettingsError(
            "HANSYN_TEAMS_APP_PASSWORD and HANSYN_TEAMS_TENANT must be set with HANSYN_TEAMS_APP_ID"
        )
    tenant, app_id = settings.teams_tenant, settings.teams_app_id
    client = Client(credentials_token(app_id, password, tenant))
    hosts = settings.teams_service_hosts
    reader = Reader(app, app_id, tenant, hosts, client.is_guest)
    keys = Keys(fetch_from(settings.teams_keys_url))
    webhook = TeamsWebhook(TokenCheck(app_id, keys), reader)

    def find_room(room: str) -> Mapping[str, object] | None:
        return app.room_address("teams", tenant, room)

    return Connection(
        "teams", Messenger(client, reader.words, find_room), (webhook,),
        check=lambda: check(client, settings.public_url), clock=settings.teams_keys_url,
        cards=TeamsCards(client, reader.words("sv"), find_room),
    )  # fmt: skip


def check(client: Client, public_url: str) -> tuple[Finding, ...]:
    """Do app id and password get a token, and is there an address Microsoft can post to?"""
    reachable = public_url.startswith("https://")
    address = f"{public_url.rstrip('/')}{TeamsWebhook.path}" if reachable else "HANSYN_PUBLIC_URL"
    posted = Finding("Teams webhook", reachable, address)
    try:
        client.check()
    except Exception as error:  # whatever the library raises is the finding
        return Finding("Teams", False, type(error).__name__), posted
    return Finding("Teams", True, "token"), posted
