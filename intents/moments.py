"""Find dates as people write them: "1 mars", "1/3 2027", "Q2", "slutet av mars", "vecka 12"."""

from collections.abc import Sequence

from intents.lexemes import Lexeme, kind_at, name_at
from intents.quantity_words import ENGLISH_MONTHS, MONTHS, ORDINALS
from intents.written_dates import Written

_PART_WORDS = {
    "borjan": "beginning", "inledningen": "beginning", "beginning": "beginning",
    "early": "beginning", "mitten": "middle", "halva": "middle", "mid": "middle",
    "middle": "middle", "slutet": "end", "late": "end",
}  # fmt: skip


#: Feasts and seasons move or have no agreed limits: never a date, always a question back.
UNCLEAR_TIMES = frozenset((
    "midsommar", "pask", "pasken", "jul", "julen", "sommar", "sommaren", "somras", "host",
    "hosten", "hostas", "vinter", "vintern", "varen", "varas", "pingst", "sportlovet",
    "hostlovet", "jullovet", "semestern", "sommarlovet", "manadsskiftet", "easter", "christmas",
    "midsummer", "summer", "autumn", "winter", "spring", "sensommaren", "varvintern",
    "terminen", "varterminen", "hostterminen", "varterminens",
    "lasaret", "sasongen",
    "vintersasongen", "sommarsasongen", "helgerna", "industrisemestern", "skolstarten", "skolstart",
    "terminsstart", "terminsstarten", "vt", "ht",
))  # fmt: skip


_YEAR_END = frozenset(("arsskiftet", "nyar", "nyarsafton"))


_LAST = frozenset(("sista", "siste", "last"))


_OF = frozenset(("i", "av", "of", "dagen", "day", "the", "den", "in"))


def moment_at(lexemes: Sequence[Lexeme], index: int) -> Written | None:
    """Return the date that begins at ``index``, or None."""
    if not 0 <= index < len(lexemes):
        return None
    for read in _READERS:
        found = read(lexemes, index)
        if found is not None:
            return found
    return None


def _year_at(lexemes: Sequence[Lexeme], index: int) -> tuple[int | None, int]:
    """Return (year, index after it) of "2027", ", 2027", "-27" or "år 2027" at ``index``."""
    at = index
    at += name_at(lexemes, at) in {",", "ar", "is", "YEAR", "of", "i", "av"}
    if kind_at(lexemes, at) == "number" and lexemes[at].digits:
        value = lexemes[at].value
        if 1990 <= value <= 2100 and value == int(value) and lexemes[at].name.isdigit():
            return int(value), at + 1
    short = name_at(lexemes, index) in {"-", "'"} and name_at(lexemes, index + 1)
    glued = short and lexemes[index].end == lexemes[index + 1].start
    ends = kind_at(lexemes, index + 2) != "month" and name_at(lexemes, index + 2) != "/"
    if short and glued and ends and short.isdigit() and len(short) == 2 and int(short) >= 15:
        return 2000 + int(short), index + 2
    return None, index


def _written_date(lexemes: Sequence[Lexeme], index: int) -> Written | None:
    lexeme = lexemes[index]
    if lexeme.kind != "date" or lexeme.date is None:
        return None
    year, month, day = lexeme.date
    if day is None:
        return Written("month", index, index + 1, year, month)
    return Written("day", index, index + 1, year, month, day)


def _day_and_month(lexemes: Sequence[Lexeme], index: int) -> Written | None:
    """Read "den 1:a mars 2027", "första mars", "1st of March"."""
    at = index + (name_at(lexemes, index) in {"den", "the"})
    day = _day_number(lexemes, at)
    if day is None:
        return None
    at += 1
    at += name_at(lexemes, at) in {".", "of", "e"}
    if kind_at(lexemes, at) != "month":
        return None
    month = MONTHS[name_at(lexemes, at)]
    at += 1
    if name_at(lexemes, at) == "." and _year_at(lexemes, at + 1)[0] is not None:
        at += 1
    year, stop = _year_at(lexemes, at)
    return Written("day", index, stop, year, month, day)


def _day_number(lexemes: Sequence[Lexeme], at: int) -> int | None:
    kind = kind_at(lexemes, at)
    if kind == "word" and name_at(lexemes, at) in ORDINALS:
        return ORDINALS[name_at(lexemes, at)]
    if kind not in {"number", "ordinal"}:
        return None
    value = lexemes[at].value
    whole = value == int(value) and 1 <= value <= 99
    return int(value) if whole and not lexemes[at].article else None


def _last_of_month(lexemes: Sequence[Lexeme], index: int) -> Written | None:
    """Read "sista april", "sista dagen i juni", "last day of March"."""
    at = index + (name_at(lexemes, index) in {"den", "the"})
    if name_at(lexemes, at) not in _LAST:
        return None
    at += 1
    while name_at(lexemes, at) in _OF:
        at += 1
    if kind_at(lexemes, at) != "month":
        return None
    year, stop = _year_at(lexemes, at + 1)
    return Written("day", index, stop, year, MONTHS[name_at(lexemes, at)], 0)


def _part_of_month(lexemes: Sequence[Lexeme], index: int) -> Written | None:
    """Read "i slutet av mars", "mitten på juni", "beginning of May", "halva april"."""
    name = name_at(lexemes, index)
    part = _PART_WORDS.get(name) or ("end" if name == "end" else "")
    if not part:
        return None
    at = index + 1
    while name_at(lexemes, at) in _OF | {"pa", "-"}:
        at += 1
    if kind_at(lexemes, at) != "month":
        if name_at(lexemes, at) in {"aret", "nasta", "year"} or _year_at(lexemes, at)[0]:
            return Written("unclear", index, at + 1)
        return None
    year, stop = _year_at(lexemes, at + 1)
    return Written("part", index, stop, year, MONTHS[name_at(lexemes, at)], 0, part)


