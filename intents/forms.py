"""The rest of a dialog as one form, checked by the same parsers as the conversation."""

from dataclasses import dataclass, replace

from intents.exchange import Choice, Fields, Json, Phrase, Say, Shown
from intents.filling import Talk, fill, pressed_value
from intents.guard import guarded
from intents.model import Dialog, Given, Problem, Slot, State, Step
from intents.progress import asked, buttons, label, show, view


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form; the words are keys of the texts."""

    name: str
    label: Phrase
    help: Phrase
    #: "text", "long_text", "date", "number" or "choice".
    control: str
    options: tuple[Choice, ...]
    required: bool
    #: What is filled already, as it is shown.
    value: Shown


def form_fields(dialog: Dialog, state: State, given: Given) -> tuple[FormField, ...]:
    """Return the open questions that apply now, in order; the confirmation is never one."""
    return tuple(
        _field(dialog, slot, state, given)
        for slot in asked(dialog, state.values, given)
        if slot.name != "confirm" and (slot.name not in state.values or slot.name == state.pending)
    )


def _field(dialog: Dialog, slot: Slot, state: State, given: Given) -> FormField:
    old = state.values.get(slot.name)
    options = buttons(dialog, slot, view(dialog, state.values, given), given)
    return FormField(
        slot.name,
        label(dialog, slot),
        Phrase(f"common.help.{slot.kind.name}"),
        slot.kind.control,
        options if slot.kind.control == "choice" else (),
        not (slot.optional or slot.unknown),
        "" if old is None else show(dialog, slot, old, given),
    )


def submit(talk: Talk, message: Fields) -> Step:
    """Take a whole form: the good answers stay, each bad one gets its own error."""
    values: dict[str, Json] = {}
    errors: dict[str, Say] = {}
    notes: tuple[Say, ...] = ()
    for slot in talk.dialog.slots:
        seen = view(talk.dialog, {**talk.state.values, **values}, talk.given)
        if slot.name not in message.values or slot.name == "confirm" or not slot.asked_if(seen):
            continue
        text, note = guarded(message.values[slot.name][: slot.kind.limit + 1], slot.kind)
        notes = (*notes, *note)
        value = _value(slot, text, talk.given)
        if isinstance(value, Problem):
            errors[slot.name] = Say(f"{talk.dialog.name}.{slot.name}.problem.{value.code}",
                                    value.values, role="error")  # fmt: skip
        else:
            values[slot.name] = value
    if not values:
        return replace(talk.repeat(*notes, *errors.values()), errors=errors)
    filled = fill(talk, values, {}, (*notes, *errors.values()))
    return replace(filled, errors=errors)


def _value(slot: Slot, text: str, given: Given) -> Json | Problem:
    if not text.strip() or text == "skip":
        return None if slot.optional or slot.unknown else Problem("required")
    # A form has no question in between: an unlikely value is an error there.
    return pressed_value(slot, text, given)
