"""Gives whoever is not known a secret word with the receipt, said once; only its hash is kept."""

from __future__ import annotations

import hashlib

from bot.decision import Moment, Services
from bot.messages import Text
from intents.receipt_words import to_word
from storage.model import CaseEvent
from storage.records import CaseNote

#: Kind of the line in the case's history that holds the hash.
KIND = "receipt_word"


def give_word(number: str, services: Services, moment: Moment) -> tuple[CaseNote, Text]:
    """The line that keeps the word's hash, and the words that tell it."""
    word = to_word(int(services.new_id(), 16))
    note = CaseNote(number, KIND, str(moment.key), {"hash": _hash(number, word)})
    said = services.texts.render("receipt.word", moment.language, word=word, number=number)
    return note, Text(said, moment.language)


def is_word(number: str, word: str, events: tuple[CaseEvent, ...]) -> bool:
    """Is this the word given with the receipt?"""
    wanted = _hash(number, word)
    return any(e.kind == KIND and e.facts.get("hash") == wanted for e in events)


def _hash(number: str, word: str) -> str:
    return hashlib.scrypt(word.encode(), salt=number.encode(), n=2**12, r=8, p=1).hex()
