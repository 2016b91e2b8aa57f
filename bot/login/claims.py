"""What a provider's claims tell of somebody: the identity, the groups and the organisation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bot.login.admission import Told
from bot.login.oidc import NotShown
from bot.settings import Settings
from storage.model import Term

Claims = Mapping[str, Any]


def told_by(claims: Claims, settings: Settings, organisations: Iterable[Term]) -> Told:
    """Raises ``NotShown`` for claims without a subject."""
    organisation: str | None = None
    if settings.oidc_organisation_claim:
        said = " ".join(_texts(_claim(claims, settings.oidc_organisation_claim))[:1])
        named = settings.oidc_organisations.get(said, said)
        organisation = _code_of(named, organisations)
    groups = _texts(_claim(claims, settings.oidc_roles_claim))
    return Told("oidc", _identity(claims), groups, organisation)


def _identity(claims: Claims) -> tuple[str, str]:
    """A member of an Entra tenant is who they are in Teams; others are their subject.

    Never an e-mail address or a user name: those are given to the next person (reliability
    goals, C2).
    """
    issuer, tenant, person = (str(claims.get(name) or "") for name in ("iss", "tid", "oid"))
    if tenant and person and tenant in issuer.split("/"):
        return f"teams:{tenant}", person
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject:
        raise NotShown("sub")
    return f"oidc:{issuer.partition('://')[2]}", subject


def _claim(claims: Claims, path: str) -> object:
    """The claim of a name, or of a path such as "realm_access.roles"."""
    found: Any = claims
    for name in [path] if path in claims else path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _texts(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(each for each in values if isinstance(each, str))


def _code_of(named: str, organisations: Iterable[Term]) -> str:
    """The code of an organisation told by code or name; empty for one that is not known."""
    said = named.casefold().strip()
    found = (t.code for t in organisations if said in (t.code.casefold(), t.name.casefold()))
    return next(found, "")
