"""What answers and votes say about the knowledge base: counts over frozen rows, nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from storage.model import Answer, Ending
from storage.records import Facts

#: How a question can end, as answers are stored; in the order they are shown.
OUTCOMES = ("answered", "near_miss", "no_answer")
#: The vote of whoever says that an answer was not right.
WRONG = "no"


@dataclass(frozen=True, slots=True)
class Shares:
    """How the questions of a period ended."""

    #: Number per outcome, in the order of ``OUTCOMES``.
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """Questions of the period."""
        return sum(self.counts)

    @property
    def percents(self) -> tuple[int, ...]:
        """Whole percent per outcome, summing to 100; all 0 for a period without questions."""
        return whole_percents(self.counts)


@dataclass(frozen=True, slots=True)
class PassageVotes:
    """Votes on the answers whose first quote was this passage."""

    locator: str
    right: int
    wrong: int


@dataclass(frozen=True, slots=True)
class ArticleVotes:
    """Votes on the answers that rested on an article."""

    document: str
    title: str
    #: Most complained about first.
    passages: tuple[PassageVotes, ...]

    @property
    def right(self) -> int:
        """Votes that say the answer helped."""
        return sum(each.right for each in self.passages)

    @property
    def wrong(self) -> int:
        """Votes that say it was not right."""
        return sum(each.wrong for each in self.passages)


@dataclass(frozen=True, slots=True)
class Text:
    """A live article or act, as its age is judged."""

    document: str
    title: str
    #: "article", "statute" or "document".
    kind: str
    owner: str
    #: ISO dates; empty or a word such as "odaterad" where there is none.
    dated: str
    review_by: str
    valid_to: str


@dataclass(frozen=True, slots=True)
class Ageing:
    """A text and how much rests on it."""

    text: Text
    #: Answers of the period that quote it.
    answers: int
    #: Whole days since its date; None where it is undated.
    days: int | None
    #: Answers x years of age, one decimal; an undated text counts as old as the oldest dated one.
    risk: float


def shares(endings: Iterable[Ending], since: datetime, before: datetime) -> Shares:
    """How the questions from ``since`` until just before ``before`` ended."""
    told = Counter(each.outcome for each in endings if since <= each.at < before)
    return Shares(tuple(told[outcome] for outcome in OUTCOMES))


def whole_percents(counts: Sequence[int]) -> tuple[int, ...]:
    """Whole percents of a sum that add up to 100 (largest remainder); all 0 for nothing."""
    total = sum(counts)
    if not total:
        return tuple(0 for _ in counts)
    floors = [100 * count // total for count in counts]
    by_remainder = sorted(range(len(counts)), key=lambda at: -(100 * counts[at] % total))
    for at in by_remainder[: 100 - sum(floors)]:
        floors[at] += 1
    return tuple(floors)


def votes_by_article(voted: Iterable[Answer]) -> tuple[ArticleVotes, ...]:
    """Votes per article and passage, the most complained about first.

    A vote counts for the first quote: it is what the reader was told.
    """
    titles: dict[str, str] = {}
    votes: dict[str, Counter[tuple[str, bool]]] = {}
    for answer in voted:
        if answer.feedback is None or not answer.quotes:
            continue
        first: Facts = answer.quotes[0]
        document = str(first["document"])
        titles[document] = str(first["title"])
        wrong = answer.feedback.vote == WRONG
        votes.setdefault(document, Counter())[str(first["locator"]), wrong] += 1
    found = [ArticleVotes(name, titles[name], _passages(each)) for name, each in votes.items()]
    return tuple(sorted(found, key=lambda each: (-each.wrong, each.right, each.title)))


def _passages(votes: Counter[tuple[str, bool]]) -> tuple[PassageVotes, ...]:
    locators = {locator for locator, _ in votes}
    found = [PassageVotes(each, votes[each, False], votes[each, True]) for each in locators]
    return tuple(sorted(found, key=lambda each: (-each.wrong, -each.right, each.locator)))


def ageing(texts: Sequence[Text], endings: Iterable[Ending], today: date) -> tuple[Ageing, ...]:
    """Every text with its age and the answers that rest on it, the most risky first."""
    used = Counter(name for each in endings for name in each.documents)
    days = {each.document: age_in_days(each.dated, today) for each in texts}
    oldest = max((age for age in days.values() if age is not None), default=0)
    found = [_aged(each, used[each.document], days[each.document], oldest) for each in texts]
    return tuple(sorted(found, key=lambda each: (-each.risk, each.text.title)))


def _aged(text: Text, answers: int, days: int | None, oldest: int) -> Ageing:
    age = oldest if days is None else days
    return Ageing(text, answers, days, round(answers * age / 365.25, 1))


def age_in_days(dated: str, today: date) -> int | None:
    """Days since an ISO date, 0 for a future one; None for what is no date."""
    try:
        return max(0, (today - date.fromisoformat(dated)).days)
    except ValueError:
        return None


def falls_due(text: Text, today: date, within: timedelta) -> bool:
    """Is it to be reviewed, or does it stop applying, within the time or already?"""
    first = due_day(text)
    return bool(first) and first <= (today + within).isoformat()


def due_day(text: Text) -> str:
    """The first day, in ISO, on which somebody must look at the text; empty for none."""
    return min((day for day in (text.review_by, text.valid_to) if day), default="")
