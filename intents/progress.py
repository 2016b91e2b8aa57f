"""Where a dialog stands: what is asked next, which step it is, and what is filled."""

from intents.exchange import Choice, Json, Lines, Phrase, Say, Shown, Values
from intents.model import Dialog, Given, Problem, Slot, State
from intents.picklists import ListTerm

#: Buttons are for short lists; a longer one is searched by typing.
MOST_BUTTONS = 8
#: Questions in between and their buttons.
ASIDES = {
    "cancel": ("cancel_yes", "cancel_no", "later"),
    "doubt": ("doubt_answer", "doubt_save"),
    "sure": ("sure_yes", "sure_no"),
}


def view(dialog: Dialog, values: Values, given: Given) -> Values:
    """Return the values with what follows from them."""
    return {**values, **dialog.derive(values, given)}


def asked(dialog: Dialog, values: Values, given: Given) -> tuple[Slot, ...]:
    """Return the slots that apply, given the values so far; what is hidden keeps an answer."""
    seen = view(dialog, values, given)
    return tuple(
        slot for slot in dialog.slots
        if slot.asked_if(seen) and (slot.name in values or not _is_hidden(dialog, slot, given))
    )  # fmt: skip


def _is_hidden(dialog: Dialog, slot: Slot, given: Given) -> bool:
    return slot.optional and f"{dialog.name}.{slot.name}" in given.hidden


def next_slot(dialog: Dialog, values: Values, given: Given) -> Slot | None:
    """Return the first slot that applies and has no answer."""
    open_slots = (s for s in asked(dialog, values, given) if s.name not in values)
    return next(open_slots, None)


def kept(dialog: Dialog, values: Values, given: Given) -> dict[str, Json]:
    """Return the values of the slots that apply; answers to questions no longer asked fall away."""
    names = {slot.name for slot in asked(dialog, values, given) if slot.filed}
    return {name: v for name, v in values.items() if name in names or name in dialog.carried}


def incomplete(dialog: Dialog, values: Values, given: Given) -> tuple[str, ...]:
    """Return the musts that the person could not answer."""
    return tuple(
        slot.name
        for slot in asked(dialog, values, given)
        if not slot.optional and slot.name in values and values[slot.name] is None
    )


def slot_of(dialog: Dialog, name: str) -> Slot:
    """Return the slot with that name."""
    return next(slot for slot in dialog.slots if slot.name == name)


def listed(dialog: Dialog, values: Values, given: Given) -> tuple[Slot, ...]:
    """Return the slots of the summary in order; the numbers people use count these from 1."""
    return tuple(s for s in asked(dialog, values, given) if s.listed and s.name in values)


def place(dialog: Dialog, state: State, given: Given) -> tuple[int, int]:
    """Return which step of how many is pending."""
    names = [slot.name for slot in asked(dialog, state.values, given)]
    if state.pending not in names:
        return len(names), len(names)
    return names.index(state.pending) + 1, len(names)


def show(dialog: Dialog, slot: Slot, value: Json, given: Given) -> Shown:
    """Return what a person reads for a value."""
    if value is None:
        return Phrase("common.left_out" if slot.optional else "common.unknown")
    return slot.kind.show(value, f"{dialog.name}.{slot.name}", given)


def label(dialog: Dialog, slot: Slot) -> Phrase:
    """Return the short name of a slot."""
    return Phrase(f"{dialog.name}.{slot.name}.label")


def summary_lines(dialog: Dialog, state: State, given: Given) -> Lines:
    """Return the filled slots, numbered, each with the words it was read from."""
    lines = []
    for number, slot in enumerate(listed(dialog, state.values, given), 1):
        values: dict[str, Shown] = {
            "number": number,
            "label": label(dialog, slot),
            "value": show(dialog, slot, state.values[slot.name], given),
        }
        words = state.evidence.get(slot.name)
        key = "common.summary.line_with_words" if words else "common.summary.line"
        lines.append(Phrase(key, {**values, "words": words} if words else values))
    return Lines(tuple(lines))


