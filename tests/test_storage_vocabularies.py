"""Vocabularies and policy values have their time."""

from __future__ import annotations

from datetime import date

from contracts_storage import NOW

from storage.model import PolicyValue, Term
from storage.store import Store

pytest_plugins = "storage_fixtures"

OLD = Term("trafik", "Trafiknämnden", ("TK",), valid_to=date(2022, 12, 31), successor="stadsmiljo")
NEW = Term("stadsmiljo", "Stadsmiljönämnden", valid_from=date(2023, 1, 1), meta={"kind": "nämnd"})


def test_a_term_is_offered_only_in_its_time(any_store: Store) -> None:
    assert any_store.vocabularies.sync_vocabulary("organisations", [OLD, NEW]) == 2
    terms = any_store.vocabularies.terms
    assert terms("organisations", date(2022, 12, 31)) == (OLD,)
    assert terms("organisations", date(2023, 1, 1)) == (NEW,)
    assert terms("organisations") == (NEW, OLD)
    assert terms("districts", date(2023, 1, 1)) == ()
    assert any_store.vocabularies.names() == ("organisations",)


def test_shipped_terms_are_taken_in_once(any_store: Store) -> None:
    vocabularies = any_store.vocabularies
    vocabularies.sync_vocabulary("organisations", [OLD])
    assert vocabularies.sync_vocabulary("organisations", [OLD]) == 0
    assert vocabularies.settings_version() == 1
    renamed = Term("trafik", "Trafikkontoret")
    assert vocabularies.sync_vocabulary("organisations", [renamed]) == 1
    assert vocabularies.terms("organisations") == (renamed,)


def test_a_term_an_administrator_has_touched_is_left_alone(any_store: Store) -> None:
    vocabularies = any_store.vocabularies
    vocabularies.sync_vocabulary("organisations", [OLD])
    edited = Term("trafik", "Nämnden för trafik")
    vocabularies.save_terms({"organisations": [edited]})
    assert vocabularies.sync_vocabulary("organisations", [NEW, OLD]) == 1
    assert edited in vocabularies.terms("organisations")
    assert vocabularies.settings_version() == 3


def test_a_policy_value_holds_from_its_day_and_names_its_source(any_store: Store) -> None:
    policies = any_store.policies
    first = PolicyValue("option", "oklar", "stödfunktionen", "S4", date(2026, 1, 1))
    second = PolicyValue("option", "räknas", "stödfunktionen", "beslut 7", date(2026, 6, 1))
    for value in (first, second):
        policies.decide(value, NOW)
    assert policies.values(date(2025, 12, 31)) == {}
    assert policies.values(date(2026, 5, 31)) == {"option": first}
    assert policies.values(date(2026, 6, 1)) == {"option": second}
    assert policies.history("option") == (first, second)
    days = (date(2025, 1, 1), date(2026, 2, 1), date(2026, 7, 1))
    assert [policies.version(day) for day in days] == ["0", "1", "2"]


def test_a_correction_for_the_same_day_replaces_the_value_but_stays_on_record(
    any_store: Store,
) -> None:
    for value in ("oklar", "räknas"):
        policy = PolicyValue("ramavtal", value, "stödfunktionen", "", date(2026, 1, 1))
        any_store.policies.decide(policy, NOW)
    assert any_store.policies.values(date(2026, 2, 1))["ramavtal"].value == "räknas"
    assert len(any_store.policies.history("ramavtal")) == 2


def test_many_rows_and_decisions_are_stored_together_and_raise_the_version_once(
    any_store: Store,
) -> None:
    version = any_store.vocabularies.save_terms({"organisations": [OLD], "districts": [NEW]})
    assert version == any_store.vocabularies.settings_version() == 1
    assert any_store.vocabularies.all_terms() == {"districts": (NEW,), "organisations": (OLD,)}
    later = PolicyValue("answer_days", None, "stod:ab", "", date(2026, 2, 1))
    first = PolicyValue("answer_days", 5, "stod:ab", "", date(2026, 1, 1))
    any_store.policies.decide_all([later, first], NOW)
    assert any_store.vocabularies.settings_version() == 2
    assert any_store.policies.decisions() == (first, later)


def test_a_code_with_rows_of_its_own_takes_in_no_shipped_ones(any_store: Store) -> None:
    vocabularies = any_store.vocabularies
    vocabularies.sync_vocabulary("organisations", [NEW])
    own = Term("stadsmiljo", "Miljö", valid_from=date(2027, 1, 1))
    vocabularies.save_terms({"organisations": [own]})
    moved = Term("stadsmiljo", "Annat namn", valid_from=date(2030, 1, 1))
    assert vocabularies.sync_vocabulary("organisations", [moved]) == 0
