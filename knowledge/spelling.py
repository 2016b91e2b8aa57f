"""Mends misspelt words of a question against the words of the corpus, in microseconds.

A word is compared only with words that begin or end as it does: of one or two slips, one of the
ends is nearly always spared. That keeps the cost flat as the corpus grows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from intents.language import allowed_edits, correct, split_compound, stem, tokenize

END = 3
# A word seen once in a large corpus is as likely a slip itself.
RARE_BELOW = 20_000
# A pasted page is searched as it is: mending is for questions.
MOST_MENDED = 12


class Speller:
    """The folded words of a corpus with their counts, grouped by how they begin and end."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        #: Stems of all words; a word with a known stem is no misspelling.
        self.stems: set[str] = set()
        self._groups: dict[str, set[str]] = {}

    def add(self, texts: Iterable[str]) -> None:
        """Takes in the words of texts."""
        for text in texts:
            for token in tokenize(text):
                if not self.counts[token.folded] and len(token.folded) >= END:
                    self._enter(token.folded)
                self.counts[token.folded] += 1

    def remove(self, texts: Iterable[str]) -> None:
        """Takes the words of texts out again."""
        for text in texts:
            for token in tokenize(text):
                self.counts[token.folded] -= 1

    def copied(self) -> Speller:
        """Another one with the same words; a change of one leaves the other as it is."""
        other = Speller()
        other.counts, other.stems = self.counts.copy(), set(self.stems)
        other._groups = {ends: set(words) for ends, words in self._groups.items()}
        return other

    def restore(self, counts: Mapping[str, int], stems: Iterable[str]) -> None:
        """Takes over saved words, so that none has to be stemmed again."""
        self.counts.update(counts)
        self.stems.update(stems)
        for word in counts:
            if len(word) >= END:
                self._group(word)

    def mend(self, question: str, parts: frozenset[str] = frozenset()) -> str:
        """The question's folded words, misspelt ones exchanged for the nearest known.

        ``parts`` are stems that compounds are made of; a word that comes apart into them is new,
        not misspelt.
        """
        words = [token.folded for token in tokenize(question)]
        left = MOST_MENDED
        for place, word in enumerate(words):
            if left and self._is_strange(word, parts):
                left -= 1
                words[place] = self._nearest(word)
        return " ".join(words)

    def _enter(self, word: str) -> None:
        self.stems.add(stem(word))
        self._group(word)

    def _group(self, word: str) -> None:
        self._groups.setdefault(word[:END], set()).add(word)
        self._groups.setdefault("-" + word[-END:], set()).add(word)

    def _is_strange(self, word: str, parts: frozenset[str]) -> bool:
        if not allowed_edits(word) or self.counts[word] > 0 or not word.isalpha():
            return False
        return stem(word) not in self.stems and len(split_compound(word, parts)) == 1

    def _nearest(self, word: str) -> str:
        fewest = 1 if len(self.counts) < RARE_BELOW else 2
        spread = allowed_edits(word)
        near = self._groups.get(word[:END], set()) | self._groups.get("-" + word[-END:], set())
        candidates = {
            known: self.counts[known]
            for known in near
            if abs(len(known) - len(word)) <= spread and self.counts[known] >= fewest
        }
        return correct(word, candidates) if candidates else word
