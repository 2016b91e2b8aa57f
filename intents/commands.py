"""What works in every state: back, cancel, later, why, the summary, and changing an answer."""

from __future__ import annotations

from dataclasses import replace

from intents.asides import ask_cancel, leave
from intents.bases import basis_of
from intents.corrections import find_slot, mended
from intents.exchange import Change, Choice, Message, Say
from intents.filling import Talk, fill, read_value, refuse
from intents.guard import guarded
from intents.model import Problem, Slot, Step
from intents.progress import label, listed, show, summary_lines
from intents.settled import after_slip
from intents.states import changed, undo

#: A longer summary is changed by number.
MOST_CHANGE_BUTTONS = 10


def which(talk: Talk) -> Step:
    """Ask what is to be changed."""
    slots = listed(talk.dialog, talk.state.values, talk.given)
    choices = tuple(Choice(f"change:{s.name}", label(talk.dialog, s)) for s in slots)
    say = Say("common.change.which", choices=choices if len(choices) <= MOST_CHANGE_BUTTONS else ())
    return Step(replace(talk.state, interaction=talk.given.interaction), (say,))


def back(talk: Talk, _message: Message) -> Step:
    """Undo exactly one step."""
    if talk.state.aside:
        return talk.with_state(replace(talk.state, aside={})).repeat()
    before = undo(talk.state)
    if before is None:
        return talk.repeat(Say("common.back.first", role="note"))
    before = replace(before, interaction=talk.given.interaction, paused=False, tries=0)
    return talk.with_state(before).repeat(Say("common.back.done", role="note"))


def cancel(talk: Talk, _message: Message) -> Step:
    """Throw the draft away; ask once when something is filled."""
    if talk.state.aside.get("kind") == "cancel" or not talk.state.values:
        return Step(None, (Say("common.cancelled"),))
    return ask_cancel(talk)


def later(talk: Talk, _message: Message) -> Step:
    """Keep the draft and leave."""
    return leave(talk)


def resume(talk: Talk, _message: Message) -> Step:
    """Go on where the person left."""
    state = replace(talk.state, paused=False, aside={}, interaction=talk.given.interaction)
    return _status(talk.with_state(state), Say("common.resumed"))


def summary(talk: Talk, _message: Message) -> Step:
    """Show what is filled so far."""
    return _status(talk.with_state(replace(talk.state, aside={})))


def _status(talk: Talk, *first: Say) -> Step:
    lines = summary_lines(talk.dialog, talk.state, talk.given)
    at_end = talk.slot.name == "confirm" or not lines.items
    so_far = () if at_end else (Say("common.summary.so_far", {"lines": lines}),)
    return talk.repeat(*first, *so_far)


def why(talk: Talk, _message: Message) -> Step:
    """Tell what the pending answer is needed for, where the question is from, how to answer."""
    dialog, slot = talk.dialog.name, talk.slot.name
    return talk.repeat(
        Say(f"{dialog}.{slot}.why", dict(talk.given.settings), role="answer"),
        Say(f"common.basis.{basis_of(dialog, slot)}", role="note"),
        Say(f"common.help.{talk.slot.kind.name}", role="note"),
    )


def change(talk: Talk, message: Change) -> Step:
    """Change a filled slot; the old answer stays valid until there is a new one."""
    if not message.slot:
        return which(talk)
    slot = find_slot(talk.dialog, talk.state, message.slot, talk.given)
    if slot is None:
        return talk.repeat(Say("common.change.unknown", {"slot": message.slot[:60]}, role="error"))
    if message.text:
        return _change_to(talk, slot, message.text)
    return _change_asking(talk, slot)


def _change_to(talk: Talk, slot: Slot, text: str) -> Step:
    text, notes = guarded((after_slip(text) or text)[: slot.kind.limit + 1], slot.kind)
    value = mended(slot, talk.state.values[slot.name], (text, ""), talk.given)
    value = read_value(slot, text, talk.given) if value is None else value
    if isinstance(value, Problem):
        there = _asking(talk, slot)
        return refuse(there, value, (*notes, _old(there)), text)
    return fill(talk, {slot.name: value}, {}, notes)


def _change_asking(talk: Talk, slot: Slot) -> Step:
    there = _asking(talk, slot)
    return there.repeat(_old(there))


def _asking(talk: Talk, slot: Slot) -> Talk:
    asking = {"pending": slot.name, "changing": True, "paused": False, "tries": 0}
    return talk.with_state(changed(talk.state, **asking, interaction=talk.given.interaction))


def _old(talk: Talk) -> Say:
    slot = talk.slot
    value = show(talk.dialog, slot, talk.state.values[slot.name], talk.given)
    return Say(
        "common.change.old", {"label": label(talk.dialog, slot), "value": value}, role="note"
    )
