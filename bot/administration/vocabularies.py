"""Pick lists as rows: the shipped ones on their way into the database, and those of one day.

A code has one row per name it has had. Beside the name, a row's ``meta`` may hold ``english``,
``order`` (its place in the list), ``year_round`` and, in the glossary, ``slips`` and ``near``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby, pairwise

from bot.administration.vocabulary_sheet import joined, parted, words_of
from intents.language import Glossary, fold, load_glossary
from intents.language import Term as Word
from intents.picklists import Former, ListTerm, load_picklists
from storage.model import Term

#: Lists a person picks from; their names are those of the files of ``intents/vocabulary``.
PICKED = tuple(load_picklists())
#: The words of the field, and questions that wait for a decision.
GLOSSARY, TOPICS = "glossary", "policy_topics"
#: Lists whose terms the chat may need on a day.
LISTED = (*PICKED, TOPICS)
#: All that administrators edit as lists.
EDITED = (*LISTED, GLOSSARY)
#: Stands at the end of its list, whatever is added.
OTHERS = ("annan", "annat")
LONGEST_CODE = 50
#: Where a row stands that names no place.
UNPLACED = 10_000


def shipped_rows() -> Mapping[str, tuple[Term, ...]]:
    """The lists of this release as rows, by name."""
    picked = {
        name: tuple(_shipped(term, place) for place, term in enumerate(terms))
        for name, terms in load_picklists().items()
    }
    return {**picked, GLOSSARY: tuple(map(_word, load_glossary().terms))}


def _word(term: Word) -> Term:
    meta: dict[str, object] = {
        "english": joined(term.english), "slips": list(term.slips), "near": list(term.near),
    }  # fmt: skip
    kept = {name: value for name, value in meta.items() if value}
    return Term(to_code(term.name), term.name, term.forms, meta=kept)


def to_code(name: str) -> str:
    """A code made of a name."""
    return re.sub(r"[^a-z0-9]+", "_", fold(name)).strip("_")[:LONGEST_CODE] or "term"


def glossary_on(rows: Iterable[Term], day: date) -> Glossary:
    """The words of the field that hold on a day."""
    terms = [row for row in rows
             if (row.valid_from or day) <= day <= (row.valid_to or day)]  # fmt: skip
    return Glossary(tuple(
        Word(row.name, parted(english_of(row)), row.synonyms, words_of(row, "slips"),
             words_of(row, "near"))
        for row in terms
    ))  # fmt: skip


def _shipped(term: ListTerm, place: int) -> Term:
    meta: dict[str, object] = {"order": place}
    if term.english:
        meta["english"] = term.english
    days = (term.valid_from, term.valid_to)
    return Term(term.code, term.name, term.synonyms, *days, " ".join(term.successor), meta)


def terms_on(rows: Iterable[Term], day: date) -> tuple[ListTerm, ...]:
    """The terms known on a day, ended ones too, as a person picks from them.

    ``rows`` lie in the order of code and first day.
    """
    found = list(_known(rows, day))
    found.sort(key=lambda each: (each[1].code in OTHERS, each[0], each[1].name))
    return tuple(term for _, term in found)


def _known(rows: Iterable[Term], day: date) -> Iterator[tuple[int, ListTerm]]:
    for _, group in groupby(rows, key=lambda row: row.code):
        begun = [row for row in group if row.valid_from is None or row.valid_from <= day]
        if begun:
            yield _place(begun[-1]), _term(begun)


def _place(row: Term) -> int:
    place = row.meta.get("order")
    return place if isinstance(place, int) else UNPLACED


def _term(rows: Sequence[Term]) -> ListTerm:
    """The term of a code from its rows so far, oldest first."""
    now = rows[-1]
    return ListTerm(
        now.code,
        now.name,
        english_of(now),
        now.synonyms,
        rows[0].valid_from,
        now.valid_to,
        tuple(now.successor.split()),
        tuple(_earlier_names(rows)),
        bool(now.meta.get("year_round")),
    )


def _earlier_names(rows: Sequence[Term]) -> Iterator[Former]:
    for row, following in pairwise(rows):
        if row.name != following.name and following.valid_from is not None:
            yield Former(row.name, english_of(row), following.valid_from - timedelta(days=1))


def english_of(row: Term) -> str:
    """The row's English name; empty where there is none."""
    return str(row.meta.get("english") or "")


def row_on(rows: Iterable[Term], code: str, day: date) -> Term | None:
    """The row of a code that holds on a day, or held last before it."""
    begun = [row for row in rows if row.code == code]
    begun = [row for row in begun if row.valid_from is None or row.valid_from <= day]
    return begun[-1] if begun else None
