"""Read what a message says in numbers: how long, from when to when, how many people.

``read`` takes a whole message; ``read_count``, ``read_duration`` and ``read_date`` take the answer
to one question. Nothing is guessed: what is not clear comes back unsure or not at all.
"""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from intents.amounts import amount_at, postfix_at, requalify
from intents.case_split import split_cases
from intents.counts import find_counts
from intents.day_words import relative_day, with_years
from intents.dotted_days import with_dotted_days
from intents.durations import find_durations
from intents.flags import find_flags
from intents.found_durations import Found, duration_of
from intents.lexemes import Lexeme, name_at
from intents.lexing import lex
from intents.periods import find_dates, with_roles
from intents.reading import Count, Duration, Moment, Reading, Role, Words
from intents.retractions import without_slips

#: Longer messages are read up to here; nobody describes an assignment later.
LONGEST = 8_000
#: A bare "2027" is a year and no number of months.
_LONGEST_BARE = 1_000


def read(text: str, today: date, language: str = "sv") -> Reading:
    """Return everything quantitative in ``text``; ``today`` places dates without a year.

    Swedish and English are read alike whatever ``language`` says, since people mix them.
    """
    return _read(text[:LONGEST], today)


@lru_cache(maxsize=128)
def _read(text: str, today: date) -> Reading:
    """Read a message once, however many parts of a turn ask for it."""
    whole = _read_one(text, today)
    cases = tuple(_read_one(part, today) for part in split_cases(text, whole))
    if len(cases) < 2:
        return whole
    return Reading(
        whole.text,
        whole.durations,
        whole.periods,
        whole.dates,
        whole.counts,
        whole.shares,
        whole.flags,
        cases,
    )


def _read_one(text: str, today: date) -> Reading:
    lexemes = with_years(_lexemes(text), today)
    dated = with_roles(lexemes, find_dates(lexemes, text, today))
    durations = find_durations(lexemes, text, dated.taken)
    taken = dated.taken | _indexes(durations)
    counts, shares = find_counts(lexemes, text, taken)
    return Reading(
        text,
        tuple(found.duration for found in durations),
        dated.periods,
        dated.moments,
        tuple(found.count for found in counts),
        tuple(found.share for found in shares),
        dated.flags | find_flags(lexemes),
    )


def _lexemes(text: str) -> tuple[Lexeme, ...]:
    return without_slips(with_dotted_days(lex(text)))


def _indexes(found: Sequence[Found]) -> frozenset[int]:
    return frozenset(at for there in found for at in range(there.start, there.stop))


def read_count(text: str) -> Count | None:
    """Return the number of people in an answer ("3", "fler än en", "tre gubbar"), or None."""
    lexemes = _lexemes(text[:LONGEST])
    dated = find_dates(lexemes, text, date(2000, 1, 1))
    durations = find_durations(lexemes, text, dated.taken)
    counts, _ = find_counts(lexemes, text, dated.taken | _indexes(durations))
    base = [found.count for found in counts if found.count.role is Role.BASE]
    if base:
        return base[0] if len(base) == 1 else None
    return _bare_count(lexemes, text)


def _bare_count(lexemes: Sequence[Lexeme], text: str) -> Count | None:
    """Read an answer that is a number and nothing more."""
    for index in range(len(lexemes)):
        amount = amount_at(lexemes, index)
        if amount is None:
            continue
        operator, used = postfix_at(lexemes, amount.stop)
        rest = lexemes[amount.stop + used :]
        if name_at(rest, 0) in {"beroende", "depending"}:
            rest = ()
        tail = {lexeme.name for lexeme in rest if lexeme.kind not in {"piece", "sign", "filler"}}
        signs = {lexeme.name for lexeme in rest if lexeme.kind == "sign"} - {".", "!", "?", ","}
        before = {lexeme.name for lexeme in lexemes[:index]} - _LEAD_INS
        if tail - _LEAD_OUTS or signs or before:
            return None
        bounds = requalify(amount.bounds, operator)
        if bounds.low != int(bounds.low) and bounds.operator.value == "exact":
            return None
        start, end = lexemes[index].start, lexemes[amount.stop - 1].end
        return Count(bounds, Role.BASE, Words(start, end, text[start:end]))
    return None


_LEAD_INS = frozenset(("det", "is", "ar", "blir", "vi", "ja", "nej", ",", "tror", "jag", "nog",
                       "de", "dom", "a", "en", "men", "hm", "hmm", "eh", "nja", "jo", "jaa", "s",
                       "'", "they", "are", "it", "we", "i", "think", "att", "svar",
                       ":",
                       "antal", "totalt", "sammanlagt", "behovs", "kravs", "med",
                       "racker"))  # fmt: skip
_LEAD_OUTS = frozenset(("tror", "jag", "nog", "tack", "racker", "kanske", "i", "think", "va", "val",
                        "totalt", "behovs", "kravs", "is", "det", "pers",
                        "inblandade"))  # fmt: skip


def read_duration(text: str, default_unit: str | None = None) -> Duration | None:
    """Return the time of performance in an answer, or None.

    ``default_unit`` (DAY, WEEK, MONTH or YEAR) says what a bare number counts, if the question did.
    """
    lexemes = _lexemes(text[:LONGEST])
    found = [
        there.duration
        for there in find_durations(lexemes, text, frozenset())
        if there.duration.role in {Role.BASE, Role.FRAMEWORK, Role.CALL_OFF}
    ]
    if found:
        return found[0] if len(found) == 1 else None
    if default_unit is None:
        return None
    amounts = [a for index in range(len(lexemes)) if (a := amount_at(lexemes, index)) is not None]
    if not amounts or amounts[0].bounds.low > _LONGEST_BARE:
        return None
    return duration_of(amounts[0], default_unit, text, lexemes)


def read_date(text: str, today: date, *, past: bool = False) -> Moment | None:
    """Return the one date in an answer ("1 mars", "i går", "för två veckor sedan"), or None.

    ``past`` places a date without a year in the past instead of the future.
    """
    lexemes = with_years(_lexemes(text[:LONGEST]), today)
    relative = relative_day(lexemes, text, today)
    if relative is not None:
        return relative
    dated = find_dates(lexemes, text, today)
    if len(dated.moments) != 1 or dated.periods:
        return None
    moment = dated.moments[0]
    if not past or not moment.year_assumed:
        return moment
    return _latest_before(lexemes, text, today)


def _latest_before(lexemes: Sequence[Lexeme], text: str, today: date) -> Moment | None:
    """Return the same date the last time it came, on or before ``today``."""
    for back in range(1, 10):
        if today.year - back < 1:
            return None
        moments = find_dates(lexemes, text, date(today.year - back + 1, 1, 1)).moments
        earlier = find_dates(lexemes, text, date(today.year - back, 1, 1)).moments
        for found in (*moments[:1], *earlier[:1]):
            if found.first is not None and found.first[0] <= today:
                return found
    return None
