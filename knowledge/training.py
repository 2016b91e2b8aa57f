"""Training the shipped embedding model, and adapting it to an organisation's own texts.

A static model is a tokenizer and one vector per token, so a run takes minutes on two cores. Each
vector starts as the sum of its letters' n-grams, which puts ``anställd`` near ``anställning``
before any training; then pairs are learned with the other texts of the batch as wrong answers.
torch and sentence-transformers are imported only inside the functions that need them.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

from knowledge.embedding import StaticEmbedder, Vectors, load_table, load_tokenizer, unit
from knowledge.errors import NothingToLearn, SemanticExtraMissing
from knowledge.model_folder import read_modules
from knowledge.training_data import Source
from knowledge.training_run import Recipe, TokenCache, learn_table, rarity

#: Told after every step: steps done, steps in all.
Progress = Callable[[int, int], None]

#: Inflections cut off before tokenising, so that forms of a word share their vectors. After the
#: endings of the Snowball stemmer for Swedish (snowballstem.org/algorithms/swedish).
ENDINGS = (
    r"(?<=\w{3})(heterna|hetens|heten|heter|andet|arna|erna|orna|ande|ende|aren|aste|ast|are|ade"
    r"|ad|at|ar|er|or|en|et|as|es|na|ns|s|a|e|t|d|r|n)\b"
)
UNKNOWN = "[UNK]"


#: Adapting moves an existing model a little: small steps.
ADAPTING = Recipe(epochs=3, batch=256, rate=5e-4)


def train(
    sources: Sequence[Source],
    out: Path,
    recipe: Recipe | None = None,
    *,
    start: Path | None = None,
    progress: Progress = lambda done, total: None,
) -> StaticEmbedder:
    """Train on the sources and write a sentence-transformers folder.

    Args:
        sources: what to learn from; see ``knowledge.training_data``.
        out: the folder to write; made if missing.
        recipe: how to train; the shipped recipe, or ``ADAPTING`` when ``start`` is given.
        start: a static model to continue from, whose tokenizer and size are kept.
        progress: told after every step.

    Raises:
        NothingToLearn: the sources hold no pairs.
        SemanticExtraMissing: torch or sentence-transformers is not installed.
    """
    torch = import_torch()
    recipe = recipe or (ADAPTING if start else Recipe())
    if not any(source.groups for source in sources):
        raise NothingToLearn
    torch.use_deterministic_algorithms(True)
    if start is None:
        tokenizer = train_tokenizer(sources, recipe)
        table = train_table(tokenizer, sources, recipe, progress)
    else:
        tokenizer, before = load_static(start)
        table = adapt_table(tokenizer, before, sources, recipe, progress)
    save_model(tokenizer, table, out)
    return StaticEmbedder(out)


def import_torch() -> Any:
    """torch, if the extra is installed with all its parts."""
    try:
        import sentence_transformers  # noqa: F401
        import torch
    except ImportError as error:
        raise SemanticExtraMissing from error
    return torch


def load_static(folder: Path) -> tuple[Tokenizer, Vectors]:
    """Tokenizer and token vectors of a static model."""
    place = read_modules(folder)[0][1]
    table = load_table(place / "model.safetensors")
    return load_tokenizer(place / "tokenizer.json", rows=len(table)), table


def train_tokenizer(sources: Sequence[Source], recipe: Recipe) -> Tokenizer:
    """A Unigram tokenizer over lower-case words without endings; punctuation is dropped."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Lowercase(), normalizers.Replace(Regex(ENDINGS), "")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"\w+"), "removed", invert=True)
    trainer = trainers.UnigramTrainer(
        vocab_size=recipe.vocabulary,
        special_tokens=[UNKNOWN],
        unk_token=UNKNOWN,
        max_piece_length=8,
        show_progress=False,
    )
    tokenizer.train_from_iterator(tokenizer_texts(sources, recipe.seed), trainer)
    return rounded(tokenizer)


def rounded(tokenizer: Tokenizer) -> Tokenizer:
    """The tokenizer with short scores in a settled order, so that a seed gives one model.

    The trainer's last digits differ between runs, and rare letters get their scores in the order
    of a hash table; here they all share the lowest score of a longer piece.
    """
    settings = json.loads(tokenizer.to_str())
    unknown, *words = settings["model"]["vocab"]
    lowest = min((score for word, score in words if len(word) > 1), default=0.0)
    short = [[word, round(max(score, lowest), 5)] for word, score in words]
    settings["model"]["vocab"] = [unknown, *sorted(short, key=lambda entry: (-entry[1], entry[0]))]
    return Tokenizer.from_str(json.dumps(settings))


