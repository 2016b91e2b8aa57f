"""Numbers of people: "två till tre", "tre gubbar", "en arbetsledare och tre snickare".

Places for trainees and apprentices are kept apart: the clause makes them, the work does not need
them.
"""

from collections.abc import Sequence
from dataclasses import replace

from intents import people_words as people
from intents.amounts import (
    Amount,
    amount_at,
    perhaps_at,
    postfix_at,
    requalify,
    skip_fillers,
    to_bounds,
)
from intents.counted_nouns import BEING, FoundCount, FoundShare, count_at, ends_at, is_each, noun_at
from intents.implied_counts import read_alone, read_elliptic, read_several, read_teams
from intents.lexemes import Lexeme, kind_at, name_at, words_at
from intents.reading import Bounds, Operator, Role, Share
from intents.working_time import share_at, with_working_time

#: Words that may stand between two counts that add up.
_MOST_BETWEEN = 6
_JOINING = frozenset(("och", "and", "samt", "plus", "+", ",", "&", "resp", "respektive", "med",
                      "dels",
                      "jamte"))  # fmt: skip


_LABELS = ("antal", "bemanning", "personal", "number", "pers", "arbetstagar", "worker", "staff")


#: These need no colon: "antal personer 3", "bemanning 4".
_COUNT_LABELS = ("antal", "bemanning", "personal")


_FIRMS = ("firma", "firman", "foretag", "bolag", "leverantor", "byra", "compan", "supplier",
          "firm", "entreprenor")  # fmt: skip
_FIRM_ENDS = ("firma", "firman", "foretag", "foretaget", "byra", "bolag", "bolaget")
_STAFF = ("anstall", "medarbetar", "employee", "staff", "personer", "people")


_OF_THOSE = frozenset(("varav", "darav", "inklusive", "inkl", "including", "whereof"))


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
    needed = _without_own_staff(lexemes, _summed(lexemes, text, counts))
    return tuple(needed), tuple(_summed_shares(lexemes, text, shares))


def _at(
    lexemes: Sequence[Lexeme], index: int, text: str, taken: frozenset[int]
) -> FoundCount | FoundShare | None:
    if _is_part_of(lexemes, index):
        return None
    for read in (
        read_labelled,
        share_at,
        read_teams,
        read_several,
        read_counted,
        read_alone,
        read_elliptic,
    ):
        found = read(lexemes, index, text)
        if found is not None and not any(at in taken for at in range(found.start, found.stop)):
            return found
    return None


def _is_part_of(lexemes: Sequence[Lexeme], index: int) -> bool:
    """ "Tre personer varav en arbetsledare" is three, not four."""
    before = {lexeme.name for lexeme in lexemes[max(0, index - 3) : index]}
    return bool(before & _OF_THOSE)


def read_labelled(lexemes: Sequence[Lexeme], index: int, text: str) -> FoundCount | None:
    """Read "Antal personer: 3", "bemanning 4 st", "arbetstagare = 2"."""
    lexeme = lexemes[index]
    if lexeme.kind not in {"worker", "word"} or not lexeme.name.startswith(_LABELS):
        return None
    at = index + 1
    while kind_at(lexemes, at) == "worker" or name_at(lexemes, at) in {"of", "(", ")"}:
        at += 1
    signed = name_at(lexemes, at) in {":", "="}
    if not signed and (not lexeme.name.startswith(_COUNT_LABELS) or index + 1 < at - 1):
        return None
    amount = amount_at(lexemes, at + signed)
    if amount is None or kind_at(lexemes, skip_fillers(lexemes, amount.stop)) in {"unit", "month"}:
        return None
    if kind_at(lexemes, amount.stop) in {"worker", "share", "post", "trainee", "piece"}:
        return None
    if not signed and not ends_at(lexemes, amount.stop):
        return None
    return count_at(lexemes, text, (index, amount.stop), amount.bounds)


def read_counted(
    lexemes: Sequence[Lexeme], index: int, text: str
) -> FoundCount | FoundShare | None:
    """Read a number with its noun: "2-3 personer", "tre gubbar", "minst en konsult"."""
    amount = amount_at(lexemes, index)
    if amount is None or _is_reference(lexemes, index):
        return None
    amount = _chain(lexemes, amount)
    qualifier, used = postfix_at(lexemes, amount.stop)
    if not used and name_at(lexemes, amount.stop) == "+":
        qualifier, used = "GE", 1
    noun = noun_at(lexemes, amount.stop + used)
    if noun is None:
        return _pieces(lexemes, text, amount)
    amount = replace(amount, bounds=requalify(amount.bounds, qualifier))
    stop = noun + 1
    while kind_at(lexemes, stop) == "worker" and kind_at(lexemes, stop + 1) != "number":
        stop += 1
    operator, used = postfix_at(lexemes, stop)
    bounds = requalify(amount.bounds, operator)
    stop += used
    perhaps = perhaps_at(lexemes, stop, bounds.low)
    if perhaps is not None and bounds.operator is Operator.EXACT:
        bounds, stop = Bounds(bounds.low, perhaps[0], Operator.RANGE), perhaps[1]
    if bounds.low != int(bounds.low) and bounds.operator is Operator.EXACT:
        return FoundShare(Share(bounds, words_at(lexemes, text, index, stop)), index, stop)
    if bounds.operator is Operator.EXACT and is_each(lexemes, stop):
        bounds = to_bounds(bounds.low, bounds.low, "GE")
    found = count_at(lexemes, text, (index, stop), bounds)
    role = Role.PLACEMENT if lexemes[noun].kind == "trainee" else Role.BASE
    part_time = any(people.PART_TIME_PREFIX.fullmatch(n.name) for n in lexemes[noun:stop])
    firm = _firm_word(lexemes, index, noun)
    role = Role.OTHER if firm in {"har", "has"} else role
    found = replace(
        found, count=replace(found.count, role=role, part_time=part_time, sure=not firm)
    )
    return with_working_time(lexemes, text, found)


