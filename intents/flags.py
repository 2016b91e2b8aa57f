"""Words that qualify a whole message: open-ended, an option, a framework agreement, unknown."""

from collections.abc import Sequence

from intents import context_words as words
from intents.lexemes import Lexeme

_OPEN_ENDED = (
    ("tillsvidare",), ("tillsvidareavtal",), ("tillsvidarekontrakt",), ("tillsvidareuppdrag",),
    ("tills", "vidare"), ("utan", "slutdatum"), ("inget", "slutdatum"), ("until", "further"),
    ("obestamd", "tid"), ("utan", "slut"), ("indefinitely",), ("open", "ended"),
    ("open", "-", "ended"), ("indefinite",), ("tidsobegransat",), ("tidsobegransad",),
    ("inte", "tidsbegransat"), ("inget", "slut"), ("tv", "avtal"), ("no", "end", "date"),
    ("obegransad", "tid"), ("obegransat",), ("bortre", "grans"), ("tills", "det", "sags"),
    ("tills", "nagon", "sager"), ("tv",), ("evergreen",), ("inte", "tidsatt"),
)  # fmt: skip
#: "Löpande" is open-ended of a contract; "löpande räkning" and "löpande dialog" are not.
_RUNNING = frozenset(("avtal", "avtalet", "kontrakt", "kontraktet", "uppdrag", "uppdraget", "tills",
                      "tid", "leverans", "drift", "behov", "contract", "agreement"))  # fmt: skip
_OPTION_STEMS = ("option", "forlang", "extend", "extension", "prolong")
_UNKNOWN = (
    ("vet", "inte"), ("vet", "ej"), ("ingen", "aning"), ("oklart",), ("dont", "know"),
    ("not", "sure"), ("osaker",), ("osakert",), ("ingen", "koll"), ("vet", "icke"), ("okant",),
    ("okand",), ("oklar",), ("inte", "klart"), ("inte", "bestamt"), ("ej", "bestamt"),
    ("inte", "bestamd"), ("ej", "bestamd"), ("inte", "klar"), ("ej", "klart"),
    ("no", "idea"), ("unknown",), ("t", "know"), ("not", "know"), ("vet", "jag", "inte"),
    ("vet", "vi", "inte"), ("gar", "inte", "att", "saga"), ("not", "known"), ("unclear",),
)  # fmt: skip
_UNKNOWN_BY_WORD = {
    word: tuple(phrase for phrase in _UNKNOWN if phrase[0] == word) for word, *_ in _UNKNOWN
}
#: What is not known, said soon after or right before.
_UNKNOWN_OF = {
    "unknown_workers": (("hur", "manga"), ("antal",), ("how", "many"), ("number", "of"),
                        ("bemanning",), ("headcount",), ("hur", "mycket", "folk")),
    "unknown_time": (("hur", "lang"), ("how", "long"), ("tiden",), ("langd",), ("varaktighet",),
                     ("nar", "det", "slutar"), ("slutdatum",), ("avtalstid",), ("duration",),
                     ("loptid",)),
}  # fmt: skip
_UNKNOWN_BACK, _UNKNOWN_AHEAD = 4, 7
_PHASES = frozenset(("darefter", "foljt", "foljd", "sedan", "then", "followed", "etapp", "fas",
                     "etapper", "faser", "phase", "darpa"))  # fmt: skip
_NO_OPTION = frozenset(("utan", "ingen", "inga", "inte", "ej", "without", "no", "not", "inget"))


def find_flags(lexemes: Sequence[Lexeme]) -> frozenset[str]:
    """Return the codes of what is said about the message as a whole."""
    names = [lexeme.name for lexeme in lexemes]
    flags = set()
    if _any_phrase(names, _OPEN_ENDED) or _runs_on(lexemes):
        flags.add("open_ended")
    if any(_is_option(names, at) for at in range(len(names))):
        flags.add("option")
    for flag, pattern in (
        ("framework", words.FRAMEWORK_WORDS),
        ("call_off", words.CALL_OFF_WORDS),
        ("interruption", words.INTERRUPTION_WORDS),
    ):
        if any(pattern.fullmatch(name) for name in names):
            flags.add(flag)
    flags |= _unknown(names)
    if _PHASES & set(names):
        flags.add("phases")
    return frozenset(flags)


def _unknown(names: Sequence[str]) -> set[str]:
    """Return what the person says they do not know: unknown_time, unknown_workers."""
    flags = set()
    for at in range(len(names)):
        phrases = _UNKNOWN_BY_WORD.get(names[at], ())
        if not any(tuple(names[at : at + len(phrase)]) == phrase for phrase in phrases):
            continue
        nearby = names[max(0, at - _UNKNOWN_BACK) : at + _UNKNOWN_AHEAD]
        flags |= {flag for flag, stems in _UNKNOWN_OF.items() if _asks_for(nearby, stems)}
    return flags


def _asks_for(names: Sequence[str], stems: tuple[tuple[str, ...], ...]) -> bool:
    return any(
        all(name.startswith(stem) for name, stem in zip(names[at:], stem_row, strict=False))
        and at + len(stem_row) <= len(names)
        for stem_row in stems
        for at in range(len(names))
    )


def _any_phrase(names: Sequence[str], phrases: Sequence[tuple[str, ...]]) -> bool:
    said = set(names)
    return any(
        phrase[0] in said
        and any(tuple(names[at : at + len(phrase)]) == phrase for at in range(len(names)))
        for phrase in phrases
    )


def _is_option(names: Sequence[str], at: int) -> bool:
    denied = _NO_OPTION & set(names[max(0, at - 3) : at])
    return names[at].startswith(_OPTION_STEMS) and not denied


def _runs_on(lexemes: Sequence[Lexeme]) -> bool:
    for at, lexeme in enumerate(lexemes):
        following = lexemes[at + 1] if at + 1 < len(lexemes) else None
        if lexeme.name in {"lopande", "ongoing", "rolling"} and (
            following is None or following.kind == "sign" or following.name in _RUNNING
        ):
            return True
    return False
