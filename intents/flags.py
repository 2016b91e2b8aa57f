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
)  # fmt: skip
#: "Löpande" is open-ended of a contract; "löpande räkning" and "löpande dialog" are not.
_RUNNING = frozenset(("avtal", "avtalet", "kontrakt", "kontraktet", "uppdrag", "uppdraget", "tills",
                      "tid", "leverans", "drift", "behov"))  # fmt: skip
_OPTION_STEMS = ("option", "forlang", "extend", "extension", "prolong")
_UNKNOWN = (
    ("vet", "inte"), ("vet", "ej"), ("ingen", "aning"), ("oklart",), ("don't", "know"),
    ("dont", "know"), ("not", "sure"), ("osaker",), ("osakert",), ("ingen", "koll"),
    ("vet", "icke"),
    ("inte", "klart"), ("inte", "bestamt"), ("no", "idea"), ("unknown",), ("t", "know"),
)  # fmt: skip
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
    if _any_phrase(names, _UNKNOWN):
        flags.add("unknown")
    if _PHASES & set(names):
        flags.add("phases")
    return frozenset(flags)


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
        if lexeme.name == "lopande" and (
            following is None or following.kind == "sign" or following.name in _RUNNING
        ):
            return True
    return False
