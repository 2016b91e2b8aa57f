"""The ways in to the pages behind the login, put together."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.login.admission import Admission
from bot.login.claims import told_by
from bot.login.colleagues import Colleagues, KnownColleagues
from bot.login.links import Links
from bot.login.oidc import Client, Provider
from bot.login.oidc_way import OidcWay
from bot.login.proxy_way import ProxyWay
from bot.login.sessions import Sessions, Span
from bot.policy import Actor
from bot.settings import Settings
from storage.store import Store


class OneTimeLinks(Protocol):
    """``bot.login.links.Links``."""

    @property
    def open(self) -> bool:
        """Is the link a way in?"""
        ...

    def make(self, actor: Actor) -> str:
        """A new token; whoever uses it has every role, so only such may give it out."""
        ...

    def use(self, token: str) -> bool:
        """Use up a token; False when it is none."""
        ...


@dataclass(frozen=True, slots=True)
class Door:
    """Who gets in, and who is in."""

    sessions: Sessions
    links: OneTimeLinks
    colleagues: Colleagues
    #: None where it is not set up.
    oidc: OidcWay | None = None
    proxy: ProxyWay | None = None
    #: Where people reach the pages; empty where nobody has said.
    public_url: str = ""

    @property
    def knows_people(self) -> bool:
        """Is there a way in that tells who somebody is?"""
        return self.oidc is not None or self.proxy is not None


def build_door(store: Store, settings: Settings, now: Callable[[], datetime]) -> Door:
    """The door of an application."""
    span = Span(
        timedelta(minutes=settings.login_idle_minutes), timedelta(hours=settings.login_hours)
    )
    admission = Admission(store, settings, now)
    return Door(
        Sessions(store.logins, lambda item: store.audit.append([item], now()), now, span),
        Links(store, now, settings.login_link),
        KnownColleagues(store, now),
        _oidc(store, settings, admission, now) if settings.oidc_issuer else None,
        _proxy(settings, admission) if settings.proxy_peers else None,
        settings.public_url,
    )


def _proxy(settings: Settings, admission: Admission) -> ProxyWay:
    return ProxyWay(
        settings.proxy_peers, settings.proxy_user_header, settings.proxy_groups_header, admission
    )


def _oidc(
    store: Store, settings: Settings, admission: Admission, now: Callable[[], datetime]
) -> OidcWay:
    secret = settings.oidc_client_secret.get_secret_value()
    client = Client(settings.oidc_issuer, settings.oidc_client_id, secret)
    # The same on every server of an installation; without a secret there is only one.
    key = f"hansyn journey {secret}".encode() if secret else secrets.token_bytes(32)
    return OidcWay(
        Provider(client, lambda: now().timestamp()),
        settings.oidc_issuer,
        lambda claims: told_by(claims, settings, store.vocabularies.terms("organisations")),
        admission,
        key,
        now,
    )
