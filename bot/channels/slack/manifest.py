"""The app as Slack creates it from a manifest (docs.slack.dev/reference/app-manifest)."""

from __future__ import annotations

from typing import Any

from bot.texts import Texts

#: What the manifest offers people; the listeners go by the same names.
COMMAND = "/hansyn"
SHORTCUT = "rapportera_avsteg"
#: Messages of rooms are needed for the asker's next words in a thread; all others are left alone.
EVENTS = (
    "message.im", "message.channels", "message.groups", "message.mpim", "app_mention",
    "app_home_opened",
)  # fmt: skip
SCOPES = (
    "app_mentions:read", "channels:history", "chat:write", "commands", "files:read",
    "files:write",
    "groups:history", "im:history", "im:write", "mpim:history", "users:read",
)  # fmt: skip


def to_manifest(texts: Texts, public_url: str = "") -> dict[str, Any]:
    """The manifest: Socket Mode without an address, webhooks with one such as https://…"""

    def words(key: str) -> str:
        return texts.render(f"slack.manifest.{key}", "sv")

    def url(kind: str) -> dict[str, str]:
        return {"request_url": _webhook(public_url, kind)} if public_url else {}

    name = words("name")
    command = {"command": COMMAND, "description": words("command"), "usage_hint": words("hint"),
               "should_escape": False}  # fmt: skip
    if public_url:
        command["url"] = _webhook(public_url, "commands")
    return {
        "display_information": {"name": name, "description": words("description")},
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True,
                         "messages_tab_read_only_enabled": False},
            "bot_user": {"display_name": name, "always_online": True},
            "slash_commands": [command],
            "shortcuts": [{"name": words("shortcut"), "type": "message", "callback_id": SHORTCUT,
                           "description": words("shortcut")}],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**url("events"), "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **url("interactivity")},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not public_url,
            "token_rotation_enabled": False,
        },
    }  # fmt: skip


def _webhook(public_url: str, kind: str) -> str:
    return f"{public_url.rstrip('/')}/api/slack/{kind}"
