"""The full-year report: a header and rows, or that there was nothing to report.

It is due in December; the year before is taken in January and marked late. The rows come from the
year's cases or are pasted, one procurement per line.
"""

import re
from collections.abc import Mapping

from intents.attachments import attachment_slot
from intents.dialogs.shared_slots import (
    CONFIRM_SLOT,
    CONTACT_SLOT,
    ORGANISATION,
    ORGANISATION_NAMES,
    picked,
)
from intents.everyday import plain
from intents.exchange import (
    Choice,
    Effect,
    Json,
    Lines,
    Notify,
    OfferFile,
    Phrase,
    Say,
    Shown,
    Values,
)
from intents.language import Folded, fold_with_origins
from intents.model import Dialog, Filing, Found, Given, Kind, Problem, Reaction, Slot
from intents.outcomes import show_results
from intents.parsers import LINE, YES_NO, choice, free_text
from intents.picklists import by_code, mention
from intents.row_table import parse_rows

#: Of the year's cases; the rest show as "…".
MOST_NAMED = 8
_YEAR = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_THIS_YEAR = frozenset({"i ar", "det har aret", "innevarande ar", "this year"})
_LAST_YEAR = frozenset({"forra aret", "i fjol", "fjolaret", "last year", "aret innan"})

_SAID_YEAR = re.compile(
    r"\b(?:20\d\d|i ar|i fjol|forra aret|det har aret|fjolaret|this year|last year)\b"
)
_NOTHING = re.compile(
    r"\b(?:(?:inga|utan|noll|inte (?:haft|gjort)(?: nagra)?) avsteg(?:en)?|noll ?rapport\w*"
    r"|no deviations?|nil report)\b"
)


def _parse_year(text: str, given: Given) -> Json | Problem:
    said, this = plain(text), given.today.year
    written = _YEAR.search(said)
    year = int(written[1]) if written else None
    year = this if said in _THIS_YEAR or text == "this" else year
    year = this - 1 if said in _LAST_YEAR or text == "last" else year
    if year is None:
        return Problem("year", understood=False)
    if year > this:
        return Problem("year_ahead", {"year": str(year)})
    late = year == this - 1 and given.today.month == 1
    return year if year == this or late else Problem("year_past", {"year": str(year)})


def _show_year(value: Json, _prefix: str, _given: Given) -> Shown:
    return str(value)


YEAR = Kind("year", _parse_year, _show_year, codes=("this", "last"), echo=True,
            problems=("year", "year_ahead", "year_past", "empty"), control="number")  # fmt: skip


def show_rows(value: Json, _prefix: str, given: Given) -> Shown:
    """Show one row per line."""
    return Lines(("", *(_show_row(row, given) for row in value)))


def _show_row(row: Json, given: Given) -> Phrase:
    kind = by_code(
        given.vocabularies.get("procurement_types", ()), row.get("procurement_type") or ""
    )
    name = row.get("procurement") or Phrase("deviation_annual.total")
    values = {"name": name, "results": show_results(row["results"], "", given)}
    if kind is None:
        return Phrase("deviation_annual.row", values)
    return Phrase("deviation_annual.row_typed", {**values, "type": kind.label(given.language)})


ROWS = Kind("rows", parse_rows, show_rows, closed=False, limit=20_000, control="long_text",
            problems=("row", "rows_many", "empty", "too_long"))  # fmt: skip


def read_annual(text: str, given: Given) -> Mapping[str, Found]:
    """Read the organisation, the year, and whether there was nothing to report."""
    found: dict[str, Found] = {}
    terms = tuple(t for t in given.vocabularies.get("organisations", ()) if t.holds(given.today))
    if hit := mention(text, terms):
        found["organisation"] = Found(hit[0].code, hit[1])
    told = fold_with_origins(text)
    if match := _SAID_YEAR.search(told.text):
        year = _parse_year(match[0], given)
        if not isinstance(year, Problem):
            found["year"] = Found(year, _as_written(text, told, match))
    if match := _NOTHING.search(told.text):
        found["have"] = Found("none", _as_written(text, told, match))
    return found


def _as_written(text: str, told: Folded, match: re.Match[str]) -> str:
    first, last = told.span(*match.span())
    return text[first:last]


