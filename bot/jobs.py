"""What the server does by itself: drafts, stray files, the support function's day, forgetting."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import structlog

from bot.administration.administered import Lists
from bot.administration.retention import SYSTEM, Forgetting
from bot.cases.alerts import Alerts
from bot.cases.annual_missing import AnnualMissing
from bot.cases.reminders import Reminders
from bot.errors import Busy
from bot.messages import ConversationKey, Due, Envelope
from bot.settings import Settings
from bot.texts import Texts
from bot.thread import Thread, thread_from_json
from intents.drafts import fate_of, warned_at
from storage.errors import StorageError
from storage.model import Conversation
from storage.store import Store

log = structlog.get_logger()

HOUR = 3600.0
#: A file sent in the last day may belong to a draft that is being written right now.
LOOSE_FILES = timedelta(days=1)
#: No login lasts a day (``bot.settings``).
LOGINS = timedelta(days=1)
#: Whoever has left does not log in again, so what they may do in a room ends too.
ROLES_TOLD = timedelta(days=30)


class Jobs:
    """Looks after drafts and deadlines until stopped; running twice does no harm."""

    def __init__(
        self,
        store: Store,
        configured: Callable[[], Settings],
        texts: Texts,
        receive: Callable[[Envelope], object],
        now: Callable[[], datetime],
        lists: Callable[[date], Lists],
    ) -> None:
        self._store = store
        self._configured = configured
        self._texts = texts
        self._receive = receive
        self._now = now
        self._annual = AnnualMissing(store, lists, lambda: configured().answer_days)
        #: The day old messages were last forgotten on.
        self._forgotten: date | None = None
        #: When everything was last done to the end; None before the first time.
        self.ran_at: datetime | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Runs the jobs now and then once an hour, in a thread of their own."""
        self._thread = threading.Thread(target=self._keep_running, name="jobs", daemon=True)
        self._thread.start()

    def stop(self, timeout: float = 2.0) -> None:
        """Finishes the conversation in hand and ends."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout)

    def run(self) -> None:
        """Every job once."""
        self._annual.run(self._now())
        alerts = Alerts(self._configured(), self._texts)
        Reminders(self._store, alerts, self._texts).run(self._now())
        self._purge()
        drafts = [(c, thread_from_json(c.state_json))
                  for c in self._store.conversations.with_drafts()]  # fmt: skip
        for conversation, thread in drafts:
            if self._stopping.is_set():
                return
            self._look_after(conversation, thread)
        kept = [identity for _, thread in drafts for identity in _files_in(thread)]
        self._store.attachments.drop_loose(self._now() - LOOSE_FILES, kept)
        self._forget()
        self.ran_at = self._now()

    def _purge(self) -> None:
        """Drop what has run out: codes, logins, and roles no login has told of lately."""
        now = self._now()
        self._store.people.purge_codes(now)
        self._store.logins.purge(now - LOGINS, now - LOGINS)
        self._store.grants.purge(now - ROLES_TOLD)

    def _forget(self) -> None:
        """Once a day, after drafts have been looked after: what is dropped protects nothing."""
        now = self._now()
        if self._forgotten != now.date():
            Forgetting(self._store, self._configured()).run(now, SYSTEM)
            self._forgotten = now.date()

    def _keep_running(self) -> None:
        while not self._stopping.is_set():
            try:
                self.run()
            except (StorageError, Busy) as error:
                log.error("jobs", error=type(error).__name__)
            self._stopping.wait(HOUR)

    def _look_after(self, conversation: Conversation, thread: Thread) -> None:
        worth = thread.reports
        if not worth or conversation.last_at is None:
            return
        touched, now = conversation.last_at, self._now()
        warned = max((at for state in worth if (at := warned_at(state))), default=None)
        fate = fate_of(touched, warned, now, self._configured().draft_days)
        # A person's common drafts are told of where they were last under way.
        shared = conversation.key.startswith("person|")
        key = worth[-1].place if shared else conversation.key
        if fate == "keep" or not key:
            return
        due = Due("warn_draft" if fate == "warn" else "drop_draft")
        # The same warning again, by this server or another, is the same message.
        message_id = f"job:{due.task}:{conversation.key}:{touched.isoformat()}"
        address = self._store.people.address(key)
        place = ConversationKey.parse(key)
        self._receive(
            Envelope(place, message_id, now, due, address=address, in_band=address is None)
        )
        log.info("draft", fate=fate)


def _files_in(thread: Thread) -> Iterator[str]:
    for state in thread.dialogs:
        for file in state.values.get("attachments") or ():
            yield file["id"]
