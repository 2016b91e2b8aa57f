"""What a confirmed dialog does, as rows: records, messages to the support function, files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from bot.administration.form_fields import numbered
from bot.cases.alerts import Alerts
from bot.decision import Moment, Services
from bot.messages import File
from bot.working_days import after_working_days
from intents.exchange import Effect, Notify, OfferFile, Save, Schedule
from intents.model import Dialog
from intents.picklists import ListTerm, by_code
from storage.records import (
    AttachFiles,
    CaseChange,
    NewCase,
    NewScreening,
    NewSurvey,
    OutboxItem,
    Record,
    ReportStatus,
)

STOCKHOLM = ZoneInfo("Europe/Stockholm")
MORNING = time(9, 0)
#: Kinds whose file is the verdict, not a receipt.
NOTICES = {"grosslist", "unclear_screening"}
REPORTS = {"deviation", "deviation_annual"}
MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "txt": "text/plain",
}


class EffectWriter:
    """Translates effects; pure but for the numbers it is given."""

    def __init__(self, services: Services, moment: Moment) -> None:
        self._services = services
        self._moment = moment

    def records(self, dialog: Dialog, effects: Sequence[Effect]) -> tuple[Record, ...]:
        """The rows to store, in order."""
        saves = [effect for effect in effects if isinstance(effect, Save)]
        return (*(self._record(dialog, save) for save in saves), *_attached(saves))

    def messages(self, effects: Sequence[Effect]) -> tuple[OutboxItem, ...]:
        """Alerts and reminders to send after the commit."""
        items: list[OutboxItem] = []
        for effect in effects:
            if isinstance(effect, Notify):
                items += self._alerts(effect)
            elif isinstance(effect, Schedule):
                items.append(self._reminder(effect))
        return tuple(items)

    def files(self, effects: Sequence[Effect]) -> tuple[File, ...]:
        """Files offered with the reply."""
        offers = [effect for effect in effects if isinstance(effect, OfferFile)]
        return tuple(
            file
            for offer in offers
            for file in ((self._template(offer),) if offer.kind == "template" else
                         (self._file(offer, form) for form in MEDIA))
        )  # fmt: skip

    def _record(self, dialog: Dialog, save: Save) -> Record:
        values = dict(save.values)
        if save.kind == "survey":
            return self._survey(values)
        if save.kind == "screening":
            return _screening(save.number, values)
        year, first, last = _period(values, self._moment.today)
        if save.incomplete:
            values["incomplete"] = list(save.incomplete)
        if save.change != "new":
            return CaseChange(
                number=save.number,
                values=values,
                year=year,
                seen_version=int(str(values.pop("seen_version", 0) or 0)),
                organisation=_organisation(values),
                period_from=first,
                period_to=last,
                form_version=self._form(dialog, save),
                submitted_by=str(self._moment.key),
                withdrawn=save.change == "withdraw",
                report_status=self._status_again(save.number),
            )
        return NewCase(
            number=save.number,
            kind=save.kind,
            values=values,
            year=year,
            organisation=_organisation(values),
            period_from=first,
            period_to=last,
            form_version=self._form(dialog, save),
            submitted_by="" if save.anonymous else str(self._moment.key),
            report_status="inskickad" if save.kind in REPORTS else "",
            owner_role="stödfunktionen",
            due_on=self._due(),
            about=str(values.get("about") or ""),
        )

    def _form(self, dialog: Dialog, save: Save) -> str:
        """Which form it was, with the number of changes made to it here."""
        revision = self._services.form_revision(dialog.name)
        return f"{dialog.name}-{numbered(save.form_version, revision)}"

    def _status_again(self, number: str) -> ReportStatus | None:
        """A report that was to be completed is again what it was; None leaves it as it is."""
        key = str(self._moment.key)
        found: Any = self._services.look_up("status_again", {"number": number}, key)
        status: ReportStatus | None = found
        return status

    def _due(self) -> date:
        """When the support function has promised to answer."""
        return after_working_days(self._moment.today, self._services.settings.answer_days)

    def _survey(self, values: Mapping[str, object]) -> NewSurvey:
        half = 1 if self._moment.today.month <= 6 else 2
        scores = {name: int(str(values[name])) for name in ("understanding", "trust", "engagement")}
        return NewSurvey(
            f"{self._moment.today.year}-H{half}",
            str(values.get("role") or ""),
            comment=str(values.get("comment") or ""),
            **scores,
        )

    def _alerts(self, notify: Notify) -> list[OutboxItem]:
        alerts = Alerts(self._services.settings, self._services.texts)
        payload = alerts.payload(notify.kind, notify.number, self._line(notify), self._due())
        payload["priority"] = notify.priority
        # A case can be amended twice; the time tells the two alerts apart.
        name = f"{notify.kind}:{notify.number}:{self._moment.now.isoformat()}"
        return alerts.items(name, payload)

    def _line(self, notify: Notify) -> str:
        """One line built from picked fields, such as "Avsteg · Egnahemsbolaget · entreprenad"."""
        lists = self._services.vocabularies(self._moment.today)
        words = [self._services.texts.render(f"alert.kind.{notify.kind}", "sv")]
        for value in notify.fields.values():
            words += [_named(lists, str(item)) for item in _each(value)]
        return " · ".join(word for word in words if word)

    def _reminder(self, schedule: Schedule) -> OutboxItem:
        due = datetime.combine(schedule.due, MORNING, STOCKHOLM)
        return OutboxItem(
            f"reminder:{schedule.dialog}:{schedule.number}:{schedule.due.isoformat()}",
            f"conversation:{self._moment.key}",
            "reminder",
            {
                "dialog": schedule.dialog,
                "number": schedule.number,
                "values": dict(schedule.values),
                "key": str(self._moment.key),
            },
            due_at=due,
        )

    def _template(self, offer: OfferFile) -> File:
        texts, language = self._services.texts, self._moment.language
        key = "files.template_filled" if offer.number else "files.template"
        label = texts.render(key, language, number=offer.number)
        return File("mall.docx", MEDIA["docx"], f"template:{offer.number}", label)

    def _file(self, offer: OfferFile, form: str) -> File:
        sort = "notice" if offer.kind in NOTICES else "receipt"
        key = "notice.label" if sort == "notice" else f"common.file.{form}"
        label = self._services.texts.render(key, self._moment.language, number=offer.number)
        return File(f"{offer.number}.{form}", MEDIA[form], f"{sort}:{offer.number}:{form}", label)


def _attached(saves: Sequence[Save]) -> Iterator[AttachFiles]:
    for save in saves:
        if files := save.values.get("attachments"):
            yield AttachFiles(save.number, tuple(file["id"] for file in files))


def _organisation(values: Mapping[str, object]) -> str:
    """The code to count by; a name outside the list stays in the form alone."""
    value = values.get("organisation")
    return "annan" if isinstance(value, Mapping) else str(value or "")


def _screening(number: str, values: Mapping[str, object]) -> NewScreening:
    return NewScreening(
        number=number,
        input=str(values.get("text") or ""),
        facts=dict(values),
        verdict=values["verdict"],  # type: ignore[arg-type]
        reasons=tuple(map(str, _each(values.get("reasons")))),
        rule_version=str(values.get("rule_version") or ""),
        policy_version=str(values.get("policy_version") or ""),
        organisation=str(values.get("organisation") or ""),
    )


def _period(values: Mapping[str, object], today: date) -> tuple[int, date | None, date | None]:
    """Year, first and last day a case counts in; today's year when the form names none."""
    first = _date(values.get("start") or values.get("event_date"))
    last = _date(values.get("end"))
    year = values.get("year")
    if year is not None and str(year).isdigit():
        return int(str(year)), date(int(str(year)), 1, 1), date(int(str(year)), 12, 31)
    return (first or today).year, first, last or first


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _each(value: object) -> tuple[object, ...]:
    if value is None or value == "":
        return ()
    if isinstance(value, Mapping):
        return tuple(f"{count} {name}" for name, count in value.items() if count)
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _named(lists: Mapping[str, tuple[object, ...]], code: str) -> str:
    for terms in lists.values():
        known = tuple(term for term in terms if isinstance(term, ListTerm))
        if found := by_code(known, code):
            return found.name
    return code
