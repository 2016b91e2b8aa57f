"""The composition root: the only place that knows all concrete parts."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from time import monotonic

import structlog

from bot.administration.administered import Lists, LiveAdministered
from bot.administration.desks import SettingsDesks, build_settings_desks
from bot.administration.logged_store import LoggedStore
from bot.administration.wording import worded
from bot.asking import ask
from bot.belongings import find_belongings
from bot.cases.alerts import Alerts
from bot.cases.card_sender import CardSender
from bot.cases.cards import CaseCards
from bot.cases.desk import Desk
from bot.cases.forms import CaseForms
from bot.cases.handlers import Handlers
from bot.cases.presses import CasePresses, read_press
from bot.cases.unanswered import Unanswered
from bot.cases.words import CaseWords
from bot.channels.connections import Connection, connect_channels
from bot.conversation_sender import ConversationSender
from bot.decision import Services
from bot.delivery import ChannelSender
from bot.files.offered_files import OfferedFiles
from bot.guidance.corpus import LiveCorpus
from bot.identity import identified
from bot.jobs import Jobs
from bot.login.door import build_door
from bot.login.links import link_path
from bot.lookups import Lookups
from bot.mail import MailSender
from bot.messages import Card, Choices, ConversationKey, Envelope, Form, Option, Reply
from bot.outbox import Sender
from bot.policy import OPERATOR, Actor
from bot.port import Belongings, OpenedFile, Shown, Turn
from bot.relay import GRACE, Relay
from bot.rooms import PrivateStart
from bot.serialise import reply_from_json
from bot.settings import Settings
from bot.texts import Texts, load_texts
from bot.thread import Thread
from bot.turn import STOCKHOLM, TurnRunner
from storage.errors import StorageError
from storage.inbox import Handled
from storage.model import OutboxRow
from storage.store import Store, open_store

log = structlog.get_logger()

#: Turns read before the ones asked for: a pressed button is shown by the label it had in them.
LABELLED = 20


def utc_now() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


class App:
    """The application as channels see it (``bot.port.App``), wired to a store."""

    def __init__(
        self, settings: Settings, store: Store, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._given = settings
        self.store = store
        self.now = now
        #: Lists, rule values, settings and own words, as administrators have set them.
        self.administered = LiveAdministered(store)
        self._texts = worded(
            load_texts(), lambda language: self.administered.now().own_words[language]
        )
        self.corpus = LiveCorpus(store, settings, self.today)
        self.door = build_door(store, settings, now)
        #: The platform channels whose settings are given.
        self.connections: tuple[Connection, ...] = ()
        self.relay = Relay(store, self._senders(), now, self._alarm)
        self.services = Services(
            retriever=self.corpus.retriever,
            texts=self._texts,
            configured=lambda: self.configuration,
            number=store.reserve_number,
            new_id=lambda: secrets.token_hex(8),
            vocabularies=self.lists,
            look_up=Lookups(store, now).find,
            glossary=lambda: self.administered.now().glossary(self.today()),
            fields=lambda: self.administered.now().fields,
            form_revision=lambda dialog: self.administered.now().form_revisions.get(dialog, 0),
        )
        if settings.smtp_host:
            self.relay.add("mail", MailSender(lambda: self.configuration, self._texts))
        for connection in connect_channels(self, settings):
            self.connect(connection)
        self.jobs = Jobs(
            store, lambda: self.configuration, self._texts, self.receive, now, self.lists
        )
        self._turns = TurnRunner(store, self.services, self.relay.wake)

    @property
    def configuration(self) -> Settings:
        """The settings; those stored by an administrator win over the machine's."""
        return self.administered.now().configured(self._given)

    def lists(self, day: date | None = None) -> Lists:
        """The pick lists of a day; today's without one."""
        return self.administered.now().lists(day or self.today())

    def today(self) -> date:
        """The day in Stockholm."""
        return self.now().astimezone(STOCKHOLM).date()

    @property
    def settings(self) -> Shown:
        """What is shown about the service itself."""
        shown = self.configuration
        return Shown(**{field.name: getattr(shown, field.name) for field in fields(Shown)})

    @property
    def texts(self) -> Texts:
        """The sentences people read."""
        return self._texts

    @cached_property
    def support(self) -> Desk:
        """The support function's desk."""
        return Desk(self.store, self._texts, self.lists, self.now, self.relay.wake)

    @cached_property
    def settings_desks(self) -> SettingsDesks:
        """Where administrators see to lists, rule, sentences, forms, settings and people."""
        kept = LoggedStore(self.store, self.administered, self.now)
        return build_settings_desks(kept, self._given, self.relay.wake)

    def change_settings(self, actor: Actor, written: Mapping[str, str]) -> tuple[str, ...]:
        """Stores settings and lets the starter guidance name the mailbox that holds now."""
        changed = self.settings_desks.settings.save(actor, written)
        if "support_mailbox" in changed:
            self.load_starter()
        return changed

    def load_starter(self) -> None:
        """Takes in the shipped articles, with the settings they speak of."""
        self.corpus.load_starter(self.now(), self.configuration.article_values())

    @cached_property
    def questions(self) -> Unanswered:
        """The questions nobody has answered."""
        return Unanswered(
            self.store, self._texts, self.support, self.corpus, self._answers, self.now
        )

    def _answers(self, question: str) -> bool:
        return ask(question, Thread(), self.services).answer.outcome == "answered"

    def connect(self, connection: Connection) -> None:
        """Adds a platform channel: its replies and alerts are sent from now on."""
        self.connections = (*self.connections, connection)
        find_reply = self.store.find_reply
        private = PrivateStart(self.receive, self.store.people.address, self.now)
        rooms, cards = connection.cards, None
        if rooms is not None:
            cards = CardSender(self.store, self._cards, rooms, self._texts, self.now)
        sender = ChannelSender(connection.messenger, find_reply, connection.name, private, cards)
        self.relay.add(connection.name, sender)

    def case_card(self, number: str, place: str) -> Card | None:
        """A case's card as it is now, in a room that has one."""
        if self.store.cards.find(number, place) is None:
            return None
        return self._cards.card(number, place.partition(":")[0])

    @cached_property
    def _handlers(self) -> Handlers:
        return Handlers(self.store, lambda: self.configuration, self._texts)

    @cached_property
    def _cards(self) -> CaseCards:
        words = CaseWords(self._texts, self.lists, self.now)

        def link(path: str) -> str:
            return Alerts(self.configuration, self._texts).link(path)

        return CaseCards(self.store, self._texts, words, self._handlers, link, self.now)

    @cached_property
    def _presses(self) -> CasePresses:
        words = CaseWords(self._texts, self.lists, self.now)
        forms = CaseForms(self._texts, words, self._handlers, self.services.new_id)
        return CasePresses(self.store, self.support, forms, self._handlers, self.relay.wake)

    @cached_property
    def _files(self) -> OfferedFiles:
        return OfferedFiles(self.store, self.support, self._texts, self.lists, self.now)

    def receive(self, envelope: Envelope) -> Reply:
        """One message in, its reply out, after the commit."""
        press = read_press(envelope.content)
        if press is not None:
            return self._presses.receive(envelope, press)
        person = self.store.people.find(envelope.key.issuer, envelope.key.person)
        return self._turns.receive(identified(envelope, person, self.configuration))

    def room_address(
        self, channel: str, tenant: str, conversation: str
    ) -> Mapping[str, object] | None:
        """How a room was last reached, whoever wrote there."""
        anybody = str(ConversationKey(channel, tenant, conversation, "", ""))
        return self.store.people.address_like(anybody.removesuffix("|"))

    def turns(self, key: ConversationKey, limit: int) -> tuple[Turn, ...]:
        """The latest turns of the conversation as stored, oldest first."""
        total, handled = self.store.inbox.latest(str(key), limit + LABELLED)
        labels: dict[tuple[str, str], str] = {}
        first = total - len(handled) + 1
        turns = [_turn(number, item, labels) for number, item in enumerate(handled, first)]
        return tuple(turns[-limit:])

    def revision(self, key: ConversationKey) -> int:
        """Grows with every turn of the conversation; 0 at first."""
        return self.store.load_conversation(str(key)).version

    def open_file(self, reference: str, key: ConversationKey) -> OpenedFile | None:
        """A file this conversation may have: the record of its answer, its own receipt or form."""
        return self._files.open(reference, key)

    @property
    def support_link(self) -> str:
        """Path of the support page with a new token that works once."""
        return link_path(self.door.links.make(OPERATOR))

    def belongings(self, key: ConversationKey) -> Belongings:
        """The person's drafts, and the receipts of this conversation."""
        return find_belongings(self.store, self._texts, key)

    def health(self) -> Mapping[str, object]:
        """State of the parts; ``ready`` says whether messages can be answered."""
        try:
            backlog = self.store.outbox.backlog(self.now())
            version = self.store.guidance.corpus_version()
        except StorageError as error:
            return {"ready": False, "database": type(error).__name__}
        return {
            "ready": self.corpus.version >= 0,
            "database": "ok",
            "corpus_version": version,
            "corpus": self.corpus.state,
            "outbox_waiting": backlog.due,
            "outbox_dead": backlog.dead,
        }

    def close(self) -> None:
        """Ends the threads, all within the same few seconds, and lets go of the database."""
        end = monotonic() + GRACE
        ending = (self.corpus, self.administered, self.jobs, self.relay)
        for each in ending:
            each.stop(0.0)
        for each in ending:
            each.stop(max(0.0, end - monotonic()))
        self.store.close()

    def _senders(self) -> Mapping[str, Sender]:
        conversation = ConversationSender(self.store, self.receive, self.now)
        return {"page": _Page(), "conversation": conversation}

    def _alarm(self, row: OutboxRow) -> None:
        """A message nobody could be told of; the support page and ``doctor`` show it too."""
        log.critical("dead letter", outbox=row.id, kind=row.kind)


