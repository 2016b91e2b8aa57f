"""``hansyn eval --sections`` and ``--faq``: search measured on texts that are not guidance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from bot.commands.figure_tables import say, show_progress, show_ranks, show_text
from bot.commands.opening import print_json
from bot.settings import load_settings
from knowledge.editorial import load_editorial
from knowledge.embedding import Embedder, load_embedder
from knowledge.errors import BadDocument
from knowledge.figures import Figure
from knowledge.statutes import is_statute, read_statute
from knowledge.yardsticks import FUSION, measure_faq, measure_sections, read_faq

T = TypeVar("T")
Legs = Mapping[str, Figure]


def run_sections(file: Path, *, as_json: bool) -> int:
    """Searches an act with each of its headings, on its text alone and with the editorial layer."""
    text = file.read_text(encoding="utf-8")
    if not is_statute(text):
        raise BadDocument(f"{file.name}: {say('no_statute')}")
    document, _ = read_statute(text, file.name)
    found = measure_sections(document, _embedder(), load_editorial(), _progress)
    count = found.plain[FUSION].count
    if as_json:
        print_json(
            {
                "law": document.title,
                "headings": count,
                "ndcg_at_10": round(found.plain[FUSION].value, 4),
                "with_editorial": round(found.layered[FUSION].value, 4) if found.layered else None,
                "legs": _by_leg(ndcg_at_10=found.plain),
                "legs_with_editorial": _by_leg(ndcg_at_10=found.layered or {}),
            }
        )
        return 0
    show_text(say("title_sections", law=document.title, count=count))
    show_ranks(say("sections_plain"), _by_leg(ndcg_at_10=found.plain))
    if found.layered:
        show_ranks(say("sections_layered"), _by_leg(ndcg_at_10=found.layered))
    return 0


def run_faq(file: Path, *, as_json: bool) -> int:
    """Picks answers to public questions among those of their category, and among all."""
    found = measure_faq(read_faq(file), _embedder(), _progress)
    legs = _by_leg(
        in_category_accuracy=found.in_category_accuracy, pool_ndcg_at_10=found.pool_ndcg_at_10
    )
    accuracy, gain = found.in_category_accuracy[FUSION], found.pool_ndcg_at_10[FUSION]
    if as_json:
        print_json(
            {
                "questions": accuracy.count,
                "in_category_accuracy": round(accuracy.value, 4),
                "pool_ndcg_at_10": round(gain.value, 4),
                "legs": legs,
            }
        )
    else:
        show_ranks(say("title_faq", count=accuracy.count), legs)
    return 0


def _embedder() -> Embedder:
    settings = load_settings()
    return load_embedder(
        settings.embedding_model, settings.data, allow_download=settings.embedding_download
    )


def _progress(questions: Sequence[T]) -> Iterable[T]:
    return show_progress(questions, "searching")


def _by_leg(**figures: Legs) -> dict[str, dict[str, dict[str, float]]]:
    """leg -> figure -> value, interval and count."""
    legs = dict.fromkeys(leg for found in figures.values() for leg in found)
    return {leg: {name: found[leg].as_dict() for name, found in figures.items()} for leg in legs}
