"""Is a procurement on the gross list? Only what is missing is asked, mostly with buttons.

The verdict comes as soon as it stands and is stored, whatever it is. Registering is an act of its
own; asking "what if" tells nobody.
"""

from collections.abc import Callable
from dataclasses import replace

from intents.dialogs.screening_slots import MOST_CASES, START, WHICH, YEAR, numbers
from intents.dialogs.shared_slots import CONFIRM_SLOT, ORGANISATION, ORGANISATION_NAMES, picked
from intents.exchange import Choice, Effect, Notify, OfferFile, Phrase, Save, Say, Start, Values
from intents.grosslist import Verdict
from intents.model import Dialog, Filing, Found, Given, Reaction, Slot
from intents.parsers import LINE, YES_NO, one_of
from intents.screening import DECIDING, cases, facts_of, judge, policy_of, to_record
from intents.verdict_says import verdict_says

#: Verdicts of a procurement that can be registered.
REGISTRABLE = frozenset(("ja", "oklar"))


def _read(text: str, given: Given) -> dict[str, Found]:
    """Keep a message that holds numbers; they are read again whenever they are needed."""
    found = cases(text[:4_000], given.today)
    tells_any = len(found) > 1 or found[0].has_time or found[0].has_workers or found[0].framework
    told = tells_any or found[0].tendering_only or found[0].option or bool(found[0].problems)
    return {"case": Found(text[:4_000], text[:4_000])} if told else {}


def verdicts(values: Values, given: Given) -> tuple[Verdict, ...]:
    """Return the verdict on each case of a message, or on the one the person goes on with."""
    policy = policy_of(given.lookups.get("policy"))
    return tuple(judge(facts, values, policy) for facts in facts_of(values, given.today))


def _lookups(_values: Values, _text: str) -> dict[str, Values]:
    """Ask for the policy values the support function has set, by Swedish name; None for none."""
    return {"policy": {}}


def _derive(values: Values, given: Given) -> Values:
    judged = verdicts(values, given)
    several = len(cases(values.get("case") or "", given.today)) > 1
    if len(judged) > 1:
        return {"several": True, "on_offer": _on_offer(judged, values), "verdict": None,
                "missing": (), "known_start": None}  # fmt: skip
    found = facts_of(values, given.today)[0]
    period = found.periods[0].start if found.periods else found.start
    known = period[0].isoformat() if period and period[0] == period[1] else None
    return {"several": several, "on_offer": (), "verdict": judged[0].verdict,
            "missing": judged[0].missing, "known_start": known}  # fmt: skip


def _on_offer(judged: tuple[Verdict, ...], values: Values) -> tuple[str, ...]:
    """Return the buttons of the cases that are not off the list and not registered yet."""
    left = [str(number) for number, verdict in enumerate(judged[:MOST_CASES], 1)
            if verdict.verdict != "nej" and number not in values.get("registered", ())]  # fmt: skip
    return (*left, "none") if left else ()


def _react(slots: tuple[str, ...], values: Values, given: Given) -> Reaction:
    if _declines(slots, values):
        return Reaction((Say("screening.not_registered"),), over=True)
    if "registered" in slots or not set(slots) & {"case", "which", *DECIDING}:
        return Reaction()
    judged = verdicts(values, given)
    if len(judged) > 1:
        return _several(judged[:MOST_CASES], values, given)
    verdict = judged[0]
    if verdict.verdict is None:
        return Reaction(tuple(_warnings(verdict)))
    # The verdict on one case chosen of several is said and stored already.
    return Reaction() if "which" in slots else _decided(verdict, values, given)


def _decided(verdict: Verdict, values: Values, given: Given) -> Reaction:
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
             "INTERVALL", "FTE", "OPTION", "RAMAVTAL")  # fmt: skip
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
    if len(verdicts(values, given)) > MOST_CASES:
        says.append(Say("screening.first_cases", {"count": MOST_CASES}, role="note"))
    says.append(Say("screening.each_alone", role="note"))
    return Reaction(tuple(says), _each_saved(judged, values, given), over=not values["on_offer"])


