"""A small corpus with everything a large one has: articles, sections, twins, long texts."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from knowledge.editorial import Editorial, Entry
from knowledge.embedding import HashEmbedder
from knowledge.fusion import load_fusion
from knowledge.guidance import read_article
from knowledge.index import SearchIndex, build_index
from knowledge.model import Document, Passage
from knowledge.passages import split
from knowledge.retriever import Retriever
from knowledge.statutes import read_statute

MAILBOX = "stod@example.org"
TWINS = {"LUF 16 kap. 1 §": "LOU 17 kap. 1 §"}

ACT = """---
beteckning: {number}
rubrik: {title}
publicerad_datum: 2025-01-01
pdf_url: https://example.org/{number}.pdf
---

# {title}

## {chapter} kap. Fullgörande av kontrakt

### Särskilda villkor

#### 1 §

En {who} får ställa särskilda miljömässiga, sociala och arbetsrättsliga villkor för hur ett
kontrakt ska fullgöras. Villkoren ska ha anknytning till det som anskaffas.

### Arbetsrättsliga villkor

#### 2 §

En {who} ska, om det är behövligt, kräva att leverantören fullgör kontraktet enligt angivna
villkor om lön, semester och arbetstid.
"""
UNDER = """
## 19 kap. Upphandling under tröskelvärdena

### Arbetsrättsliga villkor

#### 3 §

Vid upphandling under tröskelvärdet får en upphandlande myndighet kräva villkor om lön, semester
och arbetstid. Lag (2022:780).
"""

ARTICLE = """---
id: {name}
title: {title}
basis: {basis}
source: Stadens sida
source_date: 2024-01-01
url:
owner_role: stödfunktionen
review_by: 2027-06-30
tags: [prov]
status: ej granskad av stödfunktionen
questions:
{questions}
---
{body}
"""


def article(name: str, title: str, body: str, *questions: str, basis: str = "S2") -> Document:
    """An article with its questions, topped up to the five every article needs."""
    asked = [*questions, *(f"{name} ord {number}" for number in range(5 - len(questions)))]
    listed = "\n".join(f'  - "{question}"' for question in asked)
    text = ARTICLE.format(name=name, title=title, basis=basis, questions=listed, body=body)
    return read_article(text, f"{name}.md", {"support_mailbox": MAILBOX})


def act(number: str, title: str, chapter: str, who: str, more: str = "") -> Document:
    """A short act in the form of the public copies."""
    text = ACT.format(number=number, title=title, chapter=chapter, who=who) + more
    return read_statute(text, f"{number}.md", "2025-09-01")[0]


@cache
def documents() -> tuple[Document, ...]:
    """Two acts and five articles."""
    return (
        act("2016:1145", "Lag om offentlig upphandling", "17", "upphandlande myndighet", UNDER),
        act("2016:1146", "Lag om upphandling inom sektorerna", "16", "upphandlande enhet"),
        article(
            "bruttolistan",
            "Vilka upphandlingar står på bruttolistan?",
            "Bruttolistan omfattar upphandlingar som pågår minst fyra månader och kräver mer än en"
            " arbetstagare.\n\nListan säger inte att krav måste ställas. Se {support_mailbox}.",
            "Vad är bruttolistan?",
            "hur länge ska uppdraget pågå för listan",
            basis="S4",
        ),
        article(
            "avsteg-nar",
            "När ska ett avsteg rapporteras?",
            "Ett avsteg rapporteras så nära händelsen som möjligt. Aktörer som arbetar året runt"
            " skickar en helårsrapport i december.",
            "när rapporteras avsteg",
            "i vilken månad skickas helårsrapporten",
        ),
        article(
            "tvang",
            "Måste alla upphandlingar ha social hänsyn?",
            "Nej, modellen ska användas där objekt och omfattning gör det möjligt. Det prövas i"
            " varje upphandling.",
            "Är det tvång att ta social hänsyn?",
            "måste vi alltid ställa krav",
        ),
        article(
            "kostnad",
            "Kostar stödfunktionen något?",
            "Det framgår inte av källorna om stödfunktionens hjälp kostar något.",
            "vad kostar stödet",
        ),
        article(
            "london",
            "Var kom idén ifrån?",
            "Idén kom från London. Staden prövade först i liten skala.",
            "varifrån kom inspirationen",
        ),
    )


@cache
def editorial() -> Editorial:
    """A name and questions for one section, shared by its twin."""
    entry = Entry("Krav på jobb och miljö i avtalet", ("Får vi kräva praktikplatser i avtalet?",))
    return Editorial({"LOU 17 kap. 1 §": entry}, TWINS)


@cache
def passages() -> tuple[Passage, ...]:
    """Every passage of the corpus."""
    return tuple(p for document in documents() for p in split(document, 1, editorial()))


def small_index() -> SearchIndex:
    """A fresh index; the hash embedder needs no files."""
    return build_index(passages(), HashEmbedder())


@cache
def small_retriever() -> Retriever:
    """The corpus ready to search, answering readily: six passages calibrate nothing."""
    fusion = replace(load_fusion(), answer_at=0.02, near_at=0.01)
    return Retriever(small_index(), fusion, TWINS)
