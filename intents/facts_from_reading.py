"""Put together what was read from a message to the facts of one assignment, or of several."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from intents.facts import Dates, Facts, Stretch
from intents.folding import fold
from intents.reading import Bounds, Count, Duration, Operator, Period, Reading, Role

#: "Nej, bara en" outweighs the other people named.
_ONLY = ("bara", "endast", "enbart", "blott", "only", "just")
#: A sum said by the person outweighs what it is the sum of.
_UNKNOWN = {"unknown_time": "duration", "unknown_workers": "workers"}
_TOTAL = ("totalt", "sammanlagt", "sammantaget", "in total", "tillsammans", "ihop")


def facts_from(reading: Reading, text: str = "") -> tuple[Facts, ...]:
    """Return the facts of each case a message describes; one, perhaps empty, if it is one case.

    ``text`` is the message itself and defaults to the text of the reading.
    """
    if not reading.cases:
        return (_facts(reading),)
    shared = _facts(_before(reading, len(text or reading.text)))
    return tuple(_with_shared(_facts(case), shared) for case in reading.cases)


def _before(reading: Reading, limit: int) -> Reading:
    """Return the part of a reading that stands before its first case."""
    of_a_case = frozenset[str]().union(*(case.flags for case in reading.cases))
    first = min((_first_place(case, limit) for case in reading.cases), default=limit)
    return Reading(
        reading.text,
        tuple(d for d in reading.durations if d.words.end <= first),
        tuple(p for p in reading.periods if p.words.end <= first),
        (),
        tuple(c for c in reading.counts if c.words.end <= first),
        tuple(s for s in reading.shares if s.words.end <= first),
        (reading.flags & {"framework"}) - of_a_case,
    )


def _first_place(case: Reading, limit: int) -> int:
    return next((at for at, sign in enumerate(case.text) if not sign.isspace()), limit)


def _with_shared(facts: Facts, shared: Facts) -> Facts:
    if not facts.has_time and shared.has_time:
        facts = replace(facts, lengths=shared.lengths, periods=shared.periods,
                        time_words=shared.time_words)  # fmt: skip
    if not facts.has_workers and shared.has_workers:
        facts = replace(facts, workers=shared.workers, share=shared.share,
                        worker_words=shared.worker_words)  # fmt: skip
    return replace(facts, framework=facts.framework or shared.framework)


def _facts(reading: Reading) -> Facts:
    lengths = _lengths(reading)
    periods = tuple(_dates(p) for p in reading.periods if p.role is Role.BASE and p.start.first)
    start = () if periods else _starts(reading)
    call_off = _first(reading, Role.CALL_OFF)
    option = _options(reading)
    tender = any(d.role is Role.TENDER for d in reading.durations) or any(
        p.role is Role.TENDER for p in reading.periods
    )
    people = [c for c in reading.counts if c.role is Role.BASE]
    counted = [c for c in people if c.sure] or people
    deciding = (*_TOTAL, *_ONLY)
    counted = [c for c in counted if fold(c.words.text).startswith(deciding)] or counted
    workers = _repeated(reading, counted) or _together([c.bounds for c in counted])
    shares = [s.bounds for s in reading.shares]
    if workers is None and any(not s.sure for s in reading.shares):
        shares = [s.bounds for s in reading.shares if s.sure]
    known_shares = [c.share for c in counted if c.share is not None]
    share = _together(shares) or (
        Bounds(known_shares[0], known_shares[0]) if known_shares else None
    )
    open_ended = "open_ended" in reading.flags and not (lengths or periods)
    return Facts(
        lengths=lengths,
        periods=periods,
        start=start[0] if start else None,
        other_starts=start[1:],
        option_length=option,
        option="option" in reading.flags or option is not None,
        framework=bool({"framework", "call_off"} & reading.flags) or call_off is not None,
        call_off=call_off,
        open_ended=open_ended,
        tendering_only=tender and not (lengths or periods or open_ended),
        interruption="interruption" in reading.flags,
        workers=workers,
        share=share,
        part_time=any(c.part_time for c in counted),
        extra_places=sum(int(c.bounds.low) for c in reading.counts if c.role is Role.PLACEMENT),
        unknown=frozenset(name for flag, name in _UNKNOWN.items() if flag in reading.flags),
        problems=tuple(sorted({"unclear_time", "invalid_date", "reversed_period"} & reading.flags)),
        assumptions=_assumptions(reading),
        time_words=_time_words(reading),
        call_off_words=", ".join(
            d.words.text for d in reading.durations if d.role is Role.CALL_OFF
        ),
        worker_words=_worker_words(reading),
    )


def _time_words(reading: Reading) -> str:
    said = [p.words.text for p in reading.periods]
    return ", ".join([*said, *(d.words.text for d in _base(reading))])


def _worker_words(reading: Reading) -> str:
    people = [c for c in reading.counts if c.role is Role.BASE]
    said = [c.words.text for c in ([c for c in people if c.sure] or people)]
    return ", ".join([*said, *(s.words.text for s in reading.shares)])


def _base(reading: Reading) -> list[Duration]:
    wanted = {Role.BASE, Role.FRAMEWORK, Role.TOTAL}
    return [d for d in reading.durations if d.role in wanted]


def _stretch(duration: Duration) -> Stretch:
    return Stretch(duration.low, duration.high, duration.low_open, duration.high_open)


def _first(reading: Reading, role: Role) -> Stretch | None:
    return next((_stretch(d) for d in reading.durations if d.role is role), None)


def _lengths(reading: Reading) -> tuple[Stretch, ...]:
    base = _base(reading)
    if not base:
        return ()
    if "phases" in reading.flags and len(base) > 1:
        total = _stretch(base[0])
        for further in base[1:]:
            total = total.plus(_stretch(further))
        return (total,)
    totals = [d for d in base if fold(d.words.text).startswith(_TOTAL)]
    if totals:
        return tuple(dict.fromkeys(map(_stretch, totals)))
    apart = _added(reading, base)
    if apart is not None:
        return (apart,)
    limits = {d.operator: d for d in base}
    if len(base) == 2 and limits.keys() == {Operator.AT_LEAST, Operator.AT_MOST}:
        return (Stretch(limits[Operator.AT_LEAST].low, limits[Operator.AT_MOST].high),)
    return tuple(dict.fromkeys(map(_stretch, base)))


def _added(reading: Reading, base: Sequence[Duration]) -> Stretch | None:
    """Return the limits of "två månader på våren och två på hösten": each of them, or all."""
    between = [fold(reading.text[a.words.end : b.words.start]).split() for a, b in pairwise(base)]
    if not between or not all({"och", "samt", "plus", "and"} & set(words) for words in between):
        return None
    stretches = [_stretch(duration) for duration in base]
    total = stretches[0]
    for further in stretches[1:]:
        total = total.plus(further)
    longest = max(stretches, key=lambda stretch: stretch.low.months * 30 + stretch.low.days)
    return Stretch(longest.low, total.high, longest.low_open, total.high_open)


def _options(reading: Reading) -> Stretch | None:
    options = [_stretch(d) for d in reading.durations if d.role is Role.OPTION]
    if not options:
        return None
    total = options[0]
    for further in options[1:]:
        total = total.plus(further)
    return total


def _dates(period: Period) -> Dates:
    start, end = period.start.first, period.end.last
    assert start is not None
    assert end is not None
    return Dates(start, end, period.alternatives)


def _starts(reading: Reading) -> tuple[tuple[date, date], ...]:
    """Return when the work starts, by the one date without an end; then other possible years."""
    dated = [m for m in reading.dates if m.first is not None and m.role is Role.BASE]
    if len(dated) != 1 or dated[0].first is None:
        return ()
    moment = dated[0]
    first, last = dated[0].first
    if moment.precision == "month" and moment.last is not None:
        last = moment.last[1]
    if not moment.year_assumed:
        return ((first, last),)
    years = [(_in_year(first, ahead), _in_year(last, ahead)) for ahead in range(8)]
    return tuple((begin, end) for begin, end in years if begin is not None and end is not None)


def _in_year(day: date, ahead: int) -> date | None:
    """Return the same day some years on; None where it does not exist."""
    try:
        return day.replace(year=day.year + ahead)
    except ValueError:
        return None


def _together(counts: Sequence[Bounds]) -> Bounds | None:
    """Return the bounds of all people named; where it is open whether they add up, both limits."""
    if not counts:
        return None
    distinct = list(dict.fromkeys(counts))
    if len(distinct) == 1:
        return distinct[0]
    operators = {bounds.operator: bounds for bounds in distinct}
    if operators.keys() == {Operator.AT_LEAST, Operator.AT_MOST}:
        return Bounds(operators[Operator.AT_LEAST].low, operators[Operator.AT_MOST].high,
                      Operator.RANGE)  # fmt: skip
    # "en, kanske två" names a choice; without such a word all that are named are needed.
    choice = Operator.ABOUT in operators
    lows = (min if choice else max)(bounds.low for bounds in distinct)
    highs = [bounds.high for bounds in distinct if bounds.high is not None]
    high = sum(highs) if len(highs) == len(distinct) else None
    return Bounds(lows, high, Operator.RANGE, any(b.low_open for b in distinct if b.low == lows))


def _repeated(reading: Reading, counted: Sequence[Count]) -> Bounds | None:
    """Return the limits of "en person dag och en person natt": the same one, or one more."""
    if len(counted) != 2 or counted[0].bounds != counted[1].bounds:
        return None
    first, second = (count.words for count in counted)
    between = fold(reading.text[first.end : second.start]).split()
    high = counted[0].bounds.high
    if high is None or not {"och", "samt", "and"} & set(between):
        return None
    low = counted[0].bounds
    return Bounds(low.low, high * 2, Operator.RANGE, low.low_open, low.high_open)


def _assumptions(reading: Reading) -> tuple[str, ...]:
    periods: tuple[Period, ...] = reading.periods
    counts: tuple[Count, ...] = reading.counts
    found = []
    if any(p.year_assumed for p in periods):
        found.append("YEAR_ASSUMED")
    if any(p.whole_months for p in periods):
        found.append("WHOLE_MONTHS")
    about = any(d.operator is Operator.ABOUT for d in _base(reading))
    if about or any(c.bounds.operator is Operator.ABOUT for c in counts):
        found.append("ABOUT")
    return tuple(found)
