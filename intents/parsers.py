"""Kinds of answers: what a slot takes, how it is read and how it is shown again.

Each parser is ``parse(text, given) -> value | Problem``; a wrong answer is a value, not an error.
"""

import re
from datetime import date, timedelta

from intents.everyday import SEND, is_no, is_yes, plain
from intents.exchange import Choice, Json, Phrase, Shown
from intents.language import correct, fold, tokenize
from intents.model import Given, Kind, Parse, Problem
from intents.picklists import ListTerm, by_code, find, mention
from intents.questions import looks_like_question
from intents.short_answers import read_day, read_whole

#: A report is made close to the event; an older day is asked about once.
OLD_DAYS = 730
#: A count from here on is asked about, and one from there on refused.
UNLIKELY_COUNT = 100
IMPOSSIBLE_COUNT = 10_000
LONGEST_FREE_TEXT = 1_000
#: In words; a longer answer to a choice is about something else.
LONGEST_CHOICE = 5
_REFERENCE = re.compile(r"^[\w\s./:–-]{2,60}$")


def show_text(value: Json, _prefix: str, _given: Given) -> Shown:
    """Show a text as it stands."""
    return str(value)


def show_option(value: Json, prefix: str, _given: Given) -> Shown:
    """Show a choice by its button."""
    return Phrase(f"{prefix}.option.{value}")


def show_day(value: Json, _prefix: str, _given: Given) -> Shown:
    """Show a date in words."""
    return date.fromisoformat(value)


# Text --------------------------------------------------------------------------------------------


def _parse_text(text: str, _given: Given) -> Json | Problem:
    tidy = " ".join(text.split())
    return tidy if re.search(r"\w", tidy) else Problem("empty", understood=False)


def free_text(limit: int = LONGEST_FREE_TEXT, *, long: bool = True) -> Kind:
    """Running text up to a length."""
    return Kind("text", _parse_text, show_text, closed=False, problems=("empty", "too_long"),
                control="long_text" if long else "text", limit=limit)  # fmt: skip


STORY = Kind("story", _parse_text, show_text, closed=False, problems=("empty", "too_long"),
             control="long_text", limit=4_000)  # fmt: skip
#: A short line such as a name of a unit.
LINE = free_text(200, long=False)
#: The chat itself, or a work phone or address the person chooses to give.
CONTACT = Kind("contact", _parse_text, show_text, closed=False, problems=("empty", "too_long"),
               own_contact=True, limit=200)  # fmt: skip


def _parse_reference(text: str, _given: Given) -> Json | Problem:
    tidy = " ".join(text.split())
    fits = _REFERENCE.match(tidy) and any(c.isdigit() for c in tidy) and len(tidy.split()) <= 4
    return tidy if fits else Problem("reference", understood=False)


#: Diary, agreement or announcement number, or a receipt of ours.
REFERENCE = Kind("reference", _parse_reference, show_text, problems=("reference", "empty"))


# Choices -----------------------------------------------------------------------------------------


def choice(*codes: str, words: dict[str, str] | None = None) -> Kind:
    """One of a few codes; ``words`` maps what people write instead to a code."""
    known = {fold(code).replace("_", " "): code for code in codes}
    known |= {fold(word): code for word, code in (words or {}).items()}

    def parse(text: str, _given: Given) -> Json | Problem:
        if text in codes:
            return text
        said = plain(text)
        hit = known.get(said) or known.get(correct(said, known))
        hit = hit or _beginning(said, known) or _within(said, known)
        return hit or Problem("choice", understood=False)

    return Kind("choice", parse, show_option, codes=codes, problems=("choice", "empty"),
                control="choice")  # fmt: skip


def _beginning(said: str, known: dict[str, str]) -> str | None:
    """ "Ja, det gjorde vi" is a yes: a known word before a comma counts."""
    head = re.split(r"[,.;!]", said, maxsplit=1)[0].strip()
    return known.get(head) if head != said else None


def _within(said: str, known: dict[str, str]) -> str | None:
    """ "Jag vill rapportera ändå": a short answer that holds the words of one choice alone."""
    if len(said.split()) > LONGEST_CHOICE:
        return None
    codes = {code for words, code in known.items() if f" {words} " in f" {said} "}
    return codes.pop() if len(codes) == 1 else None


def _parse_yes_no(text: str, _given: Given) -> Json | Problem:
    if text in {"yes", "no"}:
        return text
    head = re.split(r"[,.;!]|\b(?:det|vi|jag|we|it|i)\b", plain(text), maxsplit=1)[0].strip()
    if is_yes(text) or is_yes(head):
        return "yes"
    return "no" if is_no(text) or is_no(head) else Problem("yes_no", understood=False)


YES_NO = Kind("yes_no", _parse_yes_no, show_option, codes=("yes", "no"),
              problems=("yes_no", "empty"), control="choice")  # fmt: skip


def _parse_confirm(text: str, _given: Given) -> Json | Problem:
    said = plain(text)
    first, _, rest = said.partition(" ")
    # "Ja, skicka", as the button says, and "ok skicka in"; "ja, skicka inte" is no yes.
    pieces = [first, rest] if is_yes(first) and rest in SEND else re.split(r"[,.;!]", said)
    agreed = all(is_yes(piece) or piece.strip() in SEND for piece in pieces)
    return "yes" if text == "yes" or agreed else Problem("confirm", understood=False)


#: The last question of a form; only a clear yes files it.
CONFIRM = Kind("confirm", _parse_confirm, show_option, codes=("yes", "change", "cancel"),
               problems=("confirm", "empty", "must_know"), control="choice")  # fmt: skip


