"""What those who keep the knowledge base see of how it is used; every look is checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.guidance.insight import WRONG, Ageing, Shares, Text, ageing, due_day, falls_due, shares
from bot.policy import Actor
from storage.guidance_model import StoredDocument
from storage.model import Answer
from storage.store import Store

STOCKHOLM = ZoneInfo("Europe/Stockholm")
#: Days a figure of the overview covers; the same number before them is its yardstick.
DAYS = 30
#: Days of answers that tell how much rests on a text.
AGEING_DAYS = 365
FIRST = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Overview:
    """What waits for an administrator, and how the questions have gone."""

    drafts: int
    #: Live texts to look through, the nearest day first.
    due: tuple[Text, ...]
    #: Answers of the last ``DAYS`` that somebody said were not right.
    wrong: int
    now: Shares
    before: Shares
    #: Of the corpus.
    version: int
    #: When something was last published; None for an empty corpus.
    published_at: datetime | None


class Insight:
    """Counts over one store; changes nothing."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def overview(self, actor: Actor) -> Overview:
        """The figures of the first page."""
        actor.require("kb.read")
        now, span = self._now(), timedelta(days=DAYS)
        later = now + timedelta(seconds=1)
        endings = self._store.answers.endings(now - 2 * span, later)
        live = self._store.guidance.published_documents()
        published = [each.published_at for each in live if each.published_at]
        return Overview(
            drafts=len(self._store.guidance.drafts()),
            due=self._due(live),
            wrong=len(self._wrong(now - span, later)),
            now=shares(endings, now - span, later),
            before=shares(endings, now - 2 * span, now - span),
            version=self._store.guidance.corpus_version(),
            published_at=max(published, default=None),
        )

    def voted(self, actor: Actor, days: int | None = None) -> tuple[Answer, ...]:
        """The answers voted on in the last days, or ever; the latest vote first."""
        # A question to the assistant is of no organisation.
        actor.require("question.read", "")
        now = self._now()
        since = FIRST if days is None else now - timedelta(days=days)
        return self._store.answers.voted(since, now + timedelta(seconds=1))

    def ageing(self, actor: Actor) -> tuple[Ageing, ...]:
        """Every live text with its age and the year's answers that rest on it, by risk."""
        actor.require("kb.read")
        now = self._now()
        endings = self._store.answers.endings(now - timedelta(days=AGEING_DAYS), now)
        texts = [to_text(each) for each in self._store.guidance.published_documents()]
        return ageing(texts, endings, self._today())

    def _due(self, live: tuple[StoredDocument, ...]) -> tuple[Text, ...]:
        today, within = self._today(), timedelta(days=DAYS)
        texts = [to_text(each) for each in live]
        due = [each for each in texts if falls_due(each, today, within)]
        return tuple(sorted(due, key=lambda each: (due_day(each), each.title)))

    def _wrong(self, since: datetime, before: datetime) -> list[Answer]:
        voted = self._store.answers.voted(since, before)
        return [each for each in voted if each.feedback and each.feedback.vote == WRONG]

    def _today(self) -> date:
        return self._now().astimezone(STOCKHOLM).date()


def to_text(stored: StoredDocument) -> Text:
    """A live document as its age is judged."""
    each = stored.document
    return Text(
        each.id, each.title, each.kind, each.owner_role, each.source_date, each.review_by,
        each.valid_to,
    )  # fmt: skip
