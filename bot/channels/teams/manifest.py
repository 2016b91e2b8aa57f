"""The app package an administrator uploads to Teams: manifest and icons in a zip.

learn.microsoft.com/microsoft-365/extensibility/schema
"""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZIP_DEFLATED, ZipFile

from bot.channels.teams.icons import BLUE, colour_icon, outline_icon
from bot.errors import SettingsError
from bot.settings import Settings
from bot.texts import Texts

VERSION = "1.22"
SCHEMA = f"https://developer.microsoft.com/json-schemas/teams/v{VERSION}/MicrosoftTeams.schema.json"
#: Commands Teams suggests, by where; what they say is what the person would have written.
COMMANDS = {
    "personal": ("deviation", "screening", "handover", "status", "link"),
    "team": ("screening", "question"),
    "groupChat": ("screening", "question"),
}


def to_package(settings: Settings, texts: Texts, version: str) -> bytes:
    """The zip file. Raises ``SettingsError`` when the app id or an https address is missing."""
    manifest = to_manifest(settings, texts, version)
    written = io.BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as package:
        package.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=2))
        package.writestr("color.png", colour_icon())
        package.writestr("outline.png", outline_icon())
    return written.getvalue()


def to_manifest(settings: Settings, texts: Texts, version: str) -> dict[str, Any]:
    """The manifest as JSON; Swedish is its language."""
    host = _host(settings)

    def words(key: str) -> str:
        return texts.render(f"teams.manifest.{key}", "sv")

    page = f"https://{host}/"
    return {
        "$schema": SCHEMA,
        "manifestVersion": VERSION,
        "version": version,
        "id": settings.teams_app_id,
        "developer": {
            "name": words("developer"),
            "websiteUrl": page,
            "privacyUrl": f"{page}tillganglighet",
            "termsOfUseUrl": f"{page}tillganglighet",
        },
        "name": {"short": words("name"), "full": words("full_name")},
        "description": {"short": words("short"), "full": words("full")},
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#" + "".join(f"{part:02X}" for part in BLUE),
        "bots": [_bot(settings.teams_app_id, texts)],
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [host],
    }


def _bot(app_id: str, texts: Texts) -> dict[str, Any]:
    lists = [
        {"scopes": [scope], "commands": [_command(name, texts) for name in names]}
        for scope, names in COMMANDS.items()
    ]
    return {
        "botId": app_id, "scopes": list(COMMANDS), "commandLists": lists, "supportsFiles": False,
        "isNotificationOnly": False, "supportsCalling": False, "supportsVideo": False,
    }  # fmt: skip


def _command(name: str, texts: Texts) -> dict[str, str]:
    key = f"teams.manifest.command.{name}"
    return {
        "title": texts.render(f"{key}.title", "sv"),
        "description": texts.render(f"{key}.about", "sv"),
    }


def _host(settings: Settings) -> str:
    address = urlsplit(settings.public_url)
    if not settings.teams_app_id or address.scheme != "https" or not address.hostname:
        raise SettingsError(
            "HANSYN_TEAMS_APP_ID och HANSYN_PUBLIC_URL (https://…) måste vara satta: "
            "de står i appens manifest"
        )
    return address.hostname
