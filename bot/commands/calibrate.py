"""``hansyn calibrate``: weights and thresholds for the corpus and model in use."""

from __future__ import annotations

from bot.commands.opening import opened, print_json, tell
from bot.guidance.thresholds import all_gold
from bot.texts import load_texts
from knowledge.calibration import corpus_fingerprint


def run(*, as_json: bool) -> int:
    """Derives them where those in use belong to another corpus or model; 1 where it cannot."""
    with opened() as app:
        retriever = app.corpus.retriever()
        wanted, before = corpus_fingerprint(retriever.index), retriever.fusion
        if before.fingerprint != wanted and not as_json:
            tell(say("deriving", gold=len(all_gold(app.store))))
        app.corpus.derive_thresholds()
        after = app.corpus.retriever().fusion
    if as_json:
        thresholds = {"answer_at": after.answer_at, "near_at": after.near_at}
        changed, current = after is not before, after.fingerprint == wanted
        print_json({"changed": changed, "current": current} | thresholds)
    elif after is before:
        tell(say("current" if before.fingerprint == wanted else "nothing_learnt"))
    else:
        old, new = (f"{fusion.answer_at:.2f}".replace(".", ",") for fusion in (before, after))
        tell(say("derived", old=old, new=new))
    return int(after.fingerprint != wanted)


def say(key: str, **values: str | int) -> str:
    """A sentence of this command, in Swedish."""
    return load_texts().render(f"calibrate.{key}", "sv", **values)
