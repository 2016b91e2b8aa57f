"""``hansyn manifest``: what a platform wants to know of the app before it lets it in."""

from __future__ import annotations

from pathlib import Path

from bot import __version__
from bot.commands.opening import tell
from bot.settings import load_settings
from bot.texts import load_texts


def run_teams(out: Path) -> int:
    """Writes the app package for Teams."""
    from bot.channels.teams.manifest import to_package

    out.write_bytes(to_package(load_settings(), load_texts(), __version__))
    tell(f"{out} är skriven. Ladda upp den i Teams administrationscenter under ”Hantera appar”.")
    return 0
