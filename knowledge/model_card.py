"""The card a trained model carries: what it is, how it was trained and what it reached."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from knowledge.embedding import load_table
from knowledge.figures import Figure
from knowledge.model_folder import checksum, read_modules
from knowledge.training_run import Recipe

CARD = """---
language: sv
library_name: sentence-transformers
pipeline_tag: sentence-similarity
---
# An embedding model trained here with `hansyn train`

A static model: {tokens} subword tokens with one vector of {dimension} float32 numbers each. A text
is the mean of its tokens' vectors, scaled to length one. Licences follow from the material.

- Recipe: {recipe}
- `model.safetensors` sha256 `{weights}`
- `tokenizer.json` sha256 `{words}`
- Right source on the reporting half of {count} gold questions (mean reciprocal rank, all legs):
  {new:.3f} ({low:.3f} to {high:.3f}); the model before it {old:.3f}.
"""


def write_card(folder: Path, recipe: Recipe, old: Figure, new: Figure) -> None:
    """Writes README.md into the model's folder."""
    place = read_modules(folder)[0][1]
    weights, words = place / "model.safetensors", place / "tokenizer.json"
    tokens, dimension = load_table(weights).shape
    text = CARD.format(
        tokens=tokens,
        dimension=dimension,
        recipe=", ".join(f"{name} {value}" for name, value in asdict(recipe).items()),
        weights=checksum([weights]),
        words=checksum([words]),
        count=new.count,
        new=new.value,
        low=new.low,
        high=new.high,
        old=old.value,
    )
    (folder / "README.md").write_text(text, encoding="utf-8")
