"""Answers into slots: guard, parse, fill, react, ask on, and file what is confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from intents.everyday import SKIP, UNKNOWN, plain
from intents.exchange import Choice, Effect, Forget, Json, Lines, Phrase, Say, Shown
from intents.guard import guarded
from intents.language import tokenize
from intents.model import Dialog, Filing, Found, Given, Problem, Slot, State, Step
from intents.picklists import by_code
from intents.progress import (
    ask,
    asked,
    incomplete,
    kept,
    label,
    next_slot,
    show,
    slot_of,
    view,
)
from intents.settled import after_slip, settled_text
from intents.states import changed
from intents.wrongdoing import is_wrongdoing

#: From this many words on an answer may hold more than the one thing asked for.
WORDS_OF_A_STORY = 3


@dataclass(frozen=True, slots=True)
class Talk:
    """The three things every handler needs."""

    dialog: Dialog
    state: State
    given: Given

    @property
    def slot(self) -> Slot:
        """The pending slot."""
        return slot_of(self.dialog, self.state.pending)

    def with_state(self, state: State) -> Talk:
        """Return the same talk at another state."""
        return replace(self, state=state)

    def repeat(self, *says: Say) -> Step:
        """Say something and ask the pending question again; a draft that is asked about is open."""
        state = replace(self.state, paused=False)
        return Step(state, (*says, *ask(self.dialog, state, self.given)))


def read_value(slot: Slot, text: str, given: Given) -> Json | Problem:
    """Return the value of a text for a slot, "vet inte" and "hoppa över" included."""
    said = plain(text)
    if len(text) > slot.kind.limit:
        return Problem("too_long", {"limit": slot.kind.limit})
    if said in UNKNOWN or text == "unknown":
        return None if slot.unknown or slot.optional else Problem("must_know")
    # "Ingen" leaves a line open just as "vet inte" does; it is no name of a model or a role.
    if said in SKIP and (slot.optional or (slot.unknown and not slot.kind.closed)):
        return None
    if not said:
        return Problem("empty", understood=False)
    return _settled_value(slot, text, given) if slot.kind.closed else slot.kind.parse(text, given)


def _settled_value(slot: Slot, text: str, given: Given) -> Json | Problem:
    """Return the value a person ended up with; what they took back on the way counts not."""
    after = after_slip(text)
    value = slot.kind.parse(after, given) if after else None
    if value is None or isinstance(value, Problem):
        return slot.kind.parse(settled_text(text), given)
    return value


def pressed_value(slot: Slot, value: str, given: Given) -> Json | Problem:
    """Return the value of a button for a slot."""
    terms = given.vocabularies.get(slot.kind.vocabulary, ())
    if value in slot.kind.codes or by_code(terms, value):
        return slot.kind.parse(value, given)
    return read_value(slot, value, given)


def take(talk: Talk, text: str) -> Step:
    """Take a text as the answer to the pending question."""
    if is_wrongdoing(text) and not talk.slot.kind.closed:
        return point_away(talk)
    text, notes = guarded(text[: talk.slot.kind.limit + 1], talk.slot.kind)
    value = read_value(talk.slot, text, talk.given)
    found = _found(talk, text, value)
    if not isinstance(value, Problem):
        own = {talk.slot.name: value}
        notes = (*notes, *renamed(talk.slot, value, text, talk.given))
        return fill(talk, own, {n: f for n, f in found.items() if n not in own}, notes)
    return fill(talk, {}, found, notes) if found else refuse(talk, value, notes, text)


def renamed(slot: Slot, value: Json, words: str, given: Given) -> tuple[Say, ...]:
    """Say that what a person called by an earlier name has another one now."""
    terms = given.vocabularies.get(slot.kind.vocabulary, ())
    term = by_code(terms, value) if isinstance(value, str) else None
    old = term.renamed_from(words) if term else None
    if term is None or old is None:
        return ()
    since = old.until + timedelta(days=1)
    told: dict[str, Shown] = {"old": old.name, "new": term.name, "date": since}
    return (Say("common.renamed", told, role="note"),)


def point_away(talk: Talk) -> Step:
    """Say where a suspicion is reported, and keep nothing of it."""
    pointer = Say("common.wrongdoing", dict(talk.given.settings), role="answer")
    return replace(talk.repeat(pointer), effects=(Forget("turn"),))


def _found(talk: Talk, text: str, value: Json | Problem) -> Mapping[str, Found]:
    """Return what else a text tells; a free text is an answer and nothing more."""
    kind = talk.slot.kind
    if not kind.closed and kind.name != "story":
        return {}
    if kind.closed and len(tokenize(text)) < WORDS_OF_A_STORY:
        return {}
    if isinstance(value, Problem) and value.understood and value.code != "too_long":
        return {}
    return readable(talk, text)


def readable(talk: Talk, text: str) -> Mapping[str, Found]:
    """Return the open slots a text fills; one filled already only where it is being changed."""
    changing = {talk.slot.name} if talk.state.changing else set()
    names = {slot.name for slot in talk.dialog.slots} - (set(talk.state.values) - changing)
    found = talk.dialog.read(text, talk.given)
    return {name: hit for name, hit in found.items() if name in names}


def refuse(talk: Talk, problem: Problem, notes: tuple[Say, ...] = (), text: str = "") -> Step:
    """Say why a text is no answer; what is filled stays as it is."""
    if problem.proposal is not None:
        aside = {"kind": "sure", "value": problem.proposal, "text": text}
        state = replace(talk.state, aside=aside, interaction=talk.given.interaction)
        return talk.with_state(state).repeat(*notes)
    key = f"{talk.dialog.name}.{talk.slot.name}.problem.{problem.code}"
    state = replace(talk.state, tries=talk.state.tries + 1, interaction=talk.given.interaction,
                    aside={}, paused=False)  # fmt: skip
    says = (*notes, Say(key, problem.values, role="error", choices=problem.choices))
    if state.tries >= 2:
        says = (*says, Say("common.stuck", choices=(
            Choice("handover", Phrase("common.button.handover")),), offers=True))  # fmt: skip
    return talk.with_state(state).repeat(*says)


def fill(
    talk: Talk,
    own: Mapping[str, Json],
    found: Mapping[str, Found],
    notes: tuple[Say, ...] = (),
) -> Step:
    """Fill slots, tell what was understood, react, and ask the next question or file the form."""
    dialog, given = talk.dialog, talk.given
    filled = {**own, **{name: hit.value for name, hit in found.items()}}
    values = {**talk.state.values, **filled}
    evidence = {n: w for n, w in talk.state.evidence.items() if n not in own}
    evidence |= {name: hit.words for name, hit in found.items()}
    following = next_slot(dialog, values, given)
    state = changed(talk.state, values=values, evidence=evidence, changing=False, paused=False,
                    tries=0, pending=following.name if following else "",
                    interaction=given.interaction)  # fmt: skip
    after = talk.with_state(state)
    reaction = dialog.react(tuple(filled), view(dialog, values, given), given)
    says = (*notes, *_understood(talk, own, found), *reaction.says)
    if reaction.over:
        return Step(None, says, reaction.effects)
    if following is None:
        return _file(after, says, reaction.effects)
    return Step(state, (*says, *ask(dialog, state, given)), reaction.effects)


def _understood(talk: Talk, own: Mapping[str, Json], found: Mapping[str, Found]) -> tuple[Say, ...]:
    """Repeat what was read or changed, so that a misreading can be mended at once."""
    dialog, given = talk.dialog, talk.given
    echoed = [slot_of(dialog, n) for n, v in own.items() if v is not None]
    noted = [slot for slot in echoed if slot.kind.echo or slot.name in talk.state.values]
    notes = (_noted(dialog, slot, own[slot.name], given) for slot in noted)
    return (*notes, *read_notes(talk, found))


def _noted(dialog: Dialog, slot: Slot, value: Json, given: Given) -> Say:
    shown = {"label": label(dialog, slot), "value": show(dialog, slot, value, given)}
    return Say("common.noted", shown, role="note")


def read_notes(talk: Talk, found: Mapping[str, Found]) -> tuple[Say, ...]:
    """Say what was read from a text, and which names in it are earlier ones."""
    if not found:
        return ()
    told = (say for slot in talk.dialog.slots if (hit := found.get(slot.name))
            for say in renamed(slot, hit.value, hit.words, talk.given))  # fmt: skip
    return (Say("common.read.all", {"lines": _read_lines(talk, found)}), *told)


def _read_lines(talk: Talk, found: Mapping[str, Found]) -> Lines:
    """Return one line per slot read from a text, with the words it came from."""
    hits = [(s, found[s.name]) for s in talk.dialog.slots if s.name in found]
    return Lines(tuple(
        Phrase("common.read.line", {
            "label": label(talk.dialog, slot),
            "value": show(talk.dialog, slot, hit.value, talk.given),
            "words": hit.words,
        })
        for slot, hit in hits
    ))  # fmt: skip


def filing(talk: Talk) -> Filing:
    """Return the form as it would be filed now."""
    dialog, state, given = talk.dialog, talk.state, talk.given
    values = kept(dialog, state.values, given)
    number = state.amends or given.numbers.get(dialog.record, "")
    return Filing(values, view(dialog, values, given), number, bool(state.amends),
                  incomplete(dialog, values, given), dialog.version)  # fmt: skip


def _file(talk: Talk, says: tuple[Say, ...], effects: tuple[Effect, ...]) -> Step:
    form = filing(talk)
    done = talk.dialog.done(form, talk.given)
    return Step(None, (*says, *done), (*effects, *talk.dialog.effects(form, talk.given)))


def confirm(talk: Talk) -> Step:
    """File the form after the person's yes; a question that has come up meanwhile goes first."""
    open_slots = [s for s in asked(talk.dialog, talk.state.values, talk.given)
                  if s.name not in talk.state.values and s.name != "confirm"]  # fmt: skip
    if open_slots:
        asking = {"pending": open_slots[0].name, "interaction": talk.given.interaction}
        there = talk.with_state(changed(talk.state, **asking))
        return there.repeat(Say("common.one_more", role="note"))
    return fill(talk, {"confirm": "yes"}, {})


__all__ = [
    "Talk",
    "confirm",
    "filing",
    "fill",
    "point_away",
    "pressed_value",
    "read_notes",
    "read_value",
    "readable",
    "refuse",
    "take",
]
