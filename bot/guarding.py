"""The personal-data guard at the door: nothing is stored or logged before it has read it."""

from __future__ import annotations

from dataclasses import replace

from bot.messages import Command, Envelope, Said, Submitted, Uploaded
from bot.thread import Thread
from intents.corrections import read_change
from intents.dialogs import load_dialogs
from intents.model import State
from intents.personal_data import ALL_KINDS, mask

# The guard is there for other people's data; the reporter may give a work phone.
OTHERS = ALL_KINDS - {"phone", "email"}
#: Characters of what a handler writes at once.
LONGEST_LETTER = 4000


def guard(envelope: Envelope, thread: Thread, mailbox: str) -> tuple[Envelope, bool]:
    """Masks personal data before anything is stored or logged; did it find any?"""
    own = contact_slots(thread.active)
    match envelope.content:
        case Said(text):
            masked = mask(text, (mailbox,), kinds_in(text, thread.active, own)).text
            return replace(envelope, content=Said(masked)), masked != text
        case Submitted(interaction, values):
            guarded = {
                name: mask(text, (mailbox,), OTHERS if name in own else ALL_KINDS).text
                for name, text in values.items()
            }
            return replace(envelope, content=Submitted(interaction, guarded)), guarded != values
        case Command(name, argument):
            masked = mask(argument, (mailbox,)).text
            return replace(envelope, content=Command(name, masked)), masked != argument
        case Uploaded(name, content):
            masked = mask(name, (mailbox,)).text
            return replace(envelope, content=Uploaded(masked, content)), masked != name
    return envelope, False


def guard_letter(text: str) -> str:
    """What a handler writes, without other people's data; a unit's mailbox or phone may stand."""
    return mask(text.strip()[:LONGEST_LETTER], kinds=OTHERS).text


def contact_slots(state: State | None) -> set[str]:
    """Names of the slots of the dialog under way that take the person's own phone or address."""
    dialog = load_dialogs().get(state.dialog) if state else None
    return {slot.name for slot in dialog.slots if slot.kind.own_contact} if dialog else set()


def kinds_in(text: str, state: State | None, own: set[str]) -> frozenset[str]:
    """What the guard hides in a message: less where it gives, or changes to, the own contact."""
    change = read_change(text) if own else None
    if state and state.pending in own and not change:
        return OTHERS
    bare = change is not None and mask(change.text).text in {"[telefon]", "[e-post]"}
    return OTHERS if bare else ALL_KINDS