def ask(dialog: Dialog, state: State, given: Given) -> tuple[Say, ...]:
    """Ask the pending question, or the one in between: the step, the question and its buttons."""
    slot = slot_of(dialog, state.pending)
    if state.aside:
        return (_ask_aside(dialog, slot, state, given),)
    if slot.name == "confirm":
        return _ask_confirmation(dialog, state, given)
    number, count = place(dialog, state, given)
    step = Say("common.step", {"step": number, "steps": count}, role="note")
    asking = question(dialog, slot, state, given)
    choices = buttons(dialog, slot, view(dialog, state.values, given), given)
    says = (*own_help(dialog, slot, given), Say(asking.key, asking.values, choices))
    return (step, *says) if count > 2 else says


def own_help(dialog: Dialog, slot: Slot, given: Given) -> tuple[Say, ...]:
    """Say what the administrators have written to help with a question."""
    text = given.help.get(f"{dialog.name}.{slot.name}")
    return (Say("common.own_help", {"text": text}, role="note"),) if text else ()


def question(dialog: Dialog, slot: Slot, state: State, given: Given) -> Phrase:
    """Return a slot's question with what it may speak of: settings and what the dialog derives."""
    derived = dialog.derive(view(dialog, state.values, given), given)
    told = {name: value for name, value in derived.items() if isinstance(value, str | int)}
    shown: dict[str, Shown] = {**given.settings, **told}
    if state.changing:
        shown["old"] = show(dialog, slot, state.values.get(slot.name), given)
    return Phrase(f"{dialog.name}.{slot.name}.ask", shown)


def _ask_aside(dialog: Dialog, slot: Slot, state: State, given: Given) -> Say:
    """Ask whether to cancel, whether a text is an answer, or whether a value is meant."""
    kind, codes = state.aside["kind"], ASIDES[state.aside["kind"]]
    choices = tuple(Choice(code, Phrase(f"common.button.{code}")) for code in codes)
    if kind == "doubt":
        return Say("common.doubt.ask", {"text": state.aside["text"][:120]}, choices)
    if kind == "cancel":
        return Say("common.cancel.ask", choices=choices)
    doubted = slot.kind.parse(state.aside.get("text", ""), given)
    if isinstance(doubted, Problem) and doubted.proposal == state.aside["value"]:
        key = f"{dialog.name}.{slot.name}.problem.{doubted.code}"
        return Say(key, doubted.values, (*choices, *doubted.choices))
    shown = show(dialog, slot, state.aside["value"], given)
    return Say("common.sure.ask", {"label": label(dialog, slot), "value": shown}, choices)


def _ask_confirmation(dialog: Dialog, state: State, given: Given) -> tuple[Say, ...]:
    lines = summary_lines(dialog, state, given)
    missing = incomplete(dialog, state.values, given)
    slot = slot_of(dialog, "confirm")
    says = [Say("common.summary.all", {"lines": lines})] if lines.items else []
    if missing:
        labels = tuple(label(dialog, slot_of(dialog, name)) for name in missing)
        says.append(Say("common.summary.incomplete", {"labels": labels}, role="note"))
    question = Say(f"{dialog.name}.confirm.ask", dict(given.settings),
                   choices=buttons(dialog, slot, state.values, given))  # fmt: skip
    return (*says, question)


def buttons(dialog: Dialog, slot: Slot, seen: Values, given: Given) -> tuple[Choice, ...]:
    """Return the buttons of a slot: its answers, and ways to leave it open."""
    prefix = f"{dialog.name}.{slot.name}"
    codes = [code for code in slot.kind.codes if slot.kind.offers(code, seen)]
    choices = [Choice(code, Phrase(f"{prefix}.option.{code}")) for code in codes]
    terms = current_terms(slot, given)
    if len(terms) <= MOST_BUTTONS:
        choices += [Choice(term.code, term.label(given.language)) for term in terms]
    if slot.unknown:
        choices.append(Choice("unknown", Phrase("common.button.unknown")))
    if slot.optional:
        choices.append(Choice("skip", Phrase("common.button.skip")))
    return tuple(choices)


def current_terms(slot: Slot, given: Given) -> tuple[ListTerm, ...]:
    """Return the terms of the slot's pick list that exist today."""
    terms = given.vocabularies.get(slot.kind.vocabulary, ()) if slot.kind.vocabulary else ()
    return tuple(term for term in terms if term.holds(given.today))
