"""Numbers with their comparison: "minst fyra", "två till tre", "mellan 3 och 5", "drygt en".

An amount is read at one place of a row of lexemes; what it is an amount of is decided by what
stands after it (see ``durations`` and ``counts``).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from intents.lexemes import Lexeme, kind_at, name_at
from intents.quantity_words import FILLERS, POSTFIXES
from intents.reading import Bounds, Operator

#: "Cirka" may be a fifth off: far enough that only a number close to a limit asks back.
ABOUT = 0.2

_LONGEST_POSTFIX = max(map(len, POSTFIXES))
_BETWEEN = frozenset(["mellan", "between"])
_TO = frozenset(["-", "--", "till", "to", "through", "a", "eller", "or", "/", "alternativt"])
_PERHAPS = frozenset(["CA"])


#: "tre månader, kanske mer" has no upper limit.
_VAGUE = dict.fromkeys(
    ("mer", "mera", "fler", "flera", "langre", "more", "longer"), "GE"
) | dict.fromkeys(("mindre", "farre", "kortare", "less", "fewer", "shorter"), "LE")
_AFTER = frozenset(("och", "and", "i", "under", "med", "som", "for", "pa"))
#: Words that may follow an operator; "aret runt i ett ar" has none.
_AFTER_OPERATOR = {
    False: frozenset(("pa", "om", "i", "av", "det")),
    True: frozenset(("pa", "om", "av", "det")),
}
_VAGUE_LINKS = frozenset((",", "eller", "or", "och", "men"))


@dataclass(frozen=True, slots=True)
class Amount:
    """A qualified number and where it ends."""

    bounds: Bounds
    #: Index of the first lexeme and of the one after the last.
    start: int
    stop: int
    #: It was only "en", "ett" or "a": an article as much as a number.
    article: bool = False
    #: It held an operator, or was bare.
    qualified: bool = False


def to_bounds(low: float, high: float, operator: str) -> Bounds:
    """Return what an operator code makes of a number or a range (``low`` = ``high`` for one)."""
    less, more = low * (1 - ABOUT), high * (1 + ABOUT)
    qualified = {
        "GE": Bounds(low, None, Operator.AT_LEAST),
        "GT": Bounds(high, None, Operator.MORE_THAN, low_open=True),
        "LE": Bounds(0, high, Operator.AT_MOST),
        "LT": Bounds(0, low, Operator.LESS_THAN, high_open=True),
        "CA": Bounds(less, more, Operator.ABOUT),
        "DR": Bounds(low, more, Operator.ABOUT, low_open=True),
        "KN": Bounds(less, high, Operator.ABOUT, high_open=True),
    }
    plain = Bounds(low, high, Operator.RANGE if high > low else Operator.EXACT)
    return qualified.get(operator, plain)


def amount_at(lexemes: Sequence[Lexeme], index: int) -> Amount | None:
    """Return the amount that begins at ``index``, or None."""
    at = index
    operators: list[str] = []
    while at < len(lexemes) and lexemes[at].kind == "operator":
        operators.append(lexemes[at].name)
        at += 1
        if at < len(lexemes) and lexemes[at].name in _AFTER_OPERATOR[operators[-1] == "CA"]:
            at += at + 1 < len(lexemes) and lexemes[at + 1].kind == "number"
    at += _is_article_of_number(lexemes, at)
    between = at < len(lexemes) and lexemes[at].name in _BETWEEN
    at += between
    if at >= len(lexemes) or lexemes[at].kind != "number":
        return None
    low, high, stop = _range_at(lexemes, at, between=between)
    operator = _strongest(operators)
    article = lexemes[at].article and stop == at + 1
    bounds = to_bounds(low, high, operator)
    bounds, stop = _second_limit(lexemes, bounds, _after_repeat(lexemes, stop, low))
    return Amount(bounds, index, stop, article and not operators, bool(operators))


def _after_repeat(lexemes: Sequence[Lexeme], stop: int, value: float) -> int:
    """Return the index after the figure in "en (1)" and "två (2)"."""
    names = [lexeme.name for lexeme in lexemes[stop : stop + 3]]
    repeated = len(names) == 3 and names[0] == "(" and names[2] == ")"
    return stop + 3 if repeated and lexemes[stop + 1].value == value else stop


def _is_article_of_number(lexemes: Sequence[Lexeme], at: int) -> bool:
    """Tell "a 12 month contract" and "en 80-procentig tjänst" from a number "en"."""
    if at + 1 >= len(lexemes) or not lexemes[at].article:
        return False
    # "En två personer" is one or two.
    spoken_range = lexemes[at].name in {"en", "ett"} and _juxtaposed(lexemes, at)
    return lexemes[at + 1].kind == "number" and not lexemes[at + 1].article and not spoken_range


_ASKED = frozenset(("hur", "how", "sa", "so", "for"))
_VAGUE_LIMIT = 3
_VAGUE_NUMBERS = {
    "par": Bounds(2, 3, Operator.ABOUT),
    "couple": Bounds(2, 3, Operator.ABOUT),
    "dussin": Bounds(12, 12),
    "tiotal": Bounds(8, 12, Operator.ABOUT),
    "handfull": Bounds(4, 6, Operator.ABOUT),
    "handful": Bounds(4, 6, Operator.ABOUT),
    **dict.fromkeys(("nagra", "flera", "atskilliga", "flertal", "several", "few",
                     "fatal", "manga", "many"),
                    Bounds(2, None, Operator.AT_LEAST)),
}  # fmt: skip


def vague_amount_at(lexemes: Sequence[Lexeme], index: int) -> Amount | None:
    """Return the amount of "ett par", "några", "ett par, tre" at ``index``, or None."""
    at = index + (index < len(lexemes) and lexemes[index].article)
    bounds = _VAGUE_NUMBERS.get(lexemes[at].name) if at < len(lexemes) else None
    if bounds is None and at > index and name_at(lexemes, at) == "antal":
        bounds = Bounds(2, None, Operator.AT_LEAST)
    if bounds is None or name_at(lexemes, index - 1) in _ASKED:
        return None
    stop = at + 1
    stop += stop < len(lexemes) and lexemes[stop].name == "of"
    # "ett par tre" is a couple and no more than three.
    stop += kind_at(lexemes, stop) == "number" and lexemes[stop].value == _VAGUE_LIMIT
    if stop + 1 < len(lexemes) and lexemes[stop].name == "," and lexemes[stop + 1].kind == "number":
        stop += 2
    return Amount(bounds, index, stop, qualified=True)


def _strongest(operators: Sequence[str]) -> str:
    """Return the operator that counts: "minst cirka fyra" is vague, "bara två" is exact."""
    telling = [operator for operator in operators if operator != "EQ"]
    for strict, loose in (("GT", "GE"), ("LT", "LE")):
        if set(telling) == {strict, loose}:
            return strict
    return "CA" if len(set(telling)) > 1 else (telling or [""])[0]


def _range_at(lexemes: Sequence[Lexeme], at: int, *, between: bool) -> tuple[float, float, int]:
    low = lexemes[at].value
    joints = _TO | {"och", "and"} if between else _TO
    after = at + 1
    if after < len(lexemes) and lexemes[after].name in joints:
        after += 1
    elif _juxtaposed(lexemes, at):
        return low, lexemes[after].value, after + 1
    elif after + 1 < len(lexemes) and lexemes[after].name == "CA":
        # "fem kanske sex"
        pass
    elif after + 1 < len(lexemes) and lexemes[after].name == ",":
        after += 1
        following = lexemes[after]
        spoken = following.kind == "number" and not (following.digits or lexemes[at].digits)
        counting = spoken and not following.article and following.value == low + 1
        if not counting and following.name not in _PERHAPS | {"eller", "or"}:
            return low, low, at + 1
    else:
        return low, low, at + 1
    while after < len(lexemes) and lexemes[after].name in {"CA", "upp", "EQ", "LE", "eller"}:
        after += 1
    if after < len(lexemes) and lexemes[after].kind == "number" and lexemes[after].value > low:
        return low, lexemes[after].value, after + 1
    return low, low, at + 1


def _juxtaposed(lexemes: Sequence[Lexeme], at: int) -> bool:
    """ "Två tre gubbar" and "fyra fem månader" are ranges; digits side by side are not."""
    if at + 1 >= len(lexemes):
        return False
    first, second = lexemes[at], lexemes[at + 1]
    spoken = not (first.digits or second.digits or second.article)
    return second.kind == "number" and spoken and second.value == first.value + 1


def _second_limit(lexemes: Sequence[Lexeme], bounds: Bounds, stop: int) -> tuple[Bounds, int]:
    """Read "minst 2 och max 4", "minst två, högst fyra" as one range."""
    at = stop
    while at < len(lexemes) and lexemes[at].name in {"och", "and", ",", "men", "but", "/"}:
        at += 1
    if at + 1 >= len(lexemes) or lexemes[at].kind != "operator":
        return bounds, stop
    wanted = {Operator.AT_LEAST: "LE", Operator.AT_MOST: "GE"}.get(bounds.operator)
    if wanted is None or lexemes[at].name != wanted or lexemes[at + 1].kind != "number":
        return bounds, stop
    other = lexemes[at + 1].value
    low = bounds.low if wanted == "LE" else other
    high = other if wanted == "LE" else bounds.high
    if high is None or high < low:
        return bounds, stop
    return Bounds(low, high, Operator.RANGE), at + 2


def postfix_at(lexemes: Sequence[Lexeme], index: int) -> tuple[str, int]:
    """Return (operator, lexemes used) of a qualifier after a unit: "fyra månader eller mer".

    "minst" and "max" belong to the next number when one follows.
    """
    for length in range(_LONGEST_POSTFIX, 0, -1):
        names = tuple(lexeme.name for lexeme in lexemes[index : index + length])
        operator = POSTFIXES.get(names) if len(names) == length else None
        if operator is None and length == 1 and names:
            operator = {"GE": "GE", "LE": "LE", "CA": "CA"}.get(names[0])
        after = index + length
        if operator and not (after < len(lexemes) and lexemes[after].kind == "number"):
            return operator, length
    vague = [
        lexeme.name for lexeme in lexemes[index : index + 4] if lexeme.name not in _VAGUE_LINKS
    ]
    if len(vague) >= 2 and vague[0] == "CA" and vague[1] in _VAGUE:
        return _VAGUE[vague[1]], 2 + (lexemes[index].name in _VAGUE_LINKS) + (
            lexemes[index + 1].name in _VAGUE_LINKS
        )
    if index < len(lexemes) and lexemes[index].name == "+" and _ends_clause(lexemes, index + 1):
        return "GE", 1
    return "", 0


def _ends_clause(lexemes: Sequence[Lexeme], index: int) -> bool:
    return index >= len(lexemes) or lexemes[index].kind in {"sign", "worker"}


def perhaps_at(lexemes: Sequence[Lexeme], index: int, low: float) -> tuple[float, int] | None:
    """Return (larger number, index after it) of ", kanske fem" after "tre månader", or None.

    What follows must not be a noun of its own.
    """
    at = index
    while at < len(lexemes) and lexemes[at].name in {",", "eller", "or", "(", "och"}:
        at += 1
    # "En månad eller två" leaves out what "en månad, kanske två" says.
    or_next = name_at(lexemes, at - 1) in {"eller", "or"} and kind_at(lexemes, at) == "number"
    at -= or_next and lexemes[at].value == low + 1
    if at == index - 1 or at + 1 >= len(lexemes) or lexemes[at].name not in {"CA", "eller", "or"}:
        return None
    number, stop = lexemes[at + 1], at + 2
    last = stop >= len(lexemes) or lexemes[stop].kind == "sign" or lexemes[stop].name in _AFTER
    if number.kind != "number" or number.value <= low or not last:
        return None
    return number.value, stop + (stop < len(lexemes) and lexemes[stop].name == ")")


def requalify(bounds: Bounds, operator: str) -> Bounds:
    """Return bounds qualified by an operator that came after the number."""
    if not operator or bounds.operator not in {Operator.EXACT, Operator.RANGE}:
        return bounds
    return to_bounds(bounds.low, bounds.high or bounds.low, operator)


def skip_fillers(lexemes: Sequence[Lexeme], index: int) -> int:
    """Return the index after words that may stand between a number and its noun."""
    while index < len(lexemes) and (
        lexemes[index].kind == "filler" or lexemes[index].name in FILLERS
    ):
        index += 1
    return index
