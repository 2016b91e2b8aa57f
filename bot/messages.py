"""What channels hand in and get back; the only types a channel knows.

A channel turns its platform's event into an ``Envelope`` and a ``Reply`` into its platform's
message. It never sees a dialog, a passage or a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Language = Literal["sv", "en"]


@dataclass(frozen=True, slots=True)
class ConversationKey:
    """One person's thread in one place; turns of one key run one at a time."""

    #: "web", "terminal", "teams", "slack" or "telegram".
    channel: str
    #: Team, Entra tenant or bot id; empty where the channel has no such thing.
    tenant: str
    #: Room, chat or browser conversation.
    conversation: str
    #: Thread inside the room; empty for the room itself.
    thread: str
    #: Stable id of the person at the channel, never a name.
    person: str

    @classmethod
    def parse(cls, text: str) -> ConversationKey:
        """The key that ``str`` wrote."""
        return cls(*(part.replace("%7C", "|") for part in text.split("|")))

    @property
    def issuer(self) -> str:
        """Who vouches for ``person``: the channel with its tenant."""
        return f"{self.channel}:{self.tenant}"

    def __str__(self) -> str:
        parts = (self.channel, self.tenant, self.conversation, self.thread, self.person)
        return "|".join(part.replace("|", "%7C") for part in parts)


@dataclass(frozen=True, slots=True)
class Said:
    """The person wrote something."""

    text: str


@dataclass(frozen=True, slots=True)
class Chose:
    """The person pressed a button."""

    #: Id of the ``Choices`` the button stood in.
    interaction: str
    #: The ``Option.value`` pressed.
    value: str


@dataclass(frozen=True, slots=True)
class Submitted:
    """The person sent a form."""

    interaction: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the channel, such as ``/hjalp``; name without slash."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """The person opened the conversation and has said nothing yet."""


@dataclass(frozen=True, slots=True)
class Uploaded:
    """The person sent a file; it is checked before anything is kept."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Due:
    """The application's own doing at a set time; no channel makes one."""

    task: Literal["begin", "warn_draft", "drop_draft", "outdated", "letter", "rescreened"]
    facts: Mapping[str, Any] = field(default_factory=dict)


Content = Said | Chose | Submitted | Command | Opened | Uploaded | Due


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message in, as every channel delivers it."""

    key: ConversationKey
    #: Unique within the channel; a repeated id gets the stored reply.
    message_id: str
    #: Aware; the turn's "today" is its date in Europe/Stockholm.
    received_at: datetime
    content: Content
    #: May this person file reports here? Decided by the channel's setting and a linked identity.
    may_report: bool = True
    #: A guest or another organisation's member, who gets public guidance and files nothing.
    outsider: bool = False
    #: False where others read along, such as a channel: nothing is filed there.
    private: bool = True
    #: Id of the person across the channels they have linked; empty where none is.
    identity: str = ""
    #: Where the conversation is reached without being asked, as JSON only its channel
    #: understands; None where it cannot be.
    address: Mapping[str, Any] | None = None
    #: False: the reply is sent to ``address`` after the commit; True: the channel shows it itself.
    in_band: bool = True


@dataclass(frozen=True, slots=True)
class Option:
    """One button."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph or more in plain text; a channel escapes it."""

    text: str
    language: Language = "sv"
    #: "answer" is the direct sentence, "note" is small print, "error" asks to try again.
    role: Literal["say", "answer", "note", "error"] = "say"


@dataclass(frozen=True, slots=True)
class Source:
    """One quoted passage with what a reader needs to check it."""

    #: Verbatim span of the published passage.
    text: str
    document: str
    #: "LOU 17 kap. 1 §" or the article's title.
    locator: str
    #: "S0"-"S4", "W1"-"W47" or a statute section.
    basis: str
    #: ISO date, or "odaterad".
    date: str
    url: str
    #: Character offsets of ``text`` in the cited version of the document.
    start: int
    end: int
    #: Small print such as the summary notice or the statute copy's state date.
    note: str = ""
    #: Plain-Swedish name of a statute section ("Om: …"); empty for articles.
    about: str = ""
    #: Locators of twin sections in other acts.
    twins: tuple[str, ...] = ()
    language: Language = "sv"


@dataclass(frozen=True, slots=True)
class Sources:
    """The passages behind an answer, best first."""

    sources: tuple[Source, ...]
    #: Is the first of them meant as the answer (True) or only the nearest there is (False)?
    strong: bool = True


@dataclass(frozen=True, slots=True)
class Choices:
    """A question answered by a button; free text is always allowed as well."""

    #: Single-use id tied to person and step.
    interaction: str
    options: tuple[Option, ...]
    #: Asked above the buttons; may be empty when a ``Text`` before it asks.
    prompt: str = ""
    #: "dialog" choices go stale when the dialog moves on; "feedback" and "offer" ones do not.
    role: Literal["dialog", "offer", "feedback"] = "dialog"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form."""

    name: str
    label: str
    kind: Literal["text", "long_text", "date", "number", "choice"]
    options: tuple[Option, ...] = ()
    required: bool = True
    value: str = ""
    help: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """Several questions at once, for channels that can show them so."""

    interaction: str
    title: str
    fields: tuple[Field, ...]
    submit: str


@dataclass(frozen=True, slots=True)
class File:
    """A file offered for download."""

    name: str
    media_type: str
    #: ``kind:id`` understood by ``App.open_file``, e.g. "record:S-1042" or "receipt:A-2026-0007".
    reference: str
    label: str


Part = Text | Sources | Choices | Form | File


@dataclass(frozen=True, slots=True)
class Card:
    """A case as its room sees it; built from picked fields, never from what a person wrote."""

    number: str
    #: One line, such as "Avsteg · Egnahemsbolaget · entreprenad".
    line: str
    #: (label, value) of state, deadline and latest event.
    facts: tuple[tuple[str, str], ...]
    #: What its buttons answer; another one as soon as the case has changed.
    interaction: str
    buttons: tuple[Option, ...]
    #: Address of the case, or words for where it is found.
    link: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What the person gets back, in order."""

    parts: tuple[Part, ...]
    language: Language = "sv"
    #: Facts for logs and the command line (route, outcome, verdict …); never shown.
    facts: dict[str, object] = field(default_factory=dict)
