"""Who may do what: roles of settings and logins, and the units they reach."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.errors import SettingsError
from bot.identity import actor_of
from bot.policy import ACTIONS, OPERATOR, TABLE, Actor, Forbidden, granted
from bot.settings import Settings, load_settings
from storage.grants import Grant
from storage.store import Store

pytest_plugins = "storage_fixtures"

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SLACK = ("slack:T1", "U1")


def test_every_action_has_its_roles_and_nobody_without_a_role_may_anything() -> None:
    assert set(TABLE) == set(ACTIONS)
    assert all(OPERATOR.may(action) for action in ACTIONS)
    assert not any(Actor("x").may(action) for action in ACTIONS)
    user = Actor("x", frozenset({"anvandare"}))
    assert [action for action in ACTIONS if user.may(action)] == ["login.own"]


def test_a_unit_is_a_limit_and_what_belongs_to_no_unit_is_for_those_without_one() -> None:
    everywhere = Actor("a", frozenset({"handlaggare"}))
    limited = Actor("b", frozenset({"handlaggare"}), frozenset({"skola"}))
    assert everywhere.may("case.read", "")
    assert limited.may("case.read", "skola")
    assert not limited.may("case.read", "")
    with pytest.raises(Forbidden):
        limited.require("case.read", "bygg")


@pytest.mark.parametrize(
    ("names", "organisation", "units"),
    [
        (["handlaggare"], "skola", None),
        (["handlaggare@egen"], "skola", {"skola"}),
        (["handlaggare@egen"], "", set()),
        (["handlaggare@egen", "kb_redaktor"], "skola", {"skola"}),
        (["handlaggare@egen", "larmmottagare"], "skola", {"skola"}),
        (["handlaggare@egen", "handlaggare"], "skola", None),
        (["revisor"], "skola", None),
    ],
)
def test_a_role_can_be_for_the_own_organisation(
    names: list[str], organisation: str, units: set[str] | None
) -> None:
    assert granted(names, organisation)[1] == units


def test_a_person_may_in_a_room_what_settings_and_the_latest_login_say(
    sqlite_store: Store,
) -> None:
    settings = Settings(roles={"slack:T1:U1": ["larmmottagare"]})  # type: ignore[dict-item]
    assert actor_of(sqlite_store, settings, "slack:T1", "U2").roles == frozenset()
    known = actor_of(sqlite_store, settings, *SLACK)
    assert known.roles == {"larmmottagare"}
    anna = sqlite_store.people.admit("oidc:id.example", "1", NOW)
    grant = Grant(anna, ("handlaggare", "no_longer_a_role"), frozenset({"skola"}), "oidc", NOW)
    sqlite_store.grants.save(grant)
    sqlite_store.people.join("telegram:b", "4711", anna, NOW)
    met = actor_of(sqlite_store, settings, "telegram:b", "4711")
    assert met == Actor(anna, frozenset({"handlaggare"}), frozenset({"skola"}))
    sqlite_store.people.join(*SLACK, anna, NOW)
    both = actor_of(sqlite_store, settings, *SLACK)
    assert both == Actor(anna, frozenset({"handlaggare", "larmmottagare"}), frozenset({"skola"}))


def test_a_misspelt_role_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANSYN_ROLES", '{"group:stod": ["handlägare"]}')
    with pytest.raises(SettingsError, match="handlägare"):
        load_settings()
