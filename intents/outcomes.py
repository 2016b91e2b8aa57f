"""Results in words: "två lärlingsplatser och en praktikant", "inget", "inte klart än"."""

import re
from collections.abc import Mapping
from functools import lru_cache

from intents.everyday import plain
from intents.exchange import Json, Phrase, Shown
from intents.language import Token, fold, number_at, stem, tokenize
from intents.model import Given, Kind, Problem
from intents.parsers import check_count
from intents.picklists import ListTerm
from intents.short_answers import read_whole

#: Value of a result that is not known yet.
LATER = "later"
#: A shorter word ends too many others.
_SHORTEST_TAIL = 6
#: They name what somebody does, not a place for somebody.
_VERBS = frozenset({"jobba", "jobbar", "jobbade", "jobbat", "working"})
#: Words whose stem is another word's: "interns" is no "inte".
_WHOLE = {"interns": "praktik"}
_SAYINGS = frozenset({("i", "praktiken"), ("for", "ovrigt"), ("i", "ovrigt"), ("bland", "annat"),
                      ("nagot", "annat"), ("bra", "jobb"), ("good", "job")})  # fmt: skip
#: Verbs that stand before their number: "anställa fyra personer".
TAKING_ON = frozenset({"anstalla", "anstaller", "anstallde", "anstallt", "hire", "hired", "hires"})
#: How far before a form its number may stand: "två nya, betalda lärlingsplatser".
_REACH = 3
_LATER = re.compile(
    r"\b(?:inte (?:klart?|klara|kant|bestamt)|ej klar\w*|annu inte|inte an|vet inte an|vantar|"
    r"pagar|not (?:yet|ready|known|decided)|pending|later|senare)\b"
)
_NOTHING = frozenset(
    fold(words)
    for words in (
        "inget", "inga", "ingenting", "noll", "0", "inget alls", "det blev inget", "inga resultat",
        "inget resultat", "none", "nothing", "zero", "no results", "ingen",
    )
)  # fmt: skip


@lru_cache(maxsize=16)
def _form_words(terms: tuple[ListTerm, ...]) -> Mapping[str, str]:
    """Every stem that names a form, with the code of the form."""
    found: dict[str, str] = {}
    for term in terms:
        for name in (term.code, term.name, term.english, *term.synonyms):
            words = tokenize(name)
            if len(words) == 1:
                found.setdefault(stem(words[0].text), term.code)
    return found


@lru_cache(maxsize=16)
def _form_tails(terms: tuple[ListTerm, ...]) -> Mapping[str, str]:
    """The same for words long enough to end a compound: "snickarlärling", "timanställda"."""
    counted = {term.code for term in terms} - {"utbildning", "annat"}
    words = ((stem(name), term.code) for term in terms if term.code in counted
             for name in (term.name, *term.synonyms))  # fmt: skip
    return {word: code for word, code in words if len(word) >= _SHORTEST_TAIL}


def _form_of(tokens: tuple[Token, ...], index: int, given: Given) -> str | None:
    """Return the form a word names, or None; "jobbar" and "i praktiken" name none."""
    token = tokens[index]
    before = tokens[index - 1].folded if index else ""
    after = tokens[index + 1].folded if index + 1 < len(tokens) else ""
    if token.folded in _VERBS or (before, token.folded) in _SAYINGS:
        return None
    if token.folded == "anstalld" and after in {"pa", "hos", "i", "vid"}:
        return None
    # "Anställa två lärlingar" is about apprentices.
    ahead = range(index + 1, min(index + 4, len(tokens))) if token.folded in TAKING_ON else ()
    if any(_form_of(tokens, following, given) for following in ahead):
        return None
    terms = given.vocabularies.get("outcomes", ())
    if token.folded in _WHOLE:
        return _WHOLE[token.folded]
    word = stem(token.text)
    named = _form_words(terms).get(word)
    tails = _form_tails(terms)
    return named or next((code for tail, code in tails.items() if word.endswith(tail)), None)


