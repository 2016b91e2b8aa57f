"""What a dialog waits for, told to the router: is this message an answer to it?"""

from dataclasses import dataclass

from intents.corrections import mend, read_change
from intents.engine import current
from intents.everyday import is_no, is_yes, looks_like_question
from intents.filling import read_value
from intents.model import Dialog, Given, Problem, State
from intents.progress import place, slot_of


@dataclass(frozen=True, slots=True)
class Pending:
    """The question a dialog waits for an answer to."""

    slot: str
    #: Kind of answer, such as "date" or "text".
    kind: str
    #: A closed slot knows its answers; in a free one any text would do.
    closed: bool
    step: int
    steps: int
    #: A question in between: "cancel", "doubt", "sure" or empty.
    aside: str


def pending(dialog: Dialog, state: State, given: Given) -> Pending:
    """Return what the dialog waits for."""
    now = current(dialog, state, given)
    slot = slot_of(dialog, now.pending)
    number, count = place(dialog, now, given)
    closed = slot.kind.closed or bool(now.aside)
    return Pending(slot.name, slot.kind.name, closed, number, count, str(now.aside.get("kind", "")))


def fits(dialog: Dialog, state: State, text: str, given: Given) -> bool:
    """Would the pending closed slot (or the question in between) take this text as an answer?

    An answer that is read but not allowed ("i morgon" where a past day is asked for) fits too: the
    dialog knows best what to say about it. A question never fits, even if it names an answer.
    """
    now = current(dialog, state, given)
    slot = slot_of(dialog, now.pending)
    if looks_like_question(text):
        return False
    if now.aside and (is_yes(text) or is_no(text)):
        return True
    if read_change(text) or mend(dialog, now, text, given):
        return True
    if not slot.kind.closed:
        return False
    if slot.name == "confirm" and (is_yes(text) or is_no(text)):
        return True
    value = read_value(slot, text, given)
    return not isinstance(value, Problem) or value.understood
