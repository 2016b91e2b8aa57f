"""Is a procurement on the gross list? Only what is missing is asked, mostly with buttons.

The verdict comes as soon as it stands and is stored, whatever it is. Registering is an act of its
own; asking "what if" tells nobody.
"""

from collections.abc import Callable
from dataclasses import replace

from intents.dialogs.shared_slots import CONFIRM_SLOT, ORGANISATION, ORGANISATION_NAMES, picked
from intents.everyday import plain
from intents.exchange import Choice, Effect, Json, Notify, Phrase, Save, Say, Shown, Values
from intents.grosslist import Verdict
from intents.model import Dialog, Filing, Found, Given, Kind, Problem, Reaction, Slot
from intents.parsers import LINE, YES_NO, one_of, show_day, show_text
from intents.quantities import read_date
from intents.screening import DECIDING, cases, facts_of, judge, policy_of, tells, to_record
from intents.short_answers import read_whole
from intents.verdict_says import verdict_says

#: More cases in one message are judged one by one.
MOST_CASES = 10


def _numbers(slot: str, *codes: str) -> Kind:
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


def _read(text: str, given: Given) -> dict[str, Found]:
    """Keep a message that holds numbers; they are read again whenever they are needed."""
    found = cases(text[:4_000], given.today)
    tells_any = len(found) > 1 or found[0].has_time or found[0].has_workers or found[0].framework
    told = tells_any or found[0].tendering_only or found[0].option or bool(found[0].problems)
    return {"case": Found(text[:4_000], text[:4_000])} if told else {}


def verdicts(values: Values, given: Given) -> tuple[Verdict, ...]:
    """Return the verdict on each case; several cases are never asked about."""
    policy = policy_of(given.lookups.get("policy"))
    return tuple(judge(facts, values, policy) for facts in facts_of(values, given.today))


def _lookups(_values: Values, _text: str) -> dict[str, Values]:
    """Ask for the policy values the support function has set, by Swedish name; None for none."""
    return {"policy": {}}


def _derive(values: Values, given: Given) -> Values:
    judged = verdicts(values, given)
    if len(judged) > 1:
        return {"several": True, "verdict": None, "missing": (), "known_start": None}
    found = facts_of(values, given.today)[0]
    period = found.periods[0].start if found.periods else found.start
    known = period[0].isoformat() if period and period[0] == period[1] else None
    return {"several": False, "verdict": judged[0].verdict, "missing": judged[0].missing,
            "known_start": known}  # fmt: skip


def _react(slots: tuple[str, ...], values: Values, given: Given) -> Reaction:
    if not set(slots) & {"case", *DECIDING}:
        return _declined(slots, values)
    judged = verdicts(values, given)
    if len(judged) > 1:
        return _several(judged[:MOST_CASES], values, given)
    verdict = judged[0]
    if verdict.verdict is None:
        return Reaction(tuple(_warnings(verdict)))
    saved = _saved(verdict, values, given)
    if verdict.verdict == "nej":
        offers = tuple(Choice(code, Phrase(f"common.button.{code}")) for code in ("handover",))
        *says, last = verdict_says(verdict)
        closing = Say(last.key, last.values, offers, last.role, offers=True)
        return Reaction((*says, closing), (saved,), over=True)
    return Reaction(verdict_says(verdict), (saved,))


def _warnings(verdict: Verdict) -> list[Say]:
    """Say what could not be used before asking on."""
    codes = ("TENDERING_ONLY", "INVALID_DATE", "REVERSED_PERIOD", "UNCLEAR_TIME", "SEVERAL_TIMES",
             "INTERVALL", "FTE")  # fmt: skip
    return [Say(f"screening.note.{code}", role="note") for code in codes if code in verdict.notes]


def _saved(verdict: Verdict, values: Values, given: Given) -> Save:
    record = to_record(values, verdict, policy_of(given.lookups.get("policy")))
    return Save("screening", given.numbers.get("screening", ""), record)


