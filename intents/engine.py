"""One message of a dialog: ``step(dialog, state, message, given)``.

Pure: the same arguments give the same step, so a step may be taken twice (see
``Step.wants_numbers``) and old dialogs can be replayed. Every step says at least one thing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from intents import commands
from intents.asides import answer_aside, ask_doubt
from intents.corrections import mend, read_change
from intents.everyday import is_no
from intents.exchange import (
    Answer,
    AsForm,
    Back,
    Begin,
    Cancel,
    Change,
    Doubtful,
    Fields,
    Later,
    Message,
    Pressed,
    Resume,
    Say,
    Summary,
    Why,
)
from intents.filling import (
    Talk,
    confirm,
    fill,
    pressed_value,
    read_notes,
    refuse,
    take,
)
from intents.forms import as_form, submit
from intents.guard import guarded
from intents.language import tokenize
from intents.model import Dialog, Found, Given, Problem, State, Step
from intents.progress import (
    ask,
    next_slot,
    view,
)
from intents.questions import looks_like_question
from intents.states import AMENDING, upgrade

#: A longer story is cut; no slot takes more.
LONGEST_TEXT = 4_000
#: Texts that tell at least this many things are taken as the story itself.
TOLD = 2


def step(dialog: Dialog, state: State | None, message: Message, given: Given) -> Step:
    """Take one message and return the new state, what is said and what is to be done.

    ``state`` is None for a dialog that begins; then any message but ``Begin`` begins an empty one.
    """
    if state is None or isinstance(message, Begin):
        return begin(dialog, message if isinstance(message, Begin) else Begin(), given)
    talk = Talk(dialog, current(dialog, state, given), given)
    interaction = getattr(message, "interaction", "")
    if interaction and interaction != talk.state.interaction:
        stale = "common.form.stale" if isinstance(message, Fields) else "common.stale"
        return talk.repeat(Say(stale, role="note"))
    taken = _HANDLERS[type(message)](talk, message)
    if isinstance(message, Pressed) and taken.state is not None:
        return replace(taken, state=replace(taken.state, interaction=given.interaction))
    return taken


def begin(dialog: Dialog, message: Begin, given: Given) -> Step:
    """Open a dialog with what is known: values handed in and what the text tells."""
    text, notes = guarded(message.text[:LONGEST_TEXT])
    found = {n: f for n, f in dialog.read(text, given).items() if n not in message.values}
    values = {**message.values, **{name: hit.value for name, hit in found.items()}}
    if message.amends:
        values[AMENDING] = True
    if len(found) >= TOLD and any(slot.kind.name == "story" for slot in dialog.slots):
        values["story"] = text
    following = next_slot(dialog, values, given)
    state = State(dialog.name, dialog.version, following.name if following else "", values,
                  {name: hit.words for name, hit in found.items()}, (), given.interaction,
                  amends=message.amends)  # fmt: skip
    talk = Talk(dialog, state, given)
    reaction = dialog.react(tuple(values), view(dialog, values, given), given)
    if reaction.over:
        return Step(None, (*notes, *reaction.says), reaction.effects)
    if following is None:
        return fill(talk, {}, {}, (*notes, *reaction.says))
    if any(slot.name in found for slot in dialog.slots):
        notes = (*notes, *read_notes(talk, found))
    says = (*_intro(talk), *notes, *reaction.says, *ask(dialog, state, given))
    return Step(state, says, reaction.effects)


def _intro(talk: Talk) -> tuple[Say, ...]:
    if talk.state.amends:
        return (Say("common.amend", {"number": talk.state.amends}),)
    shown = Say(f"{talk.dialog.name}.intro", dict(talk.given.settings))
    return (shown,) if talk.dialog.intro else ()


def current(dialog: Dialog, state: State, given: Given) -> State:
    """Return the state in terms of today's table, with a pending slot that exists."""
    state = upgrade(dialog, state, given)
    if state.pending:
        return state
    following = next_slot(dialog, state.values, given)
    return replace(state, pending=following.name if following else dialog.slots[-1].name)


# One handler per message --------------------------------------------------------------------------


