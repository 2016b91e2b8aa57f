"""What the router has to work with, and what it decides; nothing is stored or sent here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.administration.form_fields import FieldSetting
from bot.messages import ConversationKey, Language, Part
from bot.settings import Settings
from bot.texts import Texts
from bot.thread import Thread
from intents.language import Glossary
from intents.model import Given
from intents.picklists import ListTerm
from knowledge.retriever import Retriever
from storage.records import OutboxItem, Record

#: Runs a look-up a dialog names: (name, arguments, conversation) -> JSON.
LookUp = Callable[[str, Mapping[str, object], str], object]


@dataclass(frozen=True, slots=True)
class Services:
    """What a decision may use; every call only reads, but for numbers, which leave gaps."""

    retriever: Callable[[], Retriever]
    texts: Texts
    #: The settings as they are now: some are changed while the server runs.
    configured: Callable[[], Settings]
    #: Reserves the next number of a kind in a year.
    number: Callable[[str, int], str]
    #: A fresh id for buttons.
    new_id: Callable[[], str]
    #: Pick lists, by name.
    vocabularies: Callable[[date], Mapping[str, tuple[ListTerm, ...]]]
    look_up: LookUp
    #: What the field's words stand for; None is as shipped.
    glossary: Callable[[], Glossary | None] = lambda: None
    #: What is set for the questions of forms, by "dialog.slot".
    fields: Callable[[], Mapping[str, FieldSetting]] = dict
    #: How many changes a form has seen.
    form_revision: Callable[[str], int] = lambda _dialog: 0

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self.configured()


@dataclass(frozen=True, slots=True)
class Moment:
    """The turn's circumstances: who, when, in which language."""

    key: ConversationKey
    #: Aware.
    now: datetime
    #: In Europe/Stockholm.
    today: date
    language: Language
    #: May this person file reports here?
    may_report: bool
    #: Does nobody else read the conversation?
    private: bool = True
    #: Id of the person across channels; empty where nobody vouches for who it is.
    identity: str = ""
    #: A guest or another organisation's member.
    outsider: bool = False
    #: Is this outside any conversation (``hansyn ask``)? Then nothing gets a number.
    dry: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything one message leads to."""

    parts: tuple[Part, ...]
    thread: Thread
    #: For logs and the command line: outcome, intent, verdict, missing, reasons.
    facts: dict[str, object] = field(default_factory=dict)
    records: tuple[Record, ...] = ()
    outbox: tuple[OutboxItem, ...] = ()
    forget_text: bool = False
    #: A dialog of which no message may be kept; empty for none.
    forget_dialog: str = ""
    #: Text of a doubtful answer that the person wants answered as a question.
    question: str = ""

    def then(self, other: Decision) -> Decision:
        """This decision followed by another one made on its thread."""
        return replace(
            other,
            parts=(*self.parts, *other.parts),
            facts={**other.facts, **self.facts},
            records=(*self.records, *other.records),
            outbox=(*self.outbox, *other.outbox),
            forget_text=self.forget_text or other.forget_text,
            forget_dialog=self.forget_dialog or other.forget_dialog,
        )


def given_for(services: Services, moment: Moment, lookups: Mapping[str, object]) -> Given:
    """What a dialog step may know."""
    settings, fields = services.settings, services.fields()
    language = moment.language
    return Given(
        today=moment.today,
        now=moment.now,
        language=moment.language,
        vocabularies=services.vocabularies(moment.today),
        interaction=services.new_id(),
        numbers={},
        lookups=lookups,
        settings={
            "support_mailbox": settings.support_mailbox,
            "answer_days": settings.answer_days,
            "draft_days": settings.draft_days,
            "whistleblowing": settings.whistleblowing,
            "controller": settings.responsible,
        },
        help={
            name: field.help[language] for name, field in fields.items() if field.help.get(language)
        },
        hidden=frozenset(name for name, field in fields.items() if field.hidden),
    )
