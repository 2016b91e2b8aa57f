"""``hansyn screen``: the gross-list rule on what a text says; nothing is stored, nobody is told."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from bot.app import utc_now
from bot.commands.opening import input_lines, print_json
from bot.messages import Language, Text
from bot.screening import judge, verdict_parts
from bot.settings import load_settings
from bot.texts import load_texts
from bot.turn import STOCKHOLM
from intents.grosslist import Policy, Verdict, load_policy
from intents.language import detect_language
from intents.quantities import read
from intents.screening import policy_of
from storage.errors import StorageError
from storage.store import open_store


def run(case: str, *, as_json: bool) -> int:
    """Judges one case, or one per line of stdin."""
    policy = policy_in_force()
    for line in input_lines(case):
        if as_json:
            print_json(screen(line, policy))
        else:
            print(_readable(line, policy))  # noqa: T201 - data to stdout
    return 0


def policy_in_force() -> Policy:
    """The rule as it is read today; as it was shipped where there is no database."""
    try:
        with open_store(load_settings().store_url, create=False) as store:
            decided = store.policies.values(_today())
    except StorageError:
        return load_policy()
    return policy_of({key: str(value.value) for key, value in decided.items()})


def screen(text: str, policy: Policy | None = None) -> dict[str, object]:
    """The quantities read, the verdict, the reasons and what is missing, as JSON.

    Of several cases in one message the first stands at the top and all under ``cases``.
    """
    judged = judge(text, _today(), policy)
    first = judged[0]
    return {
        "case": text,
        **_verdict(first),
        "quantities": {condition.name: asdict(condition) for condition in first.conditions},
        "rule_version": first.rule_version,
        "reading": asdict(read(text, _today())),
        "cases": [_verdict(verdict) for verdict in judged],
    }


def _verdict(verdict: Verdict) -> dict[str, object]:
    return {
        "verdict": verdict.verdict,
        "reasons": list(verdict.reasons),
        "missing": list(verdict.missing),
    }


def _readable(text: str, policy: Policy) -> str:
    language: Language = "en" if detect_language(text) == "en" else "sv"
    texts = load_texts()
    judged = judge(text, _today(), policy)
    paragraphs: list[str] = []
    for number, verdict in enumerate(judged, 1):
        if len(judged) > 1:
            paragraphs.append(texts.render("screening.case", language, number=number))
        parts = verdict_parts(verdict, texts, language)
        paragraphs += [part.text for part in parts if isinstance(part, Text)]
    return "\n\n".join(paragraphs) + "\n"


def _today() -> date:
    return utc_now().astimezone(STOCKHOLM).date()
