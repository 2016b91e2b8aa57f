"""Lengths of time: "4 mån", "ett och ett halvt år", "2+1+1 år", "fyra veckor till".

What each length was said about is decided in ``duration_roles``.
"""

from collections.abc import Sequence
from dataclasses import replace

from intents import quantity_words as words
from intents.amounts import (
    Amount,
    amount_at,
    perhaps_at,
    postfix_at,
    requalify,
    skip_fillers,
    vague_amount_at,
)
from intents.duration_roles import EACH, is_rhythm, role_of, surroundings
from intents.found_durations import Found, found_at
from intents.lexemes import Lexeme, kind_at, name_at, words_at
from intents.option_lengths import PLUS, bare_chain, option_number, tail_options
from intents.reading import Bounds, Length, Operator, Role, Words

_RANK = ("DAY", "WEEK", "MONTH", "QUARTER", "TERTIAL", "HALFYEAR", "YEAR")
_HALF = 0.5


def find_durations(
    lexemes: Sequence[Lexeme], text: str, taken: frozenset[int]
) -> tuple[Found, ...]:
    """Return the durations in order; lexemes whose index is in ``taken`` belong to dates."""
    found: list[Found] = []
    index = 0
    while index < len(lexemes):
        here = () if index in taken else _durations_at(lexemes, index, text)
        if here and not any(at in taken for at in range(here[0].start, here[-1].stop)):
            found.extend(here)
            index = here[-1].stop
        else:
            index += 1
    return _with_roles(lexemes, found)


def _durations_at(lexemes: Sequence[Lexeme], index: int, text: str) -> tuple[Found, ...]:
    known = _labelled_at(lexemes, index, text) or _named_at(lexemes, index, text)
    if known:
        return (known,)
    amount = vague_amount_at(lexemes, index) or amount_at(lexemes, index)
    if amount is None:
        return ()
    chain, at = _unit_after(lexemes, *_chain(lexemes, amount))
    if kind_at(lexemes, at) != "unit" or lexemes[at].name == "HOUR":
        return bare_chain(lexemes, text, chain)
    unit = lexemes[at].name
    ranged = len(chain) == 1 and chain[0].bounds.operator is Operator.RANGE
    goes_on = ranged or name_at(lexemes, at + 1) in {"till", "-", "to"}
    if name_at(lexemes, index - 1) == "fran" and not goes_on:
        chain = [replace(chain[0], bounds=requalify(chain[0].bounds, "GE")), *chain[1:]]
    if len(chain) > 1:
        return _with_options(lexemes, text, chain, at)
    first = _extended(lexemes, text, chain[0], unit, at + 1)
    first = _up_to(lexemes, text, _shifted(lexemes, text, first))
    tail = tail_options(lexemes, text, first, unit)
    return (first, *(tail or option_number(lexemes, text, first, unit)))


def _unit_after(
    lexemes: Sequence[Lexeme], chain: list[Amount], stop: int
) -> tuple[list[Amount], int]:
    """Return the amounts and where their unit stands; "4+ mån" is at least four."""
    at = skip_fillers(lexemes, stop)
    unit_next = kind_at(lexemes, at + 1) == "unit"
    if unit_next and name_at(lexemes, at) == "+":
        return [replace(chain[0], bounds=requalify(chain[0].bounds, "GE"))], at + 1
    return chain, at + (unit_next and name_at(lexemes, at) == "-")


def _with_options(
    lexemes: Sequence[Lexeme], text: str, chain: list[Amount], at: int
) -> tuple[Found, ...]:
    """Return the base and the options of "2+1+1 år", whose one unit stands at ``at``."""
    unit = lexemes[at].name
    options = [
        found_at(lexemes, text, (part.start, part.stop), part.bounds, unit, Role.OPTION)
        for part in chain[1:]
    ]
    base = found_at(lexemes, text, (chain[0].start, chain[0].stop), chain[0].bounds, unit)
    # The base alone would read "2", without its unit.
    said = words_at(lexemes, text, base.start, at + 1)
    base = replace(base, duration=replace(base.duration, words=said))
    return (base, *options[:-1], replace(options[-1], stop=at + 1))


