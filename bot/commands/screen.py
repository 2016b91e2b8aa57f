"""``hansyn screen``: the gross-list rule on what a text says; nothing is stored, nobody is told."""

from __future__ import annotations

from dataclasses import asdict

from bot.app import utc_now
from bot.commands.opening import input_lines, print_json
from bot.messages import Language, Text
from bot.screening import judge, verdict_parts
from bot.texts import load_texts
from bot.turn import STOCKHOLM
from intents.grosslist import Verdict
from intents.language import detect_language
from intents.quantities import read


def run(case: str, *, as_json: bool) -> int:
    """Judges one case, or one per line of stdin."""
    for line in input_lines(case):
        if as_json:
            print_json(screen(line))
        else:
            print(_readable(line))  # noqa: T201 - data to stdout
    return 0


def screen(text: str) -> dict[str, object]:
    """The quantities read, the verdict, the reasons and what is missing, as JSON."""
    today = utc_now().astimezone(STOCKHOLM).date()
    language: Language = "en" if detect_language(text) == "en" else "sv"
    judged = judge(text, today)
    first = judged[0] if judged else None
    return {
        "case": text,
        "verdict": first.verdict if first else None,
        "reasons": list(first.reasons) if first else [],
        "missing": list(first.missing) if first else ["duration", "workers"],
        "quantities": _quantities(first),
        "rule_version": first.rule_version if first else "",
        "reading": asdict(read(text, today, language)),
        "cases": [{"verdict": v.verdict, "reasons": list(v.reasons)} for v in judged],
    }


def _quantities(verdict: Verdict | None) -> dict[str, object]:
    if verdict is None:
        return {}
    return {condition.name: asdict(condition) for condition in verdict.conditions}


def _readable(text: str) -> str:
    today = utc_now().astimezone(STOCKHOLM).date()
    language: Language = "en" if detect_language(text) == "en" else "sv"
    judged = judge(text, today)
    texts = load_texts()
    if not judged:
        return texts.render("screening.next.open", language)
    parts = [part for verdict in judged for part in verdict_parts(verdict, texts, language)]
    return "\n\n".join(part.text for part in parts if isinstance(part, Text)) + "\n"
