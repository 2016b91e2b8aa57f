"""One message, one transaction: guard, look up, decide, commit; then the reply goes out.

The steps are those of the README's tour. Nothing is written before the commit but reserved
numbers, and nothing is sent before it at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from time import perf_counter
from zoneinfo import ZoneInfo

import structlog

from bot.decision import Decision, LookUp, Moment, Services
from bot.delivery import reply_item
from bot.envelopes import answered, language_of, words_of
from bot.guarding import guard
from bot.locks import Locks
from bot.messages import Due, Envelope, Language, Reply, Text
from bot.rooms import without_offers
from bot.router import Router
from bot.serialise import reply_from_json, reply_to_json
from bot.thread import Thread, join, part, thread_from_json, thread_to_json
from storage.errors import AlreadyHandled, StaleCase, StaleConversation
from storage.model import Conversation
from storage.records import CaseChange, CaseNote, CommonDrafts, NewCase, OutboxItem, Turn
from storage.store import Store

log = structlog.get_logger()

STOCKHOLM = ZoneInfo("Europe/Stockholm")
# Two other turns may come between; a fourth attempt means something else is wrong.
ATTEMPTS = 4
#: What happens to a case is shown on its cards, which are redrawn wherever they are.
ABOUT_CASES = (NewCase, CaseChange, CaseNote)


class TurnRunner:
    """Takes envelopes; safe to call from any number of threads."""

    def __init__(self, store: Store, services: Services, wake: Callable[..., None]) -> None:
        self._store = store
        self._services = services
        self._wake = wake
        self._locks = Locks()

    def receive(self, envelope: Envelope) -> Reply:
        """The reply, after the commit; a known message id gets the reply it got before.

        Raises ``Busy`` when too many wait, ``StorageError`` when nothing could be stored.
        """
        started = perf_counter()
        key = str(envelope.key)
        with self._locks.hold(envelope.identity or key):
            stored = self._store.find_reply(envelope.key.channel, envelope.message_id)
            if stored is not None:
                return reply_from_json(stored)
            reply, decision = self._take(key, envelope)
        if decision is not None:
            self._let_send(decision, envelope)
            log.info(
                "turn",
                channel=envelope.key.channel,
                outcome=decision.facts.get("outcome"),
                intent=decision.facts.get("intent"),
                ms=round((perf_counter() - started) * 1000, 1),
            )
        return reply

    def _let_send(self, decision: Decision, envelope: Envelope) -> None:
        """Wakes the relay; only for the channel itself where nothing but the reply is queued."""
        if decision.outbox or any(isinstance(each, ABOUT_CASES) for each in decision.records):
            self._wake()
        elif not envelope.in_band:
            self._wake(envelope.key.channel)

    def _take(self, key: str, envelope: Envelope) -> tuple[Reply, Decision | None]:
        for attempt in range(ATTEMPTS):
            conversation = self._store.load_conversation(key)
            common = self._common(envelope)
            guarded, decision, language = decide(
                envelope, conversation, self._services, common=common
            )
            reply = Reply(decision.parts, language, {**decision.facts, **answered(guarded)})
            turn = _turn(guarded, conversation, decision, reply)
            if decision.forget_dialog:
                turn = self._forgetting(turn, decision.forget_dialog)
            if common is not None:
                turn = _with_common(turn, common, decision.thread)
            try:
                self._store.commit_turn(turn)
            except StaleCase:
                # Somebody changed the report meanwhile: nothing is laid over what was not seen.
                envelope = replace(envelope, content=Due("outdated"))
                continue
            except AlreadyHandled as handled:
                return reply_from_json(handled.reply_json), None
            except StaleConversation:
                if attempt == ATTEMPTS - 1:
                    raise
                continue
            return reply, decision
        raise AssertionError

    def _forgetting(self, turn: Turn, dialog: str) -> Turn:
        """The turn as it also blanks all that was said since a dialog began."""
        handled = self._store.inbox.of_conversation(turn.key)
        replies = [reply_from_json(each.reply_json) for each in handled]
        begun = [n for n, reply in enumerate(replies) if reply.facts.get("dialog") == dialog]
        ids = tuple(each.message_id for each in handled[min(begun, default=len(handled)) :])
        nothing = reply_to_json(Reply(()))
        return replace(turn, forget=ids, forgotten_reply_json=nothing)

    def _common(self, envelope: Envelope) -> Conversation | None:
        """The drafts a person has in common where they may report and nobody reads along."""
        if not (envelope.identity and envelope.may_report and envelope.private):
            return None
        return self._store.load_conversation(person_key(envelope.identity))


def person_key(identity: str) -> str:
    """The key a linked person's drafts are stored under; no channel is called so."""
    return f"person|{identity}"


def decide(
    envelope: Envelope,
    conversation: Conversation,
    services: Services,
    *,
    common: Conversation | None = None,
    dry: bool = False,
) -> tuple[Envelope, Decision, Language]:
    """The guarded envelope, what it leads to and the language of the reply."""
    thread = thread_from_json(conversation.state_json)
    if common is not None:
        thread = join(thread, thread_from_json(common.state_json), str(envelope.key))
    guarded, hidden = guard(envelope, thread, services.settings.support_mailbox)
    language = language_of(guarded, conversation.language)
    moment = Moment(
        envelope.key,
        envelope.received_at,
        envelope.received_at.astimezone(STOCKHOLM).date(),
        language,
        envelope.may_report,
        envelope.private,
        envelope.identity,
        envelope.outsider,
        dry,
    )
    seen = replace(services, look_up=remembering(services.look_up))
    decision = Router(seen, moment).decide(guarded.content, thread)
    if envelope.outsider:
        decision = replace(decision, parts=without_offers(decision.parts))
    if hidden:
        note = Text(services.texts.render("answer.masked", language), language, "note")
        decision = replace(decision, parts=(note, *decision.parts))
    return guarded, decision, language


def remembering(look_up: LookUp) -> LookUp:
    """The look-ups of one turn: each is done once, and all parts of the turn see the same."""
    found: dict[str, object] = {}

    def find(name: str, arguments: Mapping[str, object], key: str) -> object:
        asked = repr((name, sorted(arguments.items()), key))
        if asked not in found:
            found[asked] = look_up(name, arguments, key)
        return found[asked]

    return find


def _turn(envelope: Envelope, conversation: Conversation, decision: Decision, reply: Reply) -> Turn:
    return Turn(
        key=conversation.key,
        channel=envelope.key.channel,
        message_id=envelope.message_id,
        received_at=envelope.received_at,
        seen_version=conversation.version,
        state_json=thread_to_json(decision.thread),
        language=reply.language,
        reply_json=reply_to_json(reply),
        text=words_of(envelope),
        records=decision.records,
        outbox=(*_sent(envelope), *decision.outbox),
        forget_text=decision.forget_text,
        address=dict(envelope.address) if envelope.address is not None else None,
    )


def _sent(envelope: Envelope) -> tuple[OutboxItem, ...]:
    """The row that sends the reply, where the channel does not show it itself."""
    if envelope.in_band or envelope.address is None:
        return ()
    return (
        reply_item(
            envelope.key.channel, envelope.message_id, str(envelope.key), dict(envelope.address)
        ),
    )


def _with_common(turn: Turn, common: Conversation, thread: Thread) -> Turn:
    own, shared = part(thread)
    drafts = CommonDrafts(common.key, common.version, thread_to_json(shared))
    return replace(turn, state_json=thread_to_json(own), common=drafts)


def conversation_of(now: datetime) -> Conversation:
    """A conversation nobody has begun, for a single question from the command line."""
    return Conversation("", None, "", 0, now)
