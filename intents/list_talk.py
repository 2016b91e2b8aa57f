"""Is a message about the gross list, facts alone, or a question of duty?

The router needs to know: the rule answers when a message is about the list or is facts alone; when
it asks must, may or how, the guidance answers first and the verdict follows on its own line.
"""

import re

from intents.folding import fold, tokenize
from intents.lexing import lex
from intents.reading import Reading, Role
from intents.words import correct

_LIST_WORDS = frozenset(("bruttolista", "bruttolistan", "bruttolistor", "bruttolistans",
                         "grovlista", "grovlistan"))  # fmt: skip
#: What is said of a procurement when the list itself goes without saying.
_IT = r"(?:den|det|denna|detta|den har|det har|upphandlingen|uppdraget|avtalet|affaren|vi|it|this)"
_LIST = re.compile(
    rf"""\b(?:
    brutto\ ?list\w*|gross\ ?list\w*|grov\ ?list\w*|listans?|the\ list|listas|list\ (?:it|this)\b
  | (?:pa|i|fran|on|onto)\ (?:er|den|var|our|en|a)\ list[ae]?
  | (?:ska|skall|maste|bor|kommer|far|ar|blir|vill|skulle)\ {_IT}[ ]
    (?:val\ |da\ |vara\ |tas\ |komma\ )?
    med(?:$|\ (?:da|la|pa|i|nu|eller|tro|ocksa|va|namligen)\b)
  | (?:raknas|hamnar|kvalar|platsar)\ {_IT}|med\ eller\ inte|med\ la\b
  | (?:does|should|is|will)\ {_IT}\ (?:count|be\ included|included|qualify|be\ listed)
    )""",
    re.VERBOSE,
)

_WHO = r"(?:jag|vi|man|ni|du|de|leverantoren|upphandlaren|bestallaren)"
_DEMAND = r"""(?:krav\w*|villkor\w*|stalla|krava|rapporter\w*|anvanda|kontakta|anmal\w*|hansyn
    |social\w*|redovisa|diariefora|beakta)"""
_DUTY = re.compile(
    rf"""\b(?:
    (?:maste|far|bor|borde|skall|tvingas)\ (?:{_WHO}|den|det|upphandlingen)\b
  | {_WHO}\ (?:maste|far|bor|borde|skall)\b
  | (?:kan|ska|skulle|behover)\ {_WHO}\b.{{0,60}}?\b{_DEMAND}
  | ar\ det\ (?:krav|tvang|tvunget|obligatorisk\w*|tillatet|lagligt|ok|okej|nodvandigt|mojligt)
  | kravs\ det|finns\ det\ (?:nagot\ )?krav|har\ (?:jag|vi|man)\ (?:ratt|skyldighet)
  | hur\ (?!lange|manga|langt|mycket|lang)\w+
  | must\ (?:we|i|you|it|the)|do\ (?:we|i)\ (?:have|need)\ to
  | (?:are\ we|am\ i)\ (?:required|allowed|obliged)|how\ (?!long|many|much)\w+
  | (?:may|can|should|shall)\ (?:we|i)\b.{{0,60}}?\b(?:requir\w*|demand\w*|set|use|report\w*|ask)
  | is\ it\ (?:mandatory|required|allowed|legal|compulsory)
    )""",
    re.VERBOSE,
)
#: With these words a question about the list is one of duty after all.
#: An assignment that "kräver tre personer" makes none.
_ABOUT_DEMANDS = re.compile(rf"\b(?!kraver\b){_DEMAND}|require(?!s\b)", re.VERBOSE)

#: Words beside the numbers up to which a message is nothing but facts: with both conditions
#: named, with one.
_MOST_WORDS, _FEW_WORDS = 40, 3
_STORY = re.compile(
    r"""\b(?:pratade|pratat|diskuterade|diskuterat|traffade|ringde|mejlade|hade\ mote|berattade
    |kom\ overens|kommit\ overens|erbjod|lovade|lovat|anstallde|avsteg\w*|avvikelse|rapportera\w*
    |jag\ heter|i\ gar|igar|forra\ veckan|talked|agreed|discussed)\b""",
    re.VERBOSE,
)
_ASKING = re.compile(
    r"""\b(?:vad|vem|vilka|vilken|vilket|varfor|hur|var\ finns|nar|what|who|which|why|how|when
    |where|betyder|forklara|beratta|skillnad\w*|exempel|mall|kontakt\w*)\b""",
    re.VERBOSE,
)


def _plain(text: str) -> str:
    return re.sub(r"[^\w]+", " ", fold(text)).strip()


def is_about_list(text: str) -> bool:
    """Return whether a message is about the gross list ("ska den med på listan?")."""
    if _LIST.search(_plain(text)):
        return True
    return any(
        correct(token.folded, _LIST_WORDS) in _LIST_WORDS
        for token in tokenize(text)
        if len(token.folded) >= 9
    )


def asks_duty(text: str) -> bool:
    """Return whether a message asks what one must, may or should do, or how.

    "Måste den med på listan?" asks for the verdict and is no question of duty.
    """
    plain = _plain(text)
    match = _DUTY.search(plain)
    if match is None:
        return False
    return not is_about_list(text) or bool(_ABOUT_DEMANDS.search(plain))


def facts_alone(text: str, reading: Reading) -> bool:
    """Return whether a message only states what an assignment is like ("6 mån, 3 pers?")."""
    time = any(d.role is not Role.OTHER for d in reading.durations) or bool(reading.periods)
    time = time or "open_ended" in reading.flags
    people = any(c.role is Role.BASE for c in reading.counts) or bool(reading.shares)
    if not (time or people) or asks_duty(text):
        return False
    plain = _plain(text)
    if _STORY.search(plain) or _ASKING.search(plain):
        return False
    most = _MOST_WORDS if time and people else _FEW_WORDS
    return _other_words(text, reading) <= most


def _other_words(text: str, reading: Reading) -> int:
    """Count the words of a message that belong to none of its quantities."""
    covered = [
        (words.start, words.end)
        for words in (
            *(duration.words for duration in reading.durations),
            *(period.words for period in reading.periods),
            *(moment.words for moment in reading.dates),
            *(count.words for count in reading.counts),
            *(share.words for share in reading.shares),
        )
    ]
    return sum(
        lexeme.kind not in {"sign", "operator"}
        and not any(start <= lexeme.start < end for start, end in covered)
        for lexeme in lex(text)
    )
