"""Telegram: ask and screen by webhook or polling, with python-telegram-bot as parser and client.

A Telegram id proves nothing about who holds it, so reports are pointed to another channel unless
a setting allows them to linked persons.
"""

from __future__ import annotations

from bot.channels.connections import Connection, Finding
from bot.channels.telegram.client import Client
from bot.channels.telegram.messenger import Messenger
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.reading import Reader
from bot.channels.telegram.webhook import TelegramWebhook
from bot.port import App
from bot.settings import Settings


def connect(app: App, settings: Settings) -> Connection:
    """The channel; with a secret it listens to the webhook, without one it polls."""
    client = Client(settings.telegram_token.get_secret_value(), settings.telegram_api_url)
    reader = Reader(app, client)
    messenger = Messenger(app, client)
    secret = settings.telegram_secret.get_secret_value()
    webhooks = (TelegramWebhook(secret, reader),) if secret else ()
    listen = None if secret else Polling(app, client, reader).run
    return Connection("telegram", messenger, webhooks, listen, lambda: check(client, secret))


def check(client: Client, secret: str) -> tuple[Finding, ...]:
    """Does the token work, and does Telegram post where it should?"""
    try:
        me = client.call(lambda bot: bot.get_me())
        hook = client.call(lambda bot: bot.get_webhook_info())
    except Exception as error:  # whatever the library raises is the finding
        return (Finding("Telegram", False, type(error).__name__),)
    wrong = bool(secret) != bool(hook.url)
    told = f"@{me.username}, " + (hook.url or "polling")
    return (Finding("Telegram", not wrong, told),)
