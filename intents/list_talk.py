"""Is a message about the gross list, facts alone, or a question of duty?

The router needs to know: the rule answers when a message is about the list or is facts alone; when
it asks must, may or how, the guidance answers first and the verdict follows on its own line.
"""

import re

from intents.folding import fold, tokenize
from intents.lexemes import lex
from intents.reading import Reading, Role
from intents.words import correct

_LIST_WORDS = frozenset(("bruttolista", "bruttolistan", "bruttolistor", "bruttolistans",
                         "grovlista", "grovlistan"))  # fmt: skip
_LIST = re.compile(
    r"\b(?:brutto ?list\w*|gross[ -]?list\w*|grov ?list\w*"
    r"|(?:pa|i|med pa|fran|on|onto|of) (?:er |den har |den |var |our |the )?list(?:an|a|e|s)?"
    r"|listas|listplikt\w*|ar listan|ska listas|the list)\b"
)

_DUTY = re.compile(
    r"\b(?:"
    r"(?:maste|far|bor|borde|tvingas|skall) (?:jag|vi|man|ni|de|leverantoren|upphandlaren|den|det|i)\b"
    r"|(?:jag|vi|man|ni) (?:maste|far|bor|borde|skall)\b"
    r"|(?:kan|ska|skulle|behover) (?:jag|vi|man|ni|du)\b.{0,40}?\b(?:krav\w*|villkor\w*|stalla|krava"
    r"|rapporter\w*|anvanda|kontakta|anmal\w*|ta hansyn|ha med sociala|social\w*)"
    r"|ar det (?:krav|tvang|tvunget|obligatorisk\w*|tillatet|lagligt|ok|okej|nodvandigt|mojligt)"
    r"|kravs det|finns det (?:krav|nagot krav)|hur (?:ska|gor|kan|stall\w*|skriv\w*|formuler\w*|manga krav|funkar"
    r"|fungerar|raknas|raknar|bor|maste|rapporter\w*|foljer)"
    r"|must (?:we|i|you|it|the)|do (?:we|i) (?:have|need) to|are we (?:required|allowed|obliged)"
    r"|am i (?:required|allowed|obliged)|(?:may|can|should|shall) (?:we|i)\b.{0,40}?\b(?:require\w*|demand\w*"
    r"|set|use|report\w*|add|ask)|how (?:do|can|should|to)|is it (?:mandatory|required|allowed|legal)"
    r"|(?:vad|vilka|vilken|varfor|vem|vart|vilket) (?:for |sorts |galler|krav|hander|sager|ar|kan|ska|bestammer)"
    r")"
)

#: Words a message may hold beside its numbers and still be nothing but facts.
_MOST_WORDS = 14
#: Beside a single number fewer words are enough to be about something else.
_FEW_WORDS = 3
_STORY = re.compile(
    r"\b(?:pratade|diskuterade|diskuterat|traffade|ringde|mejlade|hade mote|berattade|kom overens"
    r"|erbjod|lovade|anstallde|avsteg\w*|avvikelse|rapportera\w*|jag heter|i gar|igar|forra veckan)\b"
)
_ASKING = re.compile(
    r"\b(?:vad|vem|vilka|vilken|vilket|varfor|hur|var finns|nar|what|who|which|why|how|when|where"
    r"|betyder|forklara|beratta|skillnad\w*|exempel|mall|kontakt\w*)\b"
)


def is_about_list(text: str) -> bool:
    """Return whether a message is about the gross list ("ska den med på listan?")."""
    folded = re.sub(r"[^\w]+", " ", fold(text))
    if _LIST.search(folded):
        return True
    return any(
        correct(token.folded, _LIST_WORDS) in _LIST_WORDS
        for token in tokenize(text)
        if len(token.folded) >= 9
    )


def asks_duty(text: str) -> bool:
    """Return whether a message asks what one must, may or should do, or how."""
    folded = re.sub(r"[^\w]+", " ", fold(text))
    match = _DUTY.search(folded)
    if match is None:
        return False
    # "Måste den med på listan?" asks for the verdict, not for a duty.
    rest = folded[match.start() :]
    return not (
        is_about_list(text) and not re.search(r"krav|villkor|hansyn|rapporter|require", rest)
    )


def facts_alone(text: str, reading: Reading) -> bool:
    """Return whether a message only states what an assignment is like ("6 mån, 3 pers?")."""
    time = any(d.role is not Role.OTHER for d in reading.durations) or bool(reading.periods)
    time = time or "open_ended" in reading.flags
    people = any(c.role is Role.BASE for c in reading.counts) or bool(reading.shares)
    if not (time or people) or asks_duty(text):
        return False
    folded = fold(text)
    if _STORY.search(folded) or _ASKING.search(folded):
        return False
    words = _other_words(text, reading)
    return words <= (_MOST_WORDS if time and people else _FEW_WORDS)


def _other_words(text: str, reading: Reading) -> int:
    spans = [
        item.words
        for items in (
            reading.durations,
            reading.periods,
            reading.dates,
            reading.counts,
            reading.shares,
        )
        for item in items
    ]
    covered = [(words.start, words.end) for words in spans]
    return sum(
        lexeme.kind not in {"sign", "operator"}
        and not any(start <= lexeme.start < end for start, end in covered)
        for lexeme in lex(text)
    )
