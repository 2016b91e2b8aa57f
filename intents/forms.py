"""The rest of a dialog as one form, checked by the same parsers as the conversation."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from intents.exchange import Choice, Fields, Json, Message, Phrase, Say
from intents.filling import Talk, fill, point_away, pressed_value
from intents.guard import guarded
from intents.model import Dialog, FormField, Given, Problem, Slot, State, Step
from intents.progress import (
    MOST_BUTTONS,
    asked,
    buttons,
    current_terms,
    label,
    next_slot,
    own_help,
    question,
    show,
    view,
)
from intents.states import changed
from intents.wrongdoing import is_wrongdoing

#: Asked for by themselves: the yes, and what no field can take.
CONFIRM, ATTACHMENT = "confirm", "attachment"
#: A list of which several may be taken is written out, with commas in between.
SEVERAL = "terms"
#: Fewer questions are asked as quickly one by one.
LEAST_FIELDS = 4


def form_fields(dialog: Dialog, state: State, given: Given) -> tuple[FormField, ...]:
    """Return the open questions that apply now, in order; the confirmation is never one."""
    return tuple(
        _field(dialog, slot, state, given)
        for slot in asked(dialog, state.values, given)
        if _is_field(slot) and (slot.name not in state.values or slot.name == state.pending)
    )


def _is_field(slot: Slot) -> bool:
    return slot.name != CONFIRM and slot.kind.name != ATTACHMENT


def offers_form(dialog: Dialog, state: State, given: Given) -> bool:
    """Are there questions enough for a form, and a yes to be given after it?"""
    return (
        dialog.slots[-1].name == CONFIRM and len(form_fields(dialog, state, given)) >= LEAST_FIELDS
    )


def _field(dialog: Dialog, slot: Slot, state: State, given: Given) -> FormField:
    old = state.values.get(slot.name)
    shown = "" if old is None else show(dialog, slot, old, given)
    listed = slot.kind.control == "choice" and slot.kind.name != SEVERAL
    return FormField(
        slot.name,
        label(dialog, slot),
        _help(dialog, slot, state, given),
        "text" if slot.kind.name == SEVERAL else slot.kind.control,
        _options(dialog, slot, state, given) if listed else (),
        not (slot.optional or slot.unknown),
        old if isinstance(old, str) else shown,
    )


def _help(dialog: Dialog, slot: Slot, state: State, given: Given) -> Phrase:
    asking = question(dialog, slot, state, given)
    if own := own_help(dialog, slot, given):
        asking = Phrase("common.form.with_help", {"question": asking, **own[0].values})
    if slot.kind.name != SEVERAL:
        return asking
    terms = tuple(term.label(given.language) for term in current_terms(slot, given))
    return Phrase("common.form.several", {"question": asking, "options": terms})


def _options(dialog: Dialog, slot: Slot, state: State, given: Given) -> tuple[Choice, ...]:
    """Return the buttons of a slot, and the whole of a list that is too long for them."""
    terms = current_terms(slot, given)
    listed = terms if len(terms) > MOST_BUTTONS else ()
    return (
        *(Choice(term.code, term.label(given.language)) for term in listed),
        *buttons(dialog, slot, view(dialog, state.values, given), given),
    )


def as_form(talk: Talk, _message: Message) -> Step:
    """Show the open questions as one form; where none is open, ask on."""
    state = replace(talk.state, aside={}, paused=False, interaction=talk.given.interaction)
    fields = form_fields(talk.dialog, state, talk.given)
    if not fields or talk.dialog.slots[-1].name != CONFIRM:
        return talk.with_state(state).repeat()
    return Step(state, (Say("common.form.intro"),), form=fields)


def submit(talk: Talk, message: Fields) -> Step:
    """Take a whole form: the good answers stay, each bad one gets its own error."""
    sent = _Sent()
    for slot in talk.dialog.slots:
        seen = view(talk.dialog, {**talk.state.values, **sent.values}, talk.given)
        if slot.name not in message.values or not _is_field(slot) or not slot.asked_if(seen):
            continue
        if is_wrongdoing(message.values[slot.name]) and not slot.kind.closed:
            return point_away(talk)
        sent = _with(sent, talk, slot, message.values[slot.name])
    if sent.errors:
        return _again(talk, sent)
    return _taken(talk, sent) if sent.values else talk.repeat(*sent.notes)


@dataclass(frozen=True, slots=True)
class _Sent:
    """A form as far as it is checked; all by slot."""

    values: Mapping[str, Json] = field(default_factory=dict)
    errors: Mapping[str, Say] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Say, ...] = ()


def _with(sent: _Sent, talk: Talk, slot: Slot, written: str) -> _Sent:
    text, note = guarded(written[: slot.kind.limit + 1], slot.kind)
    sent = replace(sent, texts={**sent.texts, slot.name: text}, notes=(*sent.notes, *note))
    value = _value(slot, text, talk.given)
    if not isinstance(value, Problem):
        return replace(sent, values={**sent.values, slot.name: value})
    key = f"{talk.dialog.name}.{slot.name}.problem.{value.code}"
    return replace(sent, errors={**sent.errors, slot.name: Say(key, value.values, role="error")})


def _taken(talk: Talk, sent: _Sent) -> Step:
    """Go on from a whole form; what was just read in its fields is not told again."""
    filled = fill(talk, sent.values, {}, sent.notes)
    return replace(filled, says=tuple(say for say in filled.says if say.key != "common.noted"))


def _again(talk: Talk, sent: _Sent) -> Step:
    """Keep the good answers and show the form as it was sent, with its errors.

    Nothing follows from an answer before the form is whole: it is sent again with all of them.
    """
    dialog, given, old = talk.dialog, talk.given, talk.state
    values = {**old.values, **sent.values}
    following = next_slot(dialog, values, given)
    evidence = {name: words for name, words in old.evidence.items() if name not in sent.values}
    state = changed(old, values=values, evidence=evidence, paused=False, tries=0,
                    changing=False, interaction=given.interaction,
                    pending=following.name if following else old.pending)  # fmt: skip
    fields = tuple(
        replace(_field(dialog, slot, state, given), value=sent.texts[slot.name],
                error=sent.errors.get(slot.name))
        for slot in dialog.slots if slot.name in sent.texts
    )  # fmt: skip
    says = (*sent.notes, Say("common.form.faults", role="error"))
    return Step(state, says, errors=sent.errors, form=fields)


def _value(slot: Slot, text: str, given: Given) -> Json | Problem:
    if not text.strip() or text == "skip":
        return None if slot.optional or slot.unknown else Problem("required")
    # A form has no question in between: an unlikely value is an error there.
    return pressed_value(slot, text, given)
