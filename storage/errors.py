"""Errors of the database; the docstring is the default message.

StorageError
├── StaleConversation    decide again on the newer state
├── AlreadyHandled       carries the stored reply
├── Conflict
├── StaleCase
├── CaseTaken
├── StaleCorpus
├── NotFound
├── AlreadyServing
├── BadAddress
├── BadBackup
├── TargetNotEmpty
├── DatabaseUnavailable  the caller may try again
│   ├── DatabaseDown
│   ├── DatabaseBusy
│   └── DatabaseFull
└── UnusableDatabase     nobody but the operator can help
    ├── SchemaMissing
    ├── SchemaTooNew
    ├── SchemaTooOld
    ├── ForeignFile
    └── DatabaseDamaged
"""

from __future__ import annotations


class StorageError(Exception):
    """The database refused the operation."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or " ".join(str(type(self).__doc__).split()))


class StaleConversation(StorageError):
    """The conversation has moved on since it was read; read it and decide again."""


class AlreadyHandled(StorageError):
    """This message was handled before; its stored reply is the answer."""

    def __init__(self, reply_json: str) -> None:
        super().__init__()
        #: The reply as it was stored, character by character.
        self.reply_json = reply_json


class Conflict(StorageError):
    """Another row already has this key."""


class StaleCase(StorageError):
    """The case has a newer version than the one that was changed; read it again."""


class CaseTaken(StorageError):
    """Somebody else has taken the case."""


class StaleCorpus(StorageError):
    """Something else was published since the decision was made; look again and decide anew."""


class NotFound(StorageError):
    """There is no such row."""


class AlreadyServing(StorageError):
    """Another `hansyn serve` uses this SQLite file; stop it first, or move to PostgreSQL with
    `hansyn db copy` to run several."""


class BadAddress(StorageError):
    """The database address must be sqlite:///FILE or postgresql://USER@HOST/DATABASE."""


class BadBackup(StorageError):
    """The file is not a whole Hänsyn backup; nothing was restored."""


class TargetNotEmpty(StorageError):
    """The target database already holds data; nothing was changed. Use --force to replace it."""


class DatabaseUnavailable(StorageError):
    """The database cannot be used right now; nothing was stored, so try again."""


class DatabaseDown(DatabaseUnavailable):
    """The database does not answer; nothing was stored, so try again."""


class DatabaseBusy(DatabaseUnavailable):
    """The database is busy; nothing was stored, so try again."""


class DatabaseFull(DatabaseUnavailable):
    """The database's disk or quota is full; nothing was stored. Free some space and go on."""


class UnusableDatabase(StorageError):
    """The database cannot be used by this version of Hänsyn."""


class SchemaMissing(UnusableDatabase):
    """The database has no tables yet; run `hansyn db upgrade`."""


class SchemaTooNew(UnusableDatabase):
    """The database was made by a newer Hänsyn; install that version or restore a backup."""


class SchemaTooOld(UnusableDatabase):
    """The database was made by an older Hänsyn; run `hansyn db upgrade`. To keep a copy, run
    `hansyn backup` with the older release first."""


class ForeignFile(UnusableDatabase):
    """The file or database belongs to something else; nothing was changed in it."""


class DatabaseDamaged(UnusableDatabase):
    """The database file is damaged; restore the latest backup."""
