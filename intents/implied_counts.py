"""Numbers of people without a noun beside them: "ensam", "flera", "vi blir fem", "fler än en"."""

from collections.abc import Sequence
from dataclasses import replace

from intents.amounts import Amount, amount_at, postfix_at, requalify, to_bounds
from intents.counted_nouns import (
    BEING,
    NEEDING,
    FoundCount,
    FoundShare,
    count_at,
    ends_at,
    is_each,
    noun_at,
)
from intents.lexemes import Lexeme, kind_at, name_at
from intents.reading import Bounds, Operator, Role
from intents.working_time import with_working_time, working_time_at

#: Words that are a number of people by themselves, with the bounds they set.
_ALONE = frozenset(("ensam", "ensamt", "ensamkonsult", "enmansforetag", "alone", "solo",
                    "ensamarbete", "soloprojekt", "enmansbolag", "enmansuppdrag", "sjalv",
                    "enmansjobb", "egenforetagare", "soloforetagare"))  # fmt: skip


_SEVERAL = {
    "flera": 2, "atskilliga": 2, "flertal": 2, "nagra": 2, "manga": 2, "several": 2, "many": 2,
    "par": 2, "couple": 2, "fler": 2, "flertalet": 2, "handfull": 3, "handful": 3, "dussin": 12,
    "dussintals": 12, "tiotal": 10, "tiotals": 10, "femtontal": 15, "tjugotal": 20, "dozen": 12,
    "hundratals": 100, "hundratal": 100, "trettiotal": 30, "femtiotal": 50, "few": 2, "fatal": 2,
}  # fmt: skip


_ABOUT_WORDS = frozenset(("dussin", "tiotal", "femtontal", "tjugotal", "trettiotal", "femtiotal",
                          "hundratal", "dozen"))  # fmt: skip


_LINKS = frozenset(("det", "med", "av", "totalt", "in", "oss"))
_WE = frozenset(("vi", "de", "dom", "ni", "we", "they", "gruppen", "teamet", "laget", "det", "jag"))


#: A bare number this large is an amount, a year or an identifier.
_MOST_PEOPLE = 1_000


_WORKING = frozenset(("jobbar", "arbetar", "works", "work", "behovs", "kravs", "needed"))
_COLLECTIVES = frozenset(("gang", "lag", "team", "grupp", "skara", "styrka", "antal", "rad",
                          "arbetslag", "crew", "group", "bunch", "number"))  # fmt: skip
#: "Hur många personer?" asks, "en eller flera" leaves one open.
_NO_AMOUNT_AFTER = frozenset(("eller", "or", "och", "and", "hur", "how", "sa", "so", "for"))
#: "Vi är tre på kontoret" counts the buyer's own staff, not what the work needs.
_OWN_PLACES = ("kontor", "enhet", "avdelning", "forvaltning", "inkop", "upphandlingsenhet",
               "sektion", "office", "department", "unit")  # fmt: skip
_TEAMS = ("team", "lag", "skift", "grupp", "arbetslag", "gang", "crew", "styrka", "bemanning")


def read_teams(lexemes: Sequence[Lexeme], index: int, text: str) -> FoundCount | None:
    """Read "två team om tre personer" and "2 lag med 4 man" as a product."""
    amount = amount_at(lexemes, index)
    if amount is None or amount.bounds.operator is not Operator.EXACT:
        return None
    team = name_at(lexemes, amount.stop)
    at = amount.stop + 1
    times = team in {"x", "×", "*"}
    if not (times or team.startswith(_TEAMS)):
        return None
    if not times and name_at(lexemes, at) not in {"om", "med", "pa", "a", "x", "of", "with"}:
        return None
    size = amount_at(lexemes, at + (not times)) or amount_at(lexemes, at)
    noun = noun_at(lexemes, size.stop) if size else None
    if size is None or noun is None or size.bounds.high is None:
        return None
    teams = amount.bounds.low
    bounds = Bounds(size.bounds.low * teams, size.bounds.high * teams, size.bounds.operator)
    return count_at(lexemes, text, (index, noun + 1), bounds)


