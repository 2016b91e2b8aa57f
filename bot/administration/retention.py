"""How long what is kept: the settings as moments, a run with its line in the audit log."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.settings import Settings
from bot.thread import thread_from_json
from storage.records import AuditItem
from storage.retention import Limits
from storage.store import Store

#: Who the server is in the audit log when it acts by itself.
SYSTEM = "system"


class Forgetting:
    """Forgets what the settings no longer keep; cases are public records and always stay."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def count(self, now: datetime) -> dict[str, int]:
        """What a run would forget now: rows by kind."""
        return self._store.retention.count(self._limits(now))

    def run(self, now: datetime, actor: str) -> dict[str, int]:
        """Forgets it; returns rows by kind."""
        found = self._store.retention.run(self._limits(now))
        self._store.audit.append([AuditItem(actor, "forget", "retention", {**found})], now)
        return found

    def _limits(self, now: datetime) -> Limits:
        keep = self._settings
        places = (place.partition(":")[2] for place in keep.alert_to)
        return Limits(
            messages=now - timedelta(days=keep.keep_messages_days),
            sent=now - timedelta(days=keep.keep_sent_days),
            given_up=now - timedelta(days=keep.keep_given_up_days),
            answers=now - timedelta(days=keep.keep_answers_days),
            drafts=self._with_drafts(),
            rooms=tuple(filter(None, places)),
        )

    def _with_drafts(self) -> frozenset[str]:
        """Where drafts lie, and where those people have in common were last under way."""
        kept: set[str] = set()
        for conversation in self._store.conversations.with_drafts():
            drafts = thread_from_json(conversation.state_json).reports
            kept.update(state.place for state in drafts)
            kept.update({conversation.key} if drafts else ())
        return frozenset(kept - {""})
