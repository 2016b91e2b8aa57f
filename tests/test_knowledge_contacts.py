"""A corrected contact is told from a changed rule, so that it never waits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from knowledge.contacts import only_contacts_differ
from tests.knowledge_fixtures import article

TEXT = """Anmäl till stod@example.org eller 031-365 00 00 senast fyra veckor före.

Kontakt: Stödfunktionen, hus A"""


@pytest.mark.parametrize(
    ("old", "new", "only"),
    [
        ("stod@example.org", "nytt@example.org", True),
        ("031-365 00 00", "031-390 06 22", True),
        ("Stödfunktionen, hus A", "Inköp, hus B", True),
        ("hus A", "hus A\nKontakt: kravet gäller inte längre", False),
        ("Stödfunktionen, hus A", "kravet gäller inte längre, " * 4, False),
        ("fyra veckor", "sex veckor", False),
        ("Anmäl till", "Anmäl inte till", False),
        ("Anmäl", "Anmäl", False),
    ],
)
def test_only_addresses_numbers_and_lines_that_give_them_count_as_contacts(
    old: str, new: str, only: bool
) -> None:
    before = article("kontakt-prov", "Anmälan", TEXT)
    after = replace(before, body=before.body.replace(old, new), review_by="2099-01-01")
    assert only_contacts_differ(before, after) is only
    assert not only_contacts_differ(before, replace(after, title="Annat"))
