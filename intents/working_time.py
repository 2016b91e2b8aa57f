"""Work said in full-time equivalents: "0,8 tjänst", "två på halvtid", "50 % var".

A share of full time is no number of people, and people may work part time.
"""

from collections.abc import Sequence
from dataclasses import replace

from intents.amounts import Amount, amount_at, skip_fillers, vague_amount_at
from intents.counted_nouns import NEEDING, FoundCount, FoundShare
from intents.lexemes import Lexeme, kind_at, name_at, words_at
from intents.reading import Bounds, Count, Operator, Role, Share

_WHOLE, _HALF = 1.0, 0.5


_PERCENT = frozenset(("%", "procent", "procentig", "procents", "percent"))
_PERCENT_SIGNS = frozenset(("%", "procent", "percent"))
_PERCENT_LINKS = frozenset(("-", "s", "av", "of", "en", "a"))


def working_time_at(lexemes: Sequence[Lexeme], index: int) -> tuple[float, int] | None:
    """Return (share of full time, index after it) of "på halvtid", "på 50 % var", "på deltid"."""
    at = index
    at += name_at(lexemes, at) == "som"
    works = name_at(lexemes, at) in {"jobbar", "arbetar", "is"}
    at += works
    linked = name_at(lexemes, at) in {"pa", "i", "a", "om", "on", "working", "(", "at", ","}
    said = name_at(lexemes, at + 1) in _PERCENT_SIGNS or (works and kind_at(lexemes, at) == "share")
    if not (linked or said):
        return None
    at += linked
    at += kind_at(lexemes, at) == "operator"
    number = lexemes[at] if kind_at(lexemes, at) == "number" else None
    if number is not None and name_at(lexemes, at + 1) in _PERCENT_SIGNS:
        stop = at + 2
        stop += name_at(lexemes, stop) in {"var", "vardera", "each", "tjanst"}
        return number.value / 100, stop
    share = {"FULL": _WHOLE, "HALF": _HALF, "PART": 0.0}.get(name_at(lexemes, at))
    if share is None or kind_at(lexemes, at) != "share":
        return None
    stop = at + 1 + (name_at(lexemes, at + 1) in {"var", "vardera", "each"})
    return share, stop


def with_working_time(lexemes: Sequence[Lexeme], text: str, found: FoundCount) -> FoundCount:
    time = working_time_at(lexemes, found.stop)
    if time is None:
        return found
    share, stop = time
    said = words_at(lexemes, text, found.start, stop)
    total = share * found.count.bounds.low if share else None
    part_time = share < _WHOLE
    count = replace(found.count, words=said, share=total, part_time=part_time)
    return FoundCount(count, found.start, stop)


def share_at(lexemes: Sequence[Lexeme], index: int, text: str) -> FoundCount | FoundShare | None:
    """Read "två heltider", "0,8 tjänst", "80 % tjänst", "en halv tjänst", "två halvtider"."""
    amount = amount_at(lexemes, index) or vague_amount_at(lexemes, index)
    if amount is None:
        return _bare_share(lexemes, index, text)
    at = skip_fillers(lexemes, amount.stop)
    at += name_at(lexemes, at) == "-"
    percent = name_at(lexemes, at) in _PERCENT
    post = name_at(lexemes, at).startswith("procent") and kind_at(lexemes, at) == "post"
    bounds = amount.bounds
    if percent or post:
        bounds = _part_of(bounds, 1 / 100)
        at += percent
        while name_at(lexemes, at) in _PERCENT_LINKS:
            at += 1
        at = skip_fillers(lexemes, at)
        at += name_at(lexemes, at).endswith("ig") and kind_at(lexemes, at) == "word"
    kind, name = kind_at(lexemes, at), name_at(lexemes, at)
    kind = "post" if percent and name.startswith("bemann") else kind
    noun = kind_at(lexemes, at + 1) if kind == "share" else ""
    if kind == "share" and name in {"HALF", "PART"} and not percent:
        return _part_timers(lexemes, text, amount, at + (noun in {"worker", "post"}), name)
    if noun == "worker":
        return None
    at += noun == "post"
    if kind not in {"share", "post"}:
        return None
    whole = kind == "post" and not (percent or post) and bounds.low == int(bounds.low)
    sure = not whole or _needs(lexemes, index)
    stop = at + 1
    hours = working_time_at(lexemes, stop)
    if hours is not None and kind == "post" and hours[0]:
        bounds, stop = _part_of(bounds, hours[0]), hours[1]
    return FoundShare(Share(bounds, words_at(lexemes, text, index, stop), sure), index, stop)


def _part_of(bounds: Bounds, part: float) -> Bounds:
    high = None if bounds.high is None else bounds.high * part
    return Bounds(bounds.low * part, high, bounds.operator, bounds.low_open, bounds.high_open)


def _bare_share(lexemes: Sequence[Lexeme], index: int, text: str) -> FoundShare | None:
    """Read "halvtid" that stands alone between signs."""
    share = {"FULL": _WHOLE, "HALF": _HALF}.get(name_at(lexemes, index))
    apart = kind_at(lexemes, index - 1) in {"", "sign"} and kind_at(lexemes, index + 1) in {
        "",
        "sign",
    }
    if share is None or not apart:
        return None
    said = words_at(lexemes, text, index, index + 1)
    return FoundShare(Share(Bounds(share, share), said), index, index + 1)


def _needs(lexemes: Sequence[Lexeme], index: int) -> bool:
    """ "Kräver tre tjänster" is staff; "upphandlar tre tjänster" is what is bought."""
    before = [name_at(lexemes, index - back) for back in range(1, 5)]
    return any(name.startswith((*NEEDING, "motsvar", "omfatt", "heltid")) for name in before)


def _part_timers(
    lexemes: Sequence[Lexeme], text: str, amount: Amount, at: int, name: str
) -> FoundCount | FoundShare:
    """Two half-time posts are two people; one says nothing about how many share it."""
    said = words_at(lexemes, text, amount.start, at + 1)
    if amount.bounds.low < 2:
        share = Bounds(_HALF, _HALF) if name == "HALF" else Bounds(0, _WHOLE, Operator.LESS_THAN)
        return FoundShare(Share(share, said), amount.start, at + 1)
    total = amount.bounds.low * _HALF if name == "HALF" else None
    count = Count(amount.bounds, Role.BASE, said, part_time=True, share=total)
    return FoundCount(count, amount.start, at + 1)
