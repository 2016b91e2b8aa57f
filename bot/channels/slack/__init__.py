"""Slack by Socket Mode or webhooks: slack-sdk as client, slack-bolt to tell kinds apart.

Bolt's own servers are not used: they acknowledge an event before anything is stored, answer 404 to
an event nobody listens to and log the body of a request with a bad signature.
"""

from __future__ import annotations

import logging

from bot.channels.connections import Connection, Finding
from bot.channels.plain_text import words_of
from bot.channels.slack.cards import SlackCards
from bot.channels.slack.client import API, Client
from bot.channels.slack.manifest import SCOPES
from bot.channels.slack.messenger import Messenger
from bot.channels.slack.reading import Reader
from bot.channels.slack.socket_mode import SocketMode
from bot.channels.slack.webhook import KINDS, SignatureCheck, SlackWebhook
from bot.errors import SettingsError
from bot.port import App
from bot.settings import Settings

# When debugging the client logs what it sends and gets.
logging.getLogger("slack_sdk").setLevel(logging.WARNING)


def connect(app: App, settings: Settings) -> Connection:
    """The channel. Raises ``SettingsError`` when there is neither app token nor signing secret."""
    app_token = settings.slack_app_token.get_secret_value()
    secrets = settings.slack_signing_secret.get_secret_value()
    if not (app_token or secrets):
        raise SettingsError(
            "HANSYN_SLACK_APP_TOKEN or HANSYN_SLACK_SIGNING_SECRET must be set with"
            " HANSYN_SLACK_BOT_TOKEN"
        )
    client = Client(settings.slack_bot_token.get_secret_value())
    reader = Reader(app, client)
    webhooks = slack_webhooks(SignatureCheck(secrets), reader) if secrets else ()
    listen = SocketMode(app, reader, app_token).run if app_token else None
    messenger = Messenger(app, client)
    cards = SlackCards(client, words_of(app, "slack", "sv"))
    return Connection(
        "slack", messenger, webhooks, listen, lambda: check(client, app_token), clock=API,
        cards=cards,
    )  # fmt: skip


def slack_webhooks(signatures: SignatureCheck, reader: Reader) -> tuple[SlackWebhook, ...]:
    """The four addresses of the manifest."""
    return tuple(SlackWebhook(f"/api/slack/{kind}", signatures, reader) for kind in KINDS)


def check(client: Client, app_token: str) -> tuple[Finding, ...]:
    """Do the tokens work, and does the app have the scopes of its manifest?"""
    try:
        told = client.web.auth_test()
        if app_token:
            client.web.apps_connections_open(app_token=app_token)
    except Exception as error:  # whatever the library raises is the finding
        return (Finding("Slack", False, type(error).__name__),)
    given = {scope.strip() for scope in str(told.headers.get("x-oauth-scopes", "")).split(",")}
    missing = [scope for scope in SCOPES if scope not in given]
    name = f"{told['team']}, {told['user']}"
    return (
        Finding("Slack", True, f"{name}, {'Socket Mode' if app_token else 'webhook'}"),
        Finding("Slack scopes", not missing, ", ".join(missing) or "ok"),
    )
