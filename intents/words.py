"""What search needs to know of a word: its stem, its parts, its letters and its likeliest spelling.

Every function takes words as people write them and answers in folded form (see ``folding``).
"""

from collections.abc import Collection, Mapping
from functools import lru_cache

import snowballstemmer
from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from intents.folding import fold, tokenize

_SNOWBALL = snowballstemmer.stemmer("swedish")

#: Stems the algorithm tears apart, by the end of the stem (so compounds follow their head).
REPAIRED_STEMS = {
    "villk": "villkor",
    "villkoret": "villkor",
    "nyckl": "nyckel",
    "kriteriet": "kriteri",
    "kriterium": "kriteri",
    "manaden": "manad",
    "arbetstagar": "arbetstag",
    "stad": "stad",
    "stader": "stad",
    "mann": "man",
}

#: Words on -an that are no definite form of a word on -a.
NO_DEFINITE = ("man", "plan", "sedan", "redan", "innan", "annan", "medan", "ovan", "sadan", "utan")

#: Words on -ans that are no genitive of such a form ("leverans", "instans", "balans").
NO_GENITIVE = ("rans", "alans", "nstans", "chans", "nans", "yans", "mans", "vans", "dans", "ians")

#: Words the algorithm cuts to something else than their family's stem.
REPAIRED_WORDS = {"manad": "manad", "manads": "manad", "man": "man", "mannen": "man"}

#: Letters that bind the parts of a Swedish compound.
LINKS = ("", "s")

#: Shortest part a compound is cut into; shorter ones ("al", "en") make nonsense of most words.
SHORTEST_PART = 3


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the folded Snowball stem of one Swedish word."""
    folded = fold(word)
    if folded in REPAIRED_WORDS:
        return REPAIRED_WORDS[folded]
    stemmed: str = _SNOWBALL.stemWord(_indefinite(folded))
    for torn, mended in REPAIRED_STEMS.items():
        if stemmed.endswith(torn):
            return stemmed[: -len(torn)] + mended
    return stemmed


def _indefinite(folded: str) -> str:
    """Turn "bruttolistan(s)" into "bruttolista": Snowball leaves the definite form whole."""
    if len(folded) > 5 and folded.endswith("an") and not folded.endswith(NO_DEFINITE):
        return folded[:-1]
    if len(folded) > 6 and folded.endswith("ans") and not folded.endswith(NO_GENITIVE):
        return folded[:-2]
    return folded


def stems(text: str) -> tuple[str, ...]:
    """Return the stems of the words of ``text`` in order, repeats kept."""
    return tuple(stem(token.folded) for token in tokenize(text))


def split_compound(word: str, vocabulary: Collection[str]) -> tuple[str, ...]:
    """Return the parts of a compound, or the folded word alone if it does not come apart.

    ``vocabulary`` holds folded words or stems and should be a set. All parts must be known, a
    linking s is dropped, the fewest parts win and then the longest last one (the head).
    """
    folded = fold(word)
    best: dict[int, tuple[str, ...]] = {0: ()}
    for start in range(len(folded) - SHORTEST_PART + 1):
        if start not in best:
            continue
        for stop in range(start + SHORTEST_PART, len(folded) + 1):
            part = folded[start:stop]
            if part == folded or not _is_known(part, vocabulary):
                continue
            found = (*best[start], part)
            for end in _ends(folded, stop):
                best[end] = min(best.get(end, found), found, key=_rank)
    parts = best.get(len(folded), ())
    return parts if len(parts) > 1 else (folded,)


def _rank(parts: tuple[str, ...]) -> tuple[int, int, int]:
    # The sum prefers "avtal" to "avtals": the linking s belongs to no part.
    return len(parts), sum(map(len, parts)), -len(parts[-1])


def _is_known(part: str, vocabulary: Collection[str]) -> bool:
    return part in vocabulary or stem(part) in vocabulary


def _ends(folded: str, stop: int) -> tuple[int, ...]:
    """Return where the next part may start: where this one stops, or after a linking letter."""
    ends = (stop + len(link) for link in LINKS if folded.startswith(link, stop))
    return tuple(end for end in ends if end == stop or end < len(folded))


@lru_cache(maxsize=50_000)
def _word_ngrams(folded: str, size: int) -> tuple[str, ...]:
    marked = f"_{folded}_"
    if len(marked) <= size:
        return (marked,)
    return tuple(marked[i : i + size] for i in range(len(marked) - size + 1))


def char_ngrams(text: str, n: int = 4) -> tuple[str, ...]:
    """Return the character n-grams within each word of ``text``, word ends marked by ``_``."""
    grams: list[str] = []
    for token in tokenize(text):
        grams.extend(_word_ngrams(token.folded, n))
    return tuple(grams)


def allowed_edits(word: str) -> int:
    """Return how many slips a word of this length is forgiven: 0, 1 or 2."""
    if len(word) >= 9:
        return 2
    return 1 if len(word) >= 5 else 0


def correct(word: str, vocabulary: Collection[str] | Mapping[str, int]) -> str:
    """Return the likeliest spelling of ``word`` in a vocabulary of folded words, or the word.

    Two letters changed places count as one slip. Among equals the same first letter wins, then
    the more frequent word (when ``vocabulary`` maps words to counts), then the alphabet.
    """
    folded = fold(word)
    edits = allowed_edits(folded)
    if not edits or folded in vocabulary or any(c.isdigit() for c in folded):
        return folded
    near = extract(folded, vocabulary.keys() if isinstance(vocabulary, Mapping) else vocabulary,
                   scorer=OSA.distance, score_cutoff=edits, limit=None)  # fmt: skip
    counts = vocabulary if isinstance(vocabulary, Mapping) else {}
    ranked = sorted(
        (distance, candidate[:1] != folded[:1], -counts.get(candidate, 0), candidate)
        for candidate, distance, _ in near
    )
    return ranked[0][-1] if ranked else folded
