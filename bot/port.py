"""What a channel may ask of the application: the one port between them.

``bot.app.App`` is the real one and ``tests.fakes.ScriptedApp`` the scripted one. Every call is
synchronous and thread-safe; an asyncio channel runs it in a thread. Whatever a call returns is
already committed, and texts are already masked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Protocol

from bot.login.door import Door
from bot.messages import Card, ConversationKey, Envelope, File, Language, Reply
from bot.policy import Actor

CaseState = Literal["new", "taken", "closed"]


@dataclass(frozen=True, slots=True)
class Turn:
    """One stored turn: what came in and what went out."""

    #: 1 for the first of the conversation, then upwards; never changes.
    number: int
    #: The person's words or the label of the pressed button, masked. Empty when the conversation
    #: was opened and when the reply came by itself, such as an answer from the support function.
    said: str
    reply: Reply
    #: Aware; when the message was received.
    at: datetime
    #: Id of the ``Choices`` or ``Form`` this turn answered, by button or by words; empty otherwise.
    answered: str = ""


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file made ready for download."""

    #: File name with ending, without folders.
    name: str
    #: Such as "text/plain; charset=utf-8".
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Belongings:
    """What somebody has of their own."""

    #: Names of the reports under way.
    drafts: tuple[str, ...] = ()
    #: Of what was filed in the conversation asked for, newest first.
    receipts: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseQuery:
    """Which cases the support function wants to see; an empty value does not filter."""

    states: tuple[CaseState, ...] = ()
    #: Kind of case, such as "deviation", "grosslist" or "handover".
    kind: str = ""
    #: Only the cases this person has taken.
    owner: str = ""
    #: Only those that were to be answered before this day.
    due_before: date | None = None
    #: All of them stand in the case; its texts are searched for those who may read them.
    words: str = ""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One line in the list of cases; nothing in it is free text."""

    number: str
    #: Such as "deviation"; its name stands under ``alert.kind.<kind>``.
    kind: str
    #: Built from picked fields only.
    summary: str
    state: CaseState
    #: Who has taken it; empty when nobody has.
    owner: str
    due: date | None
    created: datetime
    #: Has the asker written since the support function last did?
    waiting: bool = False
    #: Name of the organisation it concerns; empty for none and for one outside the list.
    organisation: str = ""
    #: Has the support function written last, so that nothing is to be done for now?
    answered: bool = False


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One line of a case's history."""

    at: datetime
    #: Role or id of whoever did it, never a name.
    actor: str
    #: What was done, as a sentence for the reader.
    text: str
    #: What was written: a letter, an internal note, the asker's words, masked; mostly empty.
    body: str = ""
    #: How far a letter has come: "waiting", "delivered", "read" or "failed"; else empty.
    delivery: str = ""
    #: May this never be shown to the asker?
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """Something the support function writes to the asker."""

    kind: Literal["answer", "completion"]
    text: str
    #: The same for the same form, so that a form sent twice is one letter.
    identity: str


@dataclass(frozen=True, slots=True)
class MissingField:
    """A question of the form that has no answer, with a ready text that asks for it."""

    slot: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """A whole case, as one handler may read it."""

    row: CaseRow
    #: (label, value) in the order of the form, the asker's guarded text included.
    fields: tuple[tuple[str, str], ...]
    #: Oldest first.
    history: tuple[CaseEvent, ...]
    #: (id, name) of the files sent along.
    files: tuple[tuple[str, str], ...] = ()
    #: Is it an example that may be shown to others?
    publishable: bool = False
    #: Other cases of the same organisation, newest first.
    similar: tuple[CaseRow, ...] = ()
    missing: tuple[MissingField, ...] = ()
    #: Is there a conversation an answer can be sent to?
    reachable: bool = True


@dataclass(frozen=True, slots=True)
class OutboxProblem:
    """A message that could not be delivered and was set aside."""

    #: Id of the outbox row; empty while it is still tried.
    id: str
    #: "mail", "page" or "conversation"; its name stands under ``web.support.channels``.
    channel: str
    #: Kind of message, such as "deviation"; its name stands under ``alert.kind.<kind>``.
    kind: str
    #: The case it is about; empty when it is about none.
    case: str
    attempts: int
    #: Class of the last error; never the message's content.
    error: str
    since: datetime


class SupportDesk(Protocol):
    """What the support function does with its cases.

    Every call raises ``bot.policy.Forbidden`` where the actor may not do it.
    """

    def cases(self, actor: Actor, query: CaseQuery) -> tuple[CaseRow, ...]:
        """The actor's cases that pass, most urgent first."""
        ...

    def case(self, actor: Actor, number: str) -> CaseView | None:
        """The whole case, or None for an unknown number; the read is written to the audit log."""
        ...

    def file(self, actor: Actor, identity: str) -> OpenedFile | None:
        """A file of a filed case; the read is written to the audit log."""
        ...

    def take(self, actor: Actor, number: str) -> bool:
        """Give the case to the actor; False when somebody else has it or it is closed."""
        ...

    def release(self, actor: Actor, number: str) -> bool:
        """Put the case back among the new ones; False when the actor does not have it."""
        ...

    def close(self, actor: Actor, number: str) -> bool:
        """Finish the case; False when somebody else has it or it is closed already."""
        ...

    def reopen(self, actor: Actor, number: str) -> bool:
        """Take up a closed case again as one's own; False when it is not closed."""
        ...

    def assign(self, actor: Actor, number: str, to: str) -> bool:
        """Give the case to somebody else; False when it is not the actor's to give."""
        ...

    def take_over(self, actor: Actor, number: str) -> bool:
        """Take the case from a colleague who is away; False when nobody else has it."""
        ...

    def note(self, actor: Actor, number: str, text: str) -> bool:
        """Write an internal note, which never leaves; False for an unknown case."""
        ...

    def send(self, actor: Actor, number: str, letter: Letter) -> bool:
        """Send a letter to the asker's own conversation, taking the case if it is free.

        False when somebody else has the case, it is closed, or nobody can be reached.
        """
        ...

    def publish(self, actor: Actor, number: str) -> bool:
        """Show an example to others and finish it; False without consent or when not theirs."""
        ...

    def outbox_problems(self, actor: Actor) -> tuple[OutboxProblem, ...]:
        """What could not be delivered, and the places where nothing gets through just now."""
        ...

    def send_again(self, actor: Actor, problem: str) -> bool:
        """Queue a message that was set aside once more; False when it is none any longer."""
        ...


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question without an answer, in the asker's own words, masked."""

    #: Number of the case, or of the answer that did not help.
    id: str
    words: str
    at: datetime
    conversation: str
    language: str = "sv"
    is_case: bool = False


