"""``hansyn rescreen``: which stored verdicts flip under today's rule, and who should hear of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from bot.administration.rescreening import Flip, rescreen
from bot.app import App
from bot.commands.opening import opened, print_json, tell
from intents.grosslist import Policy
from intents.picklists import by_code
from intents.screening import allows, policy_of, policy_version


def run(changes: Sequence[str], *, as_json: bool) -> int:
    """Judges every stored screening again; ``changes`` are values to try, as NAME=VALUE."""
    with opened() as app:
        try:
            policy = policy_now(app, changes)
        except ValueError as fault:
            tell(app.texts.render("rescreen.unknown_value", "sv", value=str(fault)))
            return 2
        flips, count = rescreen(app.store, policy)
        if as_json:
            print_json({
                "screenings": count,
                "rule_version": policy.rule_version,
                "policy": policy_version(policy),
                "flips": [asdict(flip) for flip in flips],
            })  # fmt: skip
        else:
            print("\n".join(flip_lines(app, flips, count)))  # noqa: T201 - data to stdout
    return 0


def policy_now(app: App, changes: Sequence[str]) -> Policy:
    """The values in force today, with those to try; ValueError for one the rule does not know."""
    decided = app.services.look_up("policy", {}, "")
    assert isinstance(decided, Mapping)
    tried = dict(change.partition("=")[::2] for change in changes)
    for name, value in tried.items():
        if not allows(name, value):
            raise ValueError(f"{name}={value}")
    return policy_of({**decided, **tried})


def flip_lines(app: App, flips: Sequence[Flip], count: int) -> list[str]:
    """How many of so many flip, and a line for each."""
    texts, organisations = app.texts, app.lists()["organisations"]
    lines = [texts.render("rescreen.found", "sv", count=len(flips), of=count)]
    for flip in flips:
        named = by_code(organisations, flip.organisation)
        values = {
            "number": flip.number,
            "day": flip.day,
            "was": flip.was,
            "becomes": flip.becomes,
            "case": flip.case_number,
            "organisation": named.name if named else flip.organisation,
        }
        key = "registered" if "support" in flip.tell else "asked"
        lines.append(texts.render(f"rescreen.{key}", "sv", **values))
    return lines
