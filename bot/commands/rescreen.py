"""``hansyn rescreen``: which stored verdicts flip under today's rule, and who should hear of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from bot.app import App
from bot.commands.opening import opened, print_json, tell
from intents.grosslist import Policy
from intents.picklists import by_code
from intents.screening import allows, judge_again, policy_of, policy_version
from storage.model import Case, Screening

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True, slots=True)
class Flip:
    """A stored screening whose verdict is another one today."""

    number: str
    #: Day it was judged.
    day: str
    was: str
    becomes: str
    reasons: tuple[str, ...]
    #: The case it was registered as, and for whom; empty for a what-if.
    case_number: str
    organisation: str
    #: support: the list itself is wrong; asker: only the one who asked has heard the old verdict.
    tell: tuple[Literal["asker", "support"], ...]
    #: Conversation the verdict was given in.
    conversation: str


def run(changes: Sequence[str], *, as_json: bool) -> int:
    """Judges every stored screening again; ``changes`` are values to try, as NAME=VALUE."""
    with opened() as app:
        try:
            policy = policy_now(app, changes)
        except ValueError as fault:
            tell(app.texts.render("rescreen.unknown_value", "sv", value=str(fault)))
            return 2
        stored = app.store.screenings.list()
        flips = list(find_flips(stored, policy, _cases(app, stored)))
        if as_json:
            print_json({
                "screenings": len(stored),
                "rule_version": policy.rule_version,
                "policy": policy_version(policy),
                "flips": [asdict(flip) for flip in flips],
            })  # fmt: skip
        else:
            _show(app, flips, len(stored))
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


def find_flips(
    stored: Sequence[Screening], policy: Policy, cases: Mapping[str, Case]
) -> Iterator[Flip]:
    """The stored screenings that get another verdict under ``policy``, oldest first."""
    for screening in stored:
        day = screening.at.astimezone(STOCKHOLM).date()
        verdict = judge_again(screening.facts, day, policy)
        becomes = verdict.verdict or "oklar"
        if becomes == screening.verdict:
            continue
        case = cases.get(screening.case_number)
        yield Flip(
            screening.number,
            day.isoformat(),
            screening.verdict,
            becomes,
            verdict.reasons,
            screening.case_number,
            case.organisation if case else screening.organisation,
            ("asker", "support") if case else ("asker",),
            screening.conversation_key,
        )


def _cases(app: App, stored: Sequence[Screening]) -> dict[str, Case]:
    """The cases still on the list that the screenings became, by number."""
    numbers = {screening.case_number for screening in stored if screening.case_number}
    found = (app.store.cases.find(number) for number in sorted(numbers))
    return {case.number: case for case in found if case is not None and not case.withdrawn}


def _show(app: App, flips: Sequence[Flip], count: int) -> None:
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
    print("\n".join(lines))  # noqa: T201