def _named_at(lexemes: Sequence[Lexeme], index: int, text: str) -> Found | None:
    """Read "halvår" without a number, and "hela året"."""
    if _all_year(lexemes, index):
        return found_at(lexemes, text, (index, index + 2), Bounds(1, 1), "YEAR")
    if lexemes[index].name != "HALFYEAR" or name_at(lexemes, index - 1) in EACH:
        return None
    return found_at(lexemes, text, (index, index + 1), Bounds(1, 1), "HALFYEAR")


_ALL_YEAR = frozenset((("hela", "aret"), ("aret", "om"), ("aret", "runt"), ("all", "YEAR")))


def _all_year(lexemes: Sequence[Lexeme], index: int) -> bool:
    """Find "hela året" and "året runt", but not in "aktör året runt" and "hela året 2027"."""
    pair = (lexemes[index].name, name_at(lexemes, index + 1))
    before, after = name_at(lexemes, index - 1), kind_at(lexemes, index + 2)
    return pair in _ALL_YEAR and not before.startswith("aktor") and after != "number"


def _shifted(lexemes: Sequence[Lexeme], text: str, first: Found) -> Found:
    """Read "en dag mer än fyra månader" and "fyra månader minus en dag"."""
    joint = name_at(lexemes, first.stop)
    minus = joint in {"minus", "less"}
    second = amount_at(lexemes, first.stop + 1) if joint in {"GT", "LT"} or minus else None
    after = skip_fillers(lexemes, second.stop) if second else 0
    exact = second is not None and second.bounds.operator is Operator.EXACT
    exact = exact and first.duration.operator is Operator.EXACT
    if second is None or not exact or name_at(lexemes, after) not in words.UNIT_LENGTHS:
        return first
    where = (first.start, after + 1)
    other = found_at(lexemes, text, where, second.bounds, lexemes[after].name).duration
    whole, part = (first.duration, other) if minus else (other, first.duration)
    if part.low.months or _days(part.low) > _days(whole.low):
        return first
    if joint == "GT":
        more = whole.low.plus(part.low)
        return Found(replace(whole, low=more, high=more, words=other.words), *where)
    # A few days short of a number of months: more than a month less, and never that number.
    low = Length(max(0, whole.low.months - 1), max(0, whole.low.days - part.low.days))
    short = replace(whole, low=low, high=whole.low, high_open=True, words=other.words)
    return Found(replace(short, operator=Operator.LESS_THAN), *where)


def _up_to(lexemes: Sequence[Lexeme], text: str, first: Found) -> Found:
    """Read a range whose ends have units of their own: "ett halvår till ett år"."""
    between = first.start > 0 and lexemes[first.start - 1].name in {"mellan", "between"}
    joints = {"och", "and"} if between else {"till", "to", "-", "eller", "or", "upp"}
    at = first.stop
    if first.duration.operator is not Operator.EXACT or at >= len(lexemes):
        return first
    if lexemes[at].name not in joints:
        return first
    second = amount_at(lexemes, at + 1)
    after = skip_fillers(lexemes, second.stop) if second else 0
    if second is None or second.bounds.operator is not Operator.EXACT or after >= len(lexemes):
        return first
    if lexemes[after].kind != "unit" or lexemes[after].name not in words.UNIT_LENGTHS:
        return first
    end = found_at(lexemes, text, (first.start, after + 1), second.bounds, lexemes[after].name)
    if _days(end.duration.low) <= _days(first.duration.low):
        return first
    ranged = replace(end.duration, low=first.duration.low, operator=Operator.RANGE)
    return Found(ranged, first.start, after + 1)


def _days(length: Length) -> float:
    return length.months * 30.4 + length.days


def _chain(lexemes: Sequence[Lexeme], amount: Amount) -> tuple[list[Amount], int]:
    """Read "2+1+1" in front of one unit: a base and its options."""
    chain, stop = [amount], amount.stop
    while stop < len(lexemes) and lexemes[stop].name in PLUS:
        following = amount_at(lexemes, stop + 1)
        if following is None:
            break
        chain.append(following)
        stop = following.stop
    return chain, stop


