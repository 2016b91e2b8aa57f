"""What a conversation remembers between turns, as JSON texts in the database.

A person known on several channels has their drafts in common: each is under way in one place at a
time, and in the others it rests until it is gone on with there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from intents import states
from intents.model import State

# Dialogs left half done; the oldest is dropped past this, since nobody resumes a tenth draft.
MOST_DRAFTS = 8
#: Begun again these start anew; any other begun twice is two drafts.
PASSING = {"screening", "report_status"}
#: Goes on only where it began, so that its messages can be forgotten there.
PRIVATE = {"survey"}
#: Fields of a thread that are kept as they are.
WORDS = ("question", "answer", "case", "unsent")


@dataclass(frozen=True, slots=True)
class Thread:
    """Dialogs under way, newest last, and what was last asked about."""

    dialogs: tuple[State, ...] = ()
    #: The last rule question and the number of its answer; empty for none.
    question: str = ""
    answer: str = ""
    #: Number of the case the support function has written about here; empty for none.
    case: str = ""
    #: A message that may be meant for that case: the person has been asked where it goes.
    unsent: str = ""
    #: The conversation this is; empty where the person's drafts are nowhere else.
    here: str = ""

    @property
    def active(self) -> State | None:
        """The dialog that waits for an answer here; a paused draft does not."""
        top = self.draft
        return top if top and not top.paused and top.place in {"", self.here} else None

    @property
    def draft(self) -> State | None:
        """The newest draft, paused or not, here first."""
        return self.dialogs[-1] if self.dialogs else None

    def with_top(self, state: State | None) -> Thread:
        """The thread after a step of the newest dialog; None ends it."""
        rest = self.dialogs[:-1]
        return replace(self, dialogs=rest if state is None else (*rest, self._placed(state)))

    def push(self, state: State) -> Thread:
        """The thread with another dialog on top."""
        kept = tuple(
            other
            for other in self.dialogs
            if other.dialog != state.dialog
            or other.place not in {"", self.here}
            or (other.values and other.dialog not in PASSING)
        )
        return replace(self, dialogs=(*kept, self._placed(state))[-MOST_DRAFTS:])

    def raised(self, state: State) -> Thread:
        """The thread with one of its dialogs on top."""
        rest = tuple(other for other in self.dialogs if other is not state)
        return replace(self, dialogs=(*rest, state))

    @property
    def reports(self) -> tuple[State, ...]:
        """Drafts somebody has put words into, which are kept and warned about."""
        return tuple(s for s in self.dialogs if s.values and s.dialog not in PASSING)

    def named(self, name: str) -> State | None:
        """The newest draft of a dialog."""
        return next((s for s in reversed(self.dialogs) if s.dialog == name), None)

    def showing(self, interaction: str) -> State | None:
        """The dialog under way whose pending question has these buttons."""
        asked = (s for s in self.dialogs if s.interaction == interaction and not s.paused)
        return next(asked, None)

    def _placed(self, state: State) -> State:
        return replace(state, place=self.here, warned="")


def thread_to_json(thread: Thread) -> str:
    """One JSON object."""
    dialogs = [json.loads(states.to_json(state)) for state in thread.dialogs]
    words = {name: getattr(thread, name) for name in WORDS if getattr(thread, name)}
    return json.dumps({"dialogs": dialogs, **words}, ensure_ascii=False)


def thread_from_json(text: str | None) -> Thread:
    """The thread of a conversation; an empty one for None."""
    if not text:
        return Thread()
    raw = json.loads(text)
    dialogs = tuple(states.from_json(json.dumps(state)) for state in raw["dialogs"])
    return Thread(dialogs, **{name: raw.get(name, "") for name in WORDS})


def join(own: Thread, common: Thread, here: str) -> Thread:
    """A conversation's thread with the drafts its person has in common; those from here on top."""
    mine = tuple(replace(state, place=here) for state in own.dialogs)
    elsewhere = tuple(state for state in common.dialogs if state.place != here)
    placed = tuple(state for state in common.dialogs if state.place == here)
    return replace(own, dialogs=(*elsewhere, *mine, *placed), here=here)


def part(thread: Thread) -> tuple[Thread, Thread]:
    """What a conversation keeps for itself, and the drafts its person has in common."""
    private = tuple(state for state in thread.dialogs if state.dialog in PRIVATE)
    shared = tuple(state for state in thread.dialogs if state.dialog not in PRIVATE)
    return replace(thread, dialogs=private), Thread(shared)
