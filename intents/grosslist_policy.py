"""The gross-list rule's limits and the values set for what the rule leaves open."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Policy:
    """The values the support function has set; see ``rules/grosslist.toml``."""

    rule_version: str
    source: str
    #: Calendar months the performance must last.
    months: int = 4
    #: The assignment must need more workers than this.
    workers: int = 1
    #: What counts in a framework agreement: avtalstid, avrop or oklar.
    framework: str = "oklar"
    #: Whether options count: räknas, räknas inte or oklar.
    option: str = "oklar"
    #: Whether exactly the limit is on the list: minst or längre än.
    limit: str = "minst"
    #: What a worker is: personer or heltid.
    unit: str = "personer"


@dataclass(frozen=True, slots=True)
class RuleChoice:
    """Something the rule leaves open, and the readings it allows."""

    #: Swedish name: "option".
    name: str
    allowed: tuple[str, ...]
    #: How it is read until somebody decides.
    value: str
    #: Why it is read so.
    source: str


@cache
def rule_choices() -> tuple[RuleChoice, ...]:
    """Return what the shipped rule leaves open, in its order."""
    tables = _shipped()["policy"]
    assert isinstance(tables, dict)
    return tuple(
        RuleChoice(name, tuple(table["allowed"]), table["value"], table["source"])
        for name, table in tables.items()
    )


@cache
def load_policy() -> Policy:
    """Return the rule and the policy values shipped with the package."""
    return policy_from(_shipped())


def _shipped() -> Mapping[str, object]:
    raw = files("intents").joinpath("rules", "grosslist.toml").read_text(encoding="utf-8")
    return tomllib.loads(raw)


def policy_from(raw: Mapping[str, object], values: Mapping[str, str] | None = None) -> Policy:
    """Return the policy of parsed rule data; ``values`` (by Swedish name) override single ones.

    Raises ValueError for a value the rule does not allow.
    """
    tables = raw["policy"]
    limits = raw["limits"]
    assert isinstance(tables, dict)
    assert isinstance(limits, dict)
    chosen = {name: str(table["value"]) for name, table in tables.items()} | dict(values or {})
    for name, value in chosen.items():
        if name not in tables or value not in tables[name]["allowed"]:
            raise ValueError(f"{name}: {value}")
    return Policy(str(raw["rule_version"]), str(raw["source"]), int(limits["months"]),
                  int(limits["workers"]), chosen["ramavtal"], chosen["option"], chosen["gräns"],
                  chosen["arbetstagare"])  # fmt: skip
