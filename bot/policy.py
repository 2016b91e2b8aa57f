"""Who may do what: one table of roles and actions, refused unless allowed.

The core's desks ask it, pages and cards only show what it allows. README's table of roles and the
tests' matrix are made from it. Roles are those of the reliability goals, C2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

from bot.errors import HansynError

Role = Literal[
    "anvandare", "handlaggare", "larmmottagare", "kb_redaktor", "kb_godkannare", "revisor",
    "tekniker",
]  # fmt: skip
Action = Literal[
    "case.list", "case.read", "case.take", "case.write", "case.register",
    "question.read", "question.answer",
    "kb.read", "kb.draft", "kb.publish",
    "settings.read", "settings.words", "settings.decide",
    "people.read", "people.organise",
    "outbox.read", "outbox.resend",
    "audit.read", "health.read", "login.invite", "login.end", "login.own",
]  # fmt: skip
ROLES: tuple[Role, ...] = get_args(Role)
ACTIONS: tuple[Action, ...] = get_args(Action)

#: After the name of a role: only for cases of the person's own organisation.
OWN = "@egen"
_SUPPORT: frozenset[Role] = frozenset({"handlaggare"})
_EDITORS: frozenset[Role] = frozenset({"kb_redaktor", "kb_godkannare"})

#: Action -> the roles that may. ``case.read`` is the only one that shows what somebody reported.
TABLE: Mapping[Action, frozenset[Role]] = {
    "case.list": frozenset({"handlaggare", "larmmottagare"}),
    "case.read": _SUPPORT,
    "case.take": frozenset({"handlaggare", "larmmottagare"}),
    "case.write": _SUPPORT,
    "case.register": _SUPPORT,
    "question.read": _SUPPORT | _EDITORS,
    "question.answer": _SUPPORT,
    "kb.read": _SUPPORT | _EDITORS | {"revisor"},
    "kb.draft": _EDITORS,
    "kb.publish": frozenset({"kb_godkannare"}),
    "settings.read": _SUPPORT | _EDITORS | {"revisor", "tekniker"},
    "settings.words": _EDITORS,
    "settings.decide": frozenset({"kb_godkannare"}),
    "people.read": _SUPPORT,
    "people.organise": _SUPPORT,
    "outbox.read": frozenset({"handlaggare", "larmmottagare", "tekniker"}),
    "outbox.resend": frozenset({"handlaggare", "larmmottagare", "tekniker"}),
    "audit.read": frozenset({"revisor"}),
    "health.read": frozenset({"tekniker", "handlaggare"}),
    "login.invite": _SUPPORT,
    "login.end": frozenset({"handlaggare", "tekniker"}),
    "login.own": frozenset(ROLES),
}


class Forbidden(HansynError):
    """None of the person's roles allows this."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who does something, wherever they are met."""

    #: As it stands in history and audit log: "stod:ab", or the id of a person.
    id: str
    roles: frozenset[Role] = frozenset()
    #: Codes of the organisations whose cases the person works with; None for all of them.
    units: frozenset[str] | None = None

    def may(self, action: Action, unit: str | None = None) -> bool:
        """Is the action allowed, on something of this organisation where it is somebody's?

        ``unit`` "" is something of no organisation: it is for those who work with all of them.
        """
        allowed = bool(TABLE[action] & self.roles)
        return allowed and (unit is None or self.units is None or unit in self.units)

    def require(self, action: Action, unit: str | None = None) -> None:
        """Raises ``Forbidden`` unless the action is allowed."""
        if not self.may(action, unit):
            raise Forbidden


Units = frozenset[str] | None


def granted(names: Iterable[str], organisation: str) -> tuple[frozenset[Role], Units]:
    """Roles and units of somebody from ``organisation`` (a code, or empty) who was given these.

    "handlaggare@egen" reaches the own organisation's cases, and none where there is no such; it
    limits the other roles too, as an actor has one reach.
    """
    given = set(names)
    roles = frozenset(cast(Role, name.removesuffix(OWN)) for name in given)
    own = frozenset({organisation} - {""})
    return roles, None if roles <= given else own


def merged(one: Actor, other: Actor) -> Actor:
    """Somebody with the roles of both; what limits a role that only one has limits all."""
    limits = []
    for role in one.roles | other.roles:
        reaches = [each.units for each in (one, other) if role in each.roles]
        if None not in reaches:
            limits.append(frozenset[str]().union(*(reach for reach in reaches if reach)))
    units = frozenset.intersection(*limits) if limits else None
    return Actor(one.id, one.roles | other.roles, units)


#: Whoever runs a command on the machine itself.
OPERATOR = Actor("operator", frozenset(ROLES))
