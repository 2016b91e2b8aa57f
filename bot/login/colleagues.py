"""What colleagues see of each other: a signature each has chosen, never a name."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from bot.linking import VALID, grouped
from bot.ownership import ends_of
from bot.policy import Actor
from storage.model import CaseFilter
from storage.people import digest
from storage.store import Store

#: A signature is kept like an identity, so that no two have the same.
ISSUER = "signature"
_SIGNATURE = re.compile(r"[\w-]{1,20}")


class Colleagues(Protocol):
    """What the pages ask about signatures."""

    def signatures(self) -> dict[str, str]:
        """Person -> signature."""
        ...

    def sign(self, actor: Actor, signature: str) -> bool:
        """Let the actor be known so; False for a signature that is taken, or is none."""
        ...

    def code(self, actor: Actor) -> str:
        """A code that makes another channel the actor's; empty for whoever came by a link."""
        ...

    def join(self, actor: Actor, issuer: str, subject: str) -> None:
        """Let a browser's chat be the actor's, so that they may report there."""
        ...

    def part(self, issuer: str, subject: str) -> None:
        """Let a browser's chat be nobody's again, unless something was reported there."""
        ...


class KnownColleagues:
    """Signatures and codes of persons in the database."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def signatures(self) -> dict[str, str]:
        """Person -> signature."""
        return self._store.people.subjects(ISSUER)

    def sign(self, actor: Actor, signature: str) -> bool:
        """Let the actor be known so; False for a signature that is taken, or is none."""
        signature = tidy(signature)
        taken = {name: person for person, name in self.signatures().items()}
        if not signature or taken.get(signature, actor.id) != actor.id or is_stand_in(actor.id):
            return False
        self._store.people.sign(actor.id, ISSUER, signature, self._now())
        return True

    def code(self, actor: Actor) -> str:
        """A code that makes another channel the actor's; empty for whoever came by a link."""
        if is_stand_in(actor.id):
            return ""
        code = secrets.token_hex(8)
        self._store.people.add_code(digest(code), actor.id, self._now() + VALID)
        return grouped(code)

    def join(self, actor: Actor, issuer: str, subject: str) -> None:
        """Let a browser's chat be the actor's, so that they may report there."""
        if not is_stand_in(actor.id):
            self._store.people.join(issuer, subject, actor.id, self._now())

    def part(self, issuer: str, subject: str) -> None:
        """Let a browser's chat be nobody's again, unless something was reported there: its
        reports stay the person's own.
        """
        reported = CaseFilter(submitted_in=(ends_of(issuer, subject),), limit=1)
        if not self._store.cases.list(reported):
            self._store.people.part(issuer, subject)


def tidy(signature: str) -> str:
    """The signature as it is stored; empty for what is none."""
    signature = signature.strip().casefold()
    return signature if _SIGNATURE.fullmatch(signature) else ""


def is_stand_in(person: str) -> bool:
    """Did they come by a link, as the function and not as a person?"""
    return person.startswith("stod")
