"""How passages and questions are cut into terms: word stems with compound parts, and 4-grams."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from intents.language import char_ngrams, split_compound, stem, tokenize

# Shorter words are rarely compounds; "avtalstid" is nine letters.
SHORTEST_COMPOUND = 8
SHORTEST_PART = 4
LONGEST_PART = 12
# Terms of this many words are remembered; enough for the running words of any corpus.
REMEMBERED = 60_000


class StemAnalyser:
    """Stems of the words of a text, and of the parts of its compounds.

    ``vocabulary`` is the set of folded stems that count as parts; a word outside it is kept
    whole. Terms of one word are remembered, so that long corpora are cut in linear time.
    """

    def __init__(self, vocabulary: Collection[str] = frozenset()) -> None:
        self.vocabulary = frozenset(vocabulary)
        self._known: dict[str, tuple[str, ...]] = {}

    def __call__(self, text: str) -> list[str]:
        """Terms in reading order, repeats kept."""
        terms: list[str] = []
        for token in tokenize(text):
            found = self._known.get(token.folded)
            if found is None:
                found = self._terms(token.folded)
                if len(self._known) < REMEMBERED:
                    self._known[token.folded] = found
            terms.extend(found)
        return terms

    def _terms(self, word: str) -> tuple[str, ...]:
        whole = stem(word)
        if len(word) < SHORTEST_COMPOUND:
            return (whole,)
        parts = [part for part in split_compound(word, self.vocabulary) if part != word]
        long_parts = {stem(part) for part in parts if len(part) >= SHORTEST_PART}
        return (whole, *sorted(long_parts - {whole}))


def gram_terms(text: str) -> tuple[str, ...]:
    """Character 4-grams within words, word ends marked."""
    return char_ngrams(text)


def part_vocabulary(texts: Iterable[str]) -> frozenset[str]:
    """Stems short and common enough to be parts of compounds, from the corpus itself."""
    counts: dict[str, int] = {}
    for text in texts:
        for token in tokenize(text):
            if SHORTEST_PART <= len(token.folded) <= LONGEST_PART and token.folded.isalpha():
                counts[token.folded] = counts.get(token.folded, 0) + 1
    return frozenset(stem(word) for word, count in counts.items() if count > 1)