@dataclass(frozen=True, slots=True)
class Theme:
    """Questions that seem to mean the same."""

    #: The words that tell most of what they are about; empty where none does.
    words: tuple[str, ...]
    asked: tuple[AskedQuestion, ...]


@dataclass(frozen=True, slots=True)
class QuestionQuery:
    """Which unanswered questions to show."""

    #: Asked within so many days.
    days: int = 30
    #: All of them stand in the question.
    words: str = ""


#: Why a question gets no answer: it lies outside what the assistant is for, or is dealt with.
Reason = Literal["outside", "handled"]


@dataclass(frozen=True, slots=True)
class OneAnswer:
    """What the support function answers to several questions at once."""

    #: Heading of the article it becomes.
    title: str
    text: str
    #: The same for the same form.
    identity: str


class QuestionDesk(Protocol):
    """What the support function does with questions nobody has answered."""

    def themes(self, actor: Actor, query: QuestionQuery) -> tuple[Theme, ...]:
        """Those that pass, those that seem to mean the same together; the largest theme first."""
        ...

    def answers_now(self, actor: Actor, theme: Theme) -> bool:
        """Does the assistant by now answer every question of the theme by itself?"""
        ...

    def answer(self, actor: Actor, chosen: Sequence[str], answer: OneAnswer) -> int:
        """Send one answer to the chosen ones and keep it as a draft; returns how many got it."""
        ...

    def set_aside(self, actor: Actor, chosen: Sequence[str], reason: Reason, note: str) -> int:
        """Take the chosen ones off the list without an answer; returns how many."""
        ...


class Catalogue(Protocol):
    """The sentences people read, by key and language."""

    def render(self, key: str, language: Language, **values: Any) -> str:
        """The text under ``key``, such as "web.send", with its placeholders filled."""
        ...


@dataclass(frozen=True, slots=True)
class Shown:
    """The settings a channel shows to people."""

    #: The board or company that answers for the assistant.
    responsible: str
    #: "production", or the name of a test environment to show on every page.
    environment: str
    #: Functional mailbox of the support function.
    support_mailbox: str
    #: The page on personal data; empty where people have no way to it.
    privacy_url: str = ""
    #: How long an unfinished report is kept, what was said, and who asked.
    draft_days: int = 30
    keep_messages_days: int = 30
    keep_answers_days: int = 90


class App(Protocol):
    """The application as a channel sees it."""

    @property
    def settings(self) -> Shown:
        """What is shown about the service itself."""
        ...

    @property
    def texts(self) -> Catalogue:
        """The sentences people read."""
        ...

    @property
    def support(self) -> SupportDesk:
        """The support function's desk."""
        ...

    def receive(self, envelope: Envelope) -> Reply:
        """Handle one message and return its reply after the commit.

        A ``message_id`` seen before returns the reply stored then. ``Opened`` returns the greeting.

        Raises:
            bot.errors.Busy: too many messages are waiting; nothing was stored.
            storage.errors.StorageError: nothing was stored.
        """
        ...

    def turns(self, key: ConversationKey, limit: int) -> tuple[Turn, ...]:
        """The latest ``limit`` turns of the conversation as stored, oldest first."""
        ...

    def case_card(self, number: str, place: str) -> Card | None:
        """A case's card as it is now; None where ``place``, such as "slack:C1", has none."""
        ...

    def revision(self, key: ConversationKey) -> int:
        """A number that grows with every turn and every message sent by itself; cheap; 0 at first.

        It is polled once a second for every open page, so it must be one indexed read.
        """
        ...

    def open_file(self, reference: str, key: ConversationKey) -> OpenedFile | None:
        """The file behind ``File.reference``, or None when this conversation may not have it."""
        ...

    @property
    def questions(self) -> QuestionDesk:
        """The questions nobody has answered."""
        ...

    @property
    def door(self) -> Door:
        """The ways in to the pages behind the login."""
        ...

    def belongings(self, key: ConversationKey) -> Belongings:
        """The person's drafts, and the receipts of this conversation."""
        ...

    def room_address(
        self, channel: str, tenant: str, conversation: str
    ) -> Mapping[str, object] | None:
        """How a room was last reached, whoever wrote there; None when nobody has."""
        ...

    def health(self) -> Mapping[str, object]:
        """State of the parts; ``"ready"`` (bool) says whether messages can be answered."""
        ...
