"""Tell several assignments in one message apart: "A: 3 mån 2 pers, B: 6 mån 5 pers".

A case keeps its place: the rest of the message is blanked out, so spans stay valid.
"""

import re
from collections.abc import Sequence

from intents.lexemes import Lexeme
from intents.lexing import lex
from intents.reading import Reading, Role

_LETTERS = frozenset("abcdefgh")
_THINGS = ("uppdrag", "upphandling", "del", "avtal", "lott", "alternativ", "case", "projekt",
           "jobb", "arende", "kontrakt", "assignment", "lot", "contract", "objekt", "fall",
           "anbudsomrade", "omrade")  # fmt: skip
_FIRST = frozenset(("forsta", "ena", "first", "one"))
_OTHER = frozenset(("andra", "tredje", "fjarde", "second", "third", "other"))


def split_cases(text: str, whole: Reading) -> tuple[str, ...]:
    """Return one text per case, each as long as the message; fewer than two if it is one case."""
    lexemes = lex(text)
    for find in (_labelled, _partly, _ordinal, _lines):
        starts = find(lexemes)
        if len(starts) > 1:
            parts = _blanked(text, starts)
            if sum(map(_tells, parts)) == len(parts):
                return parts
    return _blanked(text, _alternating(whole)) if len(_alternating(whole)) > 1 else ()


def _tells(part: str) -> bool:
    return any(character.isdigit() for character in part) or len(lex(part)) > 1


def _blanked(text: str, starts: Sequence[int]) -> tuple[str, ...]:
    ends = [*starts[1:], len(text)]
    pairs = zip(starts, ends, strict=True)
    return tuple(re.sub(r"\S", " ", text[:start]) + text[start:end] for start, end in pairs)


def _opens(lexemes: Sequence[Lexeme], at: int) -> bool:
    if at == 0:
        return True
    before = lexemes[at - 1]
    return before.kind == "sign" or before.name in {"och", "and", "samt"} or _is_thing(before.name)


def _is_thing(name: str) -> bool:
    return name.startswith(_THINGS)


def _labelled(lexemes: Sequence[Lexeme]) -> list[int]:
    """Find "A:", "b)", "1)", "Uppdrag 2:", "uppdrag B är"."""
    starts = []
    expected = None
    for at, lexeme in enumerate(lexemes):
        name = _letter(lexeme)
        if name not in _LETTERS and not (name.isdigit() and len(name) == 1):
            continue
        closed = at + 1 < len(lexemes) and lexemes[at + 1].name in {":", ")", "="}
        thing = at > 0 and _is_thing(lexemes[at - 1].name)
        if not (_opens(lexemes, at) and (closed or thing)):
            continue
        if expected is not None and name != expected:
            continue
        expected = chr(ord(name) + 1)
        starts.append(lexemes[at + closed].end if closed else lexeme.end)
    return starts


def _letter(lexeme: Lexeme) -> str:
    """Return the name of a lexeme; "D:" and "H:" are labels, not days and hours."""
    single = lexeme.end - lexeme.start == 1
    return {"DAY": "d", "HOUR": "h"}.get(lexeme.name, lexeme.name) if single else lexeme.name


def _partly(lexemes: Sequence[Lexeme]) -> list[int]:
    """Find "dels ... dels ..."."""
    ends = [lexeme.end for lexeme in lexemes if lexeme.name == "dels"]
    times = [lexeme.start for lexeme in lexemes if lexeme.kind in {"unit", "month", "date"}]
    stops = [*ends[1:], float("inf")]
    timed = all(
        any(start < time < stop for time in times) for start, stop in zip(ends, stops, strict=False)
    )
    return ends if timed else []


def _ordinal(lexemes: Sequence[Lexeme]) -> list[int]:
    """Find "den ena ... den andra ...", "det första ... det andra ..."."""
    places = [
        at
        for at, lexeme in enumerate(lexemes)
        if lexeme.name in _FIRST | _OTHER and not _is_date_word(lexemes, at)
    ]
    if len(places) < 2 or lexemes[places[0]].name not in _FIRST:
        return []
    if any(lexemes[at].name not in _OTHER for at in places[1:]):
        return []
    return [lexemes[at].end for at in places]


def _is_date_word(lexemes: Sequence[Lexeme], at: int) -> bool:
    following = lexemes[at + 1] if at + 1 < len(lexemes) else None
    return following is not None and (
        following.kind in {"month", "unit", "definite"}
        or following.name in {"kvartalet", "halvaret", "tertialet", "dagen"}
    )


def _lines(lexemes: Sequence[Lexeme]) -> list[int]:
    """Find lines that each hold a number of people and a length of time."""
    breaks = [lexeme.end for lexeme in lexemes if lexeme.name in {"¶", ";"}]
    starts = [0, *breaks]
    ends = [*breaks, float("inf")]
    telling = []
    for start, end in zip(starts, ends, strict=True):
        kinds = {lexeme.kind for lexeme in lexemes if start <= lexeme.start < end}
        if {"unit", "worker"} <= kinds or {"month", "worker"} <= kinds:
            telling.append(start)
    return telling if len(telling) > 1 else []


def _alternating(whole: Reading) -> list[int]:
    """Find "3 månader 2 personer och 6 månader 5 personer" by the order of what is said."""
    if whole.flags & {"phases"}:
        return []
    items = [(d.words.start, "time") for d in whole.durations if d.role is Role.BASE]
    items += [(p.words.start, "time") for p in whole.periods]
    items += [(c.words.start, "count") for c in whole.counts if c.role is Role.BASE]
    items.sort()
    kinds = [kind for _, kind in items]
    pairs = len(kinds) // 2
    if pairs < 2 or len(kinds) % 2 or kinds[0] == kinds[1] or kinds != kinds[:2] * pairs:
        return []
    return [items[at][0] for at in range(0, len(items), 2)]
