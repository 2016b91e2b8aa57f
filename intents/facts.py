"""What is known about one assignment, as the gross-list rule sees it."""

from dataclasses import dataclass, replace
from datetime import date

from intents.reading import Bounds, Length


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
    #: The same start in other years, when no year was given.
    other_starts: tuple[tuple[date, date], ...] = ()
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
    #: What the person says they do not know: duration, workers.
    unknown: frozenset[str] = frozenset()
    #: What could not be read: unclear_time, invalid_date, reversed_period.
    problems: tuple[str, ...] = ()
    #: year_assumed, whole_months, about.
    assumptions: tuple[str, ...] = ()
    #: The person's own words for the time and for the people.
    time_words: str = ""
    call_off_words: str = ""
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
        call_off_words=later.call_off_words or earlier.call_off_words,
        interruption=earlier.interruption or later.interruption,
        extra_places=later.extra_places or earlier.extra_places,
        start=later.start or earlier.start,
        other_starts=later.other_starts if later.start else earlier.other_starts,
        unknown=earlier.unknown | later.unknown,
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