def _several(judged: tuple[Verdict, ...], values: Values, given: Given) -> Reaction:
    """Judge each case of a message by itself; the rule never adds small ones together."""
    says: list[Say] = []
    for number, verdict in enumerate(judged, 1):
        says.append(Say("screening.case", {"number": number}))
        *all_but_next, _ = verdict_says(verdict)
        says += all_but_next
    decided = [_saved(verdict, values, given) for verdict in judged if verdict.verdict is not None]
    records = [save.values for save in decided]
    stored = [replace(save, values={**save.values, "cases": records}) for save in decided[:1]]
    return Reaction((*says, Say("screening.each_alone")), tuple(stored), over=True)


def _declined(slots: tuple[str, ...], values: Values) -> Reaction:
    if "register" in slots and values["register"] == "no":
        return Reaction((Say("screening.not_registered"),), over=True)
    return Reaction()


def _asks(name: str) -> Callable[[Values], bool]:
    def asked(values: Values) -> bool:
        return name in values or name in values["missing"]

    return asked


def _registers(values: Values) -> bool:
    return values["verdict"] in {"ja", "oklar"} and values.get("register") == "yes"


def _effects(form: Filing, given: Given) -> tuple[Effect, ...]:
    if form.values.get("register") != "yes":
        return ()
    verdict = verdicts(form.values, given)[0]
    kind = "grosslist" if verdict.verdict == "ja" else "unclear_screening"
    record = to_record(form.values, verdict, policy_of(given.lookups.get("policy")))
    start = form.values.get("start") or form.seen["known_start"]
    number = given.numbers.get(kind, "")
    values = {**record, **form.values, "start": start}
    fields = {**picked(form, "organisation", "procurement_type"), "start": start,
              "reasons": list(verdict.reasons)}  # fmt: skip
    return (Save(kind, number, values, form_version=form.version), Notify(kind, number, fields))


def _done(form: Filing, given: Given) -> tuple[Say, ...]:
    kind = "grosslist" if form.seen["verdict"] == "ja" else "unclear_screening"
    values = {**given.settings, "number": given.numbers.get(kind, "")}
    return (Say(f"screening.done.{kind}", values, role="answer"),)


SCREENING = Dialog(
    "screening",
    slots=(
        Slot("duration", _numbers("duration", "short", "long"), unknown=True,
             asked_if=_asks("duration"), names=("tid", "langd", "duration")),
        Slot("start_date", _numbers("start_date"), unknown=True, asked_if=_asks("start_date"),
             names=("start",)),
        Slot("year", YEAR, unknown=True, asked_if=_asks("year"), names=("ar", "year")),
        Slot("option", _numbers("option"), unknown=True, asked_if=_asks("option"),
             names=("option",)),
        Slot("call_off", _numbers("call_off"), unknown=True, asked_if=_asks("call_off"),
             names=("avrop",)),
        Slot("workers", _numbers("workers", "one", "more"), unknown=True,
             asked_if=_asks("workers"), names=("antal", "personer", "arbetstagare")),
        Slot("register", YES_NO, listed=False,
             asked_if=lambda values: values["verdict"] in {"ja", "oklar"}),
        Slot("name", LINE, asked_if=_registers, names=("namn", "upphandling")),
        Slot("organisation", ORGANISATION, asked_if=_registers, names=ORGANISATION_NAMES),
        Slot("procurement_type", one_of("procurement_types"), asked_if=_registers,
             names=("typ", "type")),
        Slot("start", START, unknown=True, names=("start",),
             asked_if=lambda values: _registers(values) and values["known_start"] is None),
        Slot(CONFIRM_SLOT.name, CONFIRM_SLOT.kind, asked_if=_registers, listed=False, filed=False),
    ),
    effects=_effects,
    done=_done,
    read=_read,
    derive=_derive,
    react=_react,
    lookups=_lookups,
    record="grosslist",
    # The message the numbers stand in, and the number of the question it came with.
    carried=("case", "about"),
    intro=False,
)  # fmt: skip
