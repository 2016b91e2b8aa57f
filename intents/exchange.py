"""What goes in and out of a step: messages from a person, things said, effects to carry out.

All of it is frozen data. ``Say`` names a text and never holds a sentence; an effect is carried out
by the caller in the transaction of the turn.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

#: A JSON value; dates stand as ISO strings. None: the person does not know or has none to give.
Json = Any
Values = Mapping[str, Json]

# What comes in ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Begin:
    """Start the dialog, maybe with what is known already."""

    #: What the person wrote; the dialog's reader fills slots from it.
    text: str = ""
    #: Slots filled beforehand: a case to amend, the question behind a handover.
    values: Values = field(default_factory=dict)
    #: Number of the record that the result is a new version of.
    amends: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Text meant as an answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Text that may be an answer, but looks like a question, a command or a greeting."""

    text: str


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of the dialog."""

    value: str
    #: Id the button was shown with; empty where the channel has none. Another one is stale.
    interaction: str = ""


@dataclass(frozen=True, slots=True)
class Fields:
    """A form sent as a whole; slot name -> text or code."""

    values: Mapping[str, str]
    interaction: str = ""


@dataclass(frozen=True, slots=True)
class AsForm:
    """Show the open questions as one form."""


@dataclass(frozen=True, slots=True)
class Back:
    """Undo one step."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop and throw the draft away; asked once when something is filled."""


@dataclass(frozen=True, slots=True)
class Later:
    """Keep the draft and leave."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on with a draft."""


@dataclass(frozen=True, slots=True)
class Why:
    """Ask what the pending answer is needed for."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Show what is filled so far."""


@dataclass(frozen=True, slots=True)
class Change:
    """Change an answer given before."""

    #: Number in the summary, slot name or one of its everyday names.
    slot: str
    #: The new answer, if it came along.
    text: str = ""


Message = (
    Begin
    | Answer
    | Doubtful
    | Pressed
    | Fields
    | AsForm
    | Back
    | Cancel
    | Later
    | Resume
    | Why
    | Summary
    | Change
)

# What goes out ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text inside a text."""

    key: str
    values: Mapping[str, Shown] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lines:
    """Items shown one per line."""

    items: tuple[Shown, ...]


#: What a text may be filled with; a tuple reads "a, b och c".
Shown = str | int | float | date | Phrase | Lines | tuple["Shown", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One button."""

    value: str
    label: Shown


@dataclass(frozen=True, slots=True)
class Say:
    """One thing said: a key of the texts with its values, and the buttons below it."""

    key: str
    values: Mapping[str, Shown] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    role: Literal["say", "answer", "note", "error"] = "say"
    #: "offer" choices stand outside the dialog: their values name what the router should start.
    offers: bool = False


@dataclass(frozen=True, slots=True)
class Save:
    """Store a record."""

    #: "deviation", "deviation_annual", "screening", "grosslist", "handover", "survey" ...
    kind: str
    #: Reserved number, or that of the record amended; empty for a survey.
    number: str
    values: Values
    change: Literal["new", "amend", "withdraw"] = "new"
    #: Musts without a value; the support function comes back about them.
    incomplete: tuple[str, ...] = ()
    #: Store without a person key.
    anonymous: bool = False
    form_version: int = 1


@dataclass(frozen=True, slots=True)
class Notify:
    """Tell the support function; picked fields only, never what a person wrote freely."""

    kind: str
    number: str
    fields: Values
    priority: Literal["normal", "high"] = "normal"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Start ``dialog`` with ``values`` at the given day."""

    dialog: str
    due: date
    number: str
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OfferFile:
    """Offer the record as a file."""

    kind: str
    number: str


@dataclass(frozen=True, slots=True)
class Start:
    """Start another dialog now; its says come after this step's."""

    dialog: str
    values: Values = field(default_factory=dict)
    amends: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Forget:
    """Do not keep what the person wrote: in this turn, or in all turns of the dialog."""

    what: Literal["turn", "dialog"] = "turn"


Effect = Save | Notify | Schedule | OfferFile | Start | Forget
