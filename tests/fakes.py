"""Stand-ins as well made as the real thing: an application that follows a script."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock

from bot.channels.connections import Connection
from bot.login.door import Door
from bot.messages import (
    Card,
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
from bot.port import (
    Belongings,
    OpenedFile,
    Shown,
    Turn,
)
from bot.texts import Texts, load_texts
from tests.scripted_desks import AT, ScriptedQuestions, ScriptedSupport
from tests.scripted_door import scripted_door
from tests.scripted_relay import ScriptedRelay

NOON = AT

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
#: The button that asks for all questions at once.
AS_FORM = "Fyll i som formulär"
RECORD = File("S-1042.txt", "text/plain", "record:S-1042", "Spara till akten")
#: A case's card as the words of a room can make it at worst, and one without buttons.
CARDS = (
    Card(
        "A-2026-0001", "Avsteg · <!channel> <@U1> **[x](y)** " + "ord " * 900,
        (("Läge", "Handläggs av ett"), ("Senast", "ord " * 900)), "card:A-2026-0001:7",
        tuple(Option(act, label) for act, label in (
            ("take", "Ta ärendet"), ("answer", "Svara"), ("completion", "Be om komplettering"),
            ("assign", "Tilldela"), ("show", "Visa ärendet"), ("close", "Stäng"),
        )),
        "https://x.example/stod/arende/A-2026-0001",
    ),
    Card("H-1", "Fråga", (("Läge", "Avslutat"),), "card:H-1:9", (), "stödsidan"),
)  # fmt: skip
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


SHOWN = Shown("Nämnden för prov", "production", "stod@example.org")


@dataclass
class ScriptedApp:
    """An application that answers by script, remembers what it got and repeats stored replies."""

    script: Script = script
    settings: Shown = SHOWN
    texts: Texts = field(default_factory=load_texts)
    support: ScriptedSupport = field(default_factory=ScriptedSupport)
    questions: ScriptedQuestions = field(default_factory=ScriptedQuestions)
    #: Every message that was handled, without redeliveries.
    received: list[Envelope] = field(default_factory=list)
    #: Raised by the next calls instead of an answer.
    fault: Exception | None = None
    ready: bool = True
    door: Door = field(default_factory=scripted_door)

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

    def case_card(self, number: str, place: str) -> None:
        """No case has a card here."""

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
