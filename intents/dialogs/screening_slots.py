"""The answers a screening takes: numbers in a person's words, a day, one case of several."""

from intents.everyday import is_no, plain
from intents.exchange import Json, Phrase, Shown
from intents.model import Given, Kind, Problem
from intents.parsers import show_day, show_text
from intents.quantities import read_date
from intents.screening import tells
from intents.short_answers import read_whole

#: More cases in one message are not judged.
MOST_CASES = 10


def numbers(slot: str, *codes: str) -> Kind:
    """An answer in numbers or by button; kept in the person's words."""

    def parse(text: str, given: Given) -> Json | Problem:
        told = text in codes or tells(slot, text, given.today)
        return text if told else Problem(f"no_{slot}", understood=False)

    def show(value: Json, prefix: str, given: Given) -> Shown:
        is_button = value in codes
        return Phrase(f"{prefix}.option.{value}") if is_button else show_text(value, prefix, given)

    return Kind(slot, parse, show, codes=codes, problems=(f"no_{slot}", "empty"))


def _parse_year(text: str, given: Given) -> Json | Problem:
    year = read_whole(plain(text))
    near = year is not None and given.today.year - 5 <= year <= given.today.year + 20
    return year if near else Problem("no_year", understood=False)


def _show_year(value: Json, _prefix: str, _given: Given) -> Shown:
    return str(value)


YEAR = Kind("year", _parse_year, _show_year, problems=("no_year", "empty"), control="number")


def _parse_start(text: str, given: Given) -> Json | Problem:
    """Take a day, or the first day of a month: nobody knows the day of a start far ahead."""
    moment = read_date(text[:200], given.today)
    if moment is None or moment.first is None or not moment.sure:
        return Problem("date", understood=False)
    return moment.first[0].isoformat()


START = Kind("date", _parse_start, show_day, problems=("date", "empty"), echo=True, control="date")


_NONE = frozenset(("ingen", "inget", "ingen av dem", "none of them", "neither"))


def _parse_which(text: str, _given: Given) -> Json | Problem:
    """Take "fall 2", "2" or a no."""
    if text == "none" or is_no(text) or plain(text) in _NONE:
        return "none"
    number = read_whole(text)
    fits = number is not None and 1 <= number <= MOST_CASES
    return str(number) if fits else Problem("which", understood=False)


def _show_which(value: Json, prefix: str, _given: Given) -> Shown:
    return Phrase(f"{prefix}.option.{value}")


WHICH = Kind("choice", _parse_which, _show_which,
             codes=(*(str(number) for number in range(1, MOST_CASES + 1)), "none"),
             offers=lambda code, values: code in values["on_offer"],
             problems=("which", "empty"), control="choice")  # fmt: skip