def _each_saved(judged: tuple[Verdict, ...], values: Values, given: Given) -> tuple[Save, ...]:
    """Store each decided case; one number is reserved, and the others count on from it."""
    saves = [
        _saved(verdict, {**values, "which": str(number)}, given)
        for number, verdict in enumerate(judged, 1)
        if verdict.verdict is not None
    ]
    return tuple(
        replace(save, number=f"{save.number}-{place}") if place > 1 and save.number else save
        for place, save in enumerate(saves, 1)
    )


def _declines(slots: tuple[str, ...], values: Values) -> bool:
    register, which = values.get("register"), values.get("which")
    return ("register" in slots and register == "no") or ("which" in slots and which == "none")


def _asks(name: str) -> Callable[[Values], bool]:
    def asked(values: Values) -> bool:
        return name in values or name in values["missing"]

    return asked


def _registers(values: Values) -> bool:
    return values["verdict"] in REGISTRABLE and _wants_to(values)


def _wants_to(values: Values) -> bool:
    return values.get("register") == "yes" or _chosen_for_it(values)


def _chosen_for_it(values: Values) -> bool:
    """Choosing one of several cases says it is to be registered, if its verdict was known."""
    return str(values.get("which")).isdigit() and not set(DECIDING) & values.keys()


def _asks_register(values: Values) -> bool:
    return values["verdict"] in REGISTRABLE and not _chosen_for_it(values)


def _effects(form: Filing, given: Given) -> tuple[Effect, ...]:
    if not _wants_to(form.values):
        return ()
    verdict = verdicts(form.values, given)[0]
    kind = "grosslist" if verdict.verdict == "ja" else "unclear_screening"
    record = to_record(form.values, verdict, policy_of(given.lookups.get("policy")))
    start = form.values.get("start") or form.seen["known_start"]
    number = given.numbers.get(kind, "")
    values = {**record, **form.values, "start": start}
    values.pop("registered", None)
    fields = {**picked(form, "organisation", "procurement_type"), "start": start,
              "reasons": list(verdict.reasons)}  # fmt: skip
    saved = Save(kind, number, values, form_version=form.version)
    told = (Notify(kind, number, fields), OfferFile(kind, number))
    return (saved, *told, *_the_rest(form.values, given))


def _the_rest(values: Values, given: Given) -> tuple[Start, ...]:
    """Offer the other cases of the message once one is registered."""
    if not str(values.get("which")).isdigit():
        return ()
    done = [*values.get("registered", ()), int(values["which"])]
    told = {"case": values["case"], "registered": done}
    return (Start("screening", told),) if _on_offer(verdicts(told, given), told) else ()


def _done(form: Filing, given: Given) -> tuple[Say, ...]:
    kind = "grosslist" if form.seen["verdict"] == "ja" else "unclear_screening"
    values = {**given.settings, "number": given.numbers.get(kind, "")}
    return (Say(f"screening.done.{kind}", values, role="answer"),)


SCREENING = Dialog(
    "screening",
    slots=(
        Slot("which", WHICH, listed=False, names=("fall", "case"),
             asked_if=lambda values: values["several"]),
        Slot("duration", numbers("duration", "short", "long"), unknown=True,
             asked_if=_asks("duration"), names=("tid", "langd", "duration")),
        Slot("start_date", numbers("start_date"), unknown=True, asked_if=_asks("start_date"),
             names=("start",)),
        Slot("year", YEAR, unknown=True, asked_if=_asks("year"), names=("ar", "year")),
        Slot("option", numbers("option"), unknown=True, asked_if=_asks("option"),
             names=("option",)),
        Slot("call_off", numbers("call_off"), unknown=True, asked_if=_asks("call_off"),
             names=("avrop",)),
        Slot("workers", numbers("workers", "one", "more"), unknown=True,
             asked_if=_asks("workers"), names=("antal", "personer", "arbetstagare")),
        Slot("register", YES_NO, listed=False, asked_if=_asks_register),
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
    carried=("case", "about", "registered"),
    intro=False,
)  # fmt: skip
