"""What stands where in an activity and in what is sent with a press."""

from __future__ import annotations

import json
import re
from typing import Any

from microsoft_teams.api import ActivityTypeAdapter

from bot.channels.cleaning import clean
from bot.channels.connections import Unreadable
from bot.channels.teams.cards import INPUT, INPUT_NAME, PICKED

Activity = dict[str, Any]


def same_service(claims: dict[str, Any], activity: Activity, hosts: tuple[str, ...]) -> bool:
    """Does the token speak for the service the activity wants its replies sent to?"""
    told, claimed = str(activity.get("serviceUrl") or ""), str(claims.get("serviceurl") or "")
    if not told or told.rstrip("/") != claimed.rstrip("/"):
        return False
    match = re.fullmatch(r"(https?)://([\w.-]+)(?::\d+)?(?:/.*)?", told)
    if match is None:
        return False
    scheme, host = match[1], match[2].lower()
    known = any(host == name or host.endswith(f".{name}") for name in hosts)
    return known and (scheme == "https" or host == "127.0.0.1")


def parse_activity(body: bytes) -> Activity:
    """The activity as JSON, once Microsoft's own model has found nothing wrong with it."""
    activity = json.loads(body)
    ActivityTypeAdapter.validate_python(activity)
    if not isinstance(activity, dict):
        raise Unreadable("no object")
    for name in ("from", "conversation"):
        part = activity.get(name)
        if not isinstance(part, dict) or not isinstance(part.get("id"), str):
            raise Unreadable(name)
    if not isinstance(activity.get("id"), str):
        raise Unreadable("id")
    return activity


def tenant_of(activity: Activity) -> str:
    """The Entra tenant it comes from; empty when it does not say."""
    data = activity.get("channelData")
    tenant = data.get("tenant") if isinstance(data, dict) else None
    named = tenant.get("id") if isinstance(tenant, dict) else None
    return str(named or activity["conversation"].get("tenantId") or "")


def is_shared(activity: Activity) -> bool:
    """Do others read the conversation?"""
    return bool(activity["conversation"].get("conversationType", "personal") != "personal")


def picked_in(data: dict[str, Any]) -> str:
    """What was pressed or picked."""
    return str(data.get(PICKED) or data.get(str(data.get(INPUT_NAME))) or "")


def fields_in(data: dict[str, Any]) -> dict[str, str]:
    """The fields of our own form by name."""
    return {
        name.removeprefix(INPUT): clean(str(value))
        for name, value in data.items()
        if name.startswith(INPUT)
    }


def comment_in(feedback: object) -> str:
    """What was written under the thumb; Teams sends it as JSON in a text."""
    try:
        told = json.loads(str(feedback or "{}"))
    except ValueError:
        return ""
    return clean(str(told.get("feedbackText") or "")) if isinstance(told, dict) else ""
