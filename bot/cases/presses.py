"""Presses on the cards of cases: a turn each, in one transaction with what it changes.

What a press changes is decided by the support function's desk, as on its pages; who presses is
known by the identity their platform vouches for. A refused press changes nothing and is not kept,
so that it can be tried again; neither is what somebody reads, which is for their eyes alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import structlog

from bot.cases.cards import PRESS, acts
from bot.cases.forms import TEXT, TO, CaseForms
from bot.cases.handlers import Handlers
from bot.envelopes import answered
from bot.guarding import guard_letter
from bot.messages import Chose, Content, Envelope, Form, Part, Reply, Submitted, Text
from bot.policy import Action, Actor, Forbidden
from bot.port import Letter, SupportDesk
from bot.serialise import reply_from_json, reply_to_json
from storage.errors import Conflict, StaleConversation
from storage.model import Case
from storage.records import Turn
from storage.store import Store

log = structlog.get_logger()

#: What a press needs to be allowed, apart from what the desk asks for by itself.
NEEDED: Mapping[str, Action] = {
    "assign": "case.take", "answer": "case.write", "completion": "case.write",
}  # fmt: skip
LETTERS: Mapping[str, Literal["answer", "completion"]] = {
    "answer": "answer", "completion": "completion",
}  # fmt: skip
#: Reads the card anew; changes nothing and shows nobody anything that is not there already.
LOOK = "look"
#: Another press of the same person may come between.
ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Press:
    """A button of a card, or a form that one has opened."""

    number: str
    act: str
    #: Of the button or form.
    interaction: str
    #: What was filled in; None for a button.
    values: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a press leads to."""

    parts: tuple[Part, ...] = ()
    #: Is it to be kept, so that the same press again is the same event?
    kept: bool = True


def read_press(content: Content) -> Press | None:
    """What somebody wants of a case; None for everything else."""
    match content:
        case Chose(interaction, value) if interaction.startswith(f"{PRESS}:"):
            return Press(interaction.split(":")[1], value, interaction)
        case Submitted(interaction, values) if interaction.startswith(f"{PRESS}:"):
            _, number, act, *_ = [*interaction.split(":"), ""]
            return Press(number, act, interaction, values)
    return None


