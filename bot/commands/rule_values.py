"""``hansyn policy``: how the gross-list rule is read, and deciding it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from rich.table import Table

from bot.administration.faults import Unsuitable
from bot.administration.rule_desk import Reading
from bot.app import App
from bot.commands.kb_versions import console
from bot.commands.opening import opened, print_json, tell
from bot.commands.rescreen import flip_lines
from bot.policy import OPERATOR
from bot.texts import load_texts
from intents.grosslist_policy import rule_choices
from storage.model import PolicyValue


@dataclass(frozen=True, slots=True)
class Wanted:
    """A decision as it is written on the command line."""

    key: str
    value: str
    decided_by: str
    source: str
    #: ISO; empty for today.
    since: str


def run_list(*, as_json: bool) -> int:
    """Everything the rule leaves open, and how it is read today."""
    with opened() as app:
        readings = app.settings_desks.rule.readings(OPERATOR)
    if as_json:
        print_json([_to_json(reading) for reading in readings])
        return 0
    headings = (_say(f"field.{name}") for name in ("decided_by", "source", "since"))
    table = Table("", _say("rules.now"), *headings)
    for reading in readings:
        table.add_row(*_row(reading))
    console().print(table)
    return 0


def run_set(wanted: Wanted, *, as_json: bool) -> int:
    """Stores a decision and tells which stored verdicts are other ones now; 2 for a bad one."""
    known = {choice.name: choice.allowed for choice in rule_choices()}
    if wanted.key not in known:
        tell(_say("command.unknown_rule", name=wanted.key, known=", ".join(known)))
        return 2
    if wanted.value not in known[wanted.key]:
        allowed = ", ".join(known[wanted.key])
        tell(_say("command.unknown_value", name=wanted.key, value=wanted.value, known=allowed))
        return 2
    with opened() as app:
        try:
            since = date.fromisoformat(wanted.since) if wanted.since else app.today()
        except ValueError:
            tell(_say("command.bad_date", value=wanted.since))
            return 2
        told = (wanted.value, wanted.decided_by, wanted.source, since)
        decision = PolicyValue(wanted.key, *told)
        try:
            app.settings_desks.rule.decide(OPERATOR, decision)
        except Unsuitable as fault:
            tell(_say(f"fault.{fault.code}"))
            return 2
        _report(app, decision, as_json=as_json)
    return 0


def _report(app: App, decision: PolicyValue, *, as_json: bool) -> None:
    found = app.settings_desks.rule.rescreened(OPERATOR)
    if as_json:
        flips = [asdict(flip) for flip in found.flips]
        print_json({"decision": asdict(decision), "screenings": found.of, "flips": flips})
        return
    day = decision.valid_from.isoformat()
    tell(_say("command.decided", name=decision.key, value=str(decision.value), day=day))
    print("\n".join(flip_lines(app, found.flips, found.of)))  # noqa: T201 - data to stdout


def _row(reading: Reading) -> tuple[str, ...]:
    decision = reading.decision
    if decision is None:
        undecided = _say("rules.undecided", source=reading.choice.source)
        return reading.choice.name, reading.value, "", undecided, ""
    told = (decision.decided_by, decision.source, decision.valid_from.isoformat())
    return reading.choice.name, reading.value, *told


def _to_json(reading: Reading) -> dict[str, object]:
    return {
        "key": reading.choice.name,
        "allowed": reading.choice.allowed,
        "value": reading.value,
        "decision": asdict(reading.decision) if reading.decision else None,
        "coming": [asdict(each) for each in reading.coming],
    }


def _say(key: str, **values: str | int) -> str:
    return load_texts().render(f"console_settings.{key}", "sv", **values)
