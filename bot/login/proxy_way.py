"""Login told by a reverse proxy: its header counts when it comes from the proxy itself."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from bot.login.admission import Admission, Told
from bot.policy import Actor
from storage.logins import Login

ORIGIN = "proxy"


@dataclass(frozen=True, slots=True)
class ProxyWay:
    """Knows the proxies and what they call the headers."""

    #: Addresses or networks, such as "10.0.0.5".
    peers: tuple[str, ...]
    user_header: str
    groups_header: str
    admission: Admission

    def trusts(self, peer: str) -> bool:
        """Is this address one of the proxies?"""
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        return any(address in ip_network(each) for each in self.peers)

    def admit(self, user: str, groups: str) -> Actor:
        """Whoever the headers name; groups are apart by commas. Raises ``NoRoles``."""
        names = tuple(name.strip() for name in groups.split(",") if name.strip())
        return self.admission.admit(Told(ORIGIN, (f"{ORIGIN}:", user), names))

    def is_of(self, login: Login, user: str) -> bool:
        """Did this user log in so, and not somebody else in the same browser?"""
        return login.origin == ORIGIN and self.admission.is_of(login.person, (f"{ORIGIN}:", user))
