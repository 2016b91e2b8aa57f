"""Stand-ins as well made as the real thing: an application that follows a script."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from threading import Lock

from bot.channels.connections import Connection
from bot.messages import (
    Choices,
    Chose,
    Content,
    ConversationKey,
    Envelope,
    Field,
    File,
    Form,
    Opened,
    Option,
    Part,
    Reply,
    Said,
    Source,
    Sources,
    Submitted,
    Text,
)
from bot.policy import ROLES, Actor
from bot.port import (
    AskedQuestion,
    Belongings,
    CaseEvent,
    CaseQuery,
    CaseRow,
    CaseView,
    Letter,
    MissingField,
    OneAnswer,
    OpenedFile,
    OutboxProblem,
    Turn,
)
from bot.texts import Texts, load_texts
from tests.scripted_relay import ScriptedRelay

#: Handlers of the support function; the first opened the page by its link.
HANDLER = Actor("stodfunktionen", frozenset(ROLES))
ONE, OTHER = (Actor(f"stod:{name}", frozenset(("handlaggare",))) for name in ("ett", "tva"))
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

QUOTE = "En upphandlande myndighet får ställa särskilda sociala villkor."
SOURCES = Sources(
    (
        Source(
            QUOTE, "Lag om offentlig upphandling", "LOU 17 kap. 1 §", "LOU 17:1", "2026-01-01",
            "https://www.riksdagen.se/lou", 0, len(QUOTE), note="Lydelse i vår kopia 2026-01-01.",
            about="Särskilda kontraktsvillkor", twins=("LUF 16 kap. 1 §", "LUK 14 kap. 1 §"),
        ),
        Source(
            "Social hänsyn ska vägas in.", "Riktlinje för inköp", "Avsnitt 4", "S2", "odaterad",
            "https://goteborg.se/riktlinje", 10, 37,
        ),
        Source(
            "Contract conditions may be social.", "Directive 2014/24/EU", "Article 70", "S4",
            "2014-02-26", "https://eur-lex.europa.eu/d", 0, 34, language="en",
        ),
    )
)  # fmt: skip
FEEDBACK = Choices(
    "svar-1", (Option("yes", "Ja"), Option("no", "Nej")), "Hjälpte svaret dig?", "feedback"
)
OFFER = Choices("hjalp-1", (Option("handover", "Fråga stödfunktionen"),), role="offer")
RECORD = File("S-1042.txt", "text/plain", "record:S-1042", "Spara till akten")
ANSWER = Reply((Text("Ja, det får ni.", role="answer"), SOURCES, FEEDBACK, OFFER, RECORD))
GREETING = Reply(
    (
        Text("Hej! Jag är en automatisk assistent. Nämnden för prov ansvarar för mig."),
        Text("Skriv inga personuppgifter.", role="note"),
    )
)
KIND = Choices(
    "steg-1", (Option("single", "En upphandling"), Option("annual", "Ett helt år")),
    "Vad gäller avsteget?",
)  # fmt: skip
FORM = Form(
    "formular-1",
    "Rapportera avsteg",
    (
        Field("organisation", "Organisation", "text", help="Nämnd eller bolag."),
        Field("kind", "Typ", "choice", (Option("service", "Tjänst"), Option("goods", "Vara"))),
        Field("count", "Antal platser", "number", required=False),
        Field("reason", "Skäl", "long_text", help="Skriv inga namn."),
    ),
    "Skicka in",
)

Script = Callable[[Content], Reply]


def say(text: str, *more: Part) -> Reply:
    """A reply that says ``text`` and shows ``more``."""
    return Reply((Text(text), *more))


def script(content: Content) -> Reply:
    """The usual conversation: a question, a report in steps, a form; else an echo."""
    match content:
        case Opened():
            return GREETING
        case Said(text):
            return SCRIPTED.get(text) or (
                ANSWER if text.endswith("?") else say(f"Du skrev: {text}")
            )
        case Chose(_, value):
            return say(f"Du valde {value}.")
        case Submitted(interaction, values):
            return _submitted(interaction, values)
        case _:
            return say("Jag kan det kommandot inte.")


SCRIPTED = {"avsteg": say("Vi tar det steg för steg.", KIND), "formulär": Reply((FORM,))}


def _submitted(interaction: str, values: Mapping[str, str]) -> Reply:
    if "kaffe" in values.get("reason", ""):
        fields = tuple(_with_error(item, values) for item in FORM.fields)
        return Reply((replace(FORM, interaction=f"{interaction}-2", fields=fields),))
    receipt = File("A-2026-0007.docx", DOCX, "receipt:A-2026-0007", "Kvitto")
    return say(f"Tack, avsteget är inskickat: A-2026-0007 ({len(values)} svar).", receipt)


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _with_error(item: Field, values: Mapping[str, str]) -> Field:
    error = "Beskriv skälet utan kaffe." if item.name == "reason" else ""
    return replace(item, value=values.get(item.name, ""), error=error)


@dataclass
class FakeSettings:
    responsible: str = "Nämnden för prov"
    environment: str = "production"
    support_mailbox: str = "stod@example.org"


CASE = CaseRow(
    "A-2026-0007", "deviation", "Avsteg · Egnahemsbolaget · entreprenad · 2 lärlingsplatser",
    "new", "", date(2026, 3, 9), NOON,
)  # fmt: skip
HANDOVER = CaseRow(
    "H-2026-0002", "handover", "Fråga · social hänsyn · ramavtal", "taken", "kollega", None, NOON
)


class ScriptedSupport:
    """The support desk with two cases and one undelivered message."""

    def __init__(self) -> None:
        self.rows = {row.number: row for row in (CASE, HANDOVER)}
        #: (number, reader) of every whole case that was read.
        self.reads: list[tuple[str, str]] = []
        self.sent_again: list[str] = []
        #: Number -> notes and letters.
        self.written: dict[str, tuple[CaseEvent, ...]] = {}

    def cases(self, actor: Actor, query: CaseQuery) -> tuple[CaseRow, ...]:
        actor.require("case.list")
        return tuple(
            row
            for row in self.rows.values()
            if (not query.states or row.state in query.states)
            and query.kind in ("", row.kind)
            and query.owner in ("", row.owner)
            and (query.due_before is None or (row.due or query.due_before) < query.due_before)
        )

    def case(self, actor: Actor, number: str) -> CaseView | None:
        actor.require("case.read")
        if number not in self.rows:
            return None
        self.reads.append((number, actor.id))
        fields = (("Organisation", "Egnahemsbolaget"), ("Skäl", "<b>Bråttom</b> & trångt"))
        events = (CaseEvent(NOON, "web||a||b", "Kom in"), *self.written.get(number, ()))
        missing = (MissingField("event_date", "Datum", "Vilken dag hände det?"),)
        files, others = (("fil-1", "avtal.pdf"),), (HANDOVER,)
        return CaseView(self.rows[number], fields, events, files, False, others, missing)

    def file(self, actor: Actor, identity: str) -> OpenedFile | None:
        actor.require("case.read")
        if identity != "fil-1":
            return None
        self.reads.append((identity, actor.id))
        return OpenedFile("avtal.pdf", "application/pdf", b"%PDF-")

    def take(self, actor: Actor, number: str) -> bool:
        actor.require("case.take")
        return self._move(number, "new", state="taken", owner=actor.id)

    def release(self, actor: Actor, number: str) -> bool:
        actor.require("case.take")
        return self._move(number, "taken", actor.id, state="new", owner="")

    def close(self, actor: Actor, number: str) -> bool:
        actor.require("case.write")
        return self._move(number, "taken", actor.id, state="closed")

    publish = close

    def reopen(self, actor: Actor, number: str) -> bool:
        actor.require("case.write")
        owner = self.rows[number].owner
        return self._move(number, "closed", owner, state="taken", owner=actor.id)

    def assign(self, actor: Actor, number: str, to: str) -> bool:
        actor.require("case.take")
        row = self.rows[number]
        return self._move(number, row.state, actor.id, state="taken", owner=to)

    def note(self, actor: Actor, number: str, text: str) -> bool:
        actor.require("case.write")
        self._write(number, CaseEvent(NOON, actor.id, "Intern anteckning", text, internal=True))
        return True

    def send(self, actor: Actor, number: str, letter: Letter) -> bool:
        actor.require("case.write")
        if self.rows[number].owner not in ("", actor.id):
            return False
        self.rows[number] = replace(self.rows[number], state="taken", owner=actor.id)
        self._write(number, CaseEvent(NOON, actor.id, "Svar", letter.text, "delivered"))
        return True

    def _write(self, number: str, event: CaseEvent) -> None:
        self.written[number] = (*self.written.get(number, ()), event)

    def _move(self, number: str, seen: str, seen_owner: str = "", **changes: str) -> bool:
        row = self.rows.get(number)
        if row is None or row.state != seen or row.owner != seen_owner:
            return False
        self.rows[number] = replace(row, **changes)  # type: ignore[arg-type]
        return True

    def outbox_problems(self, actor: Actor) -> tuple[OutboxProblem, ...]:
        actor.require("outbox.read")
        row = OutboxProblem(
            "17", "mail", "deviation", "A-2026-0007", 12, "SMTPServerDisconnected", NOON
        )
        return () if "17" in self.sent_again else (row,)

    def send_again(self, actor: Actor, problem: str) -> bool:
        actor.require("outbox.resend")
        known = any(row.id == problem for row in self.outbox_problems(actor))
        if known:
            self.sent_again.append(problem)
        return known


class ScriptedQuestions:
    """Three unanswered questions, two of them alike."""

    def __init__(self) -> None:
        words = ("När är nästa träff?", "Vilket datum är nästa <b>träff</b>?", "Finns handboken?")
        self.open = [
            AskedQuestion(f"S-{place}", text, NOON, "web||a||b")
            for place, text in enumerate(words, 1)
        ]
        #: (chosen, answer) of every post.
        self.answered: list[tuple[list[str], OneAnswer]] = []

    def groups(self, actor: Actor) -> tuple[tuple[AskedQuestion, ...], ...]:
        actor.require("question.read")
        return tuple(filter(None, (tuple(self.open[:2]), tuple(self.open[2:]))))

    def answer(self, actor: Actor, chosen: Sequence[str], answer: OneAnswer) -> int:
        actor.require("question.answer")
        known = [each for each in self.open if each.id in chosen]
        self.open = [each for each in self.open if each.id not in chosen]
        self.answered.append((list(chosen), answer))
        return len(known)


@dataclass
class ScriptedApp:
    """An application that answers by script, remembers what it got and repeats stored replies."""

    script: Script = script
    settings: FakeSettings = field(default_factory=FakeSettings)
    texts: Texts = field(default_factory=load_texts)
    support: ScriptedSupport = field(default_factory=ScriptedSupport)
    questions: ScriptedQuestions = field(default_factory=ScriptedQuestions)
    #: Every message that was handled, without redeliveries.
    received: list[Envelope] = field(default_factory=list)
    #: Raised by the next calls instead of an answer.
    fault: Exception | None = None
    ready: bool = True
    login_tokens: set[str] = field(default_factory=lambda: {"engangslank"})

    def __post_init__(self) -> None:
        self._lock = Lock()
        self.relay = ScriptedRelay(self)
        self._replies: dict[str, Reply] = {}
        self._turns: dict[ConversationKey, list[Turn]] = {}
        self._spent: set[tuple[ConversationKey, str]] = set()

    def receive(self, envelope: Envelope) -> Reply:
        with self._lock:
            self._fail()
            if envelope.message_id in self._replies:
                return self._replies[envelope.message_id]
            reply = self._decide(envelope)
            self.received.append(envelope)
            self._replies[envelope.message_id] = reply
            self._store(envelope.key, reply, envelope)
            return reply

    def connect(self, connection: Connection) -> None:
        """Replies are posted to this channel from now on."""
        self.relay.connection = connection

    def push(self, key: ConversationKey, reply: Reply) -> None:
        """A message that comes by itself, such as the support function's answer."""
        with self._lock:
            self._store(key, reply, None)

    def turns(self, key: ConversationKey, limit: int) -> tuple[Turn, ...]:
        self._fail()
        return tuple(self._turns.get(key, ())[-limit:])

    def revision(self, key: ConversationKey) -> int:
        return len(self._turns.get(key, ()))

    def open_file(self, reference: str, key: ConversationKey) -> OpenedFile | None:
        self._fail()
        if reference != "record:S-1042" or not self._turns.get(key):
            return None
        return OpenedFile("S-1042.txt", "text/plain; charset=utf-8", "Fråga: …".encode())

    def belongings(self, key: ConversationKey) -> Belongings:
        filed = self._turns.get(key, ())
        return Belongings(("Avsteg",), (RECORD,)) if filed else Belongings()

    def room_address(
        self, channel: str, tenant: str, conversation: str
    ) -> Mapping[str, object] | None:
        """The latest envelope's from that room."""
        for envelope in reversed(self.received):
            if (envelope.key.channel, envelope.key.conversation) == (channel, conversation):
                return envelope.address
        return None

    @property
    def support_link(self) -> str:
        self.login_tokens.add("kollegalank")
        return "/stod/oppna?nyckel=kollegalank"

    def support_login(self, token: str) -> bool:
        if token not in self.login_tokens:
            return False
        self.login_tokens.discard(token)
        return True

    def health(self) -> dict[str, object]:
        return {"ready": self.ready, "database": "ok"}

    def _fail(self) -> None:
        if self.fault:
            raise self.fault

    def _decide(self, envelope: Envelope) -> Reply:
        content = envelope.content
        if isinstance(content, Chose | Submitted) and content.interaction != FEEDBACK.interaction:
            asked = (envelope.key, content.interaction)
            if asked in self._spent:
                return say("Den frågan är redan besvarad. Det här är läget nu.")
            self._spent.add(asked)
        return self.script(content)

    def _store(self, key: ConversationKey, reply: Reply, envelope: Envelope | None) -> None:
        turns = self._turns.setdefault(key, [])
        content = envelope.content if envelope else Opened()
        answered = content.interaction if isinstance(content, Chose | Submitted) else ""
        at = envelope.received_at if envelope else NOON
        turns.append(Turn(len(turns) + 1, self._said(content, turns), reply, at, answered))

    @staticmethod
    def _said(content: Content, turns: list[Turn]) -> str:
        match content:
            case Said(text):
                return text
            case Chose(interaction, value):
                options = {
                    (part.interaction, option.value): option.label
                    for turn in turns
                    for part in turn.reply.parts
                    if isinstance(part, Choices)
                    for option in part.options
                }
                return options.get((interaction, value), value)
            case Submitted():
                return "Formuläret skickat"
            case _:
                return ""
