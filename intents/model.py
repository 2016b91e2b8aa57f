"""What a dialog is made of: its table, its state, and what one step may know and leads to.

Everything here is frozen data without a clock, a channel or a sentence; ``exchange`` holds what
goes in and out. A *value* is what a person answered, as JSON; ``None`` means that they do not know
or have none to give.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from intents.exchange import Choice, Effect, Json, Phrase, Save, Say, Shown, Values
from intents.picklists import ListTerm

Language = Literal["sv", "en"]


@dataclass(frozen=True, slots=True)
class Given:
    """All a step may know of the world; loaded before it runs."""

    #: In Europe/Stockholm, from the receipt time of the message.
    today: date
    #: Aware.
    now: datetime
    language: Language = "sv"
    #: Pick lists by name; see ``picklists.load_picklists``.
    vocabularies: Mapping[str, tuple[ListTerm, ...]] = field(default_factory=dict)
    #: A fresh id for the buttons this step may show.
    interaction: str = ""
    #: Reserved number per kind of record; see ``Step.wants_numbers``.
    numbers: Mapping[str, str] = field(default_factory=dict)
    #: Results of the look-ups named by ``Dialog.lookups``.
    lookups: Mapping[str, Json] = field(default_factory=dict)
    #: Values of settings: support_mailbox, draft_days, answer_days, whistleblowing, controller ...
    settings: Mapping[str, str | int] = field(default_factory=dict)
    #: Help of the administrators' own for a question, by "dialog.slot", in ``language``.
    help: Mapping[str, str] = field(default_factory=dict)
    #: Optional questions that are left out, as "dialog.slot".
    hidden: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a text is no value for a slot."""

    #: Text key: <dialog>.<slot>.problem.<code>, else common.problem.<code>.
    code: str
    values: Mapping[str, Shown] = field(default_factory=dict)
    #: A value to take after a yes: an unlikely number, a name outside the list.
    proposal: Json = None
    #: What may have been meant; shown as buttons.
    choices: tuple[Choice, ...] = ()
    #: Was it read as an answer of the right kind, only not one that is allowed?
    understood: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """A slot's value read out of a longer text."""

    value: Json
    #: The words it came from, as written.
    words: str


# What stays ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class State:
    """A dialog half done; survives JSON (see ``states``)."""

    dialog: str
    version: int
    #: Slot asked for now.
    pending: str
    values: Values = field(default_factory=dict)
    #: Slot -> the words its value was read from.
    evidence: Mapping[str, str] = field(default_factory=dict)
    #: One change each, newest last; see ``states.undo``.
    history: tuple[Mapping[str, Json], ...] = ()
    #: Id of the buttons of the pending question.
    interaction: str = ""
    #: A question in between ("cancel?", "really 10 000?") with what it keeps; empty for none.
    aside: Mapping[str, Json] = field(default_factory=dict)
    #: Is the pending slot being changed, its old value valid until a new one is?
    changing: bool = False
    #: Left with ``Later``.
    paused: bool = False
    #: Number of the record the result is a new version of; empty for a new one.
    amends: str = ""
    #: Answers in a row that were none to the pending question.
    tries: int = 0
    #: Conversation it is under way in; empty where the person has only one.
    place: str = ""
    #: When its person was told that the draft goes, ISO with zone; empty for never.
    warned: str = ""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form; the words are keys of the texts."""

    name: str
    label: Phrase
    #: The question as the conversation asks it.
    help: Phrase
    #: "text", "long_text", "date", "number" or "choice".
    control: Literal["text", "long_text", "date", "number", "choice"]
    options: tuple[Choice, ...]
    required: bool
    #: What is filled already: a code, an ISO date or words.
    value: Shown
    error: Say | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What one message led to."""

    #: None when the dialog is over.
    state: State | None
    says: tuple[Say, ...]
    effects: tuple[Effect, ...] = ()
    #: Errors of a form, by slot.
    errors: Mapping[str, Say] = field(default_factory=dict)
    #: The questions to show as one form, after what is said; empty for none.
    form: tuple[FormField, ...] = ()
    #: Text the person wants answered as a question after all.
    question: str = ""

    @property
    def wants_numbers(self) -> tuple[str, ...]:
        """Kinds of record that lack a number: reserve them and take the same step again."""
        return tuple(e.kind for e in self.effects
                     if isinstance(e, Save) and not e.number and not e.anonymous)  # fmt: skip


