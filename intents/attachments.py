"""The slot for files sent along with a report.

A value is a list of {"id", "name", "size"}: what the application stored. Words never fill it.
"""

from collections.abc import Mapping

from intents.exchange import Json, Phrase, Shown, Values
from intents.model import Given, Kind, Problem, Slot

#: Files of one report.
MOST_FILES = 5


def _parse(_text: str, _given: Given) -> Json | Problem:
    return Problem("attachment", understood=False)


def _show(value: Json, _prefix: str, _given: Given) -> Shown:
    return tuple(
        Phrase("files.listed", {"name": file["name"], "size": size_in_kb(file["size"])})
        for file in value
    )


def size_in_kb(size: int) -> int:
    """Return a size in bytes as kilobytes, at least 1."""
    return max(1, round(size / 1024))


def with_file(values: Values, file: Mapping[str, str | int]) -> Json | Problem:
    """Return the slot's value with one more file."""
    files = values.get("attachments") or []
    if len(files) >= MOST_FILES:
        return Problem("many", {"limit": MOST_FILES})
    return [*files, dict(file)]


ATTACHMENTS = Kind("attachment", _parse, _show, problems=("attachment", "empty"))


def attachment_slot(*, asked: bool) -> Slot:
    """Return the slot: asked for among the voluntary questions, or shown where filled."""

    def applies(values: Values) -> bool:
        return bool(values.get("attachments")) or (asked and values.get("more") == "yes")

    return Slot("attachments", ATTACHMENTS, optional=True, asked_if=applies,
                names=("bilaga", "bilagor", "fil", "filer", "attachment"))  # fmt: skip
