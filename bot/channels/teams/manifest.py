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
from bot.messages import Language
from bot.settings import Settings
from bot.texts import Texts

VERSION = "1.22"
SCHEMAS = f"https://developer.microsoft.com/json-schemas/teams/v{VERSION}"
SCHEMA = f"{SCHEMAS}/MicrosoftTeams.schema.json"
LOCALIZATION = f"{SCHEMAS}/MicrosoftTeams.Localization.schema.json"
#: The file of the package with the words in English.
ENGLISH = "en.json"
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
        package.writestr("manifest.json", _as_json(manifest))
        package.writestr(ENGLISH, _as_json(to_english(texts)))
        package.writestr("color.png", colour_icon())
        package.writestr("outline.png", outline_icon())
    return written.getvalue()


def to_english(texts: Texts) -> dict[str, str]:
    """The manifest's words in English, by where they stand in it."""
    words = {
        "name.short": "name", "name.full": "full_name",
        "description.short": "short", "description.full": "full",
    }  # fmt: skip
    found = {place: texts.render(f"teams.manifest.{key}", "en") for place, key in words.items()}
    for row, names in enumerate(COMMANDS.values()):
        for column, name in enumerate(names):
            place = f"bots[0].commandLists[{row}].commands[{column}]"
            told = _command(name, texts, "en")
            found |= {f"{place}.{part}": text for part, text in told.items()}
    return {"$schema": LOCALIZATION, **found}


def to_manifest(settings: Settings, texts: Texts, version: str) -> dict[str, Any]:
    """The manifest as JSON, in Swedish."""
    host = _host(settings)

    def words(key: str) -> str:
        return texts.render(f"teams.manifest.{key}", "sv")

    page = f"{settings.public_url.rstrip('/')}/"
    return {
        "$schema": SCHEMA,
        "manifestVersion": VERSION,
        "version": version,
        "id": settings.teams_app_id,
        "localizationInfo": {
            "defaultLanguageTag": "sv",
            "additionalLanguages": [{"languageTag": "en", "file": ENGLISH}],
        },
        "developer": {
            "name": words("developer"),
            "websiteUrl": page,
            "privacyUrl": f"{page}integritet",
            "termsOfUseUrl": f"{page}villkor",
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


def _command(name: str, texts: Texts, language: Language = "sv") -> dict[str, str]:
    key = f"teams.manifest.command.{name}"
    return {
        "title": texts.render(f"{key}.title", language),
        "description": texts.render(f"{key}.about", language),
    }


def _as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _host(settings: Settings) -> str:
    address = urlsplit(settings.public_url)
    if not settings.teams_app_id or address.scheme != "https" or not address.hostname:
        raise SettingsError(
            "HANSYN_TEAMS_APP_ID och HANSYN_PUBLIC_URL (https://…) måste vara satta: "
            "de står i appens manifest"
        )
    return address.hostname
