"""Lengths added to a first one: "two years (+1+1)", "3 månader, option på 3", a bare "6+6"."""

from collections.abc import Sequence
from dataclasses import replace

from intents.amounts import Amount, amount_at, skip_fillers
from intents.context_words import OPTION_WORDS
from intents.duration_roles import STOPS
from intents.found_durations import Found, found_at
from intents.lexemes import Lexeme, kind_at, name_at
from intents.reading import Operator, Role

PLUS = frozenset(["+", "plus"])
#: How far from a length the word "option" may stand, and what may follow it.
_OPTION_NEAR = 6
_OPTION_LINKS = frozenset(
    ("pa", "om", "med", "for", "of", ":", "ytterligare", "another", "further")
)


def tail_options(lexemes: Sequence[Lexeme], text: str, base: Found, unit: str) -> tuple[Found, ...]:
    """Read the "+ 1 + 1" or "(+12)" after a length that has its unit already."""
    options: list[Found] = []
    stop = base.stop
    while True:
        at = stop
        while at < len(lexemes) and lexemes[at].name in {"(", ","}:
            at += 1
        if at >= len(lexemes) or lexemes[at].name not in PLUS:
            return tuple(options)
        amount = amount_at(lexemes, at + 1)
        if amount is None:
            return tuple(options)
        after = skip_fillers(lexemes, amount.stop)
        own = lexemes[after] if after < len(lexemes) else None
        if own is not None and own.kind == "unit":
            part = found_at(
                lexemes, text, (amount.start, after + 1), amount.bounds, own.name, Role.OPTION
            )
        elif own is None or own.kind in {"sign", "word"}:
            part = found_at(
                lexemes, text, (amount.start, amount.stop), amount.bounds, unit, Role.OPTION
            )
        else:
            return tuple(options)
        options.append(part)
        stop = part.stop


def option_number(
    lexemes: Sequence[Lexeme], text: str, base: Found, unit: str
) -> tuple[Found, ...]:
    """Read the 3 of "3 månader, option på 3", which counts what the base counts."""
    at = base.stop
    while at < min(base.stop + _OPTION_NEAR, len(lexemes)):
        if OPTION_WORDS.fullmatch(lexemes[at].name):
            break
        if lexemes[at].kind not in {"word", "sign", "number"} or lexemes[at].name in STOPS:
            return ()
        at += 1
    at += 1
    while name_at(lexemes, at) in _OPTION_LINKS:
        at += 1
    amount = amount_at(lexemes, at)
    if amount is None or amount.article or at >= base.stop + _OPTION_NEAR + 3:
        return ()
    after = skip_fillers(lexemes, amount.stop)
    if kind_at(lexemes, after) not in {"", "sign"} or name_at(lexemes, after) in {"%", "§", "+"}:
        return ()
    where = (amount.start, amount.stop)
    return (found_at(lexemes, text, where, amount.bounds, unit, Role.OPTION),)


def bare_chain(lexemes: Sequence[Lexeme], text: str, chain: Sequence[Amount]) -> tuple[Found, ...]:
    """Read "6+6" and "2+1+1" without a unit: months or years, whichever it is."""
    following = kind_at(lexemes, chain[-1].stop)
    whole = all(a.bounds.low == a.bounds.high and a.bounds.low == int(a.bounds.low) for a in chain)
    digits = all(lexemes[a.start].digits for a in chain)
    if len(chain) < 2 or not (whole and digits) or following not in {"", "sign", "word"}:
        return ()
    where = (chain[0].start, chain[-1].stop)
    months = found_at(lexemes, text, where, chain[0].bounds, "MONTH")
    years = found_at(lexemes, text, where, chain[0].bounds, "YEAR").duration
    either = replace(months.duration, high=years.high, operator=Operator.RANGE)
    return (replace(months, duration=either),)