def _derive(values: Values, given: Given) -> Values:
    """Return the year's cases that the report can be filled from, and whether it is late."""
    cases = given.lookups.get("year") or ()
    late = values.get("year") is not None and values["year"] < given.today.year
    named = [str(case["values"].get("procurement") or case["number"]) for case in cases]
    shown = named[:MOST_NAMED] + ["…"] * (len(named) > MOST_NAMED)
    return {"cases": len(cases), "count": len(cases), "named": ", ".join(shown), "late": late}


def _lookups(values: Values, _text: str) -> dict[str, Values]:
    wanted = {name: values[name] for name in ("organisation", "year") if name in values}
    return {"year": wanted} if len(wanted) == 2 else {}


def _react(slots: tuple[str, ...], values: Values, given: Given) -> Reaction:
    if "year" in slots and values["late"]:
        return Reaction((Say("deviation_annual.late", role="note"),))
    early = "year" in slots and given.today.month < 12
    return Reaction((Say("deviation_annual.early", role="note"),) if early else ())


def _filled(form: Filing, given: Given) -> Values:
    """Return the report with its rows, from the year's cases where the person took those."""
    rows = form.values.get("rows") or []
    if form.values.get("use_cases") == "yes":
        rows = [_row_of(case) for case in given.lookups.get("year") or ()]
    return {**form.values, "rows": rows, "late": form.seen["late"]}


def _row_of(case: Json) -> Json:
    values = case.get("values", {})
    names = ("procurement", "procurement_type", "results")
    return {**{name: values.get(name) for name in names}, "number": case["number"]}


def _effects(form: Filing, given: Given) -> tuple[Effect, ...]:
    full = Filing(_filled(form, given), form.seen, form.number, form.amends, form.incomplete,
                  form.version)  # fmt: skip
    fields = {**picked(form, "organisation", "year", "have"), "rows": len(full.values["rows"])}
    return (full.save("deviation_annual"), Notify("deviation_annual", form.number, fields),
            OfferFile("deviation_annual", form.number))  # fmt: skip


def _done(form: Filing, given: Given) -> tuple[Say, ...]:
    undo = (Choice(f"amend:ångra {form.number}", Phrase("common.button.undo")),)
    nil = form.values.get("have") == "none"
    key = "deviation_annual.done_nil" if nil else "deviation_annual.done"
    receipt = Say(key, {"number": form.number, "year": str(form.values["year"])},
                  choices=undo if nil else (), role="answer", offers=True)  # fmt: skip
    return (receipt, Say("deviation_annual.own_diary", role="note"))


def _has_cases(values: Values) -> bool:
    return values.get("have") == "cases"


DEVIATION_ANNUAL = Dialog(
    "deviation_annual",
    slots=(
        Slot("organisation", ORGANISATION, names=ORGANISATION_NAMES),
        Slot("year", YEAR, names=("ar", "year")),
        Slot("have", choice("cases", "none", words={
            "ja": "cases", "nej": "none", "inga": "none", "inga avsteg": "none", "yes": "cases",
            "no": "none", "nil": "none",
        }), names=("avsteg",)),
        Slot("use_cases", YES_NO, filed=True, names=("rader",),
             asked_if=lambda values: _has_cases(values) and values["cases"] > 0),
        Slot("rows", ROWS, names=("rader", "rows", "upphandlingar"),
             asked_if=lambda values: _has_cases(values) and values.get("use_cases") != "yes"),
        Slot("other_model", LINE, unknown=True, asked_if=_has_cases, names=("modell", "model")),
        Slot("agreed_with", LINE, unknown=True, names=("avstamd",), asked_if=lambda values: (
            _has_cases(values) and values.get("other_model") is not None)),
        Slot("comment", free_text(), optional=True, names=("kommentar", "comment")),
        attachment_slot(asked=False),
        CONTACT_SLOT,
        CONFIRM_SLOT,
    ),
    effects=_effects,
    done=_done,
    read=read_annual,
    derive=_derive,
    react=_react,
    lookups=_lookups,
    record="deviation_annual",
    carried=("registered_for", "seen_version"),
)  # fmt: skip
