"""Sections that say for one value of a purchase what another section says for the other."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


def are_counterparts(left: str, right: str) -> bool:
    """Do the two locators stand for the same rule, above and below the threshold?"""
    return right in counterparts_of(left)


def counterparts_of(locator: str) -> frozenset[str]:
    """The sections with the same rule for another value; siblings below the threshold included."""
    table = _table()
    over = table.get(locator, frozenset({locator}))
    found = over | {small for small, large in table.items() if large & over}
    return found - {locator}


@cache
def _table() -> dict[str, frozenset[str]]:
    text = files("knowledge").joinpath("counterparts.toml").read_text(encoding="utf-8")
    return {small: frozenset(large) for small, large in tomllib.loads(text).items()}
