"""Take back what a person corrects on the way: "sex mån, nej vänta, tre", "inte en utan tre".

The corrected item gives way to the new one in its place, so that the rest of the reading never sees
it. A bare number after "nej" counts what the number it replaces counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from intents.amounts import amount_at, skip_fillers
from intents.lexemes import Lexeme, kind_at, name_at
from intents.moments import moment_at

_MARKERS = frozenset(("nej", "forlat", "ursakta", "rattelse", "korrigering", "menar", "menade",
                      "sagt", "snarare", "vanta", "no", "wait", "sorry", "mean", "meant",
                      "correction", "actually"))  # fmt: skip
#: Words and signs that may stand between a marker and what replaces the slip.
_BETWEEN = frozenset((",", ".", ":", "-", "!", "…", "vanta", "det", "is", "blir", "ska", "vara",
                      "var", "wait", "it", "forlat", "sorry", "jag", "menar", "menade", "i", "mean",
                      "vi", "are", "we", "fel", "wrong", "to", "till", "under"))  # fmt: skip
_MOST_BETWEEN = 6
#: A slip is corrected soon after it was made.
_MOST_BACK = 40
#: More "nej" than this is no correction; a bound on the work.
_MOST_SLIPS = 10
_NOT, _BUT = frozenset(("inte", "ej", "not", "icke")), frozenset(("utan", "but"))
_PEOPLE = frozenset(("worker", "share", "post", "piece", "trainee"))


@dataclass(frozen=True, slots=True)
class _Item:
    """Something that can be corrected: a number with its noun, or a date."""

    #: time, people, date, or empty for a bare number.
    sort: str
    start: int
    stop: int
    noun: Lexeme | None = None


def without_slips(lexemes: Sequence[Lexeme]) -> tuple[Lexeme, ...]:
    """Return the lexemes with every corrected item replaced by its correction."""
    settled = tuple(lexemes)
    marked = [at for at, lexeme in enumerate(lexemes) if lexeme.name in _MARKERS | _BUT]
    for at in reversed(marked[:_MOST_SLIPS]):
        # What stood behind a later marker may have moved before this one.
        settled = _settled(settled, at) if at < len(settled) else settled
    return settled


def _settled(lexemes: tuple[Lexeme, ...], at: int) -> tuple[Lexeme, ...]:
    """Replace what the marker at ``at`` takes back, if there is one."""
    contrast = lexemes[at].name in _BUT
    new = _item_after(lexemes, at + 1) if contrast or lexemes[at].name in _MARKERS else None
    if new is None:
        return lexemes
    new = _alone(lexemes, new, at)
    old = _last_item(lexemes, at, new.sort)
    if old is None or (contrast and not _denied(lexemes, old)):
        return lexemes
    start = old.start - contrast * (name_at(lexemes, old.start - 1) in _NOT)
    return (*lexemes[:start], *_completed(lexemes, new, old), *lexemes[old.stop : at],
            *lexemes[new.stop :])  # fmt: skip


def _alone(lexemes: Sequence[Lexeme], new: _Item, marker: int) -> _Item:
    """Read only the "tre" of "sex månader, nej tre, fyra personer": the slip was about time."""
    slip = _last_item(lexemes, marker, "")
    listed = name_at(lexemes, new.start + 1) == ","
    other = slip is not None and new.sort and slip.sort != new.sort
    return _Item("", new.start, new.start + 1) if listed and other else new


def _item_after(lexemes: Sequence[Lexeme], at: int) -> _Item | None:
    for index in range(at, min(at + _MOST_BETWEEN, len(lexemes))):
        item = _item_at(lexemes, index)
        if item is not None:
            return item
        if lexemes[index].name not in _BETWEEN:
            return None
    return None


def _item_at(lexemes: Sequence[Lexeme], index: int) -> _Item | None:
    written = moment_at(lexemes, index)
    if written is not None:
        return _Item("date", index, written.stop)
    amount = amount_at(lexemes, index)
    if amount is None:
        return None
    noun = skip_fillers(lexemes, amount.stop)
    kind = kind_at(lexemes, noun)
    sort = "time" if kind == "unit" else "people" if kind in _PEOPLE else ""
    if sort:
        return _Item(sort, index, noun + 1, lexemes[noun])
    return _Item("", index, amount.stop)


def _last_item(lexemes: Sequence[Lexeme], before: int, sort: str) -> _Item | None:
    """Return the last item of a sort before a marker; of any sort with a noun for a bare number."""
    last, index = None, max(0, before - _MOST_BACK)
    while index < before:
        item = _item_at(lexemes, index)
        fits = item is not None and item.stop <= before and item.sort
        if item is not None and fits and (item.sort == sort or (not sort and item.noun)):
            last = item
        index = max(item.stop, index + 1) if item is not None else index + 1
    return last


def _denied(lexemes: Sequence[Lexeme], item: _Item) -> bool:
    before = {name_at(lexemes, item.start - back) for back in (1, 2)}
    return bool(before & _NOT)


def _completed(lexemes: Sequence[Lexeme], new: _Item, old: _Item) -> tuple[Lexeme, ...]:
    """Return the new item, with the old one's noun where it has none."""
    said = tuple(lexemes[new.start : new.stop])
    if new.sort or old.noun is None:
        return said
    return (*said, replace(old.noun, start=said[-1].end, end=said[-1].end))
