"""The look-ups dialogs name: similar cases, the year's cases, a case to amend, report status."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.files.receipt_words import is_word
from bot.messages import ConversationKey
from bot.ownership import is_own, own_keys
from intents.language import fold
from storage.model import Case, CaseFilter
from storage.store import Store

SIMILAR_DAYS = 60
REPORTS = ("deviation", "deviation_annual")
ASKED_FOR_MORE = "komplettering"
STOCKHOLM = ZoneInfo("Europe/Stockholm")


class Lookups:
    """Answers from the store; an unknown look-up finds nothing."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def find(self, name: str, arguments: Mapping[str, object], key: str) -> object:
        """The result as JSON for the dialog that asked."""
        finders: dict[str, Callable[[], object]] = {
            "case": lambda: self._case(str(arguments.get("number") or ""), key),
            "receipt": lambda: self._receipt(
                str(arguments.get("number") or ""), str(arguments.get("word") or ""), key
            ),
            "organisation": lambda: self._organisation(key),
            "asked": lambda: self._asked(str(arguments.get("number") or ""), key),
            "similar": lambda: self._similar(arguments, key),
            "year": lambda: self._year(arguments, key),
            "policy": self._policy,
            "status_again": lambda: self._status_again(str(arguments.get("number") or "")),
            "own": lambda: [_facts(case) for case in self._own(key) if not case.withdrawn],
            "examples": lambda: [_facts(case) for case in self._store.cases.published()],
            "link_code": lambda: self._code_is_good(arguments),
        }
        return finders[name]() if name in finders else None

    def _code_is_good(self, arguments: Mapping[str, object]) -> bool:
        at = datetime.fromisoformat(str(arguments["at"]))
        return self._store.people.code_is_good(str(arguments["digest"]), at)

    def _case(self, number: str, key: str) -> object:
        """A case of the asker's own; another one's does not exist for them."""
        case = self._store.cases.find(number)
        return _facts(case) if case and is_own(case, self._store.people, key) else None

    def _receipt(self, number: str, word: str, key: str) -> object:
        """A report of the asker's own, or one whose secret word they know."""
        case = self._store.cases.find(number)
        if case is None:
            return None
        known = word and is_word(number, word, self._store.cases.events(number))
        return _facts(case) if known else self._case(number, key)

    def _organisation(self, key: str) -> str:
        """Where the person belongs, or what they last reported for; anybody can name any, so it
        opens nothing.
        """
        asker = ConversationKey.parse(key)
        person = self._store.people.find(asker.issuer, asker.person)
        if person and person.organisation:
            return person.organisation
        filed = [case.organisation for case in self._own(key)]
        return filed[-1] if filed else ""

    def _asked(self, number: str, key: str) -> object:
        """A case this conversation brought up, whatever kind it is."""
        case = self._store.cases.find(number)
        return _facts(case) if case and case.conversation_key == key else None

    def _status_again(self, number: str) -> str | None:
        """Where a report asked to be completed goes back to; None for any other."""
        case = self._store.cases.find(number)
        if case is None or case.report_status != ASKED_FOR_MORE:
            return None
        events = self._store.cases.events(number)
        moved = [str(e.facts["status"]) for e in events if e.kind == "report_status"]
        before = [status for status in moved if status != ASKED_FOR_MORE]
        return before[-1] if before else "inskickad"

    def _policy(self) -> dict[str, str]:
        """What the support function has decided for what the gross-list rule leaves open."""
        today = self._now().astimezone(STOCKHOLM).date()
        decided = self._store.policies.values(today)
        return {key: str(value.value) for key, value in decided.items()}

    def _own(self, key: str) -> tuple[Case, ...]:
        keys = own_keys(self._store.people, key)
        return self._store.cases.list(CaseFilter(kinds=REPORTS, submitted_in=keys))

    def _similar(self, arguments: Mapping[str, object], key: str) -> object:
        """Reports of the same organisation that may be the same event."""
        wanted = str(arguments.get("procurement_ref") or arguments.get("procurement_name") or "")
        cases = self._store.cases.list(
            CaseFilter(
                kinds=("deviation",),
                organisations=(_code(arguments),),
                submitted_in=own_keys(self._store.people, key),
                created_from=self._now() - timedelta(days=SIMILAR_DAYS),
            )
        )
        return [
            _facts(case)
            for case in cases
            if not case.withdrawn and wanted and _bare(wanted) in _names(case)
        ]

    def _year(self, arguments: Mapping[str, object], key: str) -> object:
        """The asker's own reports of the year; anybody can name any organisation."""
        year = int(str(arguments.get("year") or self._now().year))
        cases = self._store.cases.list(
            CaseFilter(
                kinds=("deviation",),
                organisations=(_code(arguments),),
                year=year,
                submitted_in=own_keys(self._store.people, key),
            )
        )
        return [_facts(case) for case in cases if not case.withdrawn]


def _code(arguments: Mapping[str, object]) -> str:
    organisation = arguments.get("organisation")
    return "annan" if isinstance(organisation, Mapping) else str(organisation or "")


def _names(case: Case) -> set[str]:
    named = (case.values.get(name) for name in ("procurement_ref", "procurement_name"))
    return {_bare(str(name)) for name in named if name}


def _bare(name: str) -> str:
    """A name or number without what people write differently: "Dnr 44/26" is "44/26"."""
    letters = re.sub(r"[\W_]+", "", fold(name))
    return re.sub(r"^(?:dnr|diarienr|diarienummer|upphandling\w*?)(?=\d)", "", letters)


def _facts(case: Case) -> dict[str, object]:
    return {
        "number": case.number,
        "kind": case.kind,
        "version": case.version,
        "status": case.report_status,
        "state": case.state,
        "withdrawn": case.withdrawn,
        "year": case.year,
        "at": case.submitted_at.date().isoformat(),
        "values": case.values,
    }
