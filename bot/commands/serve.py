"""``hansyn serve``: the web chat, the relay and the support page in one process."""

from __future__ import annotations

import ipaddress
import signal
import sys
from functools import partial

from bot.app import App
from bot.channels.listening import listening
from bot.commands.opening import opened, tell
from bot.errors import SettingsError
from bot.settings import load_settings
from bot.thresholds import ThresholdKeeper
from bot.web.application import build_web
from bot.web.sections import console_sections
from bot.web.serving import serve


def run(host: str, port: int) -> int:
    """Serves until stopped."""
    chosen = {"host": host} if host else {}
    settings = load_settings(**chosen, **({"port": port} if port else {}))
    refuse_open_support_page(settings.host)
    # A stop by the system is a stop like any other: what is open is closed, and the code is 0.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    tell("Hänsyn startar …")
    with opened(settings, quiet=False) as app, app.store.serving():
        app.administered.follow()
        app.relay.start()
        app.jobs.start()
        app.corpus.follow()
        try:
            with listening(app.connections), ThresholdKeeper(app.corpus.derive_thresholds):
                web = build_web(app, connections=app.connections, sections=console_sections(app))
                serve(web, settings.host, settings.port, announce=partial(_tell, app))
        finally:
            tell("Hänsyn är stoppad. Allt som fått svar är sparat.")
    return 0


def refuse_open_support_page(host: str) -> None:
    """Until login exists the support page opens by a one-time link, so only to this machine.

    Raises:
        SettingsError: the address can be reached from other machines.
    """
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise SettingsError(
            f"HANSYN_HOST={host}: webbchatten kan bara lyssna på den egna maskinen (127.0.0.1) "
            "så länge stödfunktionens sida öppnas med en engångslänk"
        )


def _tell(app: App, address: str) -> None:
    tell(f"Webbchatten: {address}")
    tell(f"Stödfunktionens sida, länken gäller en gång: {address.rstrip('/')}{app.support_link}")
