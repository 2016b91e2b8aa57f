"""What a length of time was said about, from the words around it.

Only the time of performance decides the gross list, so tendering time, options, summer stops,
warranties, ages and rhythms ("två dagar i veckan") must be told apart from it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from intents import context_words as words
from intents.amounts import amount_at
from intents.lexemes import Lexeme
from intents.reading import Duration, Role

#: Signs that end what a word can be about.
STOPS = frozenset([".", ";", "?", "!", "¶"])
#: "per månad", "varje vecka" are rhythms.
EACH = frozenset(["per", "varje", "var", "varannan", "vart", "vartannat", "every", "each"])
_RHYTHM = frozenset(["per", "i", "/", "om", "a", "varje"])
_STARTING = ("start", "borja", "pabor", "inled", "drar", "begin")
_TAKES = frozenset(["tar", "ta", "tog", "tagit", "takes", "take"])
_CONTRACT = ("avtal", "kontrakt", "uppdrag", "arbete", "jobb", "leverans", "contract", "work")
_YOUNG = frozenset(["unga", "ungdomar", "barn", "vuxna", "alder", "aldern"])
#: From this many years on a length right after people is their age.
_AGE = 15


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A duration, where it stands, and the words of its clause on both sides."""

    lexemes: Sequence[Lexeme]
    #: None for a date or a period.
    duration: Duration | None
    #: Index after the last lexeme of the duration.
    stop: int
    left: Sequence[Lexeme]
    right: Sequence[Lexeme]

    @property
    def left_names(self) -> list[str]:
        """The words before, nearest last."""
        return [lexeme.name for lexeme in self.left]

    @property
    def right_names(self) -> list[str]:
        """The words after, nearest first."""
        return [lexeme.name for lexeme in self.right]

    @property
    def near_left(self) -> list[str]:
        """The words before, back to the last comma."""
        names = self.left_names
        commas = [at for at, name in enumerate(names) if name in {",", "(", "men"}]
        return names[commas[-1] + 1 :] if commas else names


def surroundings(
    lexemes: Sequence[Lexeme],
    duration: Duration | None,
    where: tuple[int, int],
    limits: tuple[int, int],
) -> Surroundings:
    """Cut out the clause around a duration at ``where``; ``limits`` are its neighbours."""
    start, stop = where
    first = start
    while first > limits[0] and lexemes[first - 1].name not in STOPS and start - first < 9:
        first -= 1
    last = stop
    while last < limits[1] and lexemes[last].name not in STOPS | {","} and last - stop < 4:
        last += 1
    return Surroundings(lexemes, duration, stop, lexemes[first:start], lexemes[stop:last])


def role_of(around: Surroundings) -> Role:
    """Return what the duration was said about; the time of performance when nothing tells."""
    for role, decides in _ROLES:
        if decides(around):
            return role
    return Role.BASE


def dated_role_of(lexemes: Sequence[Lexeme], where: tuple[int, int], begin: int) -> Role:
    """Return what a date or a period was said about; ``begin`` is where its neighbour ends."""
    around = surroundings(lexemes, None, where, (begin, len(lexemes)))
    if any(words.TENDER_STEPS.fullmatch(name) for name in around.near_left[-4:]):
        return Role.TENDER
    for role, decides in _ROLES:
        if role in {Role.TENDER, Role.OPTION, Role.INTERRUPTION} and decides(around):
            return role
    return Role.BASE


def is_rhythm(lexemes: Sequence[Lexeme], index: int) -> bool:
    """Tell "2 dagar i veckan" and "40 dagar per år" from a length, by what stands at ``index``."""
    if index + 1 >= len(lexemes) or lexemes[index].name not in _RHYTHM:
        return False
    following = lexemes[index + 1]
    unit = following.kind == "unit" and lexemes[index].name not in {"i", "om"}
    return unit or following.kind == "definite"


def _is_rhythm(around: Surroundings) -> bool:
    each = around.left_names[-1:] and around.left_names[-1] in EACH
    return bool(each) or is_rhythm(around.lexemes, around.stop)


def _is_tender(around: Surroundings) -> bool:
    left = around.left_names
    telling = [
        at
        for at, name in enumerate(left)
        if words.TENDER_WORDS.fullmatch(name)
        or name.startswith(("upphandling", "upphandla", "procure", "tender"))
    ]
    if any(words.TENDER_WORDS.fullmatch(name) for name in around.right_names[:2]):
        return True
    # "sex veckors annonsering, ettårigt avtal": the word belongs to the length before it.
    spent = telling == [0] and left[1:2] == [","] and around.left[0] is not around.lexemes[0]
    if not telling or spent:
        return False
    rest = left[telling[-1] + 1 :]
    if any(name.startswith(_CONTRACT) for name in rest):
        return False
    if words.TENDER_WORDS.fullmatch(left[telling[-1]]):
        return True
    itself = "sjalva" in left[: telling[-1]] or "itself" in rest
    return itself or any(name in _TAKES for name in rest)


