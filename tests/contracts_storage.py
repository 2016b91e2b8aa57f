"""What storage tests hand in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from storage.records import Turn

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def turn(message_id: str = "m1", seen_version: int = 0, **changes: Any) -> Turn:
    """A turn of one conversation in the web chat."""
    facts: dict[str, Any] = {
        "key": "web||room||person",
        "channel": "web",
        "received_at": NOW,
        "state_json": '{"dialog":"deviation"}',
        "language": "sv",
        "reply_json": f'{{"to":"{message_id}"}}',
        "text": "hej",
    }
    return Turn(message_id=message_id, seen_version=seen_version, **(facts | changes))
