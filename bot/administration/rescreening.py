"""Which stored verdicts another reading of the rule changes, and who has heard the old one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from bot.background import Progress
from bot.working_days import stockholm_day
from intents.grosslist import Policy
from intents.screening import judge_again
from storage.model import Case, Screening
from storage.store import Store

#: Kind of the outbox row that takes a changed verdict to whoever heard the old one.
RESCREENED: Final = "rescreened"


@dataclass(frozen=True, slots=True)
class Flip:
    """A stored screening that gets another verdict."""

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


def rescreen(
    store: Store, policy: Policy, progress: Progress = lambda _done, _of: None
) -> tuple[tuple[Flip, ...], int]:
    """The stored screenings that get another verdict, and how many were judged."""
    stored = store.screenings.list()
    flips = find_flips(stored, policy, _cases(store, stored), progress)
    return tuple(flips), len(stored)


def find_flips(
    stored: Sequence[Screening],
    policy: Policy,
    cases: Mapping[str, Case],
    progress: Progress = lambda _done, _of: None,
) -> Iterator[Flip]:
    """The stored screenings that get another verdict under ``policy``, oldest first."""
    for done, screening in enumerate(stored):
        progress(done, len(stored))
        day = stockholm_day(screening.at)
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


def _cases(store: Store, stored: Sequence[Screening]) -> dict[str, Case]:
    """The cases still on the list that the screenings became, by number."""
    numbers = {screening.case_number for screening in stored if screening.case_number}
    found = (store.cases.find(number) for number in sorted(numbers))
    return {case.number: case for case in found if case is not None and not case.withdrawn}
