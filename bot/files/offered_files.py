"""Opens the files a conversation was offered: records, receipts, the deviation form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

from bot.cases.desk import Desk
from bot.files.notices import notice_docx, notice_text, write_notice
from bot.files.receipts import answer_record, receipt_docx, receipt_text
from bot.files.report_templates import template_docx
from bot.messages import ConversationKey, Language
from bot.ownership import is_own
from bot.port import OpenedFile
from bot.texts import Texts
from intents.model import Given
from intents.picklists import ListTerm
from storage.model import Case
from storage.store import Store

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT = "text/plain; charset=utf-8"


class OfferedFiles:
    """Opens a reference such as "receipt:A-2026-0007:docx" for the conversation it was given to."""

    def __init__(
        self,
        store: Store,
        desk: Desk,
        texts: Texts,
        vocabularies: Callable[[date], Mapping[str, tuple[ListTerm, ...]]],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._desk = desk
        self._texts = texts
        self._vocabularies = vocabularies
        self._now = now

    def open(self, reference: str, key: ConversationKey) -> OpenedFile | None:
        """The file; None for an unknown one or another conversation's."""
        kind, _, rest = reference.partition(":")
        number, _, form = rest.partition(":")
        language: Language = "sv"
        if self._store.load_conversation(str(key)).language == "en":
            language = "en"
        match kind:
            case "record":
                return self._record(number, key, language)
            case "template" if not number:
                return self._template(None, language)
        case = self._store.cases.find(number)
        if case is None or not is_own(case, self._store.people, str(key)):
            return None
        writers = {"receipt": self._receipt, "notice": self._notice}
        if kind in writers:
            return writers[kind](case, form, language)
        return self._template(case, language) if kind == "template" else None

    def _record(self, number: str, key: ConversationKey, language: Language) -> OpenedFile | None:
        answer = self._store.answers.find(number)
        if answer is None or answer.conversation_key != str(key):
            return None
        text = answer_record(answer, self._texts, language)
        return OpenedFile(f"{number}.txt", TEXT, text.encode())

    def _receipt(self, case: Case, form: str, language: Language) -> OpenedFile:
        fields = self._desk.fields(case, language)
        if form == "docx":
            content = receipt_docx(case, fields, self._texts, language)
            return OpenedFile(f"{case.number}.docx", WORD, content)
        text = receipt_text(case, fields, self._texts, language)
        return OpenedFile(f"{case.number}.txt", TEXT, text.encode())

    def _notice(self, case: Case, form: str, language: Language) -> OpenedFile:
        name = f"{self._texts.render('notice.file', language)}-{case.number}"
        notice = write_notice(case, self._desk.fields(case, language), self._texts, language)
        if form == "docx":
            return OpenedFile(f"{name}.docx", WORD, notice_docx(notice, language))
        return OpenedFile(f"{name}.txt", TEXT, notice_text(notice).encode())

    def _template(self, case: Case | None, language: Language) -> OpenedFile:
        now = self._now()
        given = Given(now.date(), now, language, self._vocabularies(now.date()))
        number, values = (case.number, case.values) if case else ("", {})
        content = template_docx(values, number, self._texts, given)
        name = self._texts.render("template.file", language)
        return OpenedFile(f"{name}-{number}.docx" if number else f"{name}.docx", WORD, content)
