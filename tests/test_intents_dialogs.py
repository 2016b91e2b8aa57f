"""What must hold in every dialog, whatever people send; walked by a state machine each."""

import time
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from strategies import given_now, messages, texts

from bot.texts import load_texts
from intents.classify import Intent, classify
from intents.dialogs import load_dialogs
from intents.engine import step
from intents.exchange import (
    Answer,
    Back,
    Begin,
    Cancel,
    Doubtful,
    Notify,
    OfferFile,
    Pressed,
    Save,
    Schedule,
)
from intents.forms import form_fields
from intents.hearing import QUESTION_SLOTS, hear
from intents.model import Dialog, State, Step
from intents.progress import ask, slot_of
from intents.states import from_json, to_json

DIALOGS = load_dialogs()
TEXTS = load_texts()


#: Answers that a question of each kind takes.
GOOD = {
    "text": ("det gick fortare så", "nybyggnad"), "story": ("hoppa över", "vi pratade med målaren"),
    "yes_no": ("ja", "nej"), "term": ("annan", "higab", "tjänst", "ale"), "date": ("i går",),
    "terms": ("annan", "lärling", "unga"), "results": ("två lärlingsplatser", "inte klart än"),
    "contact": ("hoppa över", "031-390 06 12"), "choice": ("nej", "båda", "ändra"), "scale": ("4",),
    "reference": ("hoppa över", "0123/26"), "receipt": ("A-2026-0007",), "year": ("2026",),
    "rows": ("Målning; 2 praktik",), "duration": ("5 mån",), "workers": ("3",), "confirm": ("ja",),
}  # fmt: skip


#: Never stored unasked: questions, commands and greetings.
NEVER_ANSWERS = ("Måste vi ställa krav?", "what is the gross list?", "hej!", "tack så mycket",
                 "hjälp", "avbryt", "fortsätt senare", "var var vi?", "varför frågar ni?",
                 "hoppa över", "på engelska tack")  # fmt: skip


def core(state: State) -> tuple[object, ...]:
    return state.pending, dict(state.values), dict(state.evidence), state.changing


def show_all(taken: Step) -> None:
    for language in ("sv", "en"):
        for say in (*taken.says, *taken.errors.values()):
            assert TEXTS.render(say.key, language, **say.values).strip()
            for choice in say.choices:
                assert TEXTS.show(choice.label, language).strip()


def is_confirmation(dialog: Dialog, before: State, message: object) -> bool:
    """A yes by word or button, at the confirmation, with nothing asked in between."""
    said = getattr(message, "text", getattr(message, "value", ""))
    kind = slot_of(dialog, "confirm").kind
    return before.pending == "confirm" and kind.parse(str(said), given_now()) == "yes"