def _labelled_at(lexemes: Sequence[Lexeme], index: int, text: str) -> Found | None:
    """Read "månader: 6"."""
    if lexemes[index].kind != "unit" or lexemes[index].name not in words.UNIT_LENGTHS:
        return None
    at = index + 1
    while at < len(lexemes) and lexemes[at].name in {")", "="}:
        at += 1
    if at >= len(lexemes) or (lexemes[at].name != ":" and lexemes[at - 1].name != "="):
        return None
    amount = amount_at(lexemes, at + 1 if lexemes[at].name == ":" else at)
    if amount is None or (amount.stop < len(lexemes) and lexemes[amount.stop].kind == "unit"):
        return None
    return found_at(lexemes, text, (index, amount.stop), amount.bounds, lexemes[index].name)


def _extended(lexemes: Sequence[Lexeme], text: str, amount: Amount, unit: str, stop: int) -> Found:
    """Add smaller units ("ett år och två månader") and a qualifier that follows."""
    start, bounds = amount.start, amount.bounds
    perhaps = perhaps_at(lexemes, stop, bounds.low)
    if perhaps is not None and bounds.operator is Operator.EXACT:
        ranged = Bounds(bounds.low, perhaps[0], Operator.RANGE)
        return found_at(lexemes, text, (start, perhaps[1]), ranged, unit)
    operator, used = postfix_at(lexemes, stop)
    if used:
        return found_at(lexemes, text, (start, stop + used), requalify(bounds, operator), unit)
    found = found_at(lexemes, text, (start, stop), bounds, unit)
    return _with_smaller(lexemes, text, found, unit)


def _with_smaller(lexemes: Sequence[Lexeme], text: str, found: Found, unit: str) -> Found:
    """Add the rest of "ett år och två månader" and of "a year and a half"."""
    stop, start = found.stop, found.start
    joined = name_at(lexemes, stop) in {"och", "and"} and stop + 1 < len(lexemes)
    if joined and lexemes[stop + 1].value == _HALF:
        more = found_at(lexemes, text, (start, stop + 2), Bounds(_HALF, _HALF), unit)
        return _sum(text, found, more, stop + 2)
    at = stop
    while name_at(lexemes, at) in {"och", "and", "samt", "plus", "o", "&"}:
        at += 1
    following = amount_at(lexemes, at)
    after = skip_fillers(lexemes, following.stop) if following else len(lexemes)
    name = name_at(lexemes, after)
    smaller = unit in _RANK and name in _RANK and _RANK.index(name) < _RANK.index(unit)
    exact = following is not None and following.bounds.operator is Operator.EXACT
    if following is None or not (exact and smaller) or is_rhythm(lexemes, after + 1):
        return found
    more = found_at(lexemes, text, (start, after + 1), following.bounds, name)
    return _sum(text, found, more, after + 1)


def _sum(text: str, first: Found, more: Found, stop: int) -> Found:
    low = first.duration.low.plus(more.duration.low)
    high = first.duration.high
    high = high.plus(more.duration.high) if high and more.duration.high else None
    span = Words(first.duration.words.start, more.duration.words.end,
                 text[first.duration.words.start : more.duration.words.end])  # fmt: skip
    return Found(replace(first.duration, low=low, high=high, words=span), first.start, stop)


def _with_roles(lexemes: Sequence[Lexeme], found: Sequence[Found]) -> tuple[Found, ...]:
    settled: list[Found] = []
    for position, here in enumerate(found):
        begin = found[position - 1].stop if position else 0
        end = found[position + 1].start if position + 1 < len(found) else len(lexemes)
        role = here.duration.role
        if role is Role.BASE:
            where, limits = (here.start, here.stop), (begin, end)
            role = role_of(surroundings(lexemes, here.duration, where, limits))
        settled.append(replace(here, duration=replace(here.duration, role=role)))
    return tuple(settled)
