"""A file somebody sent: a filled form becomes a draft, rows go into the yearly report, and
anything else is kept with the report under way."""

from __future__ import annotations

from collections.abc import Mapping

from bot.conversing import Conversing
from bot.decision import Decision, Moment, Services, given_for
from bot.files.attachments import Checked, Fault, check_file
from bot.files.report_templates import read_answers, read_template
from bot.messages import Uploaded
from bot.short_replies import ShortReplies
from bot.thread import Thread
from intents.attachments import size_in_kb, with_file
from intents.dialogs import load_dialogs
from intents.exchange import Answer, Begin, Say, Summary
from intents.model import Problem
from intents.progress import label, slot_of
from intents.row_table import parse_rows
from storage.records import NewAttachment

#: Dialogs that files can be sent along with.
REPORTS = {"deviation", "deviation_annual"}


class SentFiles:
    """Takes a file, in one turn."""

    def __init__(self, services: Services, moment: Moment) -> None:
        self._services = services
        self._moment = moment
        self._dialogs = Conversing(services, moment)
        self._short = ShortReplies(services, moment)

    def take(self, sent: Uploaded, thread: Thread) -> Decision:
        """What the file leads to; one that is not taken changes nothing."""
        if not (self._moment.may_report and self._moment.private):
            return self._short.say(thread, "common.not_allowed")
        checked = check_file(sent.name, sent.content)
        if isinstance(checked, Fault):
            return self._said(thread, Say(f"files.problem.{checked.reason}", role="error"))
        answers = (
            read_template(checked.content, self._services.texts) if _is_word(checked) else None
        )
        if answers is not None:
            return self._from_template(answers, thread)
        if checked.suffix in {".csv", ".txt"} and (rows := self._rows(checked, thread)):
            return rows
        return self._attach(checked, thread)

    def _said(self, thread: Thread, *says: Say) -> Decision:
        """Says something and asks the pending question again."""
        parts = self._dialogs.parts(says, self._services.new_id())
        return Decision((*parts, *self._dialogs.repeat(thread)), thread, {"outcome": "dialog"})

    def _from_template(self, answers: Mapping[str, str], thread: Thread) -> Decision:
        """A draft with the form's answers; what could not be read is asked for."""
        given = given_for(self._services, self._moment, {})
        values, unread = read_answers(answers, given)
        dialog = load_dialogs()["deviation"]
        begun = self._dialogs.begin(thread, "deviation", Begin("", {"story": None, **values}))
        says = [Say("files.template_read")]
        if unread:
            names = tuple(label(dialog, slot_of(dialog, name)) for name in unread)
            says.append(Say("files.template_unread", {"labels": names}, role="note"))
        head = self._said(Thread(), *says)
        if begun.thread.active is None:
            return head.then(begun)
        return head.then(self._dialogs.step(begun.thread, Summary()))

    def _rows(self, checked: Checked, thread: Thread) -> Decision | None:
        """The yearly report with the file's rows; None where it holds none."""
        state = thread.active
        if state is not None and (state.dialog, state.pending) == ("deviation_annual", "rows"):
            return self._dialogs.step(thread, Answer(checked.text))
        rows = parse_rows(checked.text, given_for(self._services, self._moment, {}))
        if state is not None or isinstance(rows, Problem):
            return None
        known = {"have": "cases", "use_cases": "no", "rows": rows}
        return self._dialogs.begin(thread, "deviation_annual", Begin("", known))

    def _attach(self, checked: Checked, thread: Thread) -> Decision:
        state = thread.active
        if state is None or state.dialog not in REPORTS:
            return self._said(thread, Say("files.no_report"))
        identity = self._services.new_id() + self._services.new_id()
        file: dict[str, str | int] = {
            "id": identity,
            "name": checked.name,
            "size": len(checked.content),
        }
        files = with_file(state.values, file)
        if isinstance(files, Problem):
            return self._said(thread, Say("files.problem.many", files.values, role="error"))
        size = size_in_kb(len(checked.content))
        says = [Say("files.attached", {"name": checked.name, "size": size})]
        says.append(Say(f"files.{_warning(checked)}", role="note"))
        filled = self._dialogs.fill(thread, {"attachments": files})
        kept = NewAttachment(identity, checked.name, checked.media_type, checked.content)
        told = self._dialogs.parts(says, self._services.new_id())
        return Decision(told, filled.thread, {}, (kept,)).then(filled)


def _is_word(checked: Checked) -> bool:
    return checked.suffix == ".docx"


def _warning(checked: Checked) -> str:
    if checked.shows_personal_data:
        return "personal"
    return "unread" if not checked.text else "careful"
