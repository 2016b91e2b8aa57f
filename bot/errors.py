"""Errors of the application; the docstring is the default message.

    HansynError
    ├── SettingsError
    └── Busy

``knowledge.errors.KnowledgeError`` and ``storage.errors.StorageError`` are trees of their own.
"""

from __future__ import annotations


class HansynError(Exception):
    """Hänsyn stopped because of an error."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or " ".join(str(type(self).__doc__).split()))


class SettingsError(HansynError):
    """A setting is missing or wrong; run `hansyn doctor`."""


class Busy(HansynError):
    """Too many messages are waiting; the channel should try again."""
