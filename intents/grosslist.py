"""The gross-list rule: is an assignment on the list, and if not or not yet, why?

The list holds every procurement whose performance lasts at least four months and that needs more
than one worker (source S4); nothing else decides. What the source leaves open (options, framework
agreements, the exact limit, heads or full-time posts) are policy values. Codes and numbers only;
the sentences live with the texts.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from intents.facts import Dates, Facts, Stretch, merge
from intents.facts_from_reading import facts_from
from intents.four_months import Reach, reach, with_option
from intents.grosslist_policy import Policy, load_policy, policy_from
from intents.list_talk import asks_duty, facts_alone, is_about_list
from intents.reading import Bounds, Operator

Answer = Literal["ja", "nej", "oklar"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One of the two conditions with the person's own numbers."""

    #: duration or workers.
    name: str
    #: Whether it is met; None while it is open.
    met: bool | None
    #: What the person said.
    words: str
    #: It lies exactly on the limit.
    exact: bool = False
    #: The number of people or full-time posts, where it was given.
    bounds: Bounds | None = None
    #: The numbers of the time, where it was given.
    reach: Reach | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the rule says about one assignment."""

    #: None while something that decides can still be asked.
    verdict: Answer | None
    conditions: tuple[Condition, Condition]
    #: KORT_TID, FA_ARBETSTAGARE, BADA, OPTION, RAMAVTAL, FTE, INTERVALL or GRANSFALL.
    reasons: tuple[str, ...] = ()
    #: What to ask: duration, workers, start_date, year, option or call_off.
    missing: tuple[str, ...] = ()
    #: YEAR_ASSUMED, WHOLE_MONTHS, ABOUT, BOTH_DAYS, FTE_AS_FULL_TIME, and what the support
    #: function has decided: OPTION_COUNTED, OPTION_NOT_COUNTED, TERM_COUNTED, CALL_OFF_COUNTED.
    assumptions: tuple[str, ...] = ()
    #: GRANSFALL, FTE, INTERVALL, OPTION, RAMAVTAL, INTERRUPTION, EXTRA_PLACES, TENDERING_ONLY,
    #: INVALID_DATE, UNCLEAR_TIME, REVERSED_PERIOD, SEVERAL_TIMES.
    notes: tuple[str, ...] = ()
    rule_version: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    """One condition as far as it could be decided."""

    condition: Condition
    missing: str = ""
    #: The rule is silent here and no answer would help.
    silent: str = ""
    notes: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()

    def assuming(self, code: str) -> "_Part":
        """Return the part with one thing more that is taken for granted."""
        return replace(self, assumptions=(*self.assumptions, code))


@lru_cache(maxsize=256)
def screen(facts: Facts, policy: Policy | None = None) -> Verdict:
    """Return the verdict on one assignment; ``verdict`` is None while ``missing`` can be asked."""
    policy = policy or load_policy()
    time, people = _time(facts, policy), _people(facts, policy)
    parts = (time, people)
    verdict = Verdict(
        None,
        (time.condition, people.condition),
        assumptions=(*facts.assumptions, *time.assumptions, *people.assumptions),
        notes=_notes(facts, parts),
        rule_version=policy.rule_version,
        source=policy.source,
    )
    failed = tuple(part.condition.name for part in parts if part.condition.met is False)
    if failed:
        return replace(verdict, verdict="nej", reasons=_REASONS[failed])
    missing = tuple(part.missing for part in parts if part.missing)
    if missing and not set(missing) <= facts.unknown:
        return replace(verdict, missing=missing)
    if missing:
        return replace(verdict, verdict="oklar", reasons=_unsettled(verdict.notes, missing))
    silent = tuple(part.silent for part in parts if part.silent)
    return replace(verdict, verdict="oklar" if silent else "ja", reasons=silent)


_REASONS = {
    ("duration",): ("KORT_TID",),
    ("workers",): ("FA_ARBETSTAGARE",),
    ("duration", "workers"): ("BADA",),
}


def final(facts: Facts, policy: Policy | None = None) -> Verdict:
    """Return the verdict when the person does not know what is missing: then it is oklar."""
    verdict = screen(facts, policy)
    if verdict.verdict is not None:
        return verdict
    reasons = _unsettled(verdict.notes, verdict.missing)
    return replace(verdict, verdict="oklar", reasons=reasons)


def _unsettled(notes: tuple[str, ...], missing: tuple[str, ...]) -> tuple[str, ...]:
    """Return why a verdict stays oklar when what is missing cannot be had."""
    reasons = [note for note in notes if note in {"INTERVALL", "FTE", "OPTION", "RAMAVTAL"}]
    if {"start_date", "year"} & set(missing):
        reasons.append("GRANSFALL")
    return tuple(dict.fromkeys(reasons))


def _notes(facts: Facts, parts: tuple[_Part, _Part]) -> tuple[str, ...]:
    notes = [note for part in parts for note in part.notes]
    notes += [part.silent for part in parts if part.silent]
    notes += ["GRANSFALL" for part in parts if part.condition.exact]
    notes += ["INTERRUPTION"] if facts.interruption else []
    notes += ["EXTRA_PLACES"] if facts.extra_places else []
    notes += ["TENDERING_ONLY"] if facts.tendering_only else []
    notes += [problem.upper() for problem in facts.problems]
    return tuple(dict.fromkeys(notes))


def _time(facts: Facts, policy: Policy) -> _Part:
    if facts.framework:
        return _framework(facts, policy)
    return _term(facts, policy)


def _term(facts: Facts, policy: Policy) -> _Part:
    """Decide by the term of the contract, its options aside until they matter."""
    part = _to_part(facts, _reached(facts, policy))
    if part.condition.met or not facts.option or not facts.has_time:
        return part
    if policy.option == "räknas inte":
        return part.assuming("OPTION_NOT_COUNTED")
    return _with_option(facts, part, policy)


def _with_option(facts: Facts, part: _Part, policy: Policy) -> _Part:
    """Decide a term that is too short alone, or not known well enough, with its option used."""
    found = part.condition.reach or Reach(None)
    undecided = replace(part, condition=replace(part.condition, met=None))
    extended = with_option(facts)
    if extended is None:
        return part if found.missing else replace(undecided, missing="option", notes=("OPTION",))
    together = _reached(extended, policy)
    if together.met is False:
        return replace(part, condition=replace(part.condition, met=False), missing="")
    if policy.option == "räknas":
        return _to_part(facts, together).assuming("OPTION_COUNTED")
    missing = found.missing or together.missing
    if missing:
        return replace(undecided, missing=missing, notes=(*part.notes, "OPTION"))
    return replace(undecided, silent="OPTION")


def _reached(facts: Facts, policy: Policy) -> Reach:
    return reach(facts, policy.months, strictly=policy.limit == "längre än")


def _to_part(facts: Facts, found: Reach) -> _Part:
    condition = Condition("duration", found.met, facts.time_words, found.exact, reach=found)
    several = len(facts.lengths) + len(facts.periods) > 1 and found.met is None
    dated = ("BOTH_DAYS",) if found.end is not None else ()
    return _Part(condition, found.missing, notes=("SEVERAL_TIMES",) if several else (),
                 assumptions=dated)  # fmt: skip


def _framework(facts: Facts, policy: Policy) -> _Part:
    """Decide a framework agreement: by its term, by its call-offs, or only where both agree."""
    term = _term(facts, policy)
    called = _call_off_facts(facts)
    call_off = _to_part(called, _reached(called, policy))
    if not facts.call_off:
        call_off = replace(call_off, missing="call_off")
    if policy.framework == "avtalstid":
        return term.assuming("TERM_COUNTED")
    if policy.framework == "avrop":
        return call_off.assuming("CALL_OFF_COUNTED")
    if not facts.call_off:
        return _only_term(facts, term)
    for part in (term, call_off):
        if part.condition.met is None:
            return replace(part, notes=("RAMAVTAL",))
    return term if term.condition.met == call_off.condition.met else _silent(term, "RAMAVTAL")


def _only_term(facts: Facts, term: _Part) -> _Part:
    """A framework whose call-offs are not known: ask for them once the term is known."""
    if term.missing:
        return replace(term, notes=(*term.notes, "RAMAVTAL"))
    condition = replace(term.condition, met=None)
    return replace(term, condition=condition, missing="call_off", silent="",
                   notes=(*term.notes, "RAMAVTAL"))  # fmt: skip


def _silent(part: _Part, reason: str) -> _Part:
    return replace(part, condition=replace(part.condition, met=None), missing="", silent=reason)


def _call_off_facts(facts: Facts) -> Facts:
    lengths = (facts.call_off,) if facts.call_off else ()
    return Facts(lengths=lengths, start=facts.start, other_starts=facts.other_starts,
                 time_words=facts.call_off_words)  # fmt: skip


def _people(facts: Facts, policy: Policy) -> _Part:
    if policy.unit == "heltid":
        return _full_time(facts, policy)
    if facts.workers is None and facts.share is not None:
        return _by_share(facts, facts.share, policy.workers)
    if facts.workers is None:
        return _Part(Condition("workers", None, ""), "workers")
    met = _more_than(facts.workers, policy.workers)
    condition = Condition("workers", met, facts.worker_words, bounds=facts.workers)
    if met is None:
        return _Part(condition, "workers", notes=("INTERVALL",))
    small = facts.share is not None and facts.share.low <= policy.workers
    flagged = met and (small or (facts.part_time and facts.share is None))
    return _Part(condition, notes=("FTE",) if flagged else ())


def _by_share(facts: Facts, share: Bounds, limit: int) -> _Part:
    """More than one full-time post takes more than one person; less may still be several."""
    met = True if share.low > limit or (share.low == limit and share.low_open) else None
    condition = Condition("workers", met, facts.worker_words, bounds=share)
    return _Part(condition, "" if met else "workers", notes=() if met else ("FTE",))


def _full_time(facts: Facts, policy: Policy) -> _Part:
    """Decide by full-time posts; people without working hours are taken as full-time."""
    bounds = facts.share or facts.workers
    if bounds is None:
        return _Part(Condition("workers", None, ""), "workers")
    if facts.share is None and facts.part_time:
        return _Part(Condition("workers", None, facts.worker_words, bounds=bounds), "workers",
                     notes=("FTE",))  # fmt: skip
    met = _exceeds(bounds, policy.workers)
    condition = Condition("workers", met, facts.worker_words, bounds=bounds)
    assumed = ("FTE_AS_FULL_TIME",) if facts.share is None else ()
    return _Part(condition, "workers" if met is None else "", assumptions=assumed,
                 notes=("INTERVALL",) if met is None else ())  # fmt: skip


def _more_than(bounds: Bounds, limit: int) -> bool | None:
    """Compare whole people: "mindre än två" is at most one, "drygt en" is at least one."""
    lowest = bounds.low + 1 if bounds.low_open and bounds.low == int(bounds.low) else bounds.low
    if bounds.operator is Operator.ABOUT and bounds.low_open:
        lowest = bounds.low
    if lowest >= limit + 1:
        return True
    highest = bounds.high
    if highest is not None and bounds.high_open and bounds.operator is not Operator.ABOUT:
        highest -= 1
    return False if highest is not None and highest <= limit else None


def _exceeds(bounds: Bounds, limit: int) -> bool | None:
    if bounds.low > limit or (bounds.low == limit and bounds.low_open):
        return True
    return False if bounds.high is not None and bounds.high <= limit else None


__all__ = [
    "Answer",
    "Condition",
    "Dates",
    "Facts",
    "Policy",
    "Stretch",
    "Verdict",
    "asks_duty",
    "facts_alone",
    "facts_from",
    "final",
    "is_about_list",
    "load_policy",
    "merge",
    "policy_from",
    "screen",
]