class _Page:
    """The support page shows the case itself; the row only records that it was announced."""

    def send(self, row: OutboxRow) -> None:
        """Nothing leaves the machine."""


def _options(asked: Choices | Form) -> tuple[Option, ...]:
    if isinstance(asked, Choices):
        return asked.options
    return tuple(option for field in asked.fields for option in field.options)


def _turn(number: int, item: Handled, labels: dict[tuple[str, str], str]) -> Turn:
    """A stored turn; what was picked is shown by the label it had."""
    reply = reply_from_json(item.reply_json)
    answered = str(reply.facts.get("answered") or "")
    chose = str(reply.facts.get("chose") or "")
    lines = [chose] if chose else item.text.split("\n")
    said = "\n".join(labels.get((answered, line), line) for line in lines)
    for part in reply.parts:
        if isinstance(part, Choices | Form):
            labels.update({(part.interaction, o.value): o.label for o in _options(part)})
    if item.message_id.startswith(("outbox:", "job:")):
        said = ""
    return Turn(number, said, reply, item.received_at, answered)


def open_data(settings: Settings) -> Store:
    """The database with the key of its audit log."""
    key = settings.audit_key.get_secret_value().encode()
    return open_store(settings.store_url, upgrade=True, audit_key=key)


def build_app(settings: Settings, now: Callable[[], datetime] = utc_now) -> App:
    """Opens the database, makes it if need be, and takes in the starter guidance."""
    settings.data.mkdir(parents=True, exist_ok=True)
    app = App(settings, open_data(settings), now)
    try:
        app.administered.sync_shipped()
        app.load_starter()
    except BaseException:
        app.close()
        raise
    return app


def build_app_in(folder: Path, **overrides: object) -> App:
    """An application of its own in a folder, for tests and trials."""
    settings = Settings(data=folder, **overrides)  # type: ignore[arg-type]
    return build_app(settings)
