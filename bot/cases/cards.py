"""What a case's card shows; every word of it is picked, none was written freely."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime

from bot.cases.handlers import Handlers
from bot.cases.letters import EVENTS, UNHEARD
from bot.cases.words import STOCKHOLM, CaseWords
from bot.messages import Card, Option
from bot.texts import Texts
from storage.model import Case, CaseEvent
from storage.store import Store

#: Prefix of the ids of what is pressed on a card.
PRESS = "card"
#: State of the case -> what can be done with it; "answer" and "completion" need somebody to reach.
ACTS = {
    "new": ("take", "answer", "completion", "assign", "show", "close"),
    "taken": ("release", "answer", "completion", "assign", "show", "close"),
    "closed": ("reopen", "show"),
}
#: Events that come with another one, which says it better.
BESIDE = {"report_status", "receipt_word"}
#: Events that a card tells in words of its own: it stands beside no history.
OWN_WORDS = {*EVENTS.values(), "asker_wrote", "confirmed", "not_right"}


class CaseCards:
    """Puts cases onto cards; stores nothing."""

    def __init__(
        self,
        store: Store,
        texts: Texts,
        words: CaseWords,
        handlers: Handlers,
        link: Callable[[str], str],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._texts = texts
        self._words = words
        self._handlers = handlers
        self._link = link
        self._now = now

    def card(self, number: str, channel: str) -> Card | None:
        """The card as it should be now in a channel's rooms; None for an unknown number."""
        case = self._store.cases.find(number)
        if case is None:
            return None
        events = self._store.cases.events(number)
        return Card(
            number,
            self._line(case),
            tuple((self._say(f"label.{name}"), value) for name, value in self._facts(case, events)),
            f"{PRESS}:{number}:{events[-1].id}",
            tuple(self._buttons(case, channel)),
            self._link(f"/stod/arende/{number}"),
        )

    def _buttons(self, case: Case, channel: str) -> Iterator[Option]:
        for act in acts(case):
            if act != "show" or self._handlers.may_read_in(channel):
                yield Option(act, self._say(f"button.{act}"))

    def _line(self, case: Case) -> str:
        kind = self._texts.render(f"alert.kind.{case.kind}", "sv")
        summary = self._words.row(case).summary
        return self._say("line", kind=kind, summary=summary) if summary else kind

    def _facts(self, case: Case, events: Sequence[CaseEvent]) -> Iterator[tuple[str, str]]:
        yield (
            "state",
            self._say(f"state.{case.state}", owner=self._handlers.name(case.owner_person)),
        )
        if case.state != "closed":
            if case.due_on is not None:
                yield "due", self._due(case.due_on)
            if is_waiting(events):
                yield "waiting", self._say("waiting")
        yield "latest", self._latest(events)

    def _due(self, day: date) -> str:
        shown = self._texts.show(day, "sv")
        is_late = day < self._now().astimezone(STOCKHOLM).date()
        return self._say("late", date=shown) if is_late else shown

    def _latest(self, events: Sequence[CaseEvent]) -> str:
        event = next(each for each in reversed(events) if each.kind not in BESIDE)
        day = self._texts.show(event.at.astimezone(STOCKHOLM).date(), "sv")
        own = event.kind in OWN_WORDS
        words = self._say(f"event.{event.kind}") if own else self._words.event(event, "").text
        return f"{words}, {day}"

    def _say(self, key: str, **values: str) -> str:
        return self._texts.render(f"card.{key}", "sv", **values)


def acts(case: Case) -> tuple[str, ...]:
    """What can be done with the case as it is."""
    silent = not case.conversation_key
    return tuple(act for act in ACTS[case.state] if not (silent and act in EVENTS))


def is_waiting(events: Sequence[CaseEvent]) -> bool:
    """Has the asker written, or added something, since the support function last did?"""
    kinds = [each.kind for each in events if each.kind in (*UNHEARD, *EVENTS.values())]
    return bool(kinds) and kinds[-1] in UNHEARD
