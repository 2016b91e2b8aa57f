"""A dialog's state: to and from JSON, changes that can be undone exactly, and older versions."""

import json
from collections.abc import Mapping
from dataclasses import replace

from intents.exchange import Json, Values
from intents.model import Dialog, Given, Problem, Slot, State

#: Steps that can be undone; more would only make the stored state grow.
LONGEST_HISTORY = 60
#: Value that tells a dialog's rules that the form is a new version of a record; never filed.
AMENDING = "amending"


def to_json(state: State) -> str:
    """Return the state as one JSON text."""
    return json.dumps({name: getattr(state, name) for name in State.__slots__}, ensure_ascii=False)


def from_json(text: str) -> State:
    """Return the state a JSON text holds; keys it does not know are dropped."""
    raw = json.loads(text)
    known = {name: raw[name] for name in State.__slots__ if name in raw}
    return State(**{**known, "history": tuple(known.get("history", ()))})


def changed(before: State, **changes: Json) -> State:
    """Return the state with values, evidence or pending changed and the way back noted."""
    after = replace(before, **changes, aside={})
    note = {
        "pending": before.pending,
        "changing": before.changing,
        "values": _difference(before.values, after.values),
        "evidence": _difference(before.evidence, after.evidence),
    }
    return replace(after, history=(*before.history, note)[-LONGEST_HISTORY:])


def undo(state: State) -> State | None:
    """Return the state as it was one change ago; None when there is none."""
    if not state.history:
        return None
    note = state.history[-1]
    return replace(
        state,
        pending=note["pending"],
        changing=note["changing"],
        values=_restored(state.values, note["values"]),
        evidence=_restored(state.evidence, note["evidence"]),
        history=state.history[:-1],
        aside={},
    )


def _difference(before: Values, after: Values) -> Json:
    """Say how to get from ``after`` to ``before``: what to put back and what to drop."""
    return {
        "back": {k: v for k, v in before.items() if k not in after or after[k] != v},
        "drop": [k for k in after if k not in before],
    }


def _restored(after: Values, difference: Mapping[str, Json]) -> Values:
    kept = {k: v for k, v in after.items() if k not in difference["drop"]}
    return {**kept, **difference["back"]}


def upgrade(dialog: Dialog, state: State, given: Given) -> State:
    """Return a state of an older dialog version in terms of this one.

    Answers to questions that are gone are dropped, and those a question no longer takes are asked
    for again. The history is dropped too: it speaks of the old questions.
    """
    slots = {slot.name: slot for slot in dialog.slots}
    if state.version == dialog.version and state.pending in slots:
        return state
    values = {
        n: v for n, v in state.values.items() if n in slots and still_holds(slots[n], v, given)
    }
    evidence = {name: words for name, words in state.evidence.items() if name in values}
    return replace(state, version=dialog.version, values=values, evidence=evidence, history=(),
                   aside={}, changing=False,
                   pending=state.pending if state.pending in slots else "")  # fmt: skip


def still_holds(slot: Slot, value: Json, given: Given) -> bool:
    """Would the slot take this value today? Free texts and lists are taken as they are."""
    if value is None:
        return slot.unknown or slot.optional
    if slot.kind.codes and isinstance(value, str) and not slot.kind.vocabulary:
        return value in slot.kind.codes
    if slot.kind.closed and isinstance(value, str):
        return not isinstance(slot.kind.parse(value, given), Problem)
    return True
