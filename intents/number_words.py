"""Swedish and English number words from nought to 999, run together or apart."""

from functools import cache

from intents.folding import fold

SWEDISH_UNITS = {
    "noll": 0, "en": 1, "ett": 1, "tva": 2, "tre": 3, "fyra": 4, "fem": 5, "sex": 6, "sju": 7,
    "atta": 8, "nio": 9, "tio": 10, "elva": 11, "tolv": 12, "tretton": 13, "fjorton": 14,
    "femton": 15, "sexton": 16, "sjutton": 17, "arton": 18, "aderton": 18, "nitton": 19,
}  # fmt: skip
SWEDISH_TENS = {
    "tjugo": 20, "tjugu": 20, "trettio": 30, "fyrtio": 40, "fyrti": 40, "femtio": 50,
    "femti": 50, "sextio": 60, "sexti": 60, "sjuttio": 70, "sjutti": 70, "attio": 80,
    "atti": 80, "nittio": 90, "nitti": 90, "tretti": 30,
}  # fmt: skip
ENGLISH_UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13,
    "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
    "nineteen": 19,
}  # fmt: skip
ENGLISH_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip


def _below_hundred(units: dict[str, int], tens: dict[str, int]) -> dict[str, int]:
    known = units | tens
    for ten, value in tens.items():
        for unit, addend in units.items():
            if 1 <= addend <= 9:
                known[ten + unit] = value + addend
    return known


@cache
def number_words() -> dict[str, int]:
    """Return every spelling without spaces or hyphens, folded, with its value."""
    swedish = _below_hundred(SWEDISH_UNITS, SWEDISH_TENS)
    english = _below_hundred(ENGLISH_UNITS, ENGLISH_TENS)
    found = dict(english)
    found.update(_hundreds(swedish, ("hundra",), ("", "och")))
    found.update(_hundreds(english, ("hundred",), ("", "and")))
    found.update(swedish)
    return found


def _hundreds(
    below: dict[str, int], words: tuple[str, ...], joints: tuple[str, ...]
) -> dict[str, int]:
    found = {}
    factors = {word: value for word, value in below.items() if 1 <= value <= 9} | {"": 1}
    for hundred in words:
        for factor, times in factors.items():
            found[factor + hundred] = times * 100
            for rest, addend in below.items():
                if addend:
                    for joint in joints:
                        found[factor + hundred + joint + rest] = times * 100 + addend
    return found


#: Longest number word in pieces: "nine hundred and ninety nine".
LONGEST = 5


def number_at(words: tuple[str, ...], start: int) -> tuple[int, int] | None:
    """Return (value, words used) of the longest number word that begins at ``start``.

    ``words`` are folded words. "tjugo fem" is one number, "två tre" is not: only spellings that
    run together to a number are joined.
    """
    known = number_words()
    for length in range(min(LONGEST, len(words) - start), 0, -1):
        piece = words[start : start + length]
        value = known.get("".join(piece))
        if value is not None and all(word in _pieces() for word in piece):
            return value, length
    return None


@cache
def _pieces() -> frozenset[str]:
    return frozenset(number_words()) | {"och", "and"}


def parse_number(text: str) -> int | None:
    """Return the value of a text that is nothing but a number word ("tjugo fem"), or None."""
    words = tuple(fold(text).replace("-", " ").split())
    found = number_at(words, 0)
    if found is None or found[1] != len(words):
        return None
    return found[0]