class Walk(RuleBasedStateMachine):
    """A person who may do anything at any point."""

    dialog: Dialog
    #: The engine, or a broken one to see whether the walk notices.
    engine = staticmethod(step)

    def __init__(self) -> None:
        super().__init__()
        self.state: State | None = None
        self.before: list[tuple[object, ...]] = []
        self.number = 0

    def take(self, message: object) -> Step:
        self.number += 1
        given = given_now(self.number, numbers={self.dialog.record: "A-2026-0007"})
        taken = self.engine(self.dialog, self.state, message, given)
        again = self.engine(self.dialog, self.state, message, given)
        assert taken == again, "a step is a function of its arguments"
        assert taken.says, "something is always said"
        show_all(taken)
        self.check_effects(message, taken)
        self.check_unread(message, taken)
        if isinstance(message, Back):
            self.check_back(taken)
        elif self.state is not None and taken.state is not None:
            self.note(taken.state)
        self.state = taken.state
        if self.state is None:
            self.before = []
        return taken

    def check_effects(self, message: object, taken: Step) -> None:
        filed = [e for e in taken.effects if isinstance(e, Save | Notify | Schedule | OfferFile)]
        filed = [e for e in filed if not (isinstance(e, Save) and e.kind == "screening")]
        # An empty form is offered to who would rather write it.
        filed = [e for e in filed if not (isinstance(e, OfferFile) and not e.number)]
        if filed:
            assert self.state is not None
            assert is_confirmation(self.dialog, self.state, message)
            assert taken.state is None
        for effect in taken.effects:
            if isinstance(effect, Notify):
                assert not any(" " in str(v) for v in effect.fields.values() if isinstance(v, str))

    def check_unread(self, message: object, taken: Step) -> None:
        """A stale button and a text that may be a question fill nothing by themselves."""
        if self.state is None:
            return
        stale = getattr(message, "interaction", "") not in {"", self.state.interaction}
        free = not slot_of(self.dialog, self.state.pending).kind.closed
        if stale or (isinstance(message, Doubtful) and free):
            assert taken.state is not None
            assert core(taken.state) == core(self.state)
            assert not taken.effects

    def check_back(self, taken: Step) -> None:
        assert self.state is not None
        assert taken.state is not None
        if self.state.aside:
            assert core(taken.state) == core(self.state)
        elif self.before:
            assert core(taken.state) == self.before.pop()
        else:
            assert core(taken.state) == core(self.state)

    def note(self, after: State) -> None:
        """Whatever changes the form can be undone in one step."""
        assert self.state is not None
        if len(after.history) > len(self.state.history):
            assert len(after.history) == len(self.state.history) + 1
            self.before.append(core(self.state))
        else:
            assert core(after) == core(self.state)

    @initialize(text=st.just("") | texts())
    def begin(self, text: str) -> None:
        self.take(Begin(text))

    @rule(data=st.data())
    def send(self, data: st.DataObject) -> None:
        if self.state is None:
            self.take(Begin())
            return
        values = [choice.value for say in ask(self.dialog, self.state, given_now())
                  for choice in say.choices]  # fmt: skip
        names = [slot.name for slot in self.dialog.slots]
        self.take(data.draw(messages([*values, "yes"], names)))

    @rule(text=texts())
    def hear_anything(self, text: str) -> None:
        """What is routed is answered beside the dialog, or is a message to it."""
        if self.state is None:
            return
        heard = hear(self.dialog, self.state, text, given_now(), lambda: classify(text))
        if not isinstance(heard, Intent):
            self.take(heard)

    @rule(text=st.sampled_from(NEVER_ANSWERS))
    def greet_ask_or_command(self, text: str) -> None:
        """None of these is an answer to a question in free text, whatever the question."""
        if self.state is None or slot_of(self.dialog, self.state.pending).name in QUESTION_SLOTS:
            return
        heard = hear(self.dialog, self.state, text, given_now(), lambda: classify(text))
        assert not isinstance(heard, Answer)
        self.take(Doubtful(text))

    @rule()
    def press_the_first_button(self) -> None:
        if self.state is None:
            return
        values = [choice.value for say in ask(self.dialog, self.state, given_now())
                  for choice in say.choices]  # fmt: skip
        if values:
            self.take(Pressed(values[0], self.state.interaction))

    @rule()
    def press_an_old_button(self) -> None:
        if self.state is not None:
            self.take(Pressed("yes" if self.state.pending == "confirm" else "skip", "long gone"))

    @rule()
    def go_back(self) -> None:
        if self.state is not None:
            self.take(Back())

    @rule(data=st.data())
    def answer_well(self, data: st.DataObject) -> None:
        """Most people answer what was asked; so the walk gets somewhere."""
        if self.state is not None:
            kind = slot_of(self.dialog, self.state.pending).kind.name
            self.take(Answer(data.draw(st.sampled_from(GOOD.get(kind, ("ja",))))))

    @rule(seldom=st.integers(0, 5))
    def cancel_twice(self, seldom: int) -> None:
        if self.state is not None and not seldom:
            taken = self.take(Cancel())
            if taken.state is not None:
                assert self.take(Cancel()).state is None
            self.take(Begin())

    @invariant()
    def the_state_survives_json(self) -> None:
        if self.state is not None:
            assert from_json(to_json(self.state)) == self.state

    @invariant()
    def the_same_is_asked_after_a_digression(self) -> None:
        if self.state is not None:
            first = ask(self.dialog, self.state, given_now())
            assert first == ask(self.dialog, from_json(to_json(self.state)), given_now())

    @invariant()
    def the_rest_can_be_shown_as_a_form(self) -> None:
        if self.state is not None:
            for field in form_fields(self.dialog, self.state, given_now()):
                for language in ("sv", "en"):
                    assert TEXTS.show(field.label, language)
                    assert TEXTS.show(field.help, language)


