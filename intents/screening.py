"""One assignment put together from a message and the answers to what it left open, and judged.

Answers are kept as they were given, so that a stored screening can be judged again when the rule
or a policy value changes.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from tomllib import loads
from typing import Any

from intents.exchange import Json, Values
from intents.grosslist import (
    Condition,
    Facts,
    Policy,
    Stretch,
    Verdict,
    facts_from,
    final,
    load_policy,
    merge,
    policy_from,
    screen,
)
from intents.quantities import read, read_count, read_date, read_duration
from intents.reading import Bounds, Duration, Length, Operator

#: Questions that decide, in the order they are asked.
DECIDING = ("duration", "workers", "start_date", "year", "option", "call_off")
#: Only the comparison matters: what the buttons mean.
BUTTONS: Mapping[str, Facts] = {
    "short": Facts(lengths=(Stretch(Length(), Length(months=4), high_open=True),)),
    "long": Facts(lengths=(Stretch(Length(months=4), None),)),
    "one": Facts(workers=Bounds(1, 1)),
    "more": Facts(workers=Bounds(1, None, Operator.MORE_THAN, low_open=True)),
}


@lru_cache(maxsize=512)
def cases(text: str, today: date) -> tuple[Facts, ...]:
    """Return the facts of each case a message describes."""
    return facts_from(read(text, today), text)


@lru_cache(maxsize=512)
def _duration(text: str) -> Duration | None:
    return read_duration(text, "MONTH")


@lru_cache(maxsize=512)
def answered(slot: str, text: str, today: date) -> Facts:
    """Return what the answer to one question tells."""
    if text in BUTTONS:
        return BUTTONS[text]
    told = cases(text, today)[0]
    if slot == "workers" and not told.has_workers:
        count = read_count(text)
        return replace(told, workers=count.bounds, worker_words=count.words.text) if count else told
    if slot in {"duration", "option", "call_off"} and not told.has_time:
        found = _duration(text)
        if found is not None:
            length = Stretch(found.low, found.high, found.low_open, found.high_open)
            told = replace(told, lengths=(length,), time_words=found.words.text)
    if slot == "start_date" and told.start is None and not told.periods:
        moment = read_date(text, today)
        if moment is not None and moment.sure:
            told = replace(told, start=moment.first)
    return _in_place(slot, told)


def _in_place(slot: str, told: Facts) -> Facts:
    """Put a length where the question asked for it: an option's or a call-off's."""
    if slot == "option" and told.lengths:
        further = told.option_length
        length = told.lengths[0].plus(further) if further else told.lengths[0]
        return Facts(option=True, option_length=length)
    if slot == "call_off" and told.lengths:
        return Facts(framework=True, call_off=told.lengths[0], call_off_words=told.time_words)
    return told


def tells(slot: str, text: str, today: date) -> bool:
    """Does an answer tell what its question asks for?"""
    told = answered(slot, text, today)
    return {
        "duration": told.has_time,
        "workers": told.has_workers,
        "start_date": told.start is not None or bool(told.periods),
        "option": told.option_length is not None,
        "call_off": told.call_off is not None,
    }.get(slot, False)


def facts_of(values: Values, today: date) -> tuple[Facts, ...]:
    """Return the facts of each case in a message, with the answers to a single one merged in.

    ``which`` is the number of the one the person goes on with.
    """
    year = values.get("year")
    placed = date(year, 1, 1) if year else today
    found = cases(values.get("case") or "", placed)
    chosen = str(values.get("which") or "")
    if len(found) > 1 and not chosen.isdigit():
        return found
    facts = found[min(int(chosen or 1), len(found)) - 1]
    for slot in DECIDING:
        text = values.get(slot)
        if isinstance(text, str) and slot != "year":
            facts = merge(facts, answered(slot, text, placed))
    return (facts,)


def judge(facts: Facts, values: Values, policy: Policy) -> Verdict:
    """Return the verdict; what the person was asked and does not know makes it oklar."""
    verdict = screen(facts, policy)
    open_questions = [name for name in verdict.missing if name not in values]
    return verdict if verdict.verdict is not None or open_questions else final(facts, policy)


@cache
def _rule() -> Mapping[str, Any]:
    return loads(files("intents").joinpath("rules", "grosslist.toml").read_text("utf-8"))


def policy_of(chosen: Mapping[str, str] | None) -> Policy:
    """Return the shipped policy with the values the support function has set.

    A value the rule does not allow is left out: one slip must not stop every screening.
    """
    known = {name: value for name, value in (chosen or {}).items() if allows(name, value)}
    return policy_from(_rule(), known) if known else load_policy()


def policy_version(policy: Policy) -> str:
    """Return the values of a policy in the order the rule names them."""
    return "/".join((policy.framework, policy.option, policy.limit, policy.unit))


def allows(name: str, value: str) -> bool:
    """Does the rule know a policy value of that name?"""
    table = _rule()["policy"].get(name, {})
    return value in table.get("allowed", ())


def to_record(values: Values, verdict: Verdict, policy: Policy) -> dict[str, Json]:
    """Return a screening as it is stored: input, answers, verdict and what it rests on."""
    duration, workers = verdict.conditions
    return {
        "text": values.get("case") or "",
        "which": values.get("which"),
        "answers": {name: values[name] for name in DECIDING if name in values},
        "time": duration.words,
        "workers": workers.words,
        "met": [duration.met, workers.met],
        "verdict": verdict.verdict,
        "reasons": list(verdict.reasons),
        "assumptions": list(verdict.assumptions),
        "notes": list(verdict.notes),
        "rule_version": verdict.rule_version,
        "policy_version": policy_version(policy),
    }


def from_record(record: Values) -> Verdict:
    """Return the verdict as it was stored; the exact calendar behind it is not kept."""
    notes = tuple(record.get("notes") or ())
    time_met, workers_met = record.get("met") or (None, None)
    exact = "GRANSFALL" in notes and time_met is not None
    conditions = (
        Condition("duration", time_met, str(record.get("time") or ""), exact),
        Condition("workers", workers_met, str(record.get("workers") or "")),
    )
    return Verdict(
        record.get("verdict"),
        conditions,
        tuple(record.get("reasons") or ()),
        assumptions=tuple(record.get("assumptions") or ()),
        notes=notes,
        rule_version=str(record.get("rule_version") or ""),
        source=load_policy().source,
    )


def judge_again(record: Values, day: date, policy: Policy) -> Verdict:
    """Return the verdict on a stored screening under a policy; ``day`` is when it was made."""
    told = {"case": record.get("text") or "", "which": record.get("which")}
    values = {**told, **(record.get("answers") or {})}
    return judge(facts_of(values, day)[0], values, policy)
