"""Keeps a built index in a folder as a cache: arrays and a manifest, no pickles.

The folder can be deleted at any time. An index is loaded only for the very corpus and model it
was built from; anything else, and any damage, is an :class:`IndexMismatch`, and the caller builds
anew.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding import Embedder, require_same
from knowledge.errors import IndexMismatch
from knowledge.index import LEXICAL, VECTORS, SearchIndex, asked
from knowledge.lexical import LexicalIndex
from knowledge.model import Document, Passage
from knowledge.segments import Segment
from knowledge.spelling import Speller

#: Raised when analysis or fields change, so that older files are not read.
FORMAT = 4
MANIFEST = "index.json"
#: What reading a file that is no index raises.
DAMAGE = (OSError, ValueError, LookupError, TypeError, EOFError, RecursionError, BadZipFile)
ARRAYS = "index.npz"
TWINS = "twins.json"

Arrays = dict[str, NDArray[np.generic]]


def save_index(index: SearchIndex, folder: Path) -> None:
    """Writes the live part of an index; replaces what lies there once all of it is written."""
    folder.mkdir(parents=True, exist_ok=True)
    live = np.flatnonzero(index.alive)
    passages = [index.passages[number] for number in live]
    arrays = _to_arrays(index, live, passages)
    with _replacing(folder / ARRAYS) as partial:
        with partial.open("wb") as file:
            # The stubs take keywords for flags of savez; these are the arrays' names.
            np.savez(file, **arrays)  # type: ignore[arg-type]
        manifest = {
            "format": FORMAT,
            "model": index.embedder.fingerprint,
            "dimension": index.embedder.dimension,
            "corpus": corpus_hash(passages),
            "passages": len(passages),
            "sha256": _checksum(partial),
        }
    with _replacing(folder / MANIFEST) as partial:
        partial.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def forget_index(folder: Path) -> None:
    """Deletes the cached index, which holds the words of every text it was made of."""
    for name in (MANIFEST, ARRAYS):
        (folder / name).unlink(missing_ok=True)


def compacted(index: SearchIndex) -> SearchIndex:
    """The same index without rows of what was taken out: not a word of it is left in memory."""
    if index.alive.all():
        return index
    live = np.flatnonzero(index.alive)
    passages = [index.passages[number] for number in live]
    return _from_arrays(_to_arrays(index, live, passages), passages, index.embedder)


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A file that takes the place of ``path`` once whole; of a failed one nothing stays, so that a
    cache never takes the last room from the database."""
    partial = path.with_name(path.name + ".part")
    try:
        yield partial
        os.replace(partial, path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def load_index(folder: Path, passages: Sequence[Passage], embedder: Embedder) -> SearchIndex:
    """Reads the index of exactly these passages, in any order.

    Raises:
        IndexMismatch: nothing there, damaged, or of another corpus, model or format.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        require_same(embedder, manifest["model"], manifest["dimension"])
        if manifest["format"] != FORMAT or manifest["corpus"] != corpus_hash(passages):
            raise IndexMismatch
        if manifest["sha256"] != _checksum(folder / ARRAYS):
            raise IndexMismatch
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            return _from_arrays(arrays, passages, embedder)
    except DAMAGE as error:
        raise IndexMismatch from error


def save_twins(
    twins: Mapping[str, str], folder: Path, statutes: Sequence[Document], embedder: Embedder
) -> None:
    """Writes which sections of these acts are twins; finding out takes half a second."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = {"of": _twins_of(statutes, embedder), "twins": dict(twins)}
    with _replacing(folder / TWINS) as partial:
        partial.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")


def load_twins(folder: Path, statutes: Sequence[Document], embedder: Embedder) -> Mapping[str, str]:
    """Locator of a section in another act -> locator of its LOU section.

    Raises:
        IndexMismatch: nothing there, damaged, or of other texts or another model.
    """
    try:
        kept = json.loads((folder / TWINS).read_text(encoding="utf-8"))
        if kept["of"] != _twins_of(statutes, embedder):
            raise IndexMismatch
        return {str(twin): str(section) for twin, section in kept["twins"].items()}
    except (*DAMAGE, AttributeError) as error:
        raise IndexMismatch from error


def _twins_of(statutes: Sequence[Document], embedder: Embedder) -> str:
    digest = hashlib.sha256(f"{FORMAT}|{embedder.fingerprint}".encode())
    for document in statutes:
        digest.update(f"\0{document.id}\0{document.body}".encode())
    return digest.hexdigest()


def corpus_hash(passages: Sequence[Passage]) -> str:
    """Names a corpus whatever its order."""
    return hashlib.sha256(b"".join(sorted(_digest(passage) for passage in passages))).hexdigest()


def _digest(passage: Passage) -> bytes:
    seen = (passage.id, passage.kind, passage.title, passage.heading, passage.text, passage.about)
    return hashlib.sha256("\0".join((*seen, *passage.questions)).encode()).digest()


def _checksum(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _to_arrays(index: SearchIndex, live: NDArray[np.intp], passages: Sequence[Passage]) -> Arrays:
    arrays: Arrays = {
        "order": np.frombuffer(b"".join(map(_digest, passages)), np.uint8),
        "parts": _packed(sorted(index.analyse.vocabulary)),
    }
    for name, field in index.lexical.items():
        arrays |= {f"{name}.{key}": value for key, value in _lexical_arrays(field, live).items()}
    texts = dict.fromkeys(question for passage in passages for question in asked(passage))
    rows = [index.questions.row(text) for text in texts]
    arrays["text_vector"] = index.vectors["text_vector"].rows[live]
    arrays["question_vector"] = index.vectors["question_vector"].rows[np.array(rows, np.int64)]
    return arrays | {f"words.{key}": value for key, value in _word_arrays(index.speller).items()}


def _lexical_arrays(field: LexicalIndex, live: NDArray[np.intp]) -> Arrays:
    segment = field.compacted(live)
    return {
        "terms": _packed(list(segment.terms)),
        "starts": segment.starts,
        "rows": segment.rows.astype(np.int32),
        "counts": segment.counts,
        "lengths": field.lengths[live],
    }


def _word_arrays(speller: Speller) -> Arrays:
    known = {word: count for word, count in speller.counts.items() if count > 0}
    return {
        "text": _packed(list(known)),
        "counts": np.array(list(known.values()), np.int64),
        "stems": _packed(sorted(speller.stems)),
    }


def _from_arrays(
    arrays: Mapping[str, NDArray[np.generic]], passages: Sequence[Passage], embedder: Embedder
) -> SearchIndex:
    index = SearchIndex(embedder, frozenset(_unpacked(arrays["parts"])))
    for name in LEXICAL:
        _restore_lexical(index.lexical[name], name, arrays)
    for name in VECTORS:
        vectors = np.ascontiguousarray(arrays[name], np.float32)
        if vectors.ndim != 2 or vectors.shape[1] != embedder.dimension:
            raise IndexMismatch
        index.vectors[name].add(vectors)
    words = dict(zip(_unpacked(arrays["words.text"]), arrays["words.counts"].tolist(), strict=True))
    index.speller.restore(words, _unpacked(arrays["words.stems"]))
    index.restore(_in_order(arrays["order"].tobytes(), passages))
    index.check()
    return index


def _restore_lexical(
    field: LexicalIndex, name: str, arrays: Mapping[str, NDArray[np.generic]]
) -> None:
    starts = np.asarray(arrays[f"{name}.starts"], np.int64)
    words = _unpacked(arrays[f"{name}.terms"])
    segment = Segment(
        {term: number for number, term in enumerate(words)},
        starts,
        np.asarray(arrays[f"{name}.rows"], np.int64),
        np.array(arrays[f"{name}.counts"], np.uint16),
        np.diff(starts),
        np.zeros(0, np.float32),
    )
    field.restore(segment, np.array(arrays[f"{name}.lengths"], np.float32))


def _in_order(order: bytes, passages: Sequence[Passage]) -> list[Passage]:
    waiting: dict[bytes, list[Passage]] = {}
    for passage in passages:
        waiting.setdefault(_digest(passage), []).append(passage)
    return [waiting[order[at : at + 32]].pop() for at in range(0, len(order), 32)]


def _packed(words: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(words).encode(), np.uint8)


def _unpacked(packed: NDArray[np.generic]) -> list[str]:
    text = packed.tobytes().decode()
    return text.split("\n") if text else []
