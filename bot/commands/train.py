"""``hansyn train``: trains or adapts the embedding model, and keeps it only if it finds more."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import Progress

from bot.app import App
from bot.commands.opening import opened, print_json, tell
from bot.guidance.corpus_build import build_retriever
from bot.guidance.thresholds import all_gold
from bot.texts import load_texts
from knowledge.calibration import calibrate
from knowledge.editorial import load_editorial
from knowledge.embedding import SHIPPED_MODEL, Embedder, load_embedder
from knowledge.errors import SemanticExtraMissing
from knowledge.evaluation import FUSION, rank_legs
from knowledge.figures import Figure
from knowledge.fusion import load_fusion
from knowledge.model_card import write_card
from knowledge.model_folder import is_static
from knowledge.retriever import Retriever
from knowledge.training import ADAPTING, import_torch, train
from knowledge.training_data import from_editorial, from_guidance, read_folder
from knowledge.training_run import Recipe


@dataclass(frozen=True, slots=True)
class Task:
    """What the command line asks for."""

    #: Folder of material; None means the published guidance alone.
    data: Path | None
    out: Path | None
    seed: int
    as_json: bool


@dataclass(frozen=True, slots=True)
class Contest:
    """How the model in use and the new one do on the reporting half of gold."""

    old: Figure
    new: Figure

    @property
    def won(self) -> bool:
        """Does the new model find more?"""
        return self.new.value > self.old.value


def run(task: Task) -> int:
    """Trains, measures, and replaces the old model where the new one wins."""
    try:
        import_torch()
    except SemanticExtraMissing:
        tell(say("extra_missing"))
        return 1
    with opened() as app:
        out = (task.out or app.configuration.data / "model").absolute()
        if out.exists() and not is_static(out):
            tell(say("not_a_model", out=str(out)))
            return 1
        out.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=out.parent) as scratch:
            new = Path(scratch) / out.name
            recipe = learn(app, task, new)
            contest = compete(app, out, new)
            if contest.won:
                write_card(new, recipe, contest.old, contest.new)
                exchange(out, new)
    report(contest, out, as_json=task.as_json)
    return 0


def learn(app: App, task: Task, new: Path) -> Recipe:
    """Writes a new model: from nothing on general material, else from the model in use."""
    general, own = read_folder(task.data) if task.data else ([], [])
    documents = [item.document for item in app.store.guidance.published_documents()]
    articles = [document for document in documents if document.kind == "article"]
    sources = [*general, *own, *from_guidance(articles), from_editorial(load_editorial())]
    start = None if general else model_in_use(app)
    recipe = replace(ADAPTING if start else Recipe(), seed=task.seed)
    pairs = sum(len(group) for source in sources for group in source.groups)
    tell(say("adapting", start=start.name, pairs=pairs) if start else say("anew", pairs=pairs))
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty()) as shown:
        bar = shown.add_task(say("training"), total=None)
        train(
            sources,
            new,
            recipe,
            start=start,
            progress=lambda done, total: shown.update(bar, completed=done, total=total),
        )
    return recipe


def model_in_use(app: App) -> Path:
    """The static model the settings name; the shipped one where they name another kind."""
    folder = app.configuration.data / app.configuration.embedding_model
    return folder if app.configuration.embedding_model and is_static(folder) else SHIPPED_MODEL


def compete(app: App, out: Path, new: Path) -> Contest:
    """Both models on the reporting half, each with fusion and thresholds of its own."""
    count = sum(question.half == "reporting" for question in all_gold(app.store))
    tell(say("measuring", count=count))
    old = load_embedder(str(out), out.parent) if out.exists() else app.corpus.embedder()
    return Contest(found_by(app, old), found_by(app, load_embedder(str(new), new.parent)))


def found_by(app: App, embedder: Embedder) -> Figure:
    """Mean reciprocal rank of the right source, by all legs together."""
    gold = all_gold(app.store)
    with TemporaryDirectory() as cache:
        stored = app.store.guidance.published_documents()
        retriever = build_retriever(stored, embedder, load_fusion(), Path(cache))
    fusion = calibrate(retriever, gold, retriever.twins)
    fitted = Retriever(retriever.index, fusion, retriever.twins)
    return rank_legs(fitted, [q for q in gold if q.half == "reporting"])[FUSION].mrr


def exchange(out: Path, new: Path) -> None:
    """Puts the new folder in the place of the old one, which is there until it is."""
    before = out.with_name(f"{out.name}.before")
    if out.exists():
        os.replace(out, before)
    os.replace(new, out)
    shutil.rmtree(before, ignore_errors=True)


def report(contest: Contest, out: Path, *, as_json: bool) -> None:
    """Tells plainly which model won and what follows."""
    if as_json:
        figures = {"old": contest.old.as_dict(), "new": contest.new.as_dict()}
        print_json({"replaced": contest.won, "mrr": figures, "out": str(out)})
        return
    old, new = (f"{found.value:.3f}" for found in (contest.old, contest.new))
    tell(say("figures", old=old, new=new))
    tell(say("kept", out=str(out)) if contest.won else say("discarded"))
    if contest.won:
        tell(say("setting", out=str(out)))


def say(key: str, **values: str | int) -> str:
    """A sentence of this command, in Swedish."""
    return load_texts().render(f"train.{key}", "sv", **values)