class CasePresses:
    """Takes presses; safe to call from any number of threads."""

    def __init__(
        self,
        store: Store,
        desk: SupportDesk,
        forms: CaseForms,
        handlers: Handlers,
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._desk = desk
        self._forms = forms
        self._handlers = handlers
        self._wake = wake

    def receive(self, envelope: Envelope, press: Press) -> Reply:
        """The reply, after the commit; the same press again gets the same reply."""
        for attempt in range(ATTEMPTS):
            stored = self._store.find_reply(envelope.key.channel, envelope.message_id)
            if stored is not None:
                return reply_from_json(stored)
            try:
                reply = self._store.write(lambda: self._take(envelope, press))
            except (Conflict, StaleConversation):
                if attempt == ATTEMPTS - 1:
                    raise
                continue
            self._wake()
            log.info("press", channel=envelope.key.channel, act=press.act, case=press.number)
            return reply
        raise AssertionError

    def _take(self, envelope: Envelope, press: Press) -> Reply:
        outcome = self._decide(envelope, press)
        facts: dict[str, object] = {"outcome": "case", "case": press.number, "act": press.act}
        reply = Reply(outcome.parts, "sv", {**facts, **answered(envelope)})
        if outcome.kept:
            self._store.commit_turn(self._turn(envelope, reply))
        return reply

    def _turn(self, envelope: Envelope, reply: Reply) -> Turn:
        """Without what was written, which stands in the history of the case."""
        key = str(envelope.key)
        return Turn(
            key=key,
            channel=envelope.key.channel,
            message_id=envelope.message_id,
            received_at=envelope.received_at,
            seen_version=self._store.load_conversation(key).version,
            state_json=None,
            language=reply.language,
            reply_json=reply_to_json(reply),
        )

    def _decide(self, envelope: Envelope, press: Press) -> Outcome:
        actor, case = self._handlers.actor_of(envelope), self._store.cases.find(press.number)
        if press.act == LOOK:
            return Outcome(kept=False)
        if case is None:
            return self._refused("unknown", press.number)
        try:
            if press.act in NEEDED:
                actor.require(NEEDED[press.act], case.organisation)
                return self._written(actor, case, press)
            if press.act == "show":
                here = self._handlers.may_read_in(envelope.key.channel)
                return self._shown(actor, press.number, here=here)
            return self._moved(actor, case, press)
        except Forbidden:
            return self._refused("other_role" if actor.roles else "no_role", press.number)

    def _moved(self, actor: Actor, case: Case, press: Press) -> Outcome:
        moves = {"take": self._desk.take, "release": self._desk.release,
                 "close": self._desk.close, "reopen": self._desk.reopen}  # fmt: skip
        move = moves.get(press.act)
        if move is None:
            return self._refused("unknown", press.number)
        if move(actor, case.number):
            return Outcome()
        return self._hindered(case, press)

    def _shown(self, actor: Actor, number: str, *, here: bool) -> Outcome:
        if not here:
            return self._refused("not_here", number)
        view = self._desk.case(actor, number)
        return Outcome(self._forms.reading(view) if view else (), kept=False)

    def _written(self, actor: Actor, case: Case, press: Press) -> Outcome:
        """Opens a form, or does what one says."""
        if not _is_theirs(case, actor) or press.act not in acts(case):
            return self._hindered(case, press)
        if press.act == "assign":
            return self._assigned(actor, case, press)
        if press.values is None:
            return Outcome((self._forms.letter(case, press.act),))
        text = guard_letter(press.values.get(TEXT, ""))
        if not text:
            return Outcome((self._again(press, "empty"),), kept=False)
        letter = Letter(LETTERS[press.act], text, press.interaction.replace(":", "-"))
        if self._desk.send(actor, case.number, letter):
            return Outcome()
        return self._hindered(case, press)

    def _assigned(self, actor: Actor, case: Case, press: Press) -> Outcome:
        others = [each for each in self._handlers.colleagues() if each != case.owner_person]
        if press.values is None:
            form = self._forms.assign(case.number, others)
            return Outcome((form,)) if others else self._refused("nobody", case.number)
        to = press.values.get(TO, "")
        if to in others and self._desk.assign(actor, case.number, to):
            return Outcome()
        return self._hindered(case, press)

    def _hindered(self, case: Case, press: Press) -> Outcome:
        """Says who has the case, or that it is finished; a letter comes back as written."""
        key = _hindrance(case, press.act)
        if press.values is not None and press.act in LETTERS:
            return Outcome(
                (self._again(press, key, self._handlers.name(case.owner_person)),), False
            )
        return self._refused(key, case.number, self._handlers.name(case.owner_person))

    def _again(self, press: Press, key: str, owner: str = "") -> Form:
        text = (press.values or {}).get(TEXT, "")
        fault = self._forms.say(key, number=press.number, owner=owner)
        return self._forms.again(press.interaction, press.number, press.act, text, fault)

    def _refused(self, key: str, number: str, owner: str = "") -> Outcome:
        said = self._forms.say(key, number=number, owner=owner)
        return Outcome((Text(said, "sv", "error"),), kept=False)


def _is_theirs(case: Case, actor: Actor) -> bool:
    """Is the case free, or the actor's own?"""
    return case.owner_person in {"", actor.id}


def _hindrance(case: Case, act: str) -> str:
    """Why the case does not do what was asked of it."""
    if case.state == "closed":
        return "is_closed"
    if act == "reopen":
        return "is_open"
    if act in LETTERS and not case.conversation_key:
        return "unreachable"
    return "not_theirs" if case.owner_person else "not_free"
