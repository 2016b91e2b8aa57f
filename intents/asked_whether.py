"""A story that ends in "blir det ett avsteg?": the question apart from what is told.

Whoever asks first wants the answer; the report is offered beside it, not begun.
"""

import re

from intents.concepts import load_lexicon
from intents.sentence_form import formed_sentences
from intents.signals import read_signals

_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
#: Fewer words beside the question tell nothing: "Hej!", "Tack på förhand".
TOLD = 4


def asked_whether(text: str) -> str:
    """Return the sentences that ask whether something counts; empty where nothing else is told."""
    lexicon = load_lexicon()
    asks, counts = lexicon.bits["asks"], lexicon.bits["counts_as"]
    whether = lexicon.bits["asks_yn"], lexicon.bits["deviation"]
    reports = lexicon.mask(("report_verb", "submit_verb", "wants", "polite"))
    asked, told = [], 0
    for piece in _SENTENCE.findall(text):
        for sentence in formed_sentences(piece, read_signals(piece)):
            mask = sentence.mask
            named = all(mask & bit for bit in whether) and not mask & reports
            if named or (mask & asks and mask & counts):
                asked.append(piece.strip())
            else:
                told = max(told, len(sentence.words))
    return " ".join(asked) if told >= TOLD else ""
