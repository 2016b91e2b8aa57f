"""What lies in an embedding model's folder, checked before anything is loaded from it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from knowledge.errors import ModelBroken, ModelMissing, UnsafeModel

#: Formats that can run code when they are read.
PICKLED = frozenset({".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle"})
#: The names sentence-transformers gives the passage side, in its own order of preference.
PASSAGE_PROMPTS = ("document", "passage", "corpus")
E5_TASK = "Instruct: Given a question, retrieve passages that answer it\nQuery: "


@dataclass(frozen=True, slots=True)
class Prompts:
    """What is written before a text; models trained with prefixes lose much without them."""

    query: str = ""
    passage: str = ""


def check_folder(folder: Path) -> None:
    """Refuse a folder that is missing, holds pickled weights only, or has truncated weights.

    Raises :class:`ModelMissing`, :class:`UnsafeModel` or :class:`ModelBroken`.
    """
    if not folder.is_dir():
        raise ModelMissing(f"There is no embedding model in {folder}.")
    weights = sorted(folder.rglob("*.safetensors"))
    safe_places = {path.parent for path in weights}
    for path in sorted(folder.rglob("*")):
        # Training leftovers beside safetensors are never read; pickles alone would be.
        if path.suffix in PICKLED and path.parent not in safe_places:
            raise UnsafeModel(f"{path} is pickled; only models with safetensors are loaded.")
    if not weights:
        raise ModelMissing(f"The model in {folder} lacks its weights (*.safetensors).")
    for path in weights:
        check_weights(path)


def check_weights(path: Path) -> None:
    """Read the header of a safetensors file; it names the length the file must have."""
    try:
        with safe_open(path, framework="numpy") as opened:
            names = list(opened.keys())
    except (SafetensorError, OSError) as error:
        raise ModelBroken(f"{path} is truncated or damaged: {error}") from error
    if not names:
        raise ModelBroken(f"{path} holds no weights.")


def read_json(path: Path) -> Any:
    """The content of a JSON file of the model; :class:`ModelMissing` or :class:`ModelBroken`."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelMissing(f"The embedding model lacks {path}.") from error
    except (OSError, ValueError) as error:
        raise ModelBroken(f"{path} is not readable JSON: {error}") from error


def read_modules(folder: Path) -> tuple[tuple[str, Path], ...]:
    """The model's steps in order: class name and the folder of its files."""
    entries = read_json(folder / "modules.json")
    try:
        return tuple(
            (str(entry["type"]).rsplit(".", 1)[-1], folder / entry["path"]) for entry in entries
        )
    except (TypeError, KeyError) as error:
        raise ModelBroken(f"{folder / 'modules.json'} does not list modules.") from error


def is_static(folder: Path) -> bool:
    """Is it a token table and a normalisation, so that it runs without torch?"""
    if not (folder / "modules.json").is_file():
        return False
    return [name for name, _ in read_modules(folder)] == ["StaticEmbedding", "Normalize"]


def read_prompts(folder: Path, name: str) -> Prompts:
    """The prompts stored with the model, else the prefixes its family was trained with."""
    path = folder / "config_sentence_transformers.json"
    config = read_json(path) if path.is_file() else {}
    if not isinstance(config, dict):
        raise ModelBroken(f"{path} is not a table of settings.")
    stored = config.get("prompts") or {}
    if any(stored.values()):
        # Texts without a prompt of their own get the default one, as `encode` would do.
        default = stored.get(config.get("default_prompt_name") or "", "")
        passage = (stored[key] for key in PASSAGE_PROMPTS if key in stored)
        return Prompts(stored.get("query", default), next(passage, default))
    return family_prompts(name)


def family_prompts(name: str) -> Prompts:
    """E5 models expect prefixes and mostly store none; other families get none."""
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1].lower()
    if "e5" not in last.replace("_", "-").split("-"):
        return Prompts()
    return Prompts(E5_TASK, "") if "instruct" in last else Prompts("query: ", "passage: ")


def checksum(paths: list[Path]) -> str:
    """sha256 over the files in the given order, as hex."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.read_bytes())
    return digest.hexdigest()
