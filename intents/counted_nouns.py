"""What a number of people is found as, and where the noun it counts stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from intents import people_words as people
from intents.amounts import skip_fillers
from intents.lexemes import Lexeme, kind_at, name_at, words_at
from intents.reading import Bounds, Count, Role, Share


@dataclass(frozen=True, slots=True)
class FoundCount:
    """A count and the lexemes it was read from."""

    count: Count
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class FoundShare:
    """A share of full-time work and the lexemes it was read from."""

    share: Share
    start: int
    stop: int


def count_at(
    lexemes: Sequence[Lexeme],
    text: str,
    where: tuple[int, int],
    bounds: Bounds,
    *,
    sure: bool = True,
) -> FoundCount:
    return FoundCount(
        Count(bounds, Role.BASE, words_at(lexemes, text, *where), sure=sure), where[0], where[1]
    )


NEEDING = ("krav", "behov", "racker", "bemann", "sysselsatt", "need", "requir", "anlita", "hyr",
            "ryms", "arbetar", "jobbar")  # fmt: skip


PLACES = frozenset(("i", "under", "pa", "for", "som", "till", "per", "at", "in", "during", "hos",
                     "fran", "med"))  # fmt: skip


BEING = frozenset(("is", "blir", "are", "var", "bli", "ar", "arbetar", "jobbar", "will", "be",
                    "sysselsatter"))  # fmt: skip


def noun_at(lexemes: Sequence[Lexeme], index: int) -> int | None:
    """Return the index of the worker noun a number at ``index - 1`` counts, or None."""
    at = skip_fillers(lexemes, index)
    for _ in range(3):
        kind = kind_at(lexemes, at)
        if kind in {"worker", "trainee"}:
            return at
        adjective = kind == "word" and name_at(lexemes, at).endswith(
            ("a", "t", "d", "e", "ig", "sk", "ande")
        )
        english = kind == "word" and people.ENGLISH_WORKER.fullmatch(name_at(lexemes, at + 1))
        hyphen = name_at(lexemes, at) == "-" or name_at(lexemes, at + 1) == "-"
        piece = kind == "piece"
        full_time = kind == "share" and kind_at(lexemes, at + 1) == "worker"
        if (
            not (adjective or english or hyphen or piece or full_time)
            or name_at(lexemes, at) in PLACES | BEING
        ):
            return None
        at = skip_fillers(lexemes, at + 1)
    return None


def ends_at(lexemes: Sequence[Lexeme], index: int) -> bool:
    """Return whether nothing at ``index`` can be the noun of the number before it."""
    kind, name = kind_at(lexemes, index), name_at(lexemes, index)
    return kind in {"", "operator"} or (kind == "sign" and name not in {"%", "§"}) or name in PLACES


_PER = frozenset(("per", "/"))


def is_each(lexemes: Sequence[Lexeme], stop: int) -> bool:
    """ "En person per skift", "en åt gången": more may be needed in all."""
    names = tuple(name_at(lexemes, stop + ahead) for ahead in range(2))
    per = names[0] in _PER and kind_at(lexemes, stop + 1) in {"word", "definite", "unit"}
    by_turns = names in {("at", "gangen"), ("i", "taget"), ("at", "time")}
    return per or by_turns or names[0] in {"vardera", "var", "each", "apiece"}
