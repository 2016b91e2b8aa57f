"""One training run: token vectors that bring each question near its text and far from the rest."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from knowledge.embedding import Vectors
from knowledge.training_data import Pair, Source, sentences

Tokens = NDArray[np.int64]
#: The pairs of one step as their texts.
Batch = list[Pair]
#: Share of the steps in which the step size grows before it falls to nothing.
WARM_UP = 0.05


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is trained; the defaults are those of the shipped one."""

    seed: int = 0
    #: Token vectors and their length; together at most 12 MB as float32.
    vocabulary: int = 5000
    dimension: int = 512
    epochs: int = 2
    #: Pairs per step and at most so many of one group among them.
    batch: int = 512
    group: int = 16
    temperature: float = 0.05
    rate: float = 3e-3
    #: Texts are cut here: what a section is about is said early.
    longest: int = 400


@dataclass(slots=True)
class TokenCache:
    """Texts as token ids, each tokenised once."""

    tokenizer: Tokenizer
    longest: int
    known: dict[str, Tokens]

    def __getitem__(self, text: str) -> Tokens:
        if text not in self.known:
            ids = self.tokenizer.encode(text, add_special_tokens=False).ids
            self.known[text] = np.asarray(ids[: self.longest], dtype=np.int64)
        return self.known[text]


def rarity(cache: TokenCache, sources: Sequence[Source]) -> Vectors:
    """log(1 + texts / texts with the token) for each token: where its learned weight starts."""
    counts = np.ones(cache.tokenizer.get_vocab_size())
    texts = sorted({text for source in sources for group in source.groups for _, text in group})
    for text in texts:
        counts[np.unique(cache[text])] += 1
    return np.log1p(len(texts) / counts).astype(np.float32)


def learn_table(
    cache: TokenCache,
    sources: Sequence[Source],
    recipe: Recipe,
    start: tuple[Vectors, Vectors],
    progress: Callable[[int, int], None],
) -> Vectors:
    """Train token vectors.

    Args:
        cache: the texts' tokens.
        sources: what to learn from.
        recipe: how; its seed decides order and choice of pairs.
        start: token vectors (tokens, dimension) and token weights (tokens,) to begin with.
        progress: told steps done and in all.

    Returns:
        float32 (tokens, dimension), the weights multiplied in.
    """
    import torch

    torch.manual_seed(recipe.seed)
    table = torch.nn.Parameter(torch.from_numpy(start[0].copy()))
    weights = torch.nn.Parameter(torch.from_numpy(np.log(start[1])))
    batches = list(plan(sources, recipe))
    optimizer = torch.optim.Adam([table, weights], lr=recipe.rate, betas=(0.9, 0.99))
    for step, batch in enumerate(batches):
        for parameters in optimizer.param_groups:
            parameters["lr"] = recipe.rate * step_size(step / len(batches))
        weighted = table * weights.exp()[:, None]
        optimizer.zero_grad()
        loss_of(torch, weighted, cache, batch, recipe.temperature).backward()
        optimizer.step()
        progress(step + 1, len(batches))
    with torch.no_grad():
        learned: Vectors = (table * weights.exp()[:, None]).numpy().copy()
    return learned


def step_size(done: float) -> float:
    """Grows quickly, then falls evenly to nothing."""
    return min(1.0, done / WARM_UP + 0.01) * (1 - done)


def loss_of(torch: Any, table: Any, cache: TokenCache, batch: Batch, temperature: float) -> Any:
    """Each question must pick its text among the batch's, and each text its question."""
    kept = [(query, text) for query, text in batch if len(cache[query]) and len(cache[text])]
    queries, texts = [query for query, _ in kept], [text for _, text in kept]
    vectors = [
        text_vectors(torch, table, [cache[one] for one in side]) for side in (queries, texts)
    ]
    scores = vectors[0] @ vectors[1].T / temperature
    scores = scores.masked_fill(torch.from_numpy(also_right(queries, texts)), -1e4)
    right = torch.arange(len(kept))
    cross_entropy = torch.nn.functional.cross_entropy
    return (cross_entropy(scores, right) + cross_entropy(scores.T, right)) / 2


def text_vectors(torch: Any, table: Any, texts: Sequence[Tokens]) -> Any:
    """Unit vectors (texts, dimension) as the finished model will give them."""
    starts = np.cumsum([0, *(len(tokens) for tokens in texts[:-1])])
    sums = torch.nn.functional.embedding_bag(
        torch.from_numpy(np.concatenate(texts)), table, torch.from_numpy(starts), mode="sum"
    )
    return torch.nn.functional.normalize(sums, dim=-1)


def also_right(queries: Sequence[str], texts: Sequence[str]) -> NDArray[np.bool_]:
    """Where another row has the same question or text, and so is no wrong answer."""
    same = np.zeros((len(queries), len(queries)), dtype=bool)
    for side in (queries, texts):
        numbers = {text: number for number, text in enumerate(dict.fromkeys(side))}
        ids = np.asarray([numbers[text] for text in side])
        same |= ids[:, None] == ids[None, :]
    np.fill_diagonal(same, val=False)
    return same


def plan(sources: Sequence[Source], recipe: Recipe) -> Iterator[Batch]:
    """The batches of all epochs, in order."""
    choose = random.Random(recipe.seed)  # noqa: S311 - repeatable on purpose
    for _ in range(recipe.epochs):
        chunks = list(choose_chunks(sources, recipe.group, choose))
        choose.shuffle(chunks)
        batch: Batch = []
        for chunk in chunks:
            batch += chunk
            if len(batch) >= recipe.batch:
                yield batch
                batch = []
        if len(batch) > 1:
            yield batch


def choose_chunks(
    sources: Sequence[Source], most: int, choose: random.Random
) -> Iterator[list[Pair]]:
    """One epoch's pieces of groups, each source taken as often as its weight says."""
    for source in sources:
        for group in source.groups:
            whole, part = divmod(source.weight, 1)
            for _ in range(int(whole) + (choose.random() < part)):
                pairs = list(cloze_pairs(group, choose)) if source.cloze else list(group)
                choose.shuffle(pairs)
                yield from (pairs[at : at + most] for at in range(0, len(pairs), most))


def cloze_pairs(group: Sequence[Pair], choose: random.Random) -> Iterator[Pair]:
    """A random sentence of each text that has three or more, and the rest of the text."""
    for text, _ in group:
        parts = sentences(text)
        if len(parts) >= 3:
            at = choose.randrange(len(parts))
            yield parts[at], " ".join(parts[:at] + parts[at + 1 :])
