"""What an embedding model learns from: pairs of a question (or heading) and the text it finds.

Pairs that lie near one another (sections of one act, answers of one help page) stay together as a
group, because the loss learns most from telling neighbours apart.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from knowledge.editorial import Editorial
from knowledge.errors import BadDocument
from knowledge.model import Document

Pair = tuple[str, str]
Row = Mapping[str, Any]

#: The acts whose headings the published figure is measured on. A quarter of LOU has a near twin
#: in the others, so a model that saw them would be measured on what it had read.
LEFT_OUT = re.compile(r"^Lag( \(.*?\))? om (offentlig upphandling|upphandling (inom|av|på) .*)$")
#: Headings that stand over so many sections that they name none.
EMPTY_HEADINGS = frozenset(
    re.split(
        ", ",
        "argument, begränsningar, beskrivning, exempel, förutsättningar, lösning, nästa steg, "
        "scenario, se även, ytterligare resurser, översikt",
    )
)
CHAPTER = re.compile(r"^\d+( [a-z])? (kap|avd)\. ?")
INCLUDE = re.compile(r"!\s*include\s*\[[^\]]*\]", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[.!?:])\s+(?=[A-ZÅÄÖ0-9\"–-])")


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of material."""

    name: str
    #: Pairs that belong together share a group.
    groups: tuple[tuple[Pair, ...], ...]
    #: How often an epoch goes through it; 0.3 takes a random third.
    weight: float = 1.0
    #: True: each text is (whole, "") and a random sentence has to find the rest.
    cloze: bool = False


