"""What was read from a message: plain values, each with the words it came from."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Operator(StrEnum):
    """How a number was qualified."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"
    ABOUT = "about"
    RANGE = "range"


class Role(StrEnum):
    """What a length of time or a number of people was said about."""

    #: The time the work is performed; the people the work needs.
    BASE = "base"
    #: An option or extension on top of the base.
    OPTION = "option"
    #: The base and its options together.
    TOTAL = "total"
    #: The time the tendering takes.
    TENDER = "tender"
    #: A summer stop or another break.
    INTERRUPTION = "interruption"
    #: The term of a framework agreement, and a call-off under one.
    FRAMEWORK = "framework"
    CALL_OFF = "call_off"
    #: A trainee's or an apprentice's place, or the time of one: made by the clause.
    PLACEMENT = "placement"
    #: Warranty, notice, age, rhythm: nothing the gross list asks about.
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Bounds:
    """A number between two limits."""

    #: Smallest value; 0 when no lower limit was given.
    low: float
    #: Largest value, or None when there is no upper limit.
    high: float | None
    operator: Operator = Operator.EXACT
    #: The limit itself is not included ("mer än", "mindre än").
    low_open: bool = False
    high_open: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A place in the message."""

    #: Half-open span.
    start: int
    end: int
    #: The words themselves, as they were written.
    text: str


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time; months are calendar months, weeks are seven days."""

    months: float = 0
    days: float = 0

    def plus(self, other: "Length") -> "Length":
        """Return the sum of two lengths."""
        return Length(self.months + other.months, self.days + other.days)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time as somebody said it."""

    low: Length
    #: None when there is no upper limit.
    high: Length | None
    operator: Operator
    role: Role
    words: Words
    low_open: bool = False
    high_open: bool = False
    #: False when the words have more than one reading ("en termin").
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, or a stretch of days when less than a day was said ("mars", "slutet av juni")."""

    #: As the start of a period: earliest and latest first day. None when it is unclear.
    first: tuple[date, date] | None
    #: As the end of a period: earliest and latest last day (included).
    last: tuple[date, date] | None
    #: day, month, part, week, quarter, half, year or unclear.
    precision: str
    words: Words
    #: The year was not written but taken as the next one to come.
    year_assumed: bool = False
    sure: bool = True
    #: What happens then: the start of the work, or a step of the tendering or a break.
    role: Role = Role.BASE


@dataclass(frozen=True, slots=True)
class Period:
    """From one moment to another, both included."""

    start: Moment
    end: Moment
    words: Words
    #: The year was taken as the next one to come.
    year_assumed: bool = False
    #: Months were named without days and read as whole months.
    whole_months: bool = False
    sure: bool = True
    #: The same period in the years that follow, to see whether a leap day decides.
    alternatives: tuple[tuple[date, date], ...] = ()
    role: Role = Role.BASE


@dataclass(frozen=True, slots=True)
class Count:
    """A number of people."""

    bounds: Bounds
    role: Role
    words: Words
    #: The people work part time.
    part_time: bool = False
    #: Full-time equivalents of these people together, when it was said.
    share: float | None = None
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Share:
    """Work counted in full-time equivalents instead of people."""

    bounds: Bounds
    words: Words
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything quantitative in one message, or in one case of it."""

    text: str
    durations: tuple[Duration, ...] = ()
    periods: tuple[Period, ...] = ()
    #: Dates that belong to no period ("start 1 mars").
    dates: tuple[Moment, ...] = ()
    counts: tuple[Count, ...] = ()
    shares: tuple[Share, ...] = ()
    #: Words that qualify the whole: open_ended, option, framework, call_off, interruption,
    #: invalid_date, reversed_period, unclear_time, phases, unknown.
    flags: frozenset[str] = frozenset()
    #: The cases of a message that describes several ("A: ..., B: ..."); empty for one.
    cases: tuple["Reading", ...] = ()
