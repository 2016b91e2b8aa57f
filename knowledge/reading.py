"""How a question is read before it is searched: acts it hints at, its last sentence, its words."""

from __future__ import annotations

import re

from intents.language import (
    Glossary,
    detect_language,
    fold,
    load_glossary,
    number_at,
    stem,
    tokenize,
)
from knowledge.english import to_swedish
from knowledge.features import Asked
from knowledge.index import SearchIndex

# A pasted page is cut: the question is in its first lines, and every word costs time.
LONGEST_QUESTION = 2_000
#: Acts that are searched on equal terms only when the question hints at them.
HINTS = {
    "LUF": re.compile(r"\bLUF\b|försörjningssektor|upphandlande enhet|\butilit", re.IGNORECASE),
    "LUK": re.compile(r"\bLUK\b|koncession|concession", re.IGNORECASE),
    "FL": re.compile(r"\bFL\b|förvaltningslag", re.IGNORECASE),
    "DOS": re.compile(r"\bDOS\b|DOS-lag|tillgänglig|webbplats", re.IGNORECASE),
}
#: Which value, and so which chapters, a question is about.
REGIMES = {
    "under": re.compile(r"under (?:eu-?)?(?:tröskel|gränsen)|icke-?direktivstyrd", re.IGNORECASE),
    "direct": re.compile(r"direktupphandl|direct (?:award|procurement)", re.IGNORECASE),
    "over": re.compile(
        r"(?:över|ovan\w*|above) (?:the )?(?:eu-?)?(?:tröskel|threshold)", re.IGNORECASE
    ),
}
ACT = re.compile(r"\b(?:enligt |i |inom |med |in |under )?(?:LOU|LUF|LUK)\b", re.IGNORECASE)
# Words that only frame a question: when nothing but these is left beside the name of an act,
# the act itself is what is asked about.
_FRAME_LINES = """vad är betyder innebär menas med skillnad skillnaden mellan och eller på om
    den det ett en lagen lag gäller står för hur skiljer sig från i av när vilken vilka what is the
    between and difference"""
FRAME = frozenset(map(fold, _FRAME_LINES.split()))
LEFT_OVER = 2
#: "indikator ett" is written "Indikator 1" where it stands.
_LABEL_LINES = "indikator nivå kriterium kriterie alternativ fas steg kapitel paragraf bilaga"
LABELS = frozenset(map(stem, _LABEL_LINES.split()))
LEVEL_NAMES = {stem(word): stem("nivå") for word in ("kriterium", "kriterie", "alternativ")}
LONGEST_NUMBER = 3
_ALL_LINES = "indikatorer indikatorerna nivåer nivåerna kriterier kriterierna indicators levels"
ALL_OF_THEM = frozenset(map(fold, _ALL_LINES.split()))
#: A numbered thing: its name's stem and its number.
Thing = tuple[str, int]
SENTENCE = re.compile(r"(?<=[.!?])\s+")
SHORTEST_SENTENCE = 4
#: "om avtalet är på med": a short clause that told only the case.
CASE = re.compile(
    r",?\s*\b(?:om|när|ifall|trots att|eftersom|fast|if|when|because|since)\b"
    r"(?:\s+[^\s?,.:]+){1,7}\s*(?=\?|$)",
    re.IGNORECASE,
)
#: "i ett uppdrag på med": what is left of a phrase around numbers at the end.
STUB = re.compile(
    r"(?:\s+(?:i|på|för|till|av|med|och|är|with|for|of|a|an|en|ett|lång|långt|job|contract|"
    r"uppdrag|upphandling|kontrakt|avtal|jobb|köp))+\s*\??$",
    re.IGNORECASE,
)
SHORTEST_STUBLESS = 3


