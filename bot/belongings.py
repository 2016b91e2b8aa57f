"""What somebody has of their own: reports under way and receipts, for a page that lists them."""

from __future__ import annotations

from bot.effects import MEDIA, REPORTS
from bot.identity import identity_of
from bot.messages import ConversationKey, File, Language
from bot.ownership import own_keys
from bot.port import Belongings
from bot.texts import Texts
from bot.thread import thread_from_json
from bot.turn import person_key
from storage.model import CaseFilter
from storage.store import Store

MOST = 10


def find_belongings(store: Store, texts: Texts, key: ConversationKey) -> Belongings:
    """The drafts of the person on all channels, and the latest they have filed."""
    person = store.people.find(key.issuer, key.person)
    common = store.load_conversation(person_key(identity_of(key, person)))
    states = thread_from_json(common.state_json).dialogs
    language: Language = "sv"
    if store.load_conversation(str(key)).language == "en":
        language = "en"
    names = (state.dialog for state in reversed(states) if state.dialog in REPORTS)
    drafts = tuple(texts.render(f"alert.kind.{name}", language) for name in names)
    cases = store.cases.list(CaseFilter(submitted_in=own_keys(store.people, str(key))))[-MOST:]
    receipts = tuple(
        File(f"{case.number}.docx", MEDIA["docx"], f"receipt:{case.number}:docx",
             texts.render("common.file.docx", language, number=case.number))
        for case in cases
    )  # fmt: skip
    return Belongings(drafts, receipts)
