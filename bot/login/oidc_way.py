"""Login through the OpenID provider, from the button to a person with roles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.login.admission import Admission, Told
from bot.login.journey import Journey, read_journey, write_journey
from bot.login.oidc import Facts, NotShown, Provider
from bot.policy import Actor


@dataclass(frozen=True, slots=True)
class OidcWay:
    """Sends browsers to the provider and lets in those who come back right."""

    provider: Provider
    issuer: str
    told: Callable[[Facts], Told]
    admission: Admission
    #: Signs the cookie of a journey.
    key: bytes
    now: Callable[[], datetime]

    def start(self, back: str, to: str) -> tuple[str, str]:
        """Where to send the browser, and the cookie to send along.

        ``back`` is our own address the provider answers to, ``to`` the page wanted in the end.
        Raises ``NotShown`` when the provider is out of reach.
        """
        journey = Journey.begin(self.now(), to)
        return self.provider.start(back, journey.secrets), write_journey(journey, self.key)

    def finish(self, back: str, cookie: str, answer: Mapping[str, str]) -> tuple[Actor, str]:
        """Who came back, and the page they wanted. Raises ``NotShown`` and ``NoRoles``."""
        journey = read_journey(cookie, self.key, self.now())
        if journey is None or not journey.is_answered_by(answer.get("state", "")):
            raise NotShown("state")
        # A provider that names itself must be ours (RFC 9207).
        if answer.get("iss", self.issuer) != self.issuer or not answer.get("code"):
            raise NotShown("answer")
        claims = self.provider.finish(back, answer["code"], journey.secrets)
        return self.admission.admit(self.told(claims)), journey.to
