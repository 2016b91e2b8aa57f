"""Numbers of people: "två till tre", "fler än en arbetstagare", "en på heltid och en på halvtid".

Places for trainees and apprentices are kept apart: the clause makes them, the work does not need
them. Work said in full-time equivalents ("0,8 tjänst") is no number of people.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from intents import quantity_words as words
from intents.amounts import Amount, amount_at, postfix_at, requalify, skip_fillers, to_bounds
from intents.lexemes import Lexeme
from intents.reading import Bounds, Count, Operator, Role, Share, Words

#: Words that are a number of people by themselves, with the bounds they set.
_ALONE = frozenset(("ensam", "ensamt", "ensamkonsult", "enmansforetag", "alone", "solo",
                    "ensamarbete", "soloprojekt", "enmansbolag", "enmansuppdrag", "sjalv",
                    "enmansjobb", "egenforetagare", "soloforetagare"))  # fmt: skip
_SEVERAL = {
    "flera": 2, "flertal": 2, "nagra": 2, "manga": 2, "several": 2, "many": 2, "par": 2,
    "couple": 2, "fler": 2, "flertalet": 2, "handfull": 3, "handful": 3, "dussin": 12,
    "dussintals": 12, "tiotal": 10, "tiotals": 10, "femtontal": 15, "tjugotal": 20, "dozen": 12,
    "hundratals": 100, "hundratal": 100, "trettiotal": 30, "femtiotal": 50, "few": 2, "fatal": 2,
}  # fmt: skip
_ABOUT_WORDS = frozenset(("dussin", "tiotal", "femtontal", "tjugotal", "trettiotal", "femtiotal",
                          "hundratal", "dozen"))  # fmt: skip
_JOINING = frozenset(("och", "and", "samt", "plus", "+", ",", "&", "resp", "respektive", "med",
                      "jamte"))  # fmt: skip
_WE = frozenset(("vi", "de", "dom", "ni", "we", "they", "gruppen", "teamet", "laget", "det", "jag"))
_BEING = frozenset(("is", "blir", "are", "var", "bli", "ar", "arbetar", "jobbar", "will", "be",
                    "sysselsatter"))  # fmt: skip
_NEEDING = ("krav", "behov", "racker", "bemann", "sysselsatt", "need", "requir", "anlita", "hyr",
            "ryms", "arbetar", "jobbar")  # fmt: skip
_PLACES = frozenset(("i", "under", "pa", "for", "som", "till", "per", "at", "in", "during", "hos",
                     "fran", "med"))  # fmt: skip
_LABELS = ("antal", "bemanning", "personal", "number", "pers", "arbetstagar", "worker", "staff")
_PER = frozenset(("per", "/", "at_gangen", "i_taget", "vardera"))
_OF_THOSE = frozenset(("varav", "darav", "inklusive", "inkl", "including", "whereof"))
_WHOLE, _HALF = 1.0, 0.5


@dataclass(frozen=True, slots=True)
class FoundCount:
    """A count and the lexemes it was read from."""

    count: Count
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class FoundShare:
    """A share of full-time work and the lexemes it was read from."""

    share: Share
    start: int
    stop: int


def find_counts(
    lexemes: Sequence[Lexeme], text: str, taken: frozenset[int]
) -> tuple[tuple[FoundCount, ...], tuple[FoundShare, ...]]:
    """Return counts of people and shares of full-time work, sums already made."""
    counts: list[FoundCount] = []
    shares: list[FoundShare] = []
    index = 0
    while index < len(lexemes):
        found = None if index in taken else _at(lexemes, index, text, taken)
        if isinstance(found, FoundCount):
            counts.append(found)
        elif isinstance(found, FoundShare):
            shares.append(found)
        index = max(found.stop, index + 1) if found else index + 1
    return tuple(_summed(lexemes, text, counts)), tuple(_summed_shares(lexemes, text, shares))


def _at(
    lexemes: Sequence[Lexeme], index: int, text: str, taken: frozenset[int]
) -> FoundCount | FoundShare | None:
    if _is_part_of(lexemes, index):
        return None
    for read in (_labelled, _share_at, _teams, _counted, _several, _alone, _elliptic):
        found = read(lexemes, index, text)
        if found is not None and not any(at in taken for at in range(found.start, found.stop)):
            return found
    return None


def _is_part_of(lexemes: Sequence[Lexeme], index: int) -> bool:
    """ "Tre personer varav en arbetsledare" is three, not four."""
    before = {lexeme.name for lexeme in lexemes[max(0, index - 3) : index]}
    return bool(before & _OF_THOSE)


def _name(lexemes: Sequence[Lexeme], index: int) -> str:
    return lexemes[index].name if 0 <= index < len(lexemes) else ""


def _kind(lexemes: Sequence[Lexeme], index: int) -> str:
    return lexemes[index].kind if 0 <= index < len(lexemes) else ""


def _words(lexemes: Sequence[Lexeme], text: str, start: int, stop: int) -> Words:
    begin, end = lexemes[start].start, lexemes[stop - 1].end
    return Words(begin, end, text[begin:end])


def _count(
    lexemes: Sequence[Lexeme],
    text: str,
    where: tuple[int, int],
    bounds: Bounds,
    *,
    sure: bool = True,
) -> FoundCount:
    return FoundCount(
        Count(bounds, Role.BASE, _words(lexemes, text, *where), sure=sure), where[0], where[1]
    )


def _labelled(lexemes: Sequence[Lexeme], index: int, text: str) -> FoundCount | None:
    """Read "Antal personer: 3", "bemanning 4 st", "arbetstagare = 2"."""
    lexeme = lexemes[index]
    if lexeme.kind not in {"worker", "word"} or not lexeme.name.startswith(_LABELS):
        return None
    at = index + 1
    while _kind(lexemes, at) == "worker" or _name(lexemes, at) in {"of", "(", ")"}:
        at += 1
    if _name(lexemes, at) not in {":", "="}:
        return None
    amount = amount_at(lexemes, at + 1)
    if amount is None or _kind(lexemes, skip_fillers(lexemes, amount.stop)) in {"unit", "month"}:
        return None
    if _kind(lexemes, amount.stop) in {"worker", "share", "post", "trainee", "piece"}:
        return None
    return _count(lexemes, text, (index, amount.stop), amount.bounds)


def _noun_at(lexemes: Sequence[Lexeme], index: int) -> int | None:
    """Return the index of the worker noun a number at ``index - 1`` counts, or None."""
    at = skip_fillers(lexemes, index)
    for _ in range(3):
        kind = _kind(lexemes, at)
        if kind in {"worker", "trainee"}:
            return at
        adjective = kind == "word" and _name(lexemes, at).endswith(
            ("a", "t", "d", "e", "ig", "sk", "ande")
        )
        hyphen = _name(lexemes, at) == "-"
        piece = kind == "piece"
        if not (adjective or hyphen or piece) or _name(lexemes, at) in _PLACES | _BEING:
            return None
        at = skip_fillers(lexemes, at + 1)
    return None


def _counted(lexemes: Sequence[Lexeme], index: int, text: str) -> FoundCount | FoundShare | None:
    """Read a number with its noun: "2-3 personer", "tre gubbar", "minst en konsult"."""
    amount = amount_at(lexemes, index)
    if amount is None or _is_reference(lexemes, index):
        return None
    noun = _noun_at(lexemes, amount.stop)
    if noun is None:
        return _pieces(lexemes, text, amount)
    stop = noun + 1
    while _kind(lexemes, stop) == "worker" and not _kind(lexemes, stop + 1) == "number":
        stop += 1
    operator, used = postfix_at(lexemes, stop)
    bounds = requalify(amount.bounds, operator)
    stop += used
    if bounds.low != int(bounds.low) and bounds.operator is Operator.EXACT:
        return FoundShare(Share(bounds, _words(lexemes, text, index, stop)), index, stop)
    if bounds.operator is Operator.EXACT and _is_each(lexemes, stop):
        bounds = to_bounds(bounds.low, bounds.low, "GE")
    found = _count(lexemes, text, (index, stop), bounds)
    role = Role.PLACEMENT if lexemes[noun].kind == "trainee" else Role.BASE
    part_time = bool(words.PART_TIME_PREFIX.fullmatch(lexemes[noun].name))
    found = replace(found, count=replace(found.count, role=role, part_time=part_time))
    return _with_working_time(lexemes, text, found)


def _is_reference(lexemes: Sequence[Lexeme], index: int) -> bool:
    """ "17 kap. 2 §", "nivå 3", "punkt 4" and sums of money are no numbers of people."""
    return _name(lexemes, index - 1) in {"§", "kap", "niva", "punkt", "kriterium", "alternativ",
                                         "bilaga", "steg", "kl", "nr", "lou"}  # fmt: skip


def _is_each(lexemes: Sequence[Lexeme], stop: int) -> bool:
    """ "En person per skift", "en åt gången": more may be needed in all."""
    names = tuple(_name(lexemes, stop + ahead) for ahead in range(2))
    return names[0] in _PER or names in {("at", "gangen"), ("i", "taget"), ("at", "time")}


def _pieces(lexemes: Sequence[Lexeme], text: str, amount: Amount) -> FoundCount | None:
    """Read "5 st" where no noun follows."""
    at = amount.stop
    if _kind(lexemes, at) != "piece" and _kind(lexemes, at - 1) != "piece":
        return None
    stop = at + (_kind(lexemes, at) == "piece")
    if not _ends(lexemes, stop):
        return None
    operator, used = postfix_at(lexemes, stop)
    bounds = requalify(amount.bounds, operator)
    return _count(lexemes, text, (amount.start, stop + used), bounds)


def _ends(lexemes: Sequence[Lexeme], index: int) -> bool:
    """Return whether nothing at ``index`` can be the noun of the number before it."""
    kind, name = _kind(lexemes, index), _name(lexemes, index)
    return (
        kind in {"", "operator"} or (kind == "sign" and name not in {"%", "§"}) or name in _PLACES
    )


def _teams(lexemes: Sequence[Lexeme], index: int, text: str) -> FoundCount | None:
    """Read "två team om tre personer" and "2 lag med 4 man" as a product."""
    amount = amount_at(lexemes, index)
    if amount is None or amount.bounds.operator is not Operator.EXACT:
        return None
    team = _name(lexemes, amount.stop)
    at = amount.stop + 1
    if not team.startswith(("team", "lag", "skift", "grupp", "arbetslag", "crew")):
        return None
    if _name(lexemes, at) not in {"om", "med", "pa", "a", "x", "of", "with"}:
        return None
    size = amount_at(lexemes, at + 1) or amount_at(lexemes, at)
    noun = _noun_at(lexemes, size.stop) if size else None
    if size is None or noun is None or size.bounds.high is None:
        return None
    teams = amount.bounds.low
    bounds = Bounds(size.bounds.low * teams, size.bounds.high * teams, size.bounds.operator)
    return _count(lexemes, text, (index, noun + 1), bounds)


def _several(lexemes: Sequence[Lexeme], index: int, text: str) -> FoundCount | None:
    """Read "ett par snickare", "flera personer", "ett tjugotal städare", "fler än en"."""
    at = index + (lexemes[index].article or _name(lexemes, index) in {"en", "ett", "a"})
    number = _SEVERAL.get(_name(lexemes, at))
    if number is None:
        return None
    name = _name(lexemes, at)
    stop = at + 1
    while _name(lexemes, stop) in {"of", "stycken", "st", "olika"}:
        stop += 1
    noun = _noun_at(lexemes, stop)
    if noun is None:
        # "flera" alone answers a question; in a sentence it may be about anything.
        whole = index == 0 and stop >= len(lexemes) and name not in {"par", "many", "manga"}
        return _count(lexemes, text, (index, stop), to_bounds(2, 2, "GE")) if whole else None
    if name in {"par", "couple"}:
        bounds = Bounds(2, 3, Operator.ABOUT)
    elif name in _ABOUT_WORDS:
        bounds = to_bounds(number, number, "CA")
    else:
        bounds = to_bounds(number, number, "GE")
    found = _count(lexemes, text, (index, noun + 1), bounds)
    role = Role.PLACEMENT if lexemes[noun].kind == "trainee" else Role.BASE
    return replace(found, count=replace(found.count, role=role))


def _alone(lexemes: Sequence[Lexeme], index: int, text: str) -> FoundCount | None:
    """Read "ensamkonsult", "bara jag", "jag och en kollega"."""
    name = _name(lexemes, index)
    negated = _name(lexemes, index - 1) in {"inte", "ej", "not"}
    only = lexemes[index].kind == "operator" and name == "EQ"
    if only and _name(lexemes, index + 1) in {"jag", "me", "mig", "dig", "du"}:
        return _count(lexemes, text, (index, index + 2), Bounds(1, 1))
    if name in {"jag", "me"} and _name(lexemes, index + 1) in {"och", "plus", "+", "and"}:
        others = amount_at(lexemes, index + 2)
        noun = _noun_at(lexemes, others.stop) if others else None
        if others and (noun is not None or _name(lexemes, others.stop) in {"till", "annan"}):
            stop = noun + 1 if noun is not None else others.stop + 1
            high = others.bounds.high
            bounds = Bounds(others.bounds.low + 1, None if high is None else high + 1,
                            others.bounds.operator)  # fmt: skip
            return _count(lexemes, text, (index, stop), bounds)
    if name in _ALONE:
        bounds = to_bounds(1, 1, "GT" if negated else "")
        stop = index + 1
        stop += _kind(lexemes, stop) == "worker"
        return _count(lexemes, text, (index, stop), bounds)
    return None


def _elliptic(lexemes: Sequence[Lexeme], index: int, text: str) -> FoundCount | FoundShare | None:
    """Read a number whose noun is understood: "vi blir fem", "kräver två", "fler än en"."""
    amount = amount_at(lexemes, index)
    if amount is None:
        return None
    working_time = _working_time_at(lexemes, amount.stop)
    if working_time is not None and not amount.qualified:
        return _with_working_time(
            lexemes, text, _count(lexemes, text, (index, amount.stop), amount.bounds)
        )
    stop = amount.stop
    operator, used = postfix_at(lexemes, stop)
    if not _ends(lexemes, stop + used) or amount.bounds.low != int(amount.bounds.low):
        if _name(lexemes, stop) != "racker":
            return None
    before = [_name(lexemes, index - back) for back in (1, 2, 3)]
    if not _understood(before, lexemes, index, amount):
        return None
    bounds = requalify(amount.bounds, operator)
    return _count(lexemes, text, (index, stop + used), bounds)


def _understood(
    before: Sequence[str], lexemes: Sequence[Lexeme], index: int, amount: Amount
) -> bool:
    """Return whether the words around a bare number say that it counts people."""
    if before[0].startswith(_NEEDING) or (before[0] in {"det", "med", "av", "totalt", "in", "oss"}
                                          and before[1].startswith(_NEEDING)):  # fmt: skip
        return True
    if before[0] in _BEING and (before[1] in _WE or before[2] in _WE) and not amount.article:
        return before[1] not in {"det"} or _name(lexemes, amount.stop) != "%"
    if before[0] in _WE - {"det", "jag"} and not amount.article:
        return True
    if _name(lexemes, amount.stop) == "racker":
        return True
    if _is_whole_segment(lexemes, index, amount):
        return amount.qualified or amount.bounds.operator is Operator.RANGE
    # "fler än en" and "högst en" are idioms of the rule itself.
    compared = amount.qualified and amount.bounds.operator in {
        Operator.MORE_THAN, Operator.AT_MOST, Operator.AT_LEAST, Operator.LESS_THAN,
    }  # fmt: skip
    one_or_two = amount.bounds.low <= 2 and (amount.bounds.high or 0) <= 2
    return compared and one_or_two


def _is_whole_segment(lexemes: Sequence[Lexeme], index: int, amount: Amount) -> bool:
    """Return whether only signs stand on both sides ("6 mån, två till tre")."""
    _, used = postfix_at(lexemes, amount.stop)
    before, after = _kind(lexemes, index - 1), _kind(lexemes, amount.stop + used)
    return before in {"", "sign"} and after in {"", "sign"}


def _working_time_at(lexemes: Sequence[Lexeme], index: int) -> tuple[float, int] | None:
    """Return (share of full time, index after it) of "på halvtid", "på 50 % var", "på deltid"."""
    at = index
    at += _name(lexemes, at) == "som"
    at += _name(lexemes, at) in {"jobbar", "arbetar", "is"}
    if _name(lexemes, at) not in {"pa", "i", "a", "om", "on", "working", "(", "at", ","}:
        return None
    at += 1
    at += _kind(lexemes, at) == "operator"
    number = lexemes[at] if _kind(lexemes, at) == "number" else None
    if number is not None and _name(lexemes, at + 1) in {"%", "procent", "percent"}:
        stop = at + 2
        stop += _name(lexemes, stop) in {"var", "vardera", "each", "tjanst"}
        return number.value / 100, stop
    share = {"FULL": _WHOLE, "HALF": _HALF, "PART": 0.0}.get(_name(lexemes, at))
    if share is None or _kind(lexemes, at) != "share":
        return None
    stop = at + 1 + (_name(lexemes, at + 1) in {"var", "vardera", "each"})
    return share, stop


def _with_working_time(lexemes: Sequence[Lexeme], text: str, found: FoundCount) -> FoundCount:
    time = _working_time_at(lexemes, found.stop)
    if time is None:
        return found
    share, stop = time
    words_ = _words(lexemes, text, found.start, stop)
    total = share * found.count.bounds.low if share else None
    part_time = share < _WHOLE
    count = replace(found.count, words=words_, share=total, part_time=part_time)
    return FoundCount(count, found.start, stop)


def _share_at(lexemes: Sequence[Lexeme], index: int, text: str) -> FoundCount | FoundShare | None:
    """Read "två heltider", "0,8 tjänst", "80 % tjänst", "en halv tjänst", "två halvtider"."""
    amount = amount_at(lexemes, index)
    if amount is None:
        return None
    at = skip_fillers(lexemes, amount.stop)
    at += _name(lexemes, at) == "-"
    percent = _name(lexemes, at) in {"%", "procent", "procentig", "procents", "percent"}
    bounds = amount.bounds
    if percent:
        bounds = Bounds(bounds.low / 100, None if bounds.high is None else bounds.high / 100,
                        bounds.operator, bounds.low_open, bounds.high_open)  # fmt: skip
        at += 1
        at += _name(lexemes, at) in {"-", "s", "av"}
        at = skip_fillers(lexemes, at)
        at += _name(lexemes, at).endswith("ig") and _kind(lexemes, at) == "word"
    kind, name = _kind(lexemes, at), _name(lexemes, at)
    if kind == "share" and name in {"HALF", "PART"} and not percent:
        return _part_timers(lexemes, text, amount, at, name)
    if kind == "share" and _kind(lexemes, at + 1) == "worker":
        return None
    if kind not in {"share", "post"}:
        return None
    whole = kind == "post" and not percent and bounds.low == int(bounds.low)
    sure = not whole or _needs(lexemes, index)
    return FoundShare(Share(bounds, _words(lexemes, text, index, at + 1), sure), index, at + 1)


def _needs(lexemes: Sequence[Lexeme], index: int) -> bool:
    """ "Kräver tre tjänster" is staff; "upphandlar tre tjänster" is what is bought."""
    before = [_name(lexemes, index - back) for back in range(1, 5)]
    return any(name.startswith((*_NEEDING, "motsvar", "omfatt", "heltid")) for name in before)


def _part_timers(
    lexemes: Sequence[Lexeme], text: str, amount: Amount, at: int, name: str
) -> FoundCount | FoundShare:
    """Two half-time posts are two people; one says nothing about how many share it."""
    words_ = _words(lexemes, text, amount.start, at + 1)
    if amount.bounds.low < 2:
        share = Bounds(_HALF, _HALF) if name == "HALF" else Bounds(0, _WHOLE, Operator.LESS_THAN)
        return FoundShare(Share(share, words_), amount.start, at + 1)
    total = amount.bounds.low * _HALF if name == "HALF" else None
    count = Count(amount.bounds, Role.BASE, words_, part_time=True, share=total)
    return FoundCount(count, amount.start, at + 1)


def _joined(lexemes: Sequence[Lexeme], start: int, stop: int) -> bool:
    between = [lexeme.name for lexeme in lexemes[start:stop]]
    return 0 < len(between) <= 2 and all(name in _JOINING for name in between)


def _summed(lexemes: Sequence[Lexeme], text: str, found: Sequence[FoundCount]) -> list[FoundCount]:
    """Add up "en arbetsledare och tre snickare"."""
    summed: list[FoundCount] = []
    for here in found:
        last = summed[-1] if summed else None
        same = last is not None and last.count.role is here.count.role
        if last is not None and same and _joined(lexemes, last.stop, here.start):
            summed[-1] = _add(lexemes, text, last, here)
        else:
            summed.append(here)
    return summed


def _add(lexemes: Sequence[Lexeme], text: str, first: FoundCount, second: FoundCount) -> FoundCount:
    a, b = first.count.bounds, second.count.bounds
    high = None if a.high is None or b.high is None else a.high + b.high
    operator = a.operator if a.operator is b.operator else Operator.RANGE
    bounds = Bounds(a.low + b.low, high, operator, a.low_open or b.low_open,
                    a.high_open or b.high_open)  # fmt: skip
    shares = (first.count.share, second.count.share)
    share = shares[0] + shares[1] if shares[0] is not None and shares[1] is not None else None
    count = replace(
        first.count,
        bounds=bounds,
        words=_words(lexemes, text, first.start, second.stop),
        share=share,
        part_time=first.count.part_time or second.count.part_time,
    )
    return FoundCount(count, first.start, second.stop)


def _summed_shares(
    lexemes: Sequence[Lexeme], text: str, found: Sequence[FoundShare]
) -> list[FoundShare]:
    """Add up "en heltid och en halvtid"."""
    summed: list[FoundShare] = []
    for here in found:
        last = summed[-1] if summed else None
        exact = last is not None and {last.share.bounds.operator, here.share.bounds.operator} == {
            Operator.EXACT
        }
        if last is not None and exact and _joined(lexemes, last.stop, here.start):
            low = round(last.share.bounds.low + here.share.bounds.low, 4)
            words_ = _words(lexemes, text, last.start, here.stop)
            summed[-1] = FoundShare(Share(Bounds(low, low), words_), last.start, here.stop)
        else:
            summed.append(here)
    return summed
