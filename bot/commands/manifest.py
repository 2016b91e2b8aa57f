"""``hansyn manifest``: what a platform wants to know of the app before it lets it in."""

from __future__ import annotations

import json
from pathlib import Path

from bot import __version__
from bot.commands.opening import tell
from bot.errors import SettingsError
from bot.settings import load_settings
from bot.texts import load_texts


def run_teams(out: Path) -> int:
    """Writes the app package for Teams."""
    from bot.channels.teams.manifest import to_package

    out.write_bytes(to_package(load_settings(), load_texts(), __version__))
    tell(f"{out} är skriven. Ladda upp den i Teams administrationscenter under ”Hantera appar”.")
    return 0


def run_slack(*, webhook: bool) -> int:
    """Prints the manifest Slack creates the app from."""
    from bot.channels.slack.manifest import to_manifest

    public_url = load_settings().public_url
    if webhook and not public_url.startswith("https://"):
        raise SettingsError("HANSYN_PUBLIC_URL must be an https address for webhooks")
    made = to_manifest(load_texts(), public_url if webhook else "")
    print(json.dumps(made, ensure_ascii=False, indent=2))  # noqa: T201 - data to stdout
    tell("Klistra in det på api.slack.com/apps, ”Create New App”, ”From a manifest”.")
    return 0
