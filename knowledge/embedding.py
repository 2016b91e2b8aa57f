"""Texts to vectors.

The shipped model is a table with one vector per token: a text is the mean of its tokens'
vectors, scaled to length one. That needs numpy, not torch, and about 30 microseconds a question.
Any other sentence-transformers model works through :class:`SentenceEmbedder`.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from knowledge.errors import (
    IndexMismatch,
    ModelBroken,
    ModelMissing,
    SemanticExtraMissing,
)
from knowledge.model_folder import (
    Prompts,
    check_folder,
    check_weights,
    checksum,
    is_static,
    read_modules,
    read_prompts,
)

Vectors = NDArray[np.float32]

SHIPPED_MODEL = Path(__file__).with_name("model")
#: The files a sentence-transformers model is made of; pickled weights are never fetched.
SAFE_FILES = ["*.json", "*.safetensors", "*.txt", "*.model"]
HUB_NAME = re.compile(r"[\w.-]+/[\w.-]+")


class Embedder(Protocol):
    """Gives unit vectors whose inner product tells how close two texts are."""

    @property
    def dimension(self) -> int:
        """Number of components of a vector."""

    @property
    def fingerprint(self) -> str:
        """Name and checksum or revision; two embedders share it only if their vectors agree."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """float32 (number of texts, dimension); an empty text gives zeros or the model's own."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """The same for what is searched."""