#: What people say around a question and no text of rules says; a rare word would weigh most.
FILLERS = re.compile(
    r"\b(?:egentligen|faktiskt|liksom|alltså|asså|ju|väl|typ|exakt|precis|ens|helt enkelt"
    r"|förresten|snälla|tack på förhand|hej(?:san)?|hallå"
    r"|(?:jag|vi) (?:undrar|funderar på|skulle vilja veta|vill veta)"
    r"|(?:kan|skulle) (?:du|ni|någon) (?:säga|berätta|förklara|svara på)|vet (?:du|ni)"
    r"|actually|exactly|basically|please|hi|hello|(?:i|we) (?:wonder|would like to know)"
    r"|(?:can|could) you (?:tell me|explain)|do you know)\b[ ,!:]*",
    re.IGNORECASE,
)


def without_fillers(question: str) -> str:
    """The question without what only frames it, unless nothing would be left."""
    left = " ".join(FILLERS.sub(" ", question).split())
    return left if len(tokenize(left)) >= LEFT_OVER else question


def hinted_acts(question: str) -> frozenset[str]:
    """Acts besides LOU that the question hints at."""
    return frozenset(act for act, pattern in HINTS.items() if pattern.search(question))


def hinted_regimes(question: str) -> frozenset[str]:
    """Regimes the question names: "over" or "under" the threshold, or "direct" award."""
    return frozenset(name for name, pattern in REGIMES.items() if pattern.search(question))


def without_act(question: str) -> str:
    """The question without "enligt LUF" and the like, which would draw in texts about the act."""
    left = ACT.sub(" ", question)
    words = [token.folded for token in tokenize(left) if token.folded not in FRAME]
    return left if len(words) >= LEFT_OVER else question


def without_stubs(rest: str) -> str:
    """A question whose numbers were cut out, without the words that only led up to them."""
    plain = CASE.sub("", rest) if len(CASE.sub("", rest).split()) >= SHORTEST_SENTENCE else rest
    left = STUB.sub("", plain).strip(" ,:?")
    return f"{left}?" if len(left.split()) >= SHORTEST_STUBLESS else rest


def last_question(question: str) -> str:
    """The sentence that asks, where a situation is told before it; else empty."""
    sentences = [part for part in SENTENCE.split(question) if part.strip()]
    if len(sentences) < 2:
        return ""
    asking = [part for part in sentences if part.rstrip().endswith("?")] or sentences
    last = asking[-1].strip()
    return last if len(last.split()) >= SHORTEST_SENTENCE else ""


def numbered_things(text: str) -> frozenset[Thing]:
    """What a text calls by number, as ("indikator", 1); the levels go by several names."""
    words = tuple(token.folded for token in tokenize(text))
    return frozenset(
        (LEVEL_NAMES.get(stem(word), stem(word)), number)
        for at, word in enumerate(words)
        if stem(word) in LABELS and (number := _number_after(words, at)) is not None
    )


def asks_for_all(question: str) -> bool:
    """Does it ask about numbered things together, naming none by number?"""
    words = {token.folded for token in tokenize(question)}
    return bool(words & ALL_OF_THEM) and not numbered_things(question)


def _number_after(words: tuple[str, ...], at: int) -> int | None:
    following = words[at + 1] if at + 1 < len(words) else ""
    if following.isdecimal() and len(following) < LONGEST_NUMBER:
        return int(following)
    read = number_at(words, at + 1)
    return read[0] if read is not None else None


def digits_of_labels(question: str) -> list[str]:
    """Digits of the number words that follow the name of a numbered thing."""
    return sorted(str(number) for _, number in numbered_things(question))


def read_question(question: str, index: SearchIndex, glossary: Glossary | None = None) -> Asked:
    """Cuts a question into what the fields are searched with; without a glossary the shipped one
    tells what its words stand for."""
    language = detect_language(question)
    text = without_act(question)
    added = [*(glossary or load_glossary()).expand(text), *digits_of_labels(text)]
    if language == "en":
        words = text
        added += to_swedish(text)
    else:
        words = index.speller.mend(text, index.analyse.vocabulary)
    extra = " ".join(added)
    terms = index.analyse(f"{words} {extra}")
    return Asked(f"{text} {extra}".strip(), tuple(terms), language)
