"""``hansyn doctor`` asks the configured channels themselves, and sends a test alert."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import App, build_app
from bot.commands.checks import Check, check_channels, send_tests
from bot.settings import Settings
from tests.telegram_server import TOKEN, TelegramServer, telegram_server

Opened = Callable[..., App]


@pytest.fixture(scope="module")
def server() -> Iterator[TelegramServer]:
    with telegram_server() as running:
        yield running


@pytest.fixture
def opened(server: TelegramServer, tmp_path: Path) -> Iterator[Opened]:
    """Makes an application with a Telegram bot."""
    apps: list[App] = []
    server.messages.clear()

    def make(now: Callable[[], datetime] = lambda: datetime.now(UTC), **more: Any) -> App:
        told = {"telegram_token": TOKEN, "telegram_api_url": server.url, **more}
        apps.append(build_app(Settings(data=tmp_path, **told), now))
        return apps[-1]

    yield make
    for app in apps:
        app.close()


def states(checks: Iterator[Check]) -> dict[str, str]:
    return {check.name: check.state for check in checks}


def test_a_channel_that_works_is_green_and_so_is_the_clock(opened: Opened) -> None:
    assert states(check_channels(opened())) == {
        "Telegram": "green", "Telegram webhook": "green", "Klocka": "green",
    }  # fmt: skip


def test_a_clock_that_is_off_is_red_and_one_nobody_answers_about_is_told(opened: Opened) -> None:
    late = opened(lambda: datetime.now(UTC) - timedelta(minutes=2))
    assert states(check_channels(late))["Klocka"] == "red"
    alone = opened(telegram_api_url="http://127.0.0.1:9")
    assert states(check_channels(alone)) == {"Telegram": "red", "Klocka": "yellow"}


def test_a_test_alert_arrives_and_one_that_does_not_is_red(
    opened: Opened, server: TelegramServer
) -> None:
    app = opened(alert_to=("telegram:17", "telegram:nobody", "slack:C1"))
    assert states(send_tests(app)) == {
        "Testlarm telegram:17": "green",
        "Testlarm telegram:nobody": "red",
    }
    [sent] = server.messages
    assert "Testlarm" in sent["text"]
    assert states(check_channels(app))["Larm till slack:C1"] == "red"


def test_without_a_room_for_alerts_the_test_fails(opened: Opened) -> None:
    assert states(send_tests(opened())) == {"Testlarm": "red"}
