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
from bot.channels.telegram.registering import Registration
from bot.channels.telegram.webhook import TelegramWebhook
from bot.errors import SettingsError
from bot.port import App
from bot.settings import Settings


def connect(app: App, settings: Settings) -> Connection:
    """The channel; with a secret it listens to the webhook, without one it polls.

    Raises ``SettingsError`` when the webhook has no https address.
    """
    client = Client(settings.telegram_token.get_secret_value(), settings.telegram_api_url)
    reader = Reader(app, client)
    messenger = Messenger(app, client)
    secret = settings.telegram_secret.get_secret_value()
    if secret and not settings.public_url.startswith("https://"):
        raise SettingsError("HANSYN_PUBLIC_URL must be https:// with HANSYN_TELEGRAM_SECRET")
    webhooks = (TelegramWebhook(secret, reader),) if secret else ()
    address = f"{settings.public_url.rstrip('/')}{TelegramWebhook.path}"
    listen = Polling(app, client, reader).run
    if secret:
        listen = Registration(client, address, secret).run
    wanted = address if secret else ""
    return Connection(
        "telegram", messenger, webhooks, listen, lambda: check(client, wanted),
        clock=settings.telegram_api_url,
    )  # fmt: skip


def check(client: Client, wanted: str) -> tuple[Finding, ...]:
    """Does the token work, and does Telegram post to the ``wanted`` address, or nowhere if ""?"""
    try:
        me = client.call(lambda bot: bot.get_me())
        hook = client.call(lambda bot: bot.get_webhook_info())
    except Exception as error:  # whatever the library raises is the finding
        return (Finding("Telegram", False, type(error).__name__),)
    right = Finding("Telegram", True, f"@{me.username}")
    if hook.url != wanted:
        # The server registers its address when it starts; until then Telegram knows another.
        return right, Finding("Telegram webhook", False, f"{hook.url or '–'} ≠ {wanted or '–'}")
    fault = hook.last_error_message or ""
    told = f"{hook.url}: {fault}" if fault else hook.url or "polling"
    return right, Finding("Telegram webhook", not fault, told)