def _month(lexemes: Sequence[Lexeme], index: int) -> Written | None:
    """Read "mars 2027", "March 1, 2027", "mars"."""
    if kind_at(lexemes, index) != "month":
        return None
    name = name_at(lexemes, index)
    at = index + 1
    at += name_at(lexemes, at) == "." and kind_at(lexemes, at + 1) == "number"
    year, stop = _year_at(lexemes, at)
    if year is not None:
        return Written("month", index, stop, year, MONTHS[name])
    day = _day_number(lexemes, at)
    ordinal = kind_at(lexemes, at) == "ordinal"
    english = name in ENGLISH_MONTHS or _is_english(lexemes, index)
    if day is not None and (ordinal or english) and _closes_date(lexemes, at + 1):
        year, stop = _year_at(lexemes, at + 1)
        return Written("day", index, stop, year, MONTHS[name], day)
    return Written("month", index, index + 1, None, MONTHS[name])


def _is_english(lexemes: Sequence[Lexeme], index: int) -> bool:
    """Tell "Mar 1 to Jun 30" from "mars 27": an English joint on either side."""
    return bool({name_at(lexemes, index - 1), name_at(lexemes, index + 2)} & {"to", "thru"})


def _closes_date(lexemes: Sequence[Lexeme], index: int) -> bool:
    return kind_at(lexemes, index) not in {"unit", "worker", "share", "month", "money", "piece"}


_DIVISIONS = {
    "kvartalet": "quarter", "kvartal": "quarter", "QUARTER": "quarter", "quarter": "quarter",
    "halvaret": "half", "halvan": "half", "half": "half", "halvar": "half", "HALFYEAR": "half",
    "TERTIAL": "tertial",
    "tertialet": "tertial",
}  # fmt: skip


_DIVISION_COUNTS = {"quarter": 4, "half": 2, "tertial": 3}


def _numbers_division(lexemes: Sequence[Lexeme], index: int) -> bool:
    """Tell "kvartal 3" from "ett kvartal 3 personer"."""
    if kind_at(lexemes, index + 1) != "number" or kind_at(lexemes, index - 1) == "number":
        return False
    return _closes_date(lexemes, index + 2)


def _division(lexemes: Sequence[Lexeme], index: int) -> Written | None:
    """Read "Q2 2027", "kvartal 2", "andra kvartalet 2027", "H1", "första halvåret"."""
    name, following = name_at(lexemes, index), name_at(lexemes, index + 1)
    number, at = 0, index + 2
    if kind_at(lexemes, index) == "label":
        kind, number, at = ("half" if name[0] == "h" else "quarter"), int(name[-1]), index + 1
    elif name in _DIVISIONS and _numbers_division(lexemes, index):
        kind, number = _DIVISIONS[name], int(lexemes[index + 1].value)
    elif following not in _DIVISIONS:
        return None
    elif kind_at(lexemes, index) == "ordinal":
        kind, number = _DIVISIONS[following], int(lexemes[index].value)
    else:
        kind = _DIVISIONS[following]
        number = _DIVISION_COUNTS[kind] if name in _LAST else ORDINALS.get(name, 0)
    if not 1 <= number <= _DIVISION_COUNTS[kind]:
        return None
    year, stop = _year_at(lexemes, at)
    return Written(kind, index, stop, year, number)


def _calendar_week(lexemes: Sequence[Lexeme], index: int) -> Written | None:
    """Read "vecka 12", "v. 12", "v12 2027"."""
    if kind_at(lexemes, index) != "week" or not 1 <= lexemes[index].value <= 53:
        return None
    year, stop = _year_at(lexemes, index + 1)
    if year is not None and name_at(lexemes, index + 1) == "-":
        # "vecka 10-30" is a range of weeks.
        year, stop = None, index + 1
    return Written("week", index, stop, year, int(lexemes[index].value))


def _whole_year(lexemes: Sequence[Lexeme], index: int) -> Written | None:
    """Read "hela 2027", "under 2027", "2027-2029" (each end)."""
    if kind_at(lexemes, index) != "number":
        return None
    year, stop = _year_at(lexemes, index)
    if year is None or stop != index + 1:
        return None
    return Written("year", index, stop, year)


def _unclear(lexemes: Sequence[Lexeme], index: int) -> Written | None:
    name = name_at(lexemes, index)
    if name in _YEAR_END:
        year, stop = _year_at(lexemes, index + 1)
        return Written("year_end", index, stop, year)
    spring = name == "var" and name_at(lexemes, index - 1) == "i"
    if name in UNCLEAR_TIMES or (spring and kind_at(lexemes, index + 1) in {"", "sign"}):
        _, stop = _year_at(lexemes, index + 1)
        return Written("unclear", index, stop)
    return None


_OPENING_KINDS = frozenset(("number", "ordinal", "month", "date", "week", "label"))
_OPENING_WORDS = frozenset((
    "den", "the", "var", "end", "mellan", "between", *ORDINALS, *_LAST, *_PART_WORDS, *_DIVISIONS,
    *_YEAR_END, *UNCLEAR_TIMES,
))  # fmt: skip


def opens_date(lexeme: Lexeme) -> bool:
    """May a date begin here? Most words are passed by without trying every reader."""
    return lexeme.kind in _OPENING_KINDS or lexeme.name in _OPENING_WORDS


_READERS = (
    _written_date,
    _day_and_month,
    _last_of_month,
    _part_of_month,
    _month,
    _division,
    _calendar_week,
    _unclear,
)


def year_at(lexemes: Sequence[Lexeme], index: int) -> Written | None:
    """Return the bare year at ``index``; only a period may be made of bare years."""
    return _whole_year(lexemes, index)