def _is_total(around: Surroundings) -> bool:
    names = [lexeme.name for lexeme in around.lexemes[around.stop : around.stop + 8]]
    if not {"inkl", "inklusive", "including", "incl", "inraknat"} & set(names[:3]):
        return False
    return any(words.OPTION_WORDS.fullmatch(name) for name in names)


def _is_option(around: Surroundings) -> bool:
    if any(words.OPTION_WORDS.fullmatch(name) for name in around.left_names):
        return True
    names = around.right_names
    at = 1 if names[:1] in (["i"], ["som"]) else 0
    if len(names) <= at or not words.OPTION_WORDS.fullmatch(names[at]):
        return False
    # "6 mån option 3 mån": the word belongs to the length after it.
    following = around.stop + at + 1
    while following < len(around.lexemes) and around.lexemes[following].name in {"pa", "om", ":"}:
        following += 1
    return amount_at(around.lexemes, following) is None


def _is_interruption(around: Surroundings) -> bool:
    near = [*around.near_left[-4:], *around.right_names[:1]]
    return any(words.INTERRUPTION_WORDS.fullmatch(name) for name in near)


def _is_other(around: Surroundings) -> bool:
    left = around.near_left[-4:]
    if _is_spent(around):
        left = left[-(len(around.left) - 1) :] if len(around.left) > 1 else []
    if any(words.OTHER_TIME_LEFT.fullmatch(name) for name in left):
        return True
    for at, name in enumerate(around.right_names[:2]):
        after = around.stop + at + 1
        # "2 månader, sedan 3 månader" goes on; "för 2 månader sedan" is past.
        goes_on = name == "sedan" and amount_at(around.lexemes, after) is not None
        if words.OTHER_TIME_RIGHT.fullmatch(name) and not goes_on:
            return True
    offset = around.left_names[-1:] in (["om"], ["in"])
    starts = any(name.startswith(_STARTING) for name in around.left_names)
    return (offset and starts) or _is_age(around)


def _is_spent(around: Surroundings) -> bool:
    """Return whether the first word belongs to the length before: "10 års erfarenhet i 6 mån"."""
    if not around.left or around.left[0] is around.lexemes[0]:
        return False
    before = around.lexemes[around.stop - 1].start
    own = [lexeme for lexeme in around.lexemes if lexeme.end <= around.left[0].start]
    said = words.OTHER_TIME_RIGHT.fullmatch(around.left[0].name)
    return bool(said) and own[-1].kind == "unit" and own[-1].end <= before


def _is_age(around: Surroundings) -> bool:
    if around.duration is None:
        return False
    high = around.duration.high or around.duration.low
    if high.months < _AGE * 12 or not around.left:
        return False
    last = around.left[-1]
    return last.kind == "worker" or last.name in _YOUNG


def _is_placement(around: Surroundings) -> bool:
    near = [*around.near_left[-3:], *around.right_names[:1]]
    kinds = [lexeme.kind for lexeme in around.left]
    if "trainee" in kinds and "worker" in kinds:
        # "två målare och en lärling i fem månader" is the time of all three.
        return False
    return any(words.PLACEMENT_WORDS.fullmatch(name) for name in near)


def _is_call_off(around: Surroundings) -> bool:
    near = [*around.left_names, *around.right_names[:1]]
    return any(words.CALL_OFF_WORDS.fullmatch(name) for name in near)


def _is_framework(around: Surroundings) -> bool:
    near = [*around.left_names, *around.right_names[:1]]
    return any(words.FRAMEWORK_WORDS.fullmatch(name) for name in near)


_ROLES: tuple[tuple[Role, Callable[[Surroundings], bool]], ...] = (
    (Role.OTHER, _is_rhythm),
    (Role.TENDER, _is_tender),
    (Role.TOTAL, _is_total),
    (Role.OPTION, _is_option),
    (Role.INTERRUPTION, _is_interruption),
    (Role.OTHER, _is_other),
    (Role.PLACEMENT, _is_placement),
    (Role.CALL_OFF, _is_call_off),
    (Role.FRAMEWORK, _is_framework),
)
