"""Days said from where one stands: "i går", "för två veckor sedan", "om tre dagar"."""

from collections.abc import Sequence
from datetime import date, timedelta

from intents.calendar_rules import add_months
from intents.durations import find_durations
from intents.lexemes import Lexeme, YearMonthDay, name_at
from intents.reading import Moment, Words

_DAYS = {
    ("idag",): 0, ("i", "dag"): 0, ("i", "DAY"): 0, ("today",): 0, ("nu",): 0, ("igar",): -1,
    ("i", "gar"): -1, ("yesterday",): -1, ("forrgar",): -2, ("i", "forrgar"): -2, ("iforrgar",): -2,
    ("imorgon",): 1, ("i", "morgon"): 1, ("tomorrow",): 1, ("i", "overmorgon"): 2,
    ("overmorgon",): 2, ("i", "morse"): 0, ("i", "eftermiddags"): 0, ("i", "formiddags"): 0,
}  # fmt: skip
_YEARS = {("nasta", "YEAR"): 1, ("i", "YEAR"): 0, ("next", "YEAR"): 1, ("this", "YEAR"): 0,
          ("forra", "YEAR"): -1, ("last", "YEAR"): -1, ("i", "fjol"): -1}  # fmt: skip
_WEEKDAYS = ("mandag", "tisdag", "onsdag", "torsdag", "fredag", "lordag", "sondag")
_ENGLISH_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def with_years(lexemes: Sequence[Lexeme], today: date) -> tuple[Lexeme, ...]:
    """Write "nästa år" and "i år" as the year they mean, so that they date what they follow."""
    dated: list[Lexeme] = []
    index = 0
    while index < len(lexemes):
        now = _from_now(lexemes, index, today)
        if now is not None:
            dated.append(now)
            index += 1 + (now.end > lexemes[index].end)
            continue
        offset = _YEARS.get((name_at(lexemes, index), name_at(lexemes, index + 1)))
        if offset is None:
            dated.append(lexemes[index])
            index += 1
            continue
        year = today.year + offset
        first, last = lexemes[index], lexemes[index + 1]
        dated.append(Lexeme("number", str(year), first.start, last.end, float(year), digits=True))
        index += 2
    return tuple(dated)


def _from_now(lexemes: Sequence[Lexeme], index: int, today: date) -> Lexeme | None:
    """Return the day of "från nu", "from today" and "från och med i dag" as a date."""
    before = {name_at(lexemes, index - 1), name_at(lexemes, index - 2)}
    if not before & {"fran", "since"} or lexemes[index].name in {"fran", "since", "med"}:
        return None
    for length in (2, 1):
        names = tuple(lexeme.name for lexeme in lexemes[index : index + length])
        if _DAYS.get(names, 1) == 0 or names == ("now",):
            end = lexemes[index + length - 1].end
            written = YearMonthDay(today.year, today.month, today.day)
            return Lexeme("date", "today", lexemes[index].start, end, date=written)
    return None


def relative_day(lexemes: Sequence[Lexeme], text: str, today: date) -> Moment | None:
    """Return the day a relative expression means, or None if there is none."""
    for at in range(len(lexemes)):
        for length in (2, 1):
            names = tuple(lexeme.name for lexeme in lexemes[at : at + length])
            if names in _DAYS and _fits(today, _DAYS[names]):
                day = today + timedelta(days=_DAYS[names])
                return _moment(lexemes[at : at + length], text, day)
    return _weekday(lexemes, text, today) or _ago_or_ahead(lexemes, text, today)


def _fits(today: date, days: float) -> bool:
    return date.min.toordinal() <= today.toordinal() + int(days) <= date.max.toordinal()


def _moment(lexemes: Sequence[Lexeme], text: str, day: date) -> Moment:
    start, end = lexemes[0].start, lexemes[-1].end
    return Moment((day, day), (day, day), "day", Words(start, end, text[start:end]))


def _weekday(lexemes: Sequence[Lexeme], text: str, today: date) -> Moment | None:
    """Read "i måndags" and "förra fredagen" (back), "på måndag" (ahead)."""
    for at, lexeme in enumerate(lexemes):
        before = lexemes[at - 1].name if at else ""
        for number, name in enumerate(_WEEKDAYS):
            past = lexeme.name == f"{name}s" or (before in {"forra", "senaste"}
                                                 and lexeme.name.startswith(name))  # fmt: skip
            last = before == "last" and lexeme.name == _ENGLISH_WEEKDAYS[number]
            ahead = lexeme.name == name and before == "pa"
            if not (past or last or ahead):
                continue
            days = (number - today.weekday()) % 7 or 7
            days = days if ahead else ((number - today.weekday()) % 7 or 7) - 7 or -7
            if _fits(today, days):
                return _moment(lexemes[max(at - 1, 0) : at + 1], text, today + timedelta(days=days))
    return None


def _ago_or_ahead(lexemes: Sequence[Lexeme], text: str, today: date) -> Moment | None:
    """Read "för två veckor sedan" and "om tre dagar"."""
    for found in find_durations(lexemes, text, frozenset()):
        length = found.duration.low
        if found.duration.high != length or length.months % 1 or length.days % 1:
            continue
        after = lexemes[found.stop].name if found.stop < len(lexemes) else ""
        before = lexemes[found.start - 1].name if found.start else ""
        sign = -1 if after in {"sedan", "ago"} else 1 if before in {"om", "in"} else 0
        if not sign or abs(length.months) > 12_000 or not _fits(today, sign * length.days):
            continue
        try:
            day = add_months(today + timedelta(days=sign * int(length.days)),
                             sign * int(length.months))  # fmt: skip
        except OverflowError:
            continue
        return _moment(lexemes[found.start : found.stop], text, day)
    return None