def form_named(text: str, given: Given) -> str | None:
    """Return the one form a short text names, such as the head of a column."""
    named = {code for code, _ in forms_in(text, given)}
    return named.pop() if len(named) == 1 else None


def forms_in(text: str, given: Given) -> tuple[tuple[str, Token], ...]:
    """Return the forms a text names, in order, each with its word."""
    tokens = tokenize(text)
    hits = ((_form_of(tokens, index, given), token) for index, token in enumerate(tokens))
    return tuple((code, token) for code, token in hits if code)


def counts_in(text: str, given: Given) -> dict[str, int]:
    """Return the number of places per form; forms without a plain number are left out."""
    tokens = tokenize(text)
    counts: dict[str, int] = {}
    last = -1
    for index, token in enumerate(tokens):
        code = _form_of(tokens, index, given)
        if code is None:
            continue
        ahead = token.folded in TAKING_ON
        start, stop = (index + 1, index + 3) if ahead else (max(last + 1, index - _REACH), index)
        number = _number_before(text, tokens, start, min(stop, len(tokens)))
        last = index
        if number is not None:
            counts[code] = counts.get(code, 0) + number
    return counts


def _number_before(text: str, tokens: tuple[Token, ...], start: int, stop: int) -> int | None:
    """Return the only number between two tokens; a range or a second number leaves it open."""
    folded = tuple(token.folded for token in tokens[start:stop])
    numbers: list[int] = []
    index = 0
    while index < len(folded):
        word = number_at(folded, index)
        if folded[index].isdecimal():
            sign = -1 if text[: tokens[start + index].start].endswith(("-", "−")) else 1
            numbers.append(sign * int(folded[index][:9]))
        elif word:
            numbers.append(word[0])
        index += word[1] if word else 1
    return numbers[0] if len(numbers) == 1 else None


def _parse_results(text: str, given: Given) -> Json | Problem:
    said = plain(text)
    if text == LATER or _LATER.search(said):
        return LATER
    if text == "nothing" or said in _NOTHING:
        return {}
    if text.lstrip().startswith(("-", "−")):
        return Problem("negative")
    counts = counts_in(text[:500], given)
    if not counts:
        bare = read_whole(text)
        checked = bare if bare is None else check_count(bare)
        refused = isinstance(checked, Problem) and checked.proposal is None
        return checked if refused else Problem("form", understood=bare is not None)
    return _checked(counts)


def _checked(counts: dict[str, int]) -> Json | Problem:
    checks = [check_count(number) for number in counts.values()]
    refused = [c for c in checks if isinstance(c, Problem)]
    if not refused:
        return counts
    worst = next((c for c in refused if c.proposal is None), refused[0])
    again = None if worst.proposal is None else counts
    return Problem(worst.code, worst.values, proposal=again)


def show_results(value: Json, _prefix: str, _given: Given) -> Shown:
    """Show the places of each form, or that there are none or not yet."""
    if not isinstance(value, dict):
        return Phrase("common.results.later")
    shown = tuple(Phrase(f"common.outcome.{code}", {"count": n}) for code, n in value.items())
    return shown or Phrase("common.results.nothing")


def _swap(value: Json, new: str, old: str, given: Given) -> Json:
    """Put "tre" where "två" stands; without an old number, where there is only one."""
    if not isinstance(value, dict) or not value:
        return None
    counts = counts_in(new, given)
    if counts:
        wrong = counts_in(old, given)
        kept = {code: n for code, n in value.items() if wrong.get(code) != n}
        return (
            {**kept, **counts}
            if all(isinstance(check_count(n), int) for n in counts.values())
            else None
        )
    number, was = read_whole(new), read_whole(old) if old else None
    hits = [code for code, n in value.items() if not old or n == was]
    if number is None or len(hits) != 1 or isinstance(check_count(number), Problem):
        return None
    return {**value, hits[0]: number}


#: Places per form as {form: number}; {} for none at all, "later" for not known yet.
RESULTS = Kind("results", _parse_results, show_results, codes=(LATER, "nothing"),
               problems=("form", "negative", "unlikely", "too_many", "empty"), echo=True,
               swap=_swap, limit=500)  # fmt: skip
