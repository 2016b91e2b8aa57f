"""Teams activities as envelopes (learn.microsoft.com/azure/bot-service, "Activity schema")."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from bot.channels.cleaning import clean
from bot.channels.connections import Delivery, Response, Unreadable, Unsigned, reading
from bot.channels.plain_text import Words, words_for, words_of
from bot.channels.teams.activities import is_vote
from bot.channels.teams.cards import CHOOSE, CONTENT_TYPE, FILE, SUBMIT, to_card
from bot.channels.teams.case_cards import CASE, answer_card
from bot.channels.teams.payload import (
    Activity,
    comment_in,
    fields_in,
    is_shared,
    parse_activity,
    picked_in,
    same_service,
    tenant_of,
)
from bot.messages import (
    Choices,
    Chose,
    Command,
    Content,
    ConversationKey,
    Envelope,
    Language,
    Opened,
    Reply,
    Said,
    Submitted,
    Text,
)
from bot.port import App

_MENTION = re.compile(r"<at[^>]*>[^<]*</at>")
_COMMAND = re.compile(r"/(\w{1,32})(?:\s+(.*))?", re.DOTALL)
#: An answer to a press that is shown beside the card instead of in its place.
MESSAGE_TYPE = "application/vnd.microsoft.activity.message"
#: Stands in a channel's conversation id before the id of the thread.
_THREAD = ";messageid="
#: Turns searched for the answer a vote is about.
LOOK_BACK = 20

#: (service address, conversation, person, our tenant) -> may this be somebody from outside?
IsGuest = Callable[[str, str, str, str], bool]


@dataclass(slots=True)
class Reader:
    """Reads activities of one tenant, for one bot."""

    app: App
    bot_id: str
    tenant: str
    #: Hosts replies may be sent to; a forged address would get our token.
    hosts: tuple[str, ...]
    is_guest: IsGuest
    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))

    def read(self, claims: dict[str, Any], body: bytes) -> Delivery:
        """What an activity asks for.

        Raises:
            Unsigned: the token is another tenant's or another service's.
            Unreadable: no activity Teams would send.
        """
        with reading():
            return self._activity(claims, parse_activity(body))

    def _activity(self, claims: dict[str, Any], activity: Activity) -> Delivery:
        if not same_service(claims, activity, self.hosts):
            raise Unsigned("service")
        if tenant_of(activity) != self.tenant:
            raise Unsigned("tenant")
        match activity.get("type"):
            case "message":
                return self._message(activity)
            case "invoke":
                return self._invoke(activity)
            case "conversationUpdate" if self._added(activity):
                return Delivery(self._envelope(activity, Opened()))
        return Delivery()

    def words(self, language: Language) -> Words:
        """The channel's own sentences."""
        return words_of(self.app, "teams", language)

    def _message(self, activity: Activity) -> Delivery:
        if activity["from"].get("role") == "bot" or activity["from"]["id"] == self.bot_id:
            return Delivery()
        text = clean(_MENTION.sub("", str(activity.get("text") or "")))
        if not text:
            return Delivery()
        command = _COMMAND.fullmatch(text)
        content = Command(command[1].lower(), command[2] or "") if command else Said(text)
        return Delivery(self._envelope(activity, content))

    def _added(self, activity: Activity) -> bool:
        members = activity.get("membersAdded") or ()
        return any(str(member.get("id", "")).endswith(self.bot_id) for member in members)

    # Buttons and forms ---------------------------------------------------------------------------

    def _invoke(self, activity: Activity) -> Delivery:
        value = activity.get("value")
        if activity.get("name") == "message/submitAction" and isinstance(value, dict):
            return self._voted(activity, value)
        action = value.get("action") if isinstance(value, dict) else None
        if activity.get("name") != "adaptiveCard/action" or not isinstance(action, dict):
            return Delivery(answer=lambda reply: Response(501))
        data = action.get("data")
        if not isinstance(data, dict):
            raise Unreadable("no data")
        return self._pressed(activity, str(action.get("verb")), data)

    def _pressed(self, activity: Activity, verb: str, data: dict[str, Any]) -> Delivery:
        if verb == FILE:
            return Delivery(answer=lambda reply: self._file(activity, str(data.get("reference"))))
        interaction = clean(str(data.get("interaction") or ""))
        if verb == CHOOSE:
            content: Content = Chose(interaction, clean(picked_in(data)))
        elif verb == SUBMIT:
            content = Submitted(interaction, fields_in(data))
        else:
            raise Unreadable("verb")
        if interaction.startswith(f"{CASE}:"):
            return self._on_card(activity, interaction.split(":")[1], content)
        if is_shared(activity) and not self._was_shown(self._key(activity), interaction):
            return Delivery(answer=lambda reply: self._others(activity))
        again = data.get("role") == "feedback" or self._moved_on(self._key(activity), interaction)
        once = str(activity["id"]) if again else _digest(repr(content))
        envelope = self._envelope(activity, content, identity=f"invoke:{once}", in_band=True)
        chosen = clean(str(data.get("label") or ""))
        return Delivery(envelope, lambda reply: self._replaced(reply, chosen))

    def _on_card(self, activity: Activity, number: str, content: Content) -> Delivery:
        """A press on a case's card, which anybody in the room sees; the desk knows who may."""
        own = replace(self._key(activity), thread=f"case-{number}")
        identity = f"{own.person}|{_digest(repr(content))}"
        envelope = self._envelope(activity, content, identity=identity, in_band=True)
        place = f"teams:{own.conversation}"
        return Delivery(replace(envelope, key=own), lambda r: self._card_for(number, place, r))

    def _card_for(self, number: str, place: str, reply: Reply) -> Response:
        """The card as whoever pressed sees it from now on; a room without it is shown none."""
        card, words = self.app.case_card(number, place), self.words(reply.language)
        shown = to_card(reply.parts, words) if card is None else answer_card(card, reply, words)
        return _invoke_response(CONTENT_TYPE, shown)

    def _was_shown(self, key: ConversationKey, interaction: str) -> bool:
        """Was the question asked of the person who presses? In a room anybody can."""
        parts = (part for turn in self.app.turns(key, LOOK_BACK) for part in turn.reply.parts)
        return any(getattr(part, "interaction", "") == interaction for part in parts)

    def _others(self, activity: Activity) -> Response:
        """A word to whoever pressed; the card stays for the one it is for."""
        return _invoke_response(MESSAGE_TYPE, self._words_for(activity)("for_another"))

    def _words_for(self, activity: Activity) -> Words:
        locale = str(activity.get("locale") or "")
        return words_for(self.app, self._key(activity), lambda: locale)

    def _moved_on(self, key: ConversationKey, interaction: str) -> bool:
        """Was the question answered before the latest turn?

        Teams repeats an invoke it got no answer to under a new id; what was pressed stays the
        same and gets the stored reply. Once the talk has moved on it is an old button.
        """
        answered = [turn.answered for turn in self.app.turns(key, LOOK_BACK)]
        return interaction in answered[:-1] and answered[-1] != interaction

    def _replaced(self, reply: Reply, chosen: str) -> Response:
        """The card that takes the pressed one's place, so that nobody presses it again."""
        card = to_card(reply.parts, self.words(reply.language), chosen)
        return _invoke_response(CONTENT_TYPE, card)

    def _file(self, activity: Activity, reference: str) -> Response:
        opened = self.app.open_file(reference, self._key(activity))
        words = self._words_for(activity)
        if opened is None or not opened.media_type.startswith("text/"):
            # Beside the card, which stays: what else it offers can still be pressed.
            return _invoke_response(MESSAGE_TYPE, words("file_missing"))
        text = opened.content.decode("utf-8", "replace")
        return _invoke_response(CONTENT_TYPE, to_card((Text(opened.name), Text(text)), words))

    def _voted(self, activity: Activity, value: dict[str, Any]) -> Delivery:
        """Teams' own thumbs: a vote on the latest answer of the conversation."""
        given = value.get("actionValue")
        key = self._key(activity)
        asked = self._asked(key)
        if not isinstance(given, dict) or asked is None:
            return Delivery()
        vote = "yes" if given.get("reaction") == "like" else "no"
        comment = comment_in(given.get("feedback"))
        if vote == "no" and comment:
            number = asked.interaction.partition(":")[2]
            content: Content = Submitted(f"comment:{number}", {"comment": comment})
        else:
            content = Chose(asked.interaction, vote)
        return Delivery(self._envelope(activity, content, in_band=True))

    def _asked(self, key: ConversationKey) -> Choices | None:
        for turn in reversed(self.app.turns(key, LOOK_BACK)):
            for part in turn.reply.parts:
                if is_vote(part):
                    return part
        return None

    # Envelopes -----------------------------------------------------------------------------------

    def _key(self, activity: Activity) -> ConversationKey:
        person = activity["from"]
        subject = str(person.get("aadObjectId") or person["id"])
        room, _, thread = str(activity["conversation"]["id"]).partition(_THREAD)
        return ConversationKey("teams", self.tenant, room, thread, subject)

    def _envelope(
        self, activity: Activity, content: Content, *, identity: str = "", in_band: bool = False
    ) -> Envelope:
        key, conversation = self._key(activity), activity["conversation"]
        service, person = str(activity["serviceUrl"]), str(activity["from"]["id"])
        private = not is_shared(activity)
        place = str(conversation["id"])
        message_id = f"{place}|{identity or activity['id']}"
        address = {
            "service": service, "conversation": place, "shared": not private,
            "reply_to": "" if private else str(activity["id"]), "person": person,
        }  # fmt: skip
        guest = not activity["from"].get("aadObjectId") or self.is_guest(
            service, place, person, self.tenant
        )
        return Envelope(
            key, message_id, self.now(), content, outsider=guest, private=private,
            address=address, in_band=in_band,
        )  # fmt: skip


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _invoke_response(kind: str, value: object) -> Response:
    return Response(200, {"statusCode": 200, "type": kind, "value": value})