def tokenizer_texts(sources: Sequence[Source], seed: int, most: int = 30_000) -> list[str]:
    """A sample in which statutes, by far the largest part, do not decide alone."""
    chosen: list[str] = []
    for source in sources:
        texts = [f"{query} {passage}" for group in source.groups for query, passage in group]
        if not source.cloze:
            share = min(len(texts), 12_000)
            chosen += random.Random(seed).sample(texts, share)  # noqa: S311 - a sample, no secret
    return sorted(set(chosen))[:: max(1, len(chosen) // most)]


def train_table(
    tokenizer: Tokenizer, sources: Sequence[Source], recipe: Recipe, progress: Progress
) -> Vectors:
    """New token vectors: float32 (tokens, recipe.dimension)."""
    cache = TokenCache(tokenizer, recipe.longest, {})
    start = (spelled_vectors(tokenizer, recipe.dimension, recipe.seed), rarity(cache, sources))
    table = learn_table(cache, sources, recipe, start, progress)
    return without_common_direction(table, cache, sources)


def adapt_table(
    tokenizer: Tokenizer,
    table: Vectors,
    sources: Sequence[Source],
    recipe: Recipe,
    progress: Progress,
) -> Vectors:
    """An existing table moved towards the sources, same shape."""
    cache = TokenCache(tokenizer, recipe.longest, {})
    start = (table, np.ones(len(table), dtype=np.float32))
    return learn_table(cache, sources, recipe, start, progress)


def spelled_vectors(tokenizer: Tokenizer, dimension: int, seed: int) -> Vectors:
    """Random token vectors in which tokens with common letters are alike."""
    generator = np.random.default_rng(seed)
    scale = 1 / math.sqrt(dimension)
    grams: dict[str, Vectors] = {}
    table = np.zeros((tokenizer.get_vocab_size(), dimension), dtype=np.float32)
    for token, row in sorted(tokenizer.get_vocab().items(), key=lambda entry: entry[1]):
        pieces = letter_grams(f"<{token}>")
        for piece in pieces:
            if piece not in grams:
                grams[piece] = generator.normal(0, scale, dimension).astype(np.float32)
        spelled = sum(grams[piece] for piece in pieces) / math.sqrt(len(pieces))
        table[row] = 0.5 * generator.normal(0, scale, dimension) + math.sqrt(0.75) * spelled
    return table


def letter_grams(word: str) -> list[str]:
    """The different runs of three to five letters, in order."""
    runs = (word[at : at + n] for n in (3, 4, 5) for at in range(max(1, len(word) - n + 1)))
    return list(dict.fromkeys(runs))


def without_common_direction(
    table: Vectors, cache: TokenCache, sources: Sequence[Source], most: int = 6000
) -> Vectors:
    """The table without the direction that all texts share and that tells none of them apart."""
    texts = sorted({text for source in sources for group in source.groups for _, text in group})
    bags = (cache[text] for text in texts[:: max(1, len(texts) // most)])
    sample = np.stack([unit(table[bag].mean(axis=0)) for bag in bags if len(bag)])
    _, directions = np.linalg.eigh(sample.T @ sample)
    common = directions[:, -1]
    return np.ascontiguousarray(table - np.outer(table @ common, common), dtype=np.float32)


def save_model(tokenizer: Tokenizer, table: Vectors, out: Path) -> None:
    """Write tokenizer, vectors and settings as sentence-transformers reads them."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Normalize, StaticEmbedding

    embedding = StaticEmbedding(tokenizer, embedding_weights=torch.from_numpy(table))
    model = SentenceTransformer(modules=[embedding, Normalize()], device="cpu")
    model.save(str(out), create_model_card=False)
    (out / "model.safetensors").chmod(0o644)
    name_modules(out / "modules.json")


def name_modules(path: Path) -> None:
    """Name the steps as sentence-transformers 5 and 6 both know them."""
    steps = json.loads(path.read_text(encoding="utf-8"))
    for step in steps:
        step["type"] = "sentence_transformers.models." + step["type"].rsplit(".", 1)[-1]
    path.write_text(json.dumps(steps, indent=2) + "\n", encoding="utf-8")
