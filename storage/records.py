"""What a turn stores: its records, messages to send and audit entries.

Every datetime is aware; an empty text means nothing. Texts are stored as given: masking personal
data is the caller's duty.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

#: A JSON object.
Facts = dict[str, object]

ReportStatus = Literal["", "utkast", "inskickad", "komplettering", "mottagen", "redovisad"]


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case to file: deviation, gross-list entry, handover and whatever else has a number."""

    #: From ``Store.reserve_number``.
    number: str
    #: "deviation", "grosslist", "handover", "unclear_screening", "annual_missing" …
    kind: str
    #: The form's values with the names of their time.
    values: Facts
    #: The year the case counts in.
    year: int
    #: Code of the submitter's organisation.
    organisation: str = ""
    period_from: date | None = None
    period_to: date | None = None
    form_version: str = ""
    #: Channel identity of the submitter, never a name.
    submitted_by: str = ""
    report_status: ReportStatus = ""
    owner_role: str = ""
    due_on: date | None = None
    #: Number of the record behind it (an answer, a screening); empty where there is none.
    about: str = ""


@dataclass(frozen=True, slots=True)
class CaseChange:
    """A new version of a filed case: an amendment or a withdrawal; the old one stays."""

    number: str
    values: Facts
    year: int
    #: Version the change was made on; ``StaleCase`` when it is not the latest.
    seen_version: int
    organisation: str = ""
    period_from: date | None = None
    period_to: date | None = None
    form_version: str = ""
    submitted_by: str = ""
    withdrawn: bool = False
    #: None leaves the status as it is.
    report_status: ReportStatus | None = None


@dataclass(frozen=True, slots=True)
class CaseNote:
    """Something that happened to a case and belongs in its history."""

    number: str
    #: "asked_back", "answered", "acknowledged" …
    kind: str
    actor: str
    facts: Facts = field(default_factory=dict)
    #: What the case is after it; empty leaves it as it is.
    state: Literal["", "taken", "closed"] = ""


@dataclass(frozen=True, slots=True)
class NewScreening:
    """A completed gross-list screening, whatever the verdict."""

    number: str
    #: The masked text the person wrote.
    input: str
    #: Normalised facts as the rule saw them.
    facts: Facts
    verdict: Literal["ja", "nej", "oklar"]
    reasons: tuple[str, ...]
    rule_version: str
    policy_version: str
    organisation: str = ""


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """An answer given to a question, with what it rests on."""

    number: str
    #: Masked.
    question: str
    answer: str
    #: One object per quoted passage.
    quotes: tuple[Facts, ...]
    #: Document id -> version quoted.
    documents: dict[str, int]
    #: "answer", "near_miss", "no_answer" …
    outcome: str
    language: str = "sv"
    corpus_version: int = 0


@dataclass(frozen=True, slots=True)
class NewFeedback:
    """A vote on an answer; a later one replaces it, one for an unknown answer is dropped."""

    #: Number of the answer.
    number: str
    vote: str
    #: Masked.
    comment: str = ""


@dataclass(frozen=True, slots=True)
class NewSurvey:
    """An anonymous survey answer; nothing in it leads to a person or a turn."""

    #: "2026-H2" or whatever period the survey counts in.
    period: str
    role: str
    #: 1 to 5 each.
    understanding: int
    trust: int
    engagement: int
    #: Masked.
    comment: str = ""


@dataclass(frozen=True, slots=True)
class NewLinkCode:
    """A one-time code a person takes to another channel, to be known as the same there."""

    #: ``storage.people.digest`` of the code; the code itself is never stored.
    digest: str
    #: Channel and tenant of whoever asked for it.
    issuer: str
    #: Stable id there.
    subject: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LinkIdentity:
    """A person has shown the code in another channel."""

    digest: str
    issuer: str
    subject: str


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """A file a person sent, checked, not yet part of a report."""

    id: str
    #: As the person called it, without folders, masked.
    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class AttachFiles:
    """Files that became part of a filed report."""

    number: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnlinkIdentity:
    """A person wants to be nobody known in this channel again."""

    issuer: str
    subject: str


Record = (
    NewCase
    | CaseChange
    | CaseNote
    | NewScreening
    | NewAnswer
    | NewFeedback
    | NewSurvey
    | NewLinkCode
    | LinkIdentity
    | UnlinkIdentity
    | NewAttachment
    | AttachFiles
)


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """A message to send after the commit, at least once."""

    #: Same key, same effect: a second row with it is not stored.
    idem: str
    #: Where the relay sends it, "slack:C0123" and the like.
    destination: str
    kind: str
    payload: Facts
    #: Rows with the same key leave in order; empty for no order.
    conversation_key: str = ""
    #: None is at once; a reminder's later time holds nothing else back.
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditItem:
    """Who did what to which object; never content."""

    actor: str
    action: str
    #: "case:A-2026-0007", "document:malgrupper" …
    object: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CommonDrafts:
    """The drafts a person has in common on every channel they have linked."""

    #: Key of their row among the conversations.
    key: str
    #: Its version the turn was decided on.
    seen_version: int
    state_json: str


@dataclass(frozen=True, slots=True)
class Turn:
    """Everything one message leads to; stored together or not at all."""

    #: ``str(ConversationKey)``.
    key: str
    channel: str
    #: Unique within the channel.
    message_id: str
    received_at: datetime
    #: ``Conversation.version`` the turn was decided on.
    seen_version: int
    state_json: str | None
    language: str
    #: Handed out again, unchanged, when the message comes twice.
    reply_json: str
    #: The masked message.
    text: str = ""
    records: tuple[Record, ...] = ()
    outbox: tuple[OutboxItem, ...] = ()
    audit: tuple[AuditItem, ...] = ()
    #: Keep the message's id and reply but not its text.
    forget_text: bool = False
    #: Ids of earlier messages of the conversation to blank in the same transaction ...
    forget: tuple[str, ...] = ()
    #: ... and the reply they get if they come again.
    forgotten_reply_json: str = ""
    #: Where the conversation is reached without being asked; None where it cannot be.
    address: Facts | None = None
    #: None for a person known on one channel only.
    common: CommonDrafts | None = None
