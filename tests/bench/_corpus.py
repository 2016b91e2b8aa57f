"""Passages and questions to measure on: the same for every contender."""

from __future__ import annotations

import gzip
import json
import os
import random
from pathlib import Path

from knowledge.editorial import load_editorial
from knowledge.guidance import load_guidance
from knowledge.model import Document, Passage
from knowledge.passages import split
from knowledge.sentences import sentence_spans

#: A JSON-lines file (.gz or not) whose rows have "text" and perhaps "headings"; without it the
#: statutes beside the project are used, else passages put together from the starter articles.
CORPUS = "HANSYN_BENCH_CORPUS"
BESIDE = Path(__file__).resolve().parents[3] / "shared" / "train" / "sfs_sections.jsonl.gz"
SEED = 11
VALUES = {"support_mailbox": "stod@example.org"}


def bench_passages(count: int) -> list[Passage]:
    """``count`` passages: the starter articles first, then the corpus file or made-up ones."""
    articles = load_guidance(values=VALUES)
    found = [passage for article in articles for passage in split(article)]
    path = _file()
    rows = _from_file(path, count) if path else _made_up(articles, count)
    for number, (title, text) in enumerate(rows):
        if len(found) >= count:
            break
        document = Document(f"b{number}", title, "document", text, "Mätning", "odaterad")
        found.extend(split(document)[:1])
    return found[:count]


def bench_questions(count: int) -> list[str]:
    """Different questions in everyday Swedish, mixed."""
    asked = [question for article in load_guidance(values=VALUES) for question in article.questions]
    asked += [q for entry in load_editorial().entries.values() for q in entry.questions]
    distinct = list(dict.fromkeys(asked))
    random.Random(SEED).shuffle(distinct)
    return distinct[:count]


def known_items(passages: list[Passage], count: int) -> list[tuple[str, int]]:
    """Every other word of a long sentence, and the number of the passage it was taken from."""
    chance = random.Random(SEED)
    items: list[tuple[str, int]] = []
    for number in chance.sample(range(len(passages)), len(passages)):
        text = passages[number].text
        long = [text[a:b] for a, b in sentence_spans(text) if len(text[a:b].split()) >= 10]
        if long:
            items.append((" ".join(chance.choice(long).split()[::2]), number))
        if len(items) == count:
            break
    return items


def where_from() -> str:
    """What the passages are made of, for the record."""
    path = _file()
    return f"passages of {path.name}" if path else "made-up passages"


def _file() -> Path | None:
    if named := os.environ.get(CORPUS):
        return Path(named)
    return BESIDE if BESIDE.exists() else None


def _from_file(path: Path, count: int) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        for line in file:
            raw = json.loads(line)
            rows.append((str((raw.get("headings") or [""])[-1]), str(raw["text"])))
            if len(rows) == count:
                break
    return rows


def _made_up(articles: list[Document], count: int) -> list[tuple[str, str]]:
    chance = random.Random(SEED)
    sentences = [a.body[s:e] for a in articles for s, e in sentence_spans(a.body)]
    return [
        (f"Sida {number}", " ".join(chance.choices(sentences, k=chance.randint(3, 9))))
        for number in range(count)
    ]