def _firm_word(lexemes: Sequence[Lexeme], index: int, noun: int) -> str:
    """Return the "har" of "firman har 20 anställda", or the "med"; empty for other people.

    What a firm has tells how large it is, not what the work needs; "en firma med tre anställda"
    may be either.
    """
    before = [name_at(lexemes, index - back) for back in range(1, 4)]
    owner = any(name.startswith(_FIRMS) or name.endswith(_FIRM_ENDS) for name in before[1:])
    staff = name_at(lexemes, noun).startswith(_STAFF)
    return before[0] if staff and owner and before[0] in {"har", "med", "has", "with"} else ""


def _chain(lexemes: Sequence[Lexeme], amount: Amount) -> Amount:
    """Read "2 + 1 personer" as three."""
    following = amount_at(lexemes, amount.stop + 1)
    plus = name_at(lexemes, amount.stop) == "+" and following is not None
    exact = {amount.bounds.operator, following.bounds.operator if following else None}
    if not plus or following is None or exact != {Operator.EXACT}:
        return amount
    total = amount.bounds.low + following.bounds.low
    return replace(amount, bounds=Bounds(total, total), stop=following.stop)


def _is_reference(lexemes: Sequence[Lexeme], index: int) -> bool:
    """ "17 kap. 2 §", "nivå 3", "punkt 4" and sums of money are no numbers of people."""
    return name_at(lexemes, index - 1) in {"§", "kap", "niva", "punkt", "kriterium", "alternativ",
                                         "bilaga", "steg", "kl", "nr", "lou"}  # fmt: skip


def _pieces(lexemes: Sequence[Lexeme], text: str, amount: Amount) -> FoundCount | None:
    """Read "5 st" where no noun follows."""
    at = amount.stop
    if kind_at(lexemes, at) != "piece" and kind_at(lexemes, at - 1) != "piece":
        return None
    stop = at + (kind_at(lexemes, at) == "piece")
    working = {"och", "and", "varav", "som"} | BEING
    if not ends_at(lexemes, stop) and name_at(lexemes, stop) not in working:
        return None
    operator, used = postfix_at(lexemes, stop)
    bounds = requalify(amount.bounds, operator)
    return count_at(lexemes, text, (amount.start, stop + used), bounds)


def _joined(lexemes: Sequence[Lexeme], start: int, stop: int) -> bool:
    """Return whether two counts add up: "och" right before the second, no sign or time between."""
    between = lexemes[start:stop]
    if not 0 < len(between) <= _MOST_BETWEEN or between[-1].name not in _JOINING:
        return False
    names = [lexeme.name for lexeme in between]
    if all(name in _JOINING for name in names):
        return len(names) <= 2
    kinds = {lexeme.kind for lexeme in between}
    return names[-1] in {"och", "samt", "and", "plus"} and not kinds & {"sign", "unit", "number"}


#: Said before the number that a work needs, and how far before.
_REQUIRING = ("krav", "behov", "utfor", "gors", "requir", "need", "done")
_OURSELVES, _NEAR_BEFORE = ("vi", "we"), 5


def _without_own_staff(
    lexemes: Sequence[Lexeme], found: Sequence[FoundCount]
) -> Sequence[FoundCount]:
    """ "Vi är ett team på fem men uppdraget kräver en konsult" needs one."""

    def said_before(count: FoundCount, words: tuple[str, ...]) -> bool:
        near = [lexeme.name for lexeme in lexemes[max(0, count.start - _NEAR_BEFORE) : count.start]]
        clause = near[near.index("men") + 1 :] if "men" in near else near
        return any(name.startswith(words) for name in clause)

    if not any(said_before(count, _REQUIRING) for count in found):
        return found
    return [
        each for each in found if said_before(each, _REQUIRING) or not said_before(each, _OURSELVES)
    ]


def _summed(lexemes: Sequence[Lexeme], text: str, found: Sequence[FoundCount]) -> list[FoundCount]:
    """Add up "en arbetsledare och tre snickare"."""
    summed: list[FoundCount] = []
    for here in found:
        last = summed[-1] if summed else None
        same = last is not None and (last.count.role, last.count.sure) == (
            here.count.role, here.count.sure
        )  # fmt: skip
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
        words=words_at(lexemes, text, first.start, second.stop),
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
            said = words_at(lexemes, text, last.start, here.stop)
            summed[-1] = FoundShare(Share(Bounds(low, low), said), last.start, here.stop)
        else:
            summed.append(here)
    return summed
