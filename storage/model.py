"""What comes out of the database, apart from guidance.

Every datetime is aware and in UTC; an empty text means nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from storage.records import Facts, ReportStatus

CaseState = Literal["new", "taken", "closed"]


@dataclass(frozen=True, slots=True)
class Conversation:
    """One person's thread as the last committed turn left it."""

    key: str
    #: The dialog stack as the caller wrote it; None when nothing is going on.
    state_json: str | None
    #: "sv", "en" or empty where no turn has set it.
    language: str
    #: Hand back as ``Turn.seen_version``; 0 for a conversation never seen.
    version: int
    #: Receipt time of the latest turn; an envelope older than this arrives late.
    last_at: datetime | None


@dataclass(frozen=True, slots=True)
class Committed:
    """The turn is durable; acknowledge it."""

    #: The conversation's new version.
    version: int


@dataclass(frozen=True, slots=True)
class Case:
    """A case in its latest version, or its latest one at ``CaseFilter.as_of``."""

    number: str
    kind: str
    state: CaseState
    report_status: ReportStatus
    version: int
    #: "filed", "amended" or "withdrawn": what the version is.
    change: str
    organisation: str
    year: int
    period_from: date | None
    period_to: date | None
    values: Facts
    form_version: str
    submitted_by: str
    submitted_at: datetime
    owner_role: str
    owner_person: str
    due_on: date | None
    #: The asker's conversation.
    conversation_key: str
    about: str
    #: Diarienummer, filled in by the registrar.
    registry_number: str
    created_at: datetime
    updated_at: datetime

    @property
    def withdrawn(self) -> bool:
        """Has the submitter taken it back?"""
        return self.change == "withdrawn"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file somebody sent along."""

    id: str
    conversation_key: str
    #: Number of the report it belongs to; empty while that is a draft.
    number: str
    name: str
    media_type: str
    #: In bytes.
    size: int
    content: bytes
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CaseVersion:
    """One version of a case, as it was submitted."""

    number: str
    version: int
    change: str
    organisation: str
    year: int
    period_from: date | None
    period_to: date | None
    values: Facts
    form_version: str
    submitted_by: str
    submitted_at: datetime


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One line of a case's history."""

    id: int
    number: str
    at: datetime
    actor: str
    kind: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class CaseFilter:
    """Which cases; what is left out does not filter."""

    kinds: tuple[str, ...] = ()
    states: tuple[CaseState, ...] = ()
    report_statuses: tuple[ReportStatus, ...] = ()
    organisations: tuple[str, ...] = ()
    #: Only those of these organisations, however few; None for all, also those of none.
    units: frozenset[str] | None = None
    year: int | None = None
    #: The case's period begins within these days, both included.
    period_from: date | None = None
    period_to: date | None = None
    created_from: datetime | None = None
    #: Not included.
    created_before: datetime | None = None
    due_before: date | None = None
    owner_person: str = ""
    #: (start, end) of the submitter's key; any of them fits.
    submitted_in: tuple[tuple[str, str], ...] = ()
    conversation_key: str = ""
    about: str = ""
    #: Cases filed by then, each in the version of that moment.
    as_of: datetime | None = None
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Screening:
    """A stored screening."""

    number: str
    at: datetime
    conversation_key: str
    organisation: str
    input: str
    facts: Facts
    verdict: Literal["ja", "nej", "oklar"]
    reasons: tuple[str, ...]
    rule_version: str
    policy_version: str
    #: The gross-list entry or question made from it; empty where there is none.
    case_number: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """The latest vote on an answer."""

    number: str
    at: datetime
    vote: str
    comment: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A stored answer with its feedback."""

    number: str
    at: datetime
    conversation_key: str
    language: str
    question: str
    answer: str
    quotes: tuple[Facts, ...]
    documents: dict[str, int]
    outcome: str
    corpus_version: int
    feedback: Feedback | None


@dataclass(frozen=True, slots=True)
class AskedBefore:
    """A question that was answered once."""

    #: Number of its latest answer.
    number: str
    #: Masked.
    question: str
    language: str


@dataclass(frozen=True, slots=True)
class Ending:
    """How a question ended, without anybody's words."""

    #: Number of the answer.
    number: str
    at: datetime
    #: "answered", "near_miss" or "no_answer".
    outcome: str
    #: Ids of the documents quoted.
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A row the relay has leased, or one it has given up."""

    id: int
    idem: str
    destination: str
    kind: str
    payload: Facts
    conversation_key: str
    #: Counts this lease too.
    attempts: int
    created_at: datetime
    due_at: datetime
    #: Needed to report the result; a row leased anew has another one.
    lease_token: str
    last_error: str
    #: Attempts of which the destination said that it took nothing.
    refusals: int = 0

    @property
    def repeated(self) -> bool:
        """May an earlier attempt have arrived?"""
        return self.attempts - self.refusals > 1


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One link of the audit chain."""

    #: 1, 2, 3 … without a gap.
    position: int
    at: datetime
    actor: str
    action: str
    object: str
    facts: Facts
    #: Over this entry and the hash before it.
    hash: str


@dataclass(frozen=True, slots=True)
class Term:
    """One row of a vocabulary, valid between two days."""

    code: str
    name: str
    synonyms: tuple[str, ...] = ()
    #: None is since always.
    valid_from: date | None = None
    #: Last day; None is until further notice.
    valid_to: date | None = None
    #: Code of the row that took over.
    successor: str = ""
    meta: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PolicyValue:
    """How a silent rule is read, with who decided it."""

    key: str
    value: object
    decided_by: str
    source: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class Backlog:
    """How much waits in the outbox."""

    #: Rows that are due and not sent.
    due: int
    #: When the oldest of them became due.
    oldest_due_at: datetime | None
    dead: int


@dataclass(frozen=True, slots=True)
class Traffic:
    """How sending to one kind of destination goes."""

    #: When something last arrived; None where nothing is remembered.
    last_sent_at: datetime | None
    #: Rows not sent yet, reminders for later included.
    waiting: int
    dead: int
