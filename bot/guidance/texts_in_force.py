"""Which version of each text answers come from on a day."""

from __future__ import annotations

from datetime import date

from storage.guidance import Guidance
from storage.guidance_model import StoredDocument


def texts_in_force(guidance: Guidance, day: date) -> list[StoredDocument]:
    """The published texts that are valid on the day.

    A text published ahead of its first day leaves the one before it in force until then.
    """
    texts = (text_in_force(guidance, live, day) for live in guidance.published_documents())
    return [text for text in texts if text is not None]


def text_in_force(guidance: Guidance, live: StoredDocument, day: date) -> StoredDocument | None:
    """The published version, or the one it will replace; None where neither is valid."""
    if live.document.valid_on(day):
        return live
    if live.document.valid_from <= day.isoformat():
        return None
    before = guidance.versions(live.document.id)[: live.version - 1]
    valid = [each for each in before if each.status == "replaced" and each.document.valid_on(day)]
    return valid[-1] if valid else None
