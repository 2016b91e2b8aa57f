"""Tell the day "15.9" from the number 15.9, by the words and dates beside it."""

import re
from collections.abc import Sequence

from intents.calendar_rules import last_day
from intents.lexemes import Lexeme, YearMonthDay, kind_at, name_at

_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})")
#: "Start 15.9", "avtalsslut: 14.1"; a number of years or of posts says so itself.
_DATING = ("start", "slut", "avtalsst", "avtalssl", "kontraktsst", "kontraktssl", "borja", "upphor",
           "den", "begin", "end", "since", "through")  # fmt: skip
_COUNTED = frozenset(("unit", "share", "post", "money", "worker", "trainee", "filler", "piece"))
_JOINTS = frozenset(("-", "--", "till", "through", "to"))
#: Any leap year: whether 29.2 exists is decided with the year.
_LEAP_YEAR = 2028


def with_dotted_days(lexemes: Sequence[Lexeme]) -> tuple[Lexeme, ...]:
    """Return the lexemes with dotted days as dates."""
    days = {at: day for at in range(len(lexemes)) if (day := _day_at(lexemes, at)) is not None}
    if not days:
        return tuple(lexemes)
    return tuple(
        days[at] if at in days and _is_date(lexemes, at, days) else lexeme
        for at, lexeme in enumerate(lexemes)
    )


def _day_at(lexemes: Sequence[Lexeme], at: int) -> Lexeme | None:
    found = _DOTTED.fullmatch(lexemes[at].name) if lexemes[at].kind == "number" else None
    if found is None or kind_at(lexemes, at + 1) in _COUNTED or name_at(lexemes, at + 1) == "%":
        return None
    day, month = int(found[1]), int(found[2])
    if not (1 <= month <= 12 and 1 <= day <= last_day(_LEAP_YEAR, month)):
        return None
    lexeme = lexemes[at]
    date = YearMonthDay(None, month, day)
    return Lexeme("date", lexeme.name, lexeme.start, lexeme.end, date=date)


def _is_date(lexemes: Sequence[Lexeme], at: int, days: dict[int, Lexeme]) -> bool:
    before = at - 1
    while name_at(lexemes, before) in {":", ",", ".", "is"}:
        before -= 1
    told = name_at(lexemes, before).startswith(_DATING)
    opens = at + 2 in days and name_at(lexemes, at + 1) in _JOINTS
    closes = name_at(lexemes, at - 1) in _JOINTS and (
        at - 2 in days or kind_at(lexemes, at - 2) == "date"
    )
    return told or opens or closes