def _answer(talk: Talk, message: Answer) -> Step:
    if talk.state.aside:
        settled = answer_aside(talk, message, message.text)
        if settled is not None:
            return settled
        talk = talk.with_state(replace(talk.state, aside={}))
    if talk.slot.name == "confirm":
        return _answer_summary(talk, message.text)
    closed = talk.slot.kind.closed
    wanted = read_change(message.text)
    # "Ändra" alone may be the very answer to "ändra eller ta tillbaka?".
    if wanted is not None and (closed or wanted.slot.isdigit()) and not _takes(talk, wanted):
        return commands.change(talk, wanted)
    wrong = mend(talk.dialog, talk.state, message.text, talk.given, firm=not closed)
    if wrong is not None:
        return fill(talk, {wrong.slot.name: wrong.value}, {})
    return take(talk, message.text)


def _takes(talk: Talk, wanted: Change) -> bool:
    return not wanted.slot and talk.slot.kind.parse("ändra", talk.given) in talk.slot.kind.codes


def _answer_summary(talk: Talk, text: str) -> Step:
    """Read a yes, a correction or a further fact; anything else changes nothing."""
    if talk.slot.kind.parse(text, talk.given) == "yes":
        return confirm(talk)
    wanted = read_change(text) or _bare_number(text)
    if wanted is not None:
        return commands.change(talk, wanted)
    if is_no(text):
        return commands.which(talk)
    wrong = mend(talk.dialog, talk.state, text, talk.given)
    if wrong is not None:
        return fill(talk, {wrong.slot.name: wrong.value}, {})
    told = _told_anew(talk, text[:LONGEST_TEXT])
    return fill(talk, {}, told) if told else refuse(talk, Problem("confirm"))


def _bare_number(text: str) -> Change | None:
    number = text.strip()
    return Change(number) if number.isdigit() and len(number) <= 2 else None


def _told_anew(talk: Talk, text: str) -> Mapping[str, Found]:
    """Return what a text says otherwise than the summary does."""
    if len(tokenize(text)) < TOLD or looks_like_question(text) != "no":
        return {}
    found = talk.dialog.read(guarded(text)[0], talk.given)
    return {n: f for n, f in found.items() if f.value != talk.state.values.get(n)}


def _doubtful(talk: Talk, message: Doubtful) -> Step:
    if talk.slot.kind.closed:
        return _answer(talk, Answer(message.text))
    return ask_doubt(talk, message.text)


def _pressed(talk: Talk, message: Pressed) -> Step:
    settled = answer_aside(talk, message, message.value) if talk.state.aside else None
    if settled is not None:
        return settled
    talk = talk.with_state(replace(talk.state, aside={}))
    if talk.slot.name == "confirm" and message.value == "yes":
        return confirm(talk)
    return _press_button(talk, message)


def _press_button(talk: Talk, message: Pressed) -> Step:
    command = _COMMANDS.get(message.value)
    if command is not None and not _is_own_answer(talk, message.value):
        return command(talk, message)
    if message.value.startswith("change:"):
        return commands.change(talk, Change(message.value.removeprefix("change:")))
    if message.value in {"unknown", "skip"}:
        return _leave_open(talk, message.value)
    value = pressed_value(talk.slot, message.value, talk.given)
    if isinstance(value, Problem):
        return refuse(talk, value, text=message.value)
    return fill(talk, {talk.slot.name: value}, {})


def _is_own_answer(talk: Talk, value: str) -> bool:
    """Does the question take the button as its answer, as "later" to what came of it?"""
    kind = talk.slot.kind
    return value in kind.codes and not isinstance(kind.parse(value, talk.given), Problem)


def _leave_open(talk: Talk, value: str) -> Step:
    slot = talk.slot
    if slot.optional or (slot.unknown and value == "unknown"):
        return fill(talk, {slot.name: None}, {})
    return refuse(talk, Problem("must_know"))


_HANDLERS: Mapping[type, Callable[[Talk, Any], Step]] = {
    Answer: _answer,
    Doubtful: _doubtful,
    Pressed: _pressed,
    Fields: submit,
    AsForm: as_form,
    Back: commands.back,
    Cancel: commands.cancel,
    Later: commands.later,
    Resume: commands.resume,
    Why: commands.why,
    Summary: commands.summary,
    Change: commands.change,
}
#: Buttons that are commands.
_COMMANDS: Mapping[str, Callable[[Talk, Message], Step]] = {
    "back": commands.back,
    "cancel": commands.cancel,
    "later": commands.later,
    "resume": commands.resume,
    "why": commands.why,
    "summary": commands.summary,
    "change": lambda talk, _message: commands.which(talk),
}
