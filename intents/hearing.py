"""What a message in the middle of a dialog is: a command, an answer, or something else.

Order (design): command > an answer that fits a closed slot (choice, date, number, organisation) >
question or other intent > free text. A free text is stored without asking only when it looks like
nothing else.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from intents.classify import QUESTION, Intent
from intents.concepts import load_lexicon, read_sentences
from intents.corrections import mend, read_change
from intents.engine import current
from intents.everyday import is_no, is_yes
from intents.exchange import (
    Answer,
    AsForm,
    Back,
    Cancel,
    Change,
    Doubtful,
    Later,
    Message,
    Pressed,
    Resume,
    Summary,
    Why,
)
from intents.filling import read_value
from intents.model import Dialog, Given, Problem, Slot, State
from intents.progress import slot_of
from intents.questions import Certainty, looks_like_question
from intents.spoken_commands import Command, read_command

#: Commands by name. "Skicka" before the end shows what is left, for nothing is sent half done.
COMMANDS: Mapping[str, type[AsForm | Back | Cancel | Later | Resume | Summary | Why]] = {
    "back": Back,
    "cancel": Cancel,
    "form": AsForm,
    "later": Later,
    "resume": Resume,
    "summary": Summary,
    "submit": Summary,
    "why": Why,
}
#: Commands answered beside the dialog, and the small talk they are.
BESIDE = {"help": "help", "swedish": "language", "english": "language"}
#: Intent -> dialog it starts.
STARTS = {
    name: name
    for name in ("deviation", "screening", "handover", "consultation", "example", "survey",
                 "report_status", "visit")
}  # fmt: skip
#: Kinds of message within an intent that have a dialog of their own.
TOPIC_STARTS = {
    ("deviation", "annual"): "deviation_annual",
    ("deviation", "amend"): "amend",
    ("consultation", "visit"): "visit",
    ("handover", "before"): "procurement_help",
}
#: What is asked for here is a question: it goes to the support function, not to the search.
QUESTION_SLOTS = {"question"}
#: Intents that are seldom an answer, even where any text would do.
ELSEWHERE = {"smalltalk", "handover", "report_status"}
#: Concepts of which a greeting, a thank-you or a call for help is made, and nothing else.
PLEASANTRIES = ("greeting", "thanks", "praise", "bye", "feeling", "understood", "filler",
                 "help_word")  # fmt: skip


def dialog_for(intent: Intent) -> str:
    """Return the dialog an intent starts; empty for none."""
    return TOPIC_STARTS.get((intent.name, intent.topic)) or STARTS.get(intent.name, "")


def hear(
    dialog: Dialog, state: State, text: str, given: Given, intent_of: Callable[[], Intent]
) -> Message | Intent:
    """Return the message to the dialog, or the intent of what the person wants in between."""
    state = current(dialog, state, given)
    command = read_command(text)
    if command is not None and command.name in BESIDE:
        return Intent("smalltalk", BESIDE[command.name], 1.0)
    if message := command and to_message(command, dialog, state):
        return message
    if fits(dialog, state, text, given):
        return Answer(text)
    intent, slot = intent_of(), slot_of(dialog, state.pending)
    if intent.name == "smalltalk" and is_pleasantry(text):
        return intent
    if slot.name in QUESTION_SLOTS and not state.aside:
        return Summary() if _asks_for_this(intent, text, dialog) else Answer(text)
    asks = looks_like_question(text)
    if dialog_for(intent) == dialog.name and asks == "clear":
        intent = replace(QUESTION, with_verdict=intent.with_verdict)
    return _weigh(text, intent, asks, dialog, closed=slot.kind.closed or bool(state.aside))


def _weigh(
    text: str, intent: Intent, asks: Certainty, dialog: Dialog, *, closed: bool
) -> Message | Intent:
    if closed:
        other = asks != "no" if intent.name == "question" else dialog_for(intent) != dialog.name
        return intent if other else Answer(text)
    if asks == "clear":
        return intent
    return Doubtful(text) if asks == "doubtful" or intent.name in ELSEWHERE else Answer(text)


def _asks_for_this(intent: Intent, text: str, dialog: Dialog) -> bool:
    """Does the person ask for the dialog they are in, and nothing more?"""
    return dialog_for(intent) == dialog.name and looks_like_question(text) == "no"


def to_message(command: Command, dialog: Dialog, state: State) -> Message | None:
    """Return a spoken command as a message to the dialog; None for what answers its question."""
    if command.name == "skip":
        # "hoppa över" leaves a must open where that is allowed; it is never stored as an answer.
        open_slots = {slot.name for slot in dialog.slots if slot.unknown and not slot.optional}
        return Pressed("unknown" if state.pending in open_slots else "skip")
    if command.name == "change":
        return Change(command.argument, command.value) if command.argument else None
    if command.name == "submit" and state.pending == "confirm":
        return None
    return COMMANDS[command.name]() if command.name in COMMANDS else None


def fits(dialog: Dialog, state: State, text: str, given: Given) -> bool:
    """Would the pending closed slot (or the question in between) take this text as an answer?

    An answer that is read but not allowed ("i morgon" where a past day is asked for) fits too: the
    dialog knows best what to say about it. A question never fits, even if it names an answer.
    """
    asks = looks_like_question(text)
    slot = slot_of(dialog, state.pending)
    if not state.aside and _leaves_open(slot, text, given):
        return True
    if asks == "clear":
        return False
    if (state.aside or slot.name == "confirm") and (is_yes(text) or is_no(text)):
        return True
    if read_change(text) or mend(dialog, state, text, given):
        return True
    if slot.name == "confirm" and asks == "no" and dialog.read(text, given):
        return True
    return slot.kind.closed and _takes(slot, text, given, asks)


def _leaves_open(slot: Slot, text: str, given: Given) -> bool:
    """Does the text say that there is no answer, allowed or not?"""
    value = read_value(slot, text, given)
    return value is None or (isinstance(value, Problem) and value.code == "must_know")


def _takes(slot: Slot, text: str, given: Given, asks: Certainty) -> bool:
    value = read_value(slot, text, given)
    if isinstance(value, Problem):
        return value.understood and asks == "no"
    return True


def is_pleasantry(text: str) -> bool:
    """Is every word of the text one of greeting, thanks and the like?"""
    polite = load_lexicon().mask(PLEASANTRIES)
    masks = [mask for sentence in read_sentences(text[:100]) for mask in sentence.masks]
    return bool(masks) and all(mask & polite for mask in masks)