# The table -------------------------------------------------------------------------------------

Parse = Callable[[str, Given], Json | Problem]


@dataclass(frozen=True, slots=True)
class Kind:
    """What sort of answer a slot takes."""

    #: Text key of its help: common.help.<name>.
    name: str
    parse: Parse
    #: Value -> what a person reads; the prefix is "<dialog>.<slot>".
    show: Callable[[Json, str, Given], Shown]
    #: A closed slot knows its answers; a free one takes any text.
    closed: bool = True
    #: Buttons in order; labels at <dialog>.<slot>.option.<code>, else common.option.<code>.
    codes: tuple[str, ...] = ()
    #: Is a button of use, given the values so far?
    offers: Callable[[str, Values], bool] = lambda _code, _values: True
    #: Pick list the buttons and values come from.
    vocabulary: str = ""
    #: Codes of the problems it may find.
    problems: tuple[str, ...] = ()
    #: Is the value repeated after it was read?
    echo: bool = False
    #: Control of a form.
    control: Literal["text", "long_text", "date", "number", "choice"] = "text"
    #: Mends a value from a part of it: (value, new words, old words) -> value, or None.
    swap: Callable[[Json, str, str, Given], Json] | None = None
    #: Longest text taken, in characters.
    limit: int = 300
    #: May the text hold the person's own work phone or address?
    own_contact: bool = False


def always(_values: Values) -> bool:
    """The condition of a slot that is always asked for."""
    return True


@dataclass(frozen=True, slots=True)
class Slot:
    """One question of a dialog."""

    name: str
    kind: Kind
    #: Condition on the values so far (and on what ``Dialog.derive`` adds).
    asked_if: Callable[[Values], bool] = always
    #: Is "vet inte" an answer? It leaves a must open, and the record incomplete.
    unknown: bool = False
    #: May it be left out?
    optional: bool = False
    #: Is it a line of the summary?
    listed: bool = True
    #: Does it go into the record?
    filed: bool = True
    #: Everyday names, folded, for "ändra datumet".
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Filing:
    """A confirmed form on its way out."""

    #: Values of the slots that apply.
    values: Values
    #: The same with what the dialog derives.
    seen: Values
    #: Number of the record; empty until one is reserved.
    number: str
    #: Is it a new version of a record?
    amends: bool
    #: Musts the person could not answer.
    incomplete: tuple[str, ...]
    version: int

    def save(self, kind: str) -> Save:
        """Return the effect that stores the form."""
        change: Literal["new", "amend"] = "amend" if self.amends else "new"
        return Save(kind, self.number, self.values, change, self.incomplete,
                    form_version=self.version)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reaction:
    """What follows from an answer at once."""

    says: tuple[Say, ...] = ()
    effects: tuple[Effect, ...] = ()
    #: End the dialog here.
    over: bool = False


def _nothing_read(_text: str, _given: Given) -> Mapping[str, Found]:
    return {}


def _nothing_derived(_values: Values, _given: Given) -> Values:
    return {}


def _no_reaction(_slots: tuple[str, ...], _values: Values, _given: Given) -> Reaction:
    return Reaction()


def _no_lookups(_values: Values, _text: str) -> Mapping[str, Values]:
    return {}


@dataclass(frozen=True, slots=True)
class Dialog:
    """A form in conversation, readable as a table."""

    name: str
    slots: tuple[Slot, ...]
    #: What a confirmed dialog does.
    effects: Callable[[Filing, Given], tuple[Effect, ...]]
    #: What is said then.
    done: Callable[[Filing, Given], tuple[Say, ...]]
    version: int = 1
    #: Fills slots out of running text.
    read: Callable[[str, Given], Mapping[str, Found]] = _nothing_read
    #: Facts that follow from values and look-ups; asked for each time, never stored.
    derive: Callable[[Values, Given], Values] = _nothing_derived
    #: Called with the names of the slots just filled.
    react: Callable[[tuple[str, ...], Values, Given], Reaction] = _no_reaction
    #: Look-ups to load before a step: name -> arguments. Gets the values and the new text.
    lookups: Callable[[Values, str], Mapping[str, Values]] = _no_lookups
    #: Values handed in at the start that are filed though no question asks for them.
    carried: tuple[str, ...] = ()
    #: Says the intro at <dialog>.intro when it starts.
    intro: bool = True
    #: Kind of record saved, for the number in ``done``.
    record: str = ""
