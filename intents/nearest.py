"""How near a message is to example phrases, by the letters of its words.

Runs of four letters are compared, so inflections, compounds and slips still count; runs that few
phrases hold weigh more. 1 is the same text, 0 nothing in common.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from intents.words import char_ngrams

#: Longer messages tell a story; no short phrase is near them.
MOST_WORDS = 22


@dataclass(slots=True)
class Phrases:
    """Phrases prepared for comparison; built once."""

    texts: Sequence[str]
    _weights: dict[str, float] = field(default_factory=dict)
    #: Run of letters -> (phrase, weight) of each phrase that holds it.
    _holders: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    _unseen: float = 1.0

    def __post_init__(self) -> None:
        grams = [set(char_ngrams(text)) for text in self.texts]
        counts: dict[str, int] = {}
        for found in grams:
            for gram in found:
                counts[gram] = counts.get(gram, 0) + 1
        total = len(self.texts)
        self._weights = {gram: math.log((1 + total) / n) for gram, n in counts.items()}
        self._unseen = math.log(1 + total)
        for number, found in enumerate(grams):
            length = math.sqrt(sum(self._weights[gram] ** 2 for gram in found)) or 1.0
            for gram in found:
                self._holders.setdefault(gram, []).append((number, self._weights[gram] / length))

    def nearness(self, text: str) -> dict[int, float]:
        """Return phrase number -> nearness, for phrases that share anything with the text."""
        grams = set(char_ngrams(text))
        weights = [self._weights.get(gram, self._unseen) for gram in grams]
        length = math.sqrt(sum(weight * weight for weight in weights)) or 1.0
        found: dict[int, float] = {}
        for gram, weight in zip(grams, weights, strict=True):
            for number, held in self._holders.get(gram, ()):
                found[number] = found.get(number, 0.0) + weight * held / length
        return found
