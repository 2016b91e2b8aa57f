"""Lists stand in the order of the Swedish alphabet."""

from __future__ import annotations

import pytest

from intents.alphabet import alphabetical


@pytest.mark.parametrize(
    "ordered",
    [
        ("Arkiv", "Zoo", "Åkeri", "Äldre", "Ölands"),
        ("ar", "är"),
        ("Bidrag", "bidrag och stöd", "Bruttolista"),
        ("Idé", "Idéburna", "Idrott"),
    ],
)
def test_the_letters_at_the_end_of_the_alphabet_come_last(ordered: tuple[str, ...]) -> None:
    mixed = ordered[::-1]
    assert tuple(sorted(mixed, key=alphabetical)) == ordered
