"""The database as the application sees it: one ``Store`` with a repository per noun."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from storage import migrate
from storage.answers import Answers, Surveys
from storage.attachments import Attachments
from storage.audit import Audit
from storage.backup import Manifest, backup
from storage.cards import Cards
from storage.cases import Cases
from storage.conversations import Conversations
from storage.copying import TableFacts, copy_to
from storage.engine import Database, make_place, to_url
from storage.erasure import Erasure
from storage.errors import DatabaseDown
from storage.gold import Gold
from storage.grants import Grants
from storage.guidance import Guidance
from storage.inbox import Inbox
from storage.logins import Logins
from storage.model import Committed, Conversation
from storage.numbers import Numbers
from storage.outbox import Outbox
from storage.people import People
from storage.records import Turn
from storage.retention import Retention
from storage.screenings import Screenings
from storage.serve_lock import serve_lock
from storage.turns import Turns
from storage.vocabularies import Policies, Vocabularies

T = TypeVar("T")


class Store:
    """All repositories on one database; safe to use from any thread.

    Every method blocks until its work is durable, raises ``StorageError`` and nothing else of
    the database's, and takes the time as an argument.
    """

    def __init__(self, database: Database, audit_key: bytes = b"") -> None:
        self._database = database
        #: Messages handled and their replies.
        self.inbox = Inbox(database)
        #: Dialog state, language and version per conversation.
        self.conversations = Conversations(database)
        #: Deviations, gross-list entries, handovers: versions, history, owners, due dates.
        self.cases = Cases(database)
        #: Which messages show a case in rooms.
        self.cards = Cards(database)
        self.screenings = Screenings(database)
        #: Answers with their feedback.
        self.answers = Answers(database)
        self.surveys = Surveys(database)
        #: Files sent along with reports.
        self.attachments = Attachments(database)
        #: The corpus.
        self.guidance = Guidance(database)
        #: Gold questions born in operation.
        self.gold = Gold(database)
        self.vocabularies = Vocabularies(database)
        self.policies = Policies(database)
        #: Who writes from where, and how conversations are reached.
        self.people = People(database)
        #: What they may do.
        self.grants = Grants(database)
        self.logins = Logins(database)
        self.outbox = Outbox(database)
        #: What is forgotten when.
        self.retention = Retention(database)
        #: What is kept of one person.
        self.erasure = Erasure(database)
        self.audit = Audit(database, audit_key)
        self._numbers = Numbers(database)
        self._turns = Turns(database, self.audit)

    @property
    def address(self) -> str:
        """The database file, or the address with its password masked."""
        if self._database.file is not None:
            return str(self._database.file)
        return self._database.url.render_as_string(hide_password=True)

    @property
    def database(self) -> Database:
        """The connections; for this package and its tests only."""
        return self._database

    def find_reply(self, channel: str, message_id: str) -> str | None:
        """The stored reply to a message as JSON; None when it was not handled yet."""
        return self.inbox.find_reply(channel, message_id)

    def load_conversation(self, key: str) -> Conversation:
        """The conversation; version 0 and no state when it is new.

        An envelope received before ``last_at`` comes late and answers an older question.
        """
        return self.conversations.load(key)

    def commit_turn(self, turn: Turn) -> Committed:
        """Store everything a turn leads to in one transaction; durable when it returns.

        Raises ``AlreadyHandled`` (with the winner's reply) for a known message id,
        ``StaleConversation`` when another turn came first: load it and decide again.
        """
        return self._turns.commit(turn)

    def reserve_number(self, kind: str, year: int) -> str:
        """The next running number of a kind: "S-1042", "A-2026-0007"; never given twice.

        Taken in its own transaction before the turn, so a turn that is not stored leaves a gap.
        """
        return self._numbers.reserve(kind, year)

    def write(self, work: Callable[[], T]) -> T:
        """Run ``work`` so that every call it makes on this store is one transaction.

        ``work`` runs on a writer thread: keep it short, and send nothing from it. An exception
        undoes all of it.
        """
        return self._database.write(lambda _: work())

    def serving(self) -> AbstractContextManager[None]:
        """Held by the one server of a SQLite file; PostgreSQL takes several.

        Raises ``AlreadyServing``.
        """
        file = self._database.file
        return nullcontext() if file is None else serve_lock(file)

    def revision(self) -> str:
        """The schema's revision."""
        return migrate.revision(self._database)

    def upgrade(self) -> str:
        """Bring the schema to this release's revision, which is returned."""
        return migrate.upgrade(self._database)

    def backup(self, file: Path, at: datetime, release: str = "") -> Manifest:
        """Write everything into one archive while the server goes on; see ``storage.backup``."""
        return backup(self._database, file, at, release)

    def copy_to(self, address: str | Path) -> dict[str, TableFacts]:
        """Copy everything to an empty database, of either kind, and compare.

        Raises ``TargetNotEmpty``; on any error the target stays empty.
        """
        return copy_to(self._database, address)

    def close(self) -> None:
        """Finish what is being written and let go of the database."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_store(
    address: str | Path, *, create: bool = True, upgrade: bool = False, audit_key: bytes = b""
) -> Store:
    """Open the database at an address such as "sqlite:///hansyn.sqlite3" (or a path to the
    file) or "postgresql://USER@HOST/DATABASE".

    ``create`` makes the tables of an empty database, ``upgrade`` migrates an older one.
    Raises ``BadAddress``, ``SchemaMissing``, ``SchemaTooOld``, ``SchemaTooNew``,
    ``ForeignFile``, ``DatabaseDown``.
    """
    url = to_url(address)
    with _closing_on_error(Database(url)) as database:
        file = database.file
        if file is not None and not file.exists() and not create:
            raise DatabaseDown(f"There is no database file {file}.")
        make_place(url)
        if upgrade or (create and not migrate.revision(database)):
            migrate.upgrade(database)
        migrate.check(database)
        return Store(database, audit_key)


@contextmanager
def _closing_on_error(database: Database) -> Iterator[Database]:
    try:
        yield database
    except BaseException:
        database.close()
        raise