@pytest.mark.parametrize("name", sorted(DIALOGS))
def test_no_message_breaks_a_dialog_and_none_is_lost(name, full):
    walk(DIALOGS[name], step, 400 if full else 15)


def walk(dialog, engine, examples):
    machine = type(
        f"Walk{dialog.name}", (Walk,), {"dialog": dialog, "engine": staticmethod(engine)}
    )
    case = machine.TestCase
    # Shrinking a broken engine takes minutes and tells nothing: only an honest one is shrunk.
    phases = tuple(Phase) if engine is step else (Phase.generate,)
    case.settings = settings(max_examples=examples, stateful_step_count=25, database=None,
                             phases=phases, report_multiple_bugs=False,
                             suppress_health_check=list(HealthCheck))  # fmt: skip
    case().runTest()


def undo_of_two(dialog, state, message, given):
    taken = step(dialog, state, message, given)
    if isinstance(message, Back) and state is not None and not state.aside and taken.state:
        return step(dialog, taken.state, message, given)
    return taken


def with_any_button(dialog, state, message, given):
    if isinstance(message, Pressed) and state is not None:
        message = replace(message, interaction="")
    return step(dialog, state, message, given)


def with_questions_as_answers(dialog, state, message, given):
    return step(dialog, state, Answer(message.text) if isinstance(message, Doubtful) else message,
                given)  # fmt: skip


def without_confirmation(dialog, state, message, given):
    taken = step(dialog, state, message, given)
    ready = taken.state is not None and taken.state.pending == "confirm"
    return step(dialog, taken.state, Answer("ja"), given) if ready else taken


@pytest.mark.parametrize(
    "broken",
    [undo_of_two, with_any_button, with_questions_as_answers, without_confirmation],
)
def test_the_walk_notices_a_broken_engine(broken):
    with pytest.raises((AssertionError, BaseExceptionGroup)):
        # The walk ends at the first fault, so a high limit costs nothing but luck.
        walk(DIALOGS["handover"], broken, 1_000)


@pytest.mark.parametrize("name", sorted(DIALOGS))
def test_a_draft_of_an_older_version_goes_on_and_drops_only_what_no_question_takes(name):
    dialog = DIALOGS[name]
    state = step(dialog, None, Begin(), given_now()).state
    assert state is not None
    values = {"gone_since": "x", "organisation": "higab"}
    older = replace(state, version=0, pending="gone_since", values=values)
    taken = step(dialog, older, Answer("hm"), given_now())
    assert taken.says
    if taken.state is not None:
        assert "gone_since" not in taken.state.values
        assert taken.state.version == dialog.version


@pytest.mark.parametrize("name", sorted(DIALOGS))
def test_a_hundred_thousand_characters_are_refused_at_once(name):
    dialog = DIALOGS[name]
    state = step(dialog, None, Begin(), given_now()).state
    started = time.perf_counter()
    taken = step(dialog, state, Answer("avsteg 12 " * 10_000), given_now())
    assert taken.state is not None
    assert time.perf_counter() - started < 1
    assert len(to_json(taken.state)) < 10_000


def test_a_step_takes_at_most_a_millisecond():
    dialog = DIALOGS["deviation"]
    story = "vi på Higab kom överens med målaren om två lärlingsplatser i går utan er"
    state = step(dialog, None, Begin(story), given_now()).state
    assert state is not None
    answers = ("Nybyggnad", "projektledare", "i går", "Ugglan", "entreprenad", "nej", "vet inte")
    took = []
    for _ in range(60):
        now = state
        for answer in answers:
            started = time.perf_counter()
            now = step(dialog, now, Answer(answer), given_now()).state or now
            took.append(time.perf_counter() - started)
    # A busy machine stretches single steps; the median holds the promise with room to spare.
    assert sorted(took)[len(took) // 2] < 0.001
