"""One person in several channels: a one-time code from where we know them, shown where we do not.

Teams and Slack vouch for who somebody is, and so does the web chat of this machine. A Telegram id
does not, so no codes are given out there (reliability goals, C2: 64 bits, ten minutes, once).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.decision import Decision, Moment, Services
from bot.identity import vouches
from bot.messages import Command, Content, Said
from bot.short_replies import ShortReplies
from bot.thread import Thread
from intents.language import fold
from storage.people import digest
from storage.records import LinkIdentity, NewLinkCode, Record, UnlinkIdentity

VALID = timedelta(minutes=10)
_SAID = re.compile(r"/?(?:koppla|lanka|link)(?: (?P<rest>.{1,60}))?")
_APART = re.compile(r"bort|ifran|av|off|unlink")
_CODE = re.compile(r"(?:[0-9a-f]{4}[- ]?){3}[0-9a-f]{4}")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants of the linking of their channels."""

    #: Empty: give me a code.
    code: str = ""
    apart: bool = False


def read_wish(content: Content) -> Wish | None:
    """ "Koppla", "koppla 3f9a-…" or "koppla bort"; None for anything else."""
    match content:
        case Said(text):
            said = _SAID.fullmatch(fold(text[:80]).strip(" .!"))
        case Command(name, argument):
            said = _SAID.fullmatch(fold(f"{name} {argument}"[:80]).strip(" .!"))
        case _:
            return None
    if said is None:
        return None
    rest = said["rest"] or ""
    if _APART.fullmatch(rest):
        return Wish(apart=True)
    if not rest or _CODE.fullmatch(rest):
        return Wish(re.sub(r"[- ]", "", rest))
    return None


def grouped(code: str) -> str:
    """A code in groups of four, to be read and typed."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


class Linking:
    """Gives out codes and takes them, in one turn."""

    def __init__(self, services: Services, moment: Moment) -> None:
        self._services = services
        self._moment = moment
        self._short = ShortReplies(services, moment)

    def take(self, wish: Wish, thread: Thread) -> Decision:
        """What the wish leads to."""
        if refusal := self._refusal(wish):
            return self._done(thread, refusal)
        issuer, subject = self._moment.key.issuer, self._moment.key.person
        if wish.apart:
            return self._done(thread, "unlinked", UnlinkIdentity(issuer, subject))
        if wish.code:
            hashed = digest(wish.code)
            shown = {"digest": hashed, "at": self._moment.now.isoformat()}
            if not self._services.look_up("link_code", shown, ""):
                return self._done(thread, "wrong")
            return self._done(thread, "linked", LinkIdentity(hashed, issuer, subject))
        if not vouches(self._moment.key.channel, self._services.settings):
            return self._done(thread, "elsewhere")
        code = self._services.new_id()
        expires = self._moment.now + VALID
        record = NewLinkCode(digest(code), issuer, subject, expires)
        return self._done(thread, "code", record, code=grouped(code))

    def _refusal(self, wish: Wish) -> str:
        """Key of what is said where nothing is linked: others read along, or a guest asks."""
        if not self._moment.private:
            return "in_private"
        return "outsider" if self._moment.outsider and not wish.apart else ""

    def _done(self, thread: Thread, key: str, *records: Record, **values: str) -> Decision:
        facts: dict[str, object] = {"outcome": "smalltalk", "intent": "linking"}
        said = self._short.say(thread, f"linking.{key}", facts=facts, **values)
        return replace(said, records=records)
