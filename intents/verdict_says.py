"""A gross-list verdict in words: the verdict, the two conditions with the person's own numbers,
what was assumed, and what to do next. Keys only; the sentences stand in the texts of screening.
"""

from intents.exchange import Lines, Phrase, Say, Shown
from intents.grosslist import Condition, Verdict

#: Reasons that the two conditions say by themselves.
_SAID_BY_CONDITIONS = frozenset({"KORT_TID", "FA_ARBETSTAGARE", "BADA"})


def verdict_says(verdict: Verdict) -> tuple[Say, ...]:
    """Return what is said about one assignment, most important first."""
    answer = verdict.verdict or "open"
    lines = Lines(tuple(condition_phrase(each) for each in verdict.conditions))
    says = [Say(f"screening.verdict.{answer}", role="answer"),
            Say("screening.conditions", {"lines": lines})]  # fmt: skip
    reasons = [code for code in verdict.reasons if code not in _SAID_BY_CONDITIONS]
    says += [Say(f"screening.reason.{code}") for code in reasons]
    notes = [code for code in verdict.notes if code not in reasons]
    says += [Say(f"screening.note.{code}", role="note") for code in notes]
    if verdict.assumptions:
        codes = dict.fromkeys(verdict.assumptions)
        assumed = Lines(tuple(Phrase(f"screening.assumption.{code}") for code in codes))
        says.append(Say("screening.assumed", {"lines": assumed}, role="note"))
    following = f"next.{answer}" if verdict.verdict else f"{verdict.missing[0]}.ask"
    return (*says, Say(f"screening.{following}"))


def verdict_line(verdict: Verdict) -> Say:
    """Return the verdict as one line, for a message that asks about something else as well."""
    values: dict[str, Shown] = {"duration": _short(verdict.conditions[0]),
                                "workers": _short(verdict.conditions[1])}  # fmt: skip
    answer = verdict.verdict or f"open.{verdict.missing[0]}"
    return Say(f"screening.line.{answer}", values, role="answer")


def _short(condition: Condition) -> Shown:
    return _words(condition) if condition.words else Phrase(f"screening.{condition.name}.label")


def _words(condition: Condition) -> Shown:
    """Return the person's words; a bare number gets what the question asked for."""
    if not (condition.words.isascii() and condition.words.isdigit()):
        return condition.words
    return Phrase(f"screening.{condition.name}.bare", {"count": int(condition.words)})


def condition_phrase(condition: Condition) -> Phrase:
    """Return one condition, whether it is met, and the numbers it was judged by."""
    key = f"screening.{condition.name}.{_state(condition)}"
    reach = condition.reach
    values: dict[str, Shown] = {}
    if condition.words:
        values["words"] = _words(condition)
    if reach is not None and reach.deciding_day is not None:
        values |= {"day": reach.deciding_day, "count": reach.days_short}
    return Phrase(key, values)


def _state(condition: Condition) -> str:
    """Return the last part of the key: met, exact, short_by_days, unmet, open or unknown."""
    reach = condition.reach
    if condition.met is None:
        return "open" if condition.words else "unknown"
    if not condition.words:
        return "met_plain" if condition.met else "unmet_plain"
    if condition.met:
        return "met_exact" if condition.exact else "met"
    if condition.exact and condition.name == "duration":
        return "unmet_exact"
    by_days = reach is not None and reach.deciding_day is not None and 0 < reach.days_short <= 31
    return "short_by_days" if by_days else "unmet"