class StaticEmbedder:
    """A `StaticEmbedding` + `Normalize` folder of sentence-transformers, read without torch."""

    def __init__(self, folder: Path) -> None:
        check_folder(folder)
        place = read_modules(folder)[0][1]
        weights, words = place / "model.safetensors", place / "tokenizer.json"
        self._table = load_table(weights)
        self._tokenizer = load_tokenizer(words, rows=len(self._table))
        self._prompts = read_prompts(folder, folder.name)
        self.dimension = int(self._table.shape[1])
        self.fingerprint = f"{folder.name}@{checksum([weights, words])}"

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode([self._prompts.query + text for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode([self._prompts.passage + text for text in texts])

    def _encode(self, texts: list[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            tokens = self._tokenizer.encode(encodable(text), add_special_tokens=False).ids
            if tokens:
                vectors[row] = unit(self._table[tokens].mean(axis=0))
        return vectors


def unit(vector: Vectors) -> Vectors:
    """The vector at length one; a zero vector stays zero, as in torch."""
    return vector / np.float32(max(float(np.linalg.norm(vector)), 1e-12))


def encodable(text: str) -> str:
    """A pasted half of a surrogate pair is no character; the tokenizer would refuse it."""
    return text.encode("utf-8", "replace").decode("utf-8")


def load_table(path: Path) -> Vectors:
    """The token vectors of a static model, float32 (tokens, dimension)."""
    if not path.is_file():
        raise ModelMissing(f"The embedding model lacks {path}.")
    check_weights(path)
    table = load_file(path).get("embedding.weight")
    if table is None or table.ndim != 2 or table.dtype.kind != "f":
        raise ModelBroken(f"{path} holds no token vectors under embedding.weight.")
    if not np.isfinite(table).all():
        raise ModelBroken(f"{path} holds numbers that are not finite.")
    return np.ascontiguousarray(table, dtype=np.float32)


def load_tokenizer(path: Path, rows: int) -> Tokenizer:
    """The tokenizer of a static model with ``rows`` token vectors."""
    if not path.is_file():
        raise ModelMissing(f"The embedding model lacks {path}.")
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the tokenizers library raises bare Exception
        raise ModelBroken(f"{path} is not a tokenizer: {error}") from error
    if tokenizer.get_vocab_size() > rows:
        words = tokenizer.get_vocab_size()
        raise ModelBroken(f"{path} knows {words} tokens, the weights only {rows}.")
    tokenizer.no_padding()
    return tokenizer


class SentenceEmbedder:
    """Any sentence-transformers model, from a folder or by its name; needs the extra `semantic`.

    ``name`` "org/model" is looked up in the local cache, and on the network only when
    ``allow_download`` says so. Raises a :class:`ModelError` when the model cannot be used.
    """

    def __init__(self, name: str, *, allow_download: bool = False) -> None:
        folder = find_folder(name, allow_download=allow_download)
        check_folder(folder)
        self._prompts = read_prompts(folder, name)
        self._model = load_sentence_model(import_sentence_transformers(), folder)
        self.dimension = self._measure_dimension()
        self.fingerprint = f"{Path(name).name}@{revision_of(folder)}"

    @property
    def prompts(self) -> Prompts:
        """What is written before questions and passages."""
        return self._prompts

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self._prompts.query)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self._prompts.passage)

    def _measure_dimension(self) -> int:
        measured = int(self._encode(["mått"], "").shape[1])
        # Renamed in 6.0; 5.x knows the older name only.
        declare = getattr(self._model, "get_embedding_dimension", None) or (
            self._model.get_sentence_embedding_dimension
        )
        if declare() not in (None, measured):
            raise ModelBroken(f"The model says {declare()} dimensions and gives {measured}.")
        return measured

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        # An explicit prompt, even an empty one, keeps the default prompt from being added too.
        vectors = self._model.encode(
            [encodable(text) for text in texts],
            prompt=prompt,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)


def import_sentence_transformers() -> Any:
    """The library, imported late: it loads torch, which takes ten seconds."""
    try:
        import sentence_transformers
    except ImportError as error:
        raise SemanticExtraMissing from error
    return sentence_transformers


def load_sentence_model(library: Any, folder: Path) -> Any:
    """The model in a checked folder; whatever the library raises becomes one error."""
    try:
        return library.SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    except Exception as error:  # the vendor raises whatever its parts raise
        raise ModelBroken(f"The model in {folder} cannot be loaded: {error}") from error


def find_folder(name: str, *, allow_download: bool) -> Path:
    """The model's folder: as given, or the snapshot of a named model in the local cache."""
    if Path(name).is_dir() or not HUB_NAME.fullmatch(name):
        return Path(name)
    from huggingface_hub import snapshot_download

    try:
        found = snapshot_download(
            name, local_files_only=not allow_download, allow_patterns=SAFE_FILES
        )
    except Exception as error:  # network, access and cache errors share no ancestor
        advice = "" if allow_download else " Copy it there, or allow the download."
        raise ModelMissing(f"The model {name} is not on this machine.{advice}") from error
    return Path(found)


def revision_of(folder: Path) -> str:
    """The commit of a cached snapshot, else a checksum over weights and settings."""
    if folder.parent.name == "snapshots":
        return folder.name
    parts = [*folder.rglob("*.safetensors"), *folder.rglob("*.json"), *folder.rglob("*.txt")]
    return checksum(sorted(parts))


class HashEmbedder:
    """Words and their three-letter pieces hashed into a vector: no files, the same everywhere.

    For tests and for machines where the model folder was left out; it knows spelling, not meaning.
    """

    def __init__(self, dimension: int = 128) -> None:
        self.dimension = dimension
        self.fingerprint = f"hash@{dimension}"

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for piece in pieces(text):
                number = zlib.crc32(piece.encode("utf-8", "replace"))
                vectors[row, number % self.dimension] += 1.0 if number & 0x10000 else -1.0
            vectors[row] = unit(vectors[row])
        return vectors


def pieces(text: str) -> list[str]:
    """Words with boundary marks and their runs of three letters."""
    marked = [f"_{word}_" for word in re.findall(r"\w+", text.lower())]
    return marked + [word[at : at + 3] for word in marked for at in range(len(word) - 2)]


def load_embedder(setting: str, data_folder: Path, *, allow_download: bool = False) -> Embedder:
    """The embedder an operator asks for.

    ``setting``: "" or "shipped", "hash", a model folder (absolute or below ``data_folder``), or
    the name "org/model" of a sentence-transformers model.
    """
    if setting == "hash":
        return HashEmbedder()
    folder = SHIPPED_MODEL if setting in {"", "shipped"} else data_folder / setting
    if is_static(folder):
        return StaticEmbedder(folder)
    if folder == SHIPPED_MODEL:
        raise ModelMissing(f"The shipped embedding model in {folder} is missing; reinstall.")
    name = str(folder) if folder.is_dir() else setting
    return SentenceEmbedder(name, allow_download=allow_download)


def require_same(embedder: Embedder, fingerprint: str, dimension: int) -> None:
    """Raise :class:`IndexMismatch` unless stored vectors came from this embedder."""
    if (embedder.fingerprint, embedder.dimension) != (fingerprint, dimension):
        raise IndexMismatch
