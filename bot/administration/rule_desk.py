"""Where the support function decides what the gross-list rule leaves open.

A decision names who took it and its source and holds from a day on. Before it is taken one sees
which verdicts it would change; afterwards those who heard the old one can be told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.administration.faults import Unsuitable
from bot.administration.logged_store import LoggedStore
from bot.administration.rescreening import RESCREENED, Flip, rescreen
from bot.background import Progress
from bot.policy import Actor
from intents.grosslist import Policy
from intents.grosslist_policy import RuleChoice, rule_choices
from intents.personal_data import mask
from intents.screening import allows, policy_of, policy_version
from storage.model import PolicyValue
from storage.records import AuditItem, OutboxItem

LONGEST = 300


@dataclass(frozen=True, slots=True)
class Reading:
    """How one thing the rule leaves open is read."""

    choice: RuleChoice
    #: In force on the day asked.
    value: str
    #: The decision behind it; None where nobody has decided.
    decision: PolicyValue | None
    #: Decided, but not in force yet.
    coming: tuple[PolicyValue, ...]
    #: Every decision on it, in the order they were taken.
    history: tuple[PolicyValue, ...]


@dataclass(frozen=True, slots=True)
class Rescreened:
    """What a reading does to the stored verdicts."""

    flips: tuple[Flip, ...]
    #: How many were judged.
    of: int
    #: Numbers of the screenings whose askers have been told.
    told: frozenset[str] = frozenset()


def unseen(_done: int, _of: int) -> None:
    """Progress nobody looks at."""


class RuleDesk:
    """Decides on one store, for whoever is allowed to."""

    def __init__(self, kept: LoggedStore, wake: Callable[[], None]) -> None:
        self._kept = kept
        self._wake = wake

    def readings(self, actor: Actor) -> tuple[Reading, ...]:
        """Everything the rule leaves open, as it is read today."""
        actor.require("settings.read")
        today, administered = self._kept.today(), self._kept.look()
        decided = administered.decided(today)
        return tuple(
            _reading(choice, decided, administered.decisions, today) for choice in rule_choices()
        )

    def preview(
        self, actor: Actor, key: str, value: str, progress: Progress = unseen
    ) -> Rescreened:
        """Which stored verdicts a decision would change.

        Raises:
            Unsuitable: the rule knows no such value.
        """
        actor.require("settings.read")
        if not allows(key, value):
            raise Unsuitable("no_value")
        return self._rescreened(actor, policy_of({**self._values(), key: value}), progress)

    def rescreened(self, actor: Actor, progress: Progress = unseen) -> Rescreened:
        """Which stored verdicts are other ones under the rule as it is read today."""
        actor.require("settings.read")
        return self._rescreened(actor, policy_of(self._values()), progress)

    def decide(self, actor: Actor, decision: PolicyValue) -> None:
        """Store a decision; it follows earlier ones and replaces none.

        Raises:
            Unsuitable: the rule knows no such value, or nobody and nothing stands behind it.
        """
        actor.require("settings.decide")
        self.check(decision)
        facts: dict[str, object] = {
            "value": decision.value, "from": decision.valid_from.isoformat(),
        }  # fmt: skip
        note = AuditItem(actor.id, "rule.decide", f"rule:{decision.key}", facts)
        self._kept.change(lambda at: self._kept.store.policies.decide(decision, at), [note])

    def check(self, decision: PolicyValue) -> None:
        """Raises ``Unsuitable`` for a decision that cannot be stored."""
        if not allows(decision.key, str(decision.value)):
            raise Unsuitable("no_value")
        for told, code in ((decision.decided_by, "no_decider"), (decision.source, "no_source")):
            if not told.strip() or len(told) > LONGEST:
                raise Unsuitable(code)
            if mask(told).text != told:
                raise Unsuitable("personal_data")

    def tell(self, actor: Actor, numbers: Sequence[str]) -> int:
        """Write to those who asked that their verdict is another one today; how many get it."""
        actor.require("settings.decide")
        policy = policy_of(self._values())
        found = self._rescreened(actor, policy)
        chosen = [f for f in found.flips if f.number in set(numbers) - found.told]
        items = [_item(flip, policy) for flip in chosen if flip.conversation]
        if items:
            facts: dict[str, object] = {"screenings": [flip.number for flip in chosen]}
            note = AuditItem(actor.id, "rule.tell", "rule", facts)
            self._kept.change(lambda at: self._kept.store.outbox.add(items, at), [note])
            self._wake()
        return len(items)

    def _rescreened(self, actor: Actor, policy: Policy, progress: Progress = unseen) -> Rescreened:
        """Of what is somebody's, only what the actor works with."""
        every, count = rescreen(self._kept.store, policy, progress)
        flips = tuple(f for f in every if actor.may("settings.read", f.organisation))
        told = (f.number for f in flips if self._kept.store.outbox.status(_key(f, policy)))
        return Rescreened(flips, count, frozenset(told))

    def _values(self) -> dict[str, str]:
        decided = self._kept.look().decided(self._kept.today())
        return {key: str(value.value) for key, value in decided.items()}


def _reading(
    choice: RuleChoice,
    decided: Mapping[str, PolicyValue],
    decisions: Sequence[PolicyValue],
    today: date,
) -> Reading:
    decision = decided.get(choice.name)
    if decision is not None and not allows(choice.name, str(decision.value)):
        decision = None
    own = tuple(each for each in decisions if each.key == choice.name)
    coming = tuple(each for each in own if each.valid_from > today)
    value = str(decision.value) if decision else choice.value
    return Reading(choice, value, decision, coming, own)


def _key(flip: Flip, policy: Policy) -> str:
    return f"{RESCREENED}:{flip.number}:{policy_version(policy)}"


def _item(flip: Flip, policy: Policy) -> OutboxItem:
    payload: dict[str, object] = {
        "number": flip.number, "day": flip.day, "was": flip.was, "becomes": flip.becomes,
        "key": flip.conversation,
    }  # fmt: skip
    return OutboxItem(_key(flip, policy), "conversation", RESCREENED, payload)