def read_several(lexemes: Sequence[Lexeme], index: int, text: str) -> FoundCount | None:
    """Read "ett par snickare", "flera personer", "ett tjugotal städare", "fler än en"."""
    at = index + (lexemes[index].article or name_at(lexemes, index) in {"en", "ett", "a"})
    number = _SEVERAL.get(name_at(lexemes, at)) or _collective(lexemes, index, at)
    if number is None or name_at(lexemes, index - 1) in _NO_AMOUNT_AFTER:
        return None
    name = name_at(lexemes, at)
    stop = at + 1
    while name_at(lexemes, stop) in {"of", "stycken", "st", "olika"}:
        stop += 1
    if name == "par":
        comma = name_at(lexemes, stop) == ","
        stop += (1 + comma) if kind_at(lexemes, stop + comma) == "number" else 0
    noun = noun_at(lexemes, stop)
    if noun is None and name_at(lexemes, stop - 1) in {"st", "stycken"} and name == "par":
        return count_at(lexemes, text, (index, stop), Bounds(2, 3, Operator.ABOUT))
    if noun is None:
        # "flera" alone answers a question; in a sentence it may be about anything.
        whole = index == 0 and stop >= len(lexemes) and name not in {"par", "many", "manga"}
        return count_at(lexemes, text, (index, stop), to_bounds(2, 2, "GE")) if whole else None
    if name in {"par", "couple"}:
        bounds = Bounds(2, 3, Operator.ABOUT)
    elif name in _ABOUT_WORDS:
        bounds = to_bounds(number, number, "CA")
    else:
        bounds = to_bounds(number, number, "GE")
    found = count_at(lexemes, text, (index, noun + 1), bounds)
    role = Role.PLACEMENT if lexemes[noun].kind == "trainee" else Role.BASE
    return replace(found, count=replace(found.count, role=role))


def _collective(lexemes: Sequence[Lexeme], index: int, at: int) -> int | None:
    """Read "ett gäng målare" and "ett team konsulter" as two or more."""
    collective = at > index and name_at(lexemes, at) in _COLLECTIVES
    return 2 if collective and kind_at(lexemes, at + 1) == "worker" else None


def read_alone(lexemes: Sequence[Lexeme], index: int, text: str) -> FoundCount | None:
    """Read "ensamkonsult", "bara jag", "jag och en kollega"."""
    name = name_at(lexemes, index)
    negated = name_at(lexemes, index - 1) in {"inte", "ej", "not"}
    only = lexemes[index].kind == "operator" and name == "EQ"
    if only and name_at(lexemes, index + 1) in {"jag", "me", "mig", "dig", "du"}:
        return count_at(lexemes, text, (index, index + 2), Bounds(1, 1))
    if name in {"jag", "me"} and name_at(lexemes, index + 1) in {"och", "plus", "+", "and"}:
        others = amount_at(lexemes, index + 2)
        if name_at(lexemes, index + 2) in {"ingen", "inga", "nobody", "no"}:
            return count_at(lexemes, text, (index, index + 3), Bounds(1, 1))
        noun = noun_at(lexemes, others.stop) if others else None
        if others and (noun is not None or name_at(lexemes, others.stop) in {"till", "annan"}):
            stop = noun + 1 if noun is not None else others.stop + 1
            high = others.bounds.high
            bounds = Bounds(others.bounds.low + 1, None if high is None else high + 1,
                            others.bounds.operator)  # fmt: skip
            return count_at(lexemes, text, (index, stop), bounds)
    if name in {"inga", "ingen", "no"} and kind_at(lexemes, index + 1) == "worker":
        return count_at(lexemes, text, (index, index + 2), Bounds(0, 0))
    if name in _ALONE:
        bounds = to_bounds(1, 1, "GT" if negated else "")
        stop = index + 1
        stop += kind_at(lexemes, stop) == "worker"
        return count_at(lexemes, text, (index, stop), bounds)
    return None


def read_elliptic(
    lexemes: Sequence[Lexeme], index: int, text: str
) -> FoundCount | FoundShare | None:
    """Read a number whose noun is understood: "vi blir fem", "kräver två", "fler än en"."""
    amount = amount_at(lexemes, index)
    if amount is None or _are_own_staff(lexemes, amount.stop):
        return None
    working_time = working_time_at(lexemes, amount.stop)
    if working_time is not None and not amount.qualified:
        return with_working_time(
            lexemes, text, count_at(lexemes, text, (index, amount.stop), amount.bounds)
        )
    stop = amount.stop
    operator, used = postfix_at(lexemes, stop)
    about = amount.bounds.operator is Operator.ABOUT
    fraction = amount.bounds.low != int(amount.bounds.low) and not about
    works = name_at(lexemes, stop) in _WORKING
    open_end = fraction or not (works or ends_at(lexemes, stop + used))
    if open_end and name_at(lexemes, stop) != "racker":
        return None
    before = [name_at(lexemes, index - back) for back in (1, 2, 3)]
    if is_each(lexemes, stop) and kind_at(lexemes, stop + 1) != "unit":
        bounds = to_bounds(amount.bounds.low, amount.bounds.low, "GE")
        return count_at(lexemes, text, (index, stop), bounds)
    if not _understood(before, lexemes, index, amount):
        return None
    bounds = requalify(amount.bounds, operator)
    return count_at(lexemes, text, (index, stop + used), bounds)


