"""What is known about one assignment, put together from what was read or answered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from intents.calendar_rules import RUN_OF_MONTHS
from intents.reading import Bounds, Count, Duration, Length, Moment, Operator, Period, Reading, Role


@dataclass(frozen=True, slots=True)
class Stretch:
    """A length of time between two limits."""

    low: Length
    #: None when there is no upper limit.
    high: Length | None
    low_open: bool = False
    high_open: bool = False

    def plus(self, other: "Stretch") -> "Stretch":
        """Return both lengths after one another."""
        high = self.high.plus(other.high) if self.high and other.high else None
        return Stretch(self.low.plus(other.low), high, self.low_open, self.high_open)


@dataclass(frozen=True, slots=True)
class Dates:
    """First and last day of the performance, both included; a stretch when they are not exact."""

    start: tuple[date, date]
    end: tuple[date, date]
    #: The same period in other years, when no year was given.
    alternatives: tuple[tuple[date, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """One assignment as the gross-list rule sees it."""

    #: Lengths given for the performance; two that differ contradict each other.
    lengths: tuple[Stretch, ...] = ()
    #: Periods given for the performance.
    periods: tuple[Dates, ...] = ()
    #: Earliest and latest first day, when only the start was dated.
    start: tuple[date, date] | None = None
    #: Options and extensions together; ``option`` alone says there are some.
    option_length: Stretch | None = None
    option: bool = False
    #: A framework agreement, and how long one call-off lasts.
    framework: bool = False
    call_off: Stretch | None = None
    open_ended: bool = False
    #: Only the time of the tendering was given.
    tendering_only: bool = False
    interruption: bool = False
    #: People the assignment needs.
    workers: Bounds | None = None
    #: The same in full-time equivalents.
    share: Bounds | None = None
    part_time: bool = False
    #: Trainees' and apprentices' places beside the people the work needs.
    extra_places: int = 0
    #: What could not be read: unclear_time, invalid_date, reversed_period.
    problems: tuple[str, ...] = ()
    #: year_assumed, whole_months, about.
    assumptions: tuple[str, ...] = ()
    #: The person's own words for the time and for the people.
    time_words: str = ""
    worker_words: str = ""

    @property
    def has_time(self) -> bool:
        """Whether anything about the time of performance is known."""
        return bool(self.lengths or self.periods or self.open_ended or self.call_off)

    @property
    def has_workers(self) -> bool:
        """Whether anything about the people is known."""
        return self.workers is not None or self.share is not None


def merge(earlier: Facts, later: Facts) -> Facts:
    """Return what is known after a further answer: what it tells replaces what was known."""
    merged = replace(
        earlier,
        framework=earlier.framework or later.framework,
        option=earlier.option or later.option,
        option_length=later.option_length or earlier.option_length,
        call_off=later.call_off or earlier.call_off,
        interruption=earlier.interruption or later.interruption,
        extra_places=later.extra_places or earlier.extra_places,
        start=later.start or earlier.start,
        problems=later.problems,
        assumptions=tuple(dict.fromkeys((*earlier.assumptions, *later.assumptions))),
    )
    if later.lengths or later.periods or later.open_ended:
        merged = replace(
            merged,
            lengths=later.lengths,
            periods=later.periods,
            open_ended=later.open_ended,
            tendering_only=False,
            time_words=later.time_words,
        )
    if later.workers is not None or later.share is not None:
        merged = replace(
            merged,
            workers=later.workers if later.workers is not None else earlier.workers,
            share=later.share if later.share is not None else earlier.share,
            part_time=later.part_time or earlier.part_time,
            worker_words=later.worker_words,
        )
    return merged


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
    first = min((_first_place(case, limit) for case in reading.cases), default=limit)
    return Reading(
        reading.text,
        tuple(d for d in reading.durations if d.words.end <= first),
        tuple(p for p in reading.periods if p.words.end <= first),
        (),
        tuple(c for c in reading.counts if c.words.end <= first),
        tuple(s for s in reading.shares if s.words.end <= first),
        reading.flags & {"framework"},
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
    call_off = _first(reading, Role.CALL_OFF)
    option = _options(reading)
    tender = any(d.role is Role.TENDER for d in reading.durations) or any(
        p.role is Role.TENDER for p in reading.periods
    )
    counted = [c for c in reading.counts if c.role is Role.BASE and c.sure]
    workers = _together([c.bounds for c in counted])
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
        start=_start(reading) if not periods else None,
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
        problems=tuple(sorted({"unclear_time", "invalid_date", "reversed_period"} & reading.flags)),
        assumptions=_assumptions(reading),
        time_words=_time_words(reading),
        worker_words=_worker_words(reading),
    )


def _time_words(reading: Reading) -> str:
    said = [p.words.text for p in reading.periods]
    return ", ".join([*said, *(d.words.text for d in _base(reading))])


def _worker_words(reading: Reading) -> str:
    said = [c.words.text for c in reading.counts if c.role is Role.BASE and c.sure]
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
    limits = {d.operator: d for d in base}
    if len(base) == 2 and limits.keys() == {Operator.AT_LEAST, Operator.AT_MOST}:
        return (Stretch(limits[Operator.AT_LEAST].low, limits[Operator.AT_MOST].high),)
    return tuple(dict.fromkeys(map(_stretch, base)))


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


def _start(reading: Reading) -> tuple[date, date] | None:
    """Return when the work starts: the one date given without an end."""
    dated: list[Moment] = [m for m in reading.dates if m.first is not None]
    if len(dated) != 1 or dated[0].first is None:
        return None
    moment = dated[0]
    if moment.precision == "month" and moment.last is not None and moment.first is not None:
        return moment.first[0], moment.last[1]
    return moment.first


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
    lows = max(bounds.low for bounds in distinct)
    highs = [bounds.high for bounds in distinct if bounds.high is not None]
    high = sum(highs) if len(highs) == len(distinct) else None
    return Bounds(lows, high, Operator.RANGE, any(b.low_open for b in distinct if b.low == lows))


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


__all__ = ["RUN_OF_MONTHS", "Dates", "Facts", "Stretch", "facts_from", "merge"]