def _parse_scale(text: str, _given: Given) -> Json | Problem:
    number = read_whole(text)
    if number is None or len(tokenize(text)) > 3:
        return Problem("scale", understood=False)
    return number if 1 <= number <= 5 else Problem("scale")


def _show_number(value: Json, _prefix: str, _given: Given) -> Shown:
    return int(value)


SCALE = Kind("scale", _parse_scale, _show_number, codes=("1", "2", "3", "4", "5"),
             problems=("scale", "empty"), control="choice")  # fmt: skip


# Pick lists --------------------------------------------------------------------------------------


def _term_label(code: str, vocabulary: str, given: Given) -> str:
    term = by_code(given.vocabularies.get(vocabulary, ()), code)
    return term.label(given.language, given.today) if term else code


def one_of(vocabulary: str, *, open_list: bool = False) -> Kind:
    """A term of a pick list, found by any part of its name.

    The value is its code; with ``open_list`` a name outside it is taken after a question, as
    ``{"other": name}``.
    """

    def parse(text: str, given: Given) -> Json | Problem:
        terms = given.vocabularies.get(vocabulary, ())
        term = by_code(terms, text)
        hits = (term,) if term else find(text, terms) or _named_in(text, terms)
        live = tuple(t for t in hits if t.holds(given.today))
        if len(live) == 1:
            return live[0].code
        if live or len(hits) > 1:
            return Problem("several", choices=_term_choices(live or hits, given))
        return _ended(hits[0], terms, given) if hits else _outside(text, open_list)

    def show(value: Json, _prefix: str, given: Given) -> Shown:
        if isinstance(value, dict):
            return str(value.get("other", ""))
        return _term_label(value, vocabulary, given)

    problems = ("several", "ended", "not_listed", "empty", *(("outside",) if open_list else ()))
    return Kind("term", parse, show, vocabulary=vocabulary, problems=problems, echo=True,
                control="choice")  # fmt: skip


def _named_in(text: str, terms: tuple[ListTerm, ...]) -> tuple[ListTerm, ...]:
    """ "En tjänst, tror jag": a short answer with one whole name in it."""
    named = mention(text, terms) if len(text.split()) <= LONGEST_CHOICE else None
    return (named[0],) if named else ()


def _term_choices(terms: tuple[ListTerm, ...], given: Given) -> tuple[Choice, ...]:
    return tuple(Choice(term.code, term.label(given.language)) for term in terms[:8])


def _ended(term: ListTerm, terms: tuple[ListTerm, ...], given: Given) -> Problem:
    heirs = tuple(heir for code in term.successor if (heir := by_code(terms, code)))
    ended = term.valid_to or given.today
    return Problem("ended", {"name": term.label(given.language), "date": ended},
                   choices=_term_choices(heirs, given))  # fmt: skip


def _outside(text: str, open_list: bool) -> Problem:
    tidy = " ".join(text.split())
    nameable = open_list and 2 <= len(tidy) <= 80 and len(tidy.split()) <= 6 and tidy[0].isalpha()
    everyday = is_yes(text) or is_no(text)
    if nameable and not everyday and looks_like_question(text) == "no":
        return Problem("outside", {"name": tidy}, proposal={"other": tidy}, understood=False)
    return Problem("not_listed", {"text": tidy[:60]}, understood=False)


def some_of(vocabulary: str) -> Kind:
    """One or more terms of a pick list; the value is a list of codes."""

    def parse(text: str, given: Given) -> Json | Problem:
        terms = given.vocabularies.get(vocabulary, ())
        if by_code(terms, text):
            return [text]
        parts = [p for p in re.split(r"[,;/&+]|\b(?:och|and|samt)\b", text[:500]) if p.strip()]
        hits = [find(part, terms) for part in parts]
        if not hits or any(len(hit) != 1 for hit in hits):
            return Problem("not_listed", {"text": text[:60]}, understood=False)
        return list(dict.fromkeys(hit[0].code for hit in hits))

    def show(value: Json, _prefix: str, given: Given) -> Shown:
        return tuple(_term_label(code, vocabulary, given) for code in value)

    return Kind("terms", parse, show, vocabulary=vocabulary, problems=("not_listed", "empty"),
                echo=True, control="choice")  # fmt: skip


# Dates and numbers -------------------------------------------------------------------------------


def _parse_past(text: str, given: Given) -> Json | Problem:
    day = read_day(text, given.today, past=True)
    if isinstance(day, Problem):
        return day
    if day > given.today:
        return Problem("future", {"date": day})
    if (given.today - day).days > OLD_DAYS:
        return Problem("old", {"date": day}, proposal=day.isoformat())
    return day.isoformat()


def _parse_future(text: str, given: Given) -> Json | Problem:
    day = read_day(text, given.today)
    if isinstance(day, Problem):
        return day
    if day <= given.today or day > given.today + timedelta(days=3 * 366):
        return Problem("not_ahead", {"date": day})
    return day.isoformat()


def _dated(parse: Parse, *problems: str) -> Kind:
    return Kind("date", parse, show_day, problems=("date", "unclear_date", "empty", *problems),
                echo=True, control="date")  # fmt: skip


PAST_DATE = _dated(_parse_past, "future", "old")
FUTURE_DATE = _dated(_parse_future, "not_ahead")


def check_count(number: int) -> int | Problem:
    """Return a number of places, or why it cannot be one."""
    if number < 0:
        return Problem("negative")
    if number >= IMPOSSIBLE_COUNT:
        return Problem("too_many", {"count": number})
    return (
        Problem("unlikely", {"count": number}, proposal=number)
        if number >= UNLIKELY_COUNT
        else number
    )