def _are_own_staff(lexemes: Sequence[Lexeme], stop: int) -> bool:
    """Is the number followed by "på kontoret", "på vår enhet"?"""
    return name_at(lexemes, stop) in {"pa", "i", "in", "at"} and any(
        name_at(lexemes, stop + more).startswith(_OWN_PLACES) for more in (1, 2)
    )


def _understood(
    before: Sequence[str], lexemes: Sequence[Lexeme], index: int, amount: Amount
) -> bool:
    """Return whether the words around a bare number say that it counts people."""
    needed = before[0] in _LINKS and before[1].startswith(NEEDING)
    we = before[0] in BEING and (before[1] in _WE or before[2] in _WE)
    team = before[0] in {"of", "om", "pa", "med"} and before[1].startswith(_TEAMS)
    if before[0].startswith(NEEDING) or needed or team:
        return True
    if name_at(lexemes, amount.stop) in _WORKING or _goes_on(before, lexemes, index, amount):
        return True
    closes = kind_at(lexemes, amount.stop) in {"", "sign"} and not amount.article
    closes = closes and amount.bounds.low < _MOST_PEOPLE
    if name_at(lexemes, amount.stop) == "racker" or (
        before[0] in {"med", "with", "for"} and closes
    ):
        return True
    if (we or before[0] in _WE - {"det", "jag"}) and not amount.article:
        return True
    return _says_it_itself(lexemes, index, amount)


def _goes_on(before: Sequence[str], lexemes: Sequence[Lexeme], index: int, amount: Amount) -> bool:
    """Read the second "en" of "en person på dagen och en på natten"."""
    joined = before[0] in {"och", "samt", "and", "plus"}
    near = any(lexeme.kind == "worker" for lexeme in lexemes[max(0, index - 6) : index])
    return joined and near and name_at(lexemes, amount.stop) in {"pa", "i", "hos", "on", "in", "at"}


def _says_it_itself(lexemes: Sequence[Lexeme], index: int, amount: Amount) -> bool:
    """Return whether a bare amount is the whole answer or an idiom of the rule ("fler än en")."""
    if _is_whole_segment(lexemes, index, amount):
        if _closes_list(lexemes, index, amount):
            return True
        after = postfix_at(lexemes, amount.stop)[1] > 0
        telling = after or amount.qualified or amount.bounds.operator is Operator.RANGE
        return telling and amount.bounds.low < _MOST_PEOPLE
    compared = amount.qualified and amount.bounds.operator in {
        Operator.MORE_THAN, Operator.AT_MOST, Operator.AT_LEAST, Operator.LESS_THAN,
    }  # fmt: skip
    return compared and amount.bounds.low <= 2 and (amount.bounds.high or 0) <= 2


def _closes_list(lexemes: Sequence[Lexeme], index: int, amount: Amount) -> bool:
    """Return whether a number ends "1 februari - 31 maj, två" and "6 mån, 3"."""
    timed = any(lexeme.kind in {"unit", "month", "date"} for lexeme in lexemes[:index])
    whole = amount.bounds.low == int(amount.bounds.low) and not amount.article
    last = all(kind_at(lexemes, at) == "sign" for at in range(amount.stop, len(lexemes)))
    small = amount.bounds.low < _MOST_PEOPLE
    return name_at(lexemes, index - 1) == "," and timed and whole and last and small


def _is_whole_segment(lexemes: Sequence[Lexeme], index: int, amount: Amount) -> bool:
    """Return whether only signs stand on both sides ("6 mån, två till tre")."""
    _, used = postfix_at(lexemes, amount.stop)
    before, after = kind_at(lexemes, index - 1), kind_at(lexemes, amount.stop + used)
    return before in {"", "sign"} and after in {"", "sign"}
