"""What a conversation remembers between turns, as one JSON text in the database."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from intents import states
from intents.model import State

# Dialogs left half done; the oldest is dropped past this, since nobody resumes a tenth draft.
MOST_DRAFTS = 8


@dataclass(frozen=True, slots=True)
class Thread:
    """Dialogs under way, newest last, and what was last asked about."""

    dialogs: tuple[State, ...] = ()
    #: The last rule question and the number of its answer; empty for none.
    question: str = ""
    answer: str = ""

    @property
    def active(self) -> State | None:
        """The dialog that waits for an answer; a paused draft does not."""
        return self.dialogs[-1] if self.dialogs and not self.dialogs[-1].paused else None

    @property
    def draft(self) -> State | None:
        """The newest draft, paused or not."""
        return self.dialogs[-1] if self.dialogs else None

    def with_top(self, state: State | None) -> Thread:
        """The thread after a step of the newest dialog; None ends it."""
        rest = self.dialogs[:-1]
        return replace(self, dialogs=rest if state is None else (*rest, state))

    def push(self, state: State) -> Thread:
        """The thread with another dialog on top; one of the same name is replaced."""
        kept = tuple(other for other in self.dialogs if other.dialog != state.dialog)
        return replace(self, dialogs=(*kept, state)[-MOST_DRAFTS:])

    def raise_draft(self, name: str) -> Thread:
        """The thread with the named draft on top, if there is one."""
        chosen = tuple(state for state in self.dialogs if state.dialog == name)
        rest = tuple(state for state in self.dialogs if state.dialog != name)
        return replace(self, dialogs=(*rest, *chosen))


def thread_to_json(thread: Thread) -> str:
    """One JSON object."""
    dialogs = [json.loads(states.to_json(state)) for state in thread.dialogs]
    return json.dumps(
        {"dialogs": dialogs, "question": thread.question, "answer": thread.answer},
        ensure_ascii=False,
    )


def thread_from_json(text: str | None) -> Thread:
    """The thread of a conversation; an empty one for None."""
    if not text:
        return Thread()
    raw = json.loads(text)
    dialogs = tuple(states.from_json(json.dumps(state)) for state in raw["dialogs"])
    return Thread(dialogs, raw["question"], raw["answer"])