def read_rows(path: Path) -> Iterator[Row]:
    """The rows of a JSON-lines file, plain or gzipped; :class:`BadDocument` names a bad line."""
    open_text = gzip.open if path.suffix == ".gz" else open
    with open_text(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield json.loads(line)
            except ValueError as error:
                raise BadDocument(f"{path.name}:{number}: {error}") from error


def read_material(folder: Path) -> list[Source]:
    """Every known file of a material folder as sources; unknown files are left alone."""
    found = [
        source
        for path in _known(folder)
        for source in READERS[path.name.removesuffix(".jsonl.gz")](list(read_rows(path)))
    ]
    if not found:
        names = ", ".join(f"{name}.jsonl.gz" for name in READERS)
        raise BadDocument(f"{folder} holds neither *.jsonl of own pairs nor any of {names}.")
    return found


def read_folder(folder: Path) -> tuple[list[Source], list[Source]]:
    """General material of a folder, and an organisation's own pairs (``*.jsonl``).

    Raises:
        BadDocument: the folder holds neither, or a line cannot be read.
    """
    own = [read_pairs(path) for path in sorted(folder.glob("*.jsonl"))]
    general = [] if own and not any(_known(folder)) else read_material(folder)
    return general, own


def _known(folder: Path) -> Iterator[Path]:
    paths = (folder / f"{name}.jsonl.gz" for name in READERS)
    return (path for path in paths if path.is_file())


def read_statutes(rows: Sequence[Row]) -> list[Source]:
    """Statute sections: heading and act find the section, a sentence finds its section."""
    kept = [row for row in rows if not LEFT_OUT.match(row["law"])]
    acts = [list(group) for _, group in groupby(kept, key=lambda row: row["law"])]
    headed = [[(heading(row), row["text"]) for row in act if row["headings"][1:]] for act in acts]
    titled = [
        [
            (f"{row['law']} {heading(row) if row['headings'][1:] else ''}", row["text"])
            for row in act
        ]
        for act in acts
    ]
    whole = [[(row["text"], "") for row in act] for act in acts]
    return [
        Source("statute headings", freeze(headed)),
        Source("statute titles", freeze(titled), weight=0.3),
        Source("statute sentences", freeze(whole), cloze=True, weight=0.5),
    ]


def read_help_pages(rows: Sequence[Row]) -> list[Source]:
    """Help texts: heading finds section; headings that are questions count twice."""
    pages = [
        [
            (row["title"], heading(row), clean(row["text"]))
            for row in page
            if row["headings"] and heading(row).lower() not in EMPTY_HEADINGS
        ]
        for _, page in groupby(rows, key=lambda row: row["title"])
    ]
    named = [[(head, text) for _, head, text in page] for page in pages]
    titled = [[(f"{title} {head}", text) for title, head, text in page] for page in pages]
    asked = [[(head, text) for head, text in page if head.endswith("?")] for page in named]
    whole = [[(text, "") for _, text in page] for page in named]
    return [
        Source("help headings", freeze(named)),
        Source("help titles", freeze(titled)),
        Source("help questions", freeze(asked), weight=2),
        Source("help sentences", freeze(whole), cloze=True),
    ]


def read_questions(rows: Sequence[Row]) -> list[Source]:
    """Reading questions: each finds its passage and the sentence that holds the answer."""
    order = {text: number for number, text in enumerate(dict.fromkeys(r["context"] for r in rows))}
    # Five passages in a row mostly come from one article, so they are hard to tell apart.
    grouped = groupby(rows, key=lambda row: order[row["context"]] // 5)
    passages = [list(group) for _, group in grouped]
    whole = [[(row["question"], row["context"]) for row in group] for group in passages]
    exact = [[(row["question"], answer_sentence(row)) for row in group] for group in passages]
    return [
        Source("questions", freeze(whole), weight=2),
        Source("question sentences", freeze(exact), weight=2),
    ]


def read_entailments(rows: Sequence[Row]) -> list[Source]:
    """Sentence pairs where the first implies the second."""
    pairs = [[(r["premise"], r["hypothesis"])] for r in rows if r["label"] == "entailment"]
    return [Source("entailments", freeze(pairs))]


def read_synonyms(rows: Sequence[Row]) -> list[Source]:
    """A word and the right one of five explanations."""
    pairs = [[(row["item"], row["candidate_answers"][row["label"]])] for row in rows]
    return [Source("synonyms", freeze(pairs))]


READERS: Mapping[str, Callable[[Sequence[Row]], list[Source]]] = {
    "sfs_sections": read_statutes,
    "ms_docs_sv": read_help_pages,
    "squad_sv_dev": read_questions,
    "swenli_dev": read_entailments,
    "swesat_synonyms": read_synonyms,
}


def from_guidance(documents: Sequence[Document]) -> list[Source]:
    """Guidance articles: question finds article and its direct answer, a sentence the rest.

    Questions are never paired with one another: they are also what searches are calibrated on.
    """
    asked = [[(question, d.body) for question in d.questions] for d in documents]
    direct = [
        [(d.title, d.body), *((question, opening(d.body)) for question in d.questions)]
        for d in documents
    ]
    whole = [(document.body, "") for document in documents]
    return [
        Source("guidance", freeze(asked), weight=4),
        Source("guidance openings", freeze(direct), weight=3),
        Source("guidance sentences", freeze([whole]), weight=3, cloze=True),
    ]


def from_editorial(editorial: Editorial) -> Source:
    """Everyday questions about a section and its plain name; the section's text is not touched."""
    groups = [[(question, e.name) for question in e.questions] for e in editorial.entries.values()]
    return Source("editorial", freeze(groups), weight=2)


def read_pairs(path: Path) -> Source:
    """An organisation's own pairs: JSON lines with ``query`` and ``passage``, related ones near."""
    try:
        pairs = [(str(row["query"]), str(row["passage"])) for row in read_rows(path)]
    except (KeyError, TypeError) as error:
        raise BadDocument(f"{path.name}: every line needs query and passage") from error
    return Source("own pairs", freeze([pairs]), weight=2)


def freeze(groups: Iterable[Iterable[Pair]]) -> tuple[tuple[Pair, ...], ...]:
    """Groups without empty texts and without empty groups."""
    kept = (tuple(pair for pair in group if pair[0].strip()) for group in groups)
    return tuple(group for group in kept if group)


def heading(row: Row) -> str:
    """The nearest heading without its chapter number."""
    return CHAPTER.sub("", row["headings"][-1]).strip()


def clean(text: str) -> str:
    """A help text without the include marks of its source."""
    return " ".join(INCLUDE.sub("", text).split())


def sentences(text: str) -> list[str]:
    """Rough sentences; enough to learn from, not to quote from."""
    return [part for part in SENTENCE_END.split(text) if part.strip()]


def opening(text: str) -> str:
    """The first sentence."""
    return (sentences(text) or [text])[0]


def answer_sentence(row: Row) -> str:
    """The sentence of the passage in which the answer begins."""
    place = 0
    for sentence in sentences(row["context"]):
        place = row["context"].index(sentence, place) + len(sentence)
        if row["answer_start"] < place:
            return sentence
    return str(row["context"])
