"""``hansyn serve``: the web chat, the relay and the support page in one process."""

from __future__ import annotations

import signal
import sys
from functools import partial

from bot.app import App
from bot.channels.listening import listening
from bot.commands.ask import answer
from bot.commands.opening import opened, tell
from bot.errors import SettingsError
from bot.guidance.thresholds import ThresholdKeeper
from bot.settings import Settings, load_settings
from bot.web.application import build_web
from bot.web.sections import console_sections
from bot.web.serving import is_loopback, serve

# What is computed meanwhile hands over to whoever waits, such as the event loop, five times sooner
# than usual.
SWITCH_SECONDS = 0.001
#: Together they need whatever is read when first needed.
FIRST_MESSAGES = ("hej", "Vad är ett avsteg?", "1 mars-30 juni, två personer")


def run(host: str, port: int) -> int:
    """Serves until stopped."""
    chosen = {"host": host} if host else {}
    settings = load_settings(**chosen, **({"port": port} if port else {}))
    refuse_open_pages(settings)
    # A stop by the system is a stop like any other: what is open is closed, and the code is 0.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    sys.setswitchinterval(SWITCH_SECONDS)
    tell("Hänsyn startar …")
    with opened(settings, quiet=False) as app, app.store.serving():
        app.administered.follow()
        app.relay.start()
        app.jobs.start()
        app.corpus.follow()
        read_in_advance(app)
        try:
            with listening(app.connections), ThresholdKeeper(app.corpus.keep_thresholds):
                web = build_web(app, connections=app.connections, sections=console_sections(app))
                # Checked above.
                tells = partial(_tell, app)
                serve(web, settings.host, settings.port, public=True, announce=tells)
        finally:
            tell("Hänsyn är stoppad. Allt som fått svar är sparat.")
    return 0


def read_in_advance(app: App) -> None:
    """Reads word lists, dialogs and rules before the first message, which else waits for them."""
    for text in FIRST_MESSAGES:
        answer(app, text)


def refuse_open_pages(settings: Settings) -> None:
    """Other machines may reach the pages once there is a login, and only over https.

    Raises:
        SettingsError: the address can be reached from other machines without that.
    """
    logs_in = settings.oidc_issuer or settings.proxy_peers
    if is_loopback(settings.host) or (logs_in and settings.public_url.startswith("https://")):
        return
    raise SettingsError(
        f"HANSYN_HOST={settings.host}: webbchatten lyssnar bara på den egna maskinen (127.0.0.1) "
        "tills inloggning är påslagen (HANSYN_OIDC_ISSUER eller HANSYN_PROXY_PEERS) och "
        "HANSYN_PUBLIC_URL börjar med https://"
    )


def _tell(app: App, address: str) -> None:
    tell(f"Webbchatten: {address}")
    if app.door.links.open:
        link = f"{address.rstrip('/')}{app.support_link}"
        tell(f"Stödfunktionens sida, länken gäller en gång inom ett dygn: {link}")
    else:
        tell(f"Stödfunktionens sida: {address}stod")
