"""Logins and grants on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from storage.grants import Grant
from storage.logins import Login
from storage.store import Store

pytest_plugins = "storage_fixtures"

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ONE = Login("a" * 64, "anna", ("handlaggare",), frozenset({"forvaltning"}), "oidc", NOW, NOW)
OTHER = Login("b" * 64, "bo", ("revisor",), None, "link", NOW, NOW - HOUR)


def test_a_login_is_kept_with_its_roles_seen_and_ended(any_store: Store) -> None:
    logins = any_store.logins
    logins.add(ONE)
    logins.add(OTHER)
    logins.see(OTHER.digest, NOW + HOUR)
    assert logins.list() == (replace(OTHER, seen_at=NOW + HOUR), ONE)
    assert logins.end(ONE.digest) == 1
    assert logins.find(ONE.digest) is None
    assert logins.find(OTHER.digest)


def test_everybody_or_one_person_is_logged_out_and_old_logins_are_forgotten(
    any_store: Store,
) -> None:
    logins = any_store.logins
    for name in "acd":
        logins.add(replace(ONE, digest=name))
    logins.add(OTHER)
    assert logins.end_all("anna") == 3
    assert [login.person for login in logins.list()] == ["bo"]
    assert logins.purge(NOW - 2 * HOUR, NOW - HOUR) == 0
    assert logins.purge(NOW, NOW - HOUR) == 1
    logins.add(ONE)
    logins.add(OTHER)
    assert logins.end_all() == 2


def test_a_grant_is_replaced_and_says_whether_it_changed(any_store: Store) -> None:
    grants, first = any_store.grants, Grant("anna", ("handlaggare",), None, "oidc", NOW)
    assert grants.find("anna") is None
    assert grants.save(first)
    assert not grants.save(replace(first, updated_at=NOW + HOUR))
    narrowed = replace(first, units=frozenset({"b", "a"}))
    assert grants.save(narrowed)
    assert grants.list() == (narrowed,)
    assert (grants.any_from("oidc", "proxy"), grants.any_from("proxy")) == (True, False)
    grants.remove("anna")
    assert grants.find("anna") is None


def test_an_identity_is_joined_to_a_person_and_parted_again(any_store: Store) -> None:
    people = any_store.people
    anna = people.admit("oidc:id.example", "1", NOW)
    assert people.admit("oidc:id.example", "1", NOW + HOUR) == anna
    people.join("web:", "b1", anna, NOW)
    found = people.find("web:", "b1")
    assert found
    assert found.id == anna
    assert people.subjects("web:") == {anna: "b1"}
    people.part("web:", "b1")
    assert people.find("web:", "b1") is None


def test_a_code_outside_a_turn_works_once_and_in_time(any_store: Store) -> None:
    anna = any_store.people.admit("link", "1", NOW)
    any_store.people.add_code("abc", anna, NOW + HOUR)
    assert not any_store.people.use_code("abd", NOW)
    assert not any_store.people.use_code("abc", NOW + HOUR)
    assert any_store.people.use_code("abc", NOW)
    assert not any_store.people.use_code("abc", NOW)
