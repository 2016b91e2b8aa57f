"""Nothing is published before the answers it changes were seen, and what is gone is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from talking import NOON, Talk

from bot.app import App
from bot.guidance import accepting, answer_diff
from bot.guidance.answer_diff import Batch, Comparison, compare
from bot.guidance.corpus_build import index_folder
from bot.guidance.publishing import (
    Decided,
    Held,
    NeedsAnother,
    NoReason,
    NothingToDo,
    Outrun,
    Rejected,
    Undecided,
    approve,
    publish_batch,
    retire,
    roll_back,
    two_persons,
)
from bot.guidance.replaying import Replay
from bot.guidance.thresholds import all_gold
from bot.policy import Actor, Forbidden
from knowledge.gold_questions import load_gold, to_gold
from knowledge.model import Document
from storage.grants import Grant
from tests.knowledge_fixtures import article

pytest_plugins = ["app_fixtures"]

ANNA = Actor("anna", frozenset({"kb_redaktor", "kb_godkannare"}))
BO = Actor("bo", frozenset({"kb_godkannare"}))
EVA = Actor("eva", frozenset({"kb_redaktor"}))
ASKED = "Var ligger provlokalen?"
GOLD = [
    {"id": "g1", "question": ASKED, "lang": "sv", "kind": "answerable", "must": ["Angered"]},
    {"id": "g2", "question": "Vad är bruttolistan?", "lang": "sv", "kind": "answerable"},
]


@pytest.fixture(autouse=True)
def small_gold(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two questions, so that a comparison is quick; nobody looks for hubs with three hundred."""
    monkeypatch.setattr("bot.guidance.thresholds.load_gold", lambda: [to_gold(row) for row in GOLD])
    monkeypatch.setattr("knowledge.hubs.PANEL", 20)


def lokal(place: str, **facts: str) -> Document:
    text = f"Provlokalen ligger i {place}.\n\nKontakt: lokal@example.org"
    return replace(article("prov-lokal", "Provlokalen", text, ASKED.lower(), basis="S2"), **facts)


@pytest.fixture
def in_angered(app: App) -> App:
    """An application whose answers say that the place is in Angered."""
    app.store.guidance.publish_documents([lokal("Angered")], NOON, "anna")
    app.corpus.look()
    return app


def drafted(app: App, document: Document, by: Actor = EVA) -> Comparison:
    version = app.store.guidance.save_draft(document, NOON, by.id)
    return compare(app, by, Batch(((document.id, version),)))


def accepted(compared: Comparison, reason: str = "Flyttat") -> Decided:
    return Decided(reason, {each.id: "accept" for each in compared.changes})


def said(app: App, question: str = ASKED) -> str:
    """Everything a new person is told: answer, quotes and small print."""
    app.corpus.look()
    talk = Talk(app, person=app.store.reserve_number("answer", 2026))
    talk.say(question)
    return str(talk.reply)


def test_a_change_is_shown_side_by_side_and_comparing_changes_nothing(in_angered: App) -> None:
    heard: list[tuple[int, int]] = []
    version = in_angered.store.guidance.save_draft(lokal("Frölunda"), NOON, "eva")
    batch = Batch((("prov-lokal", version),))
    compared = compare(in_angered, EVA, batch, lambda *done: heard.append(done))
    (change,) = compared.changes
    assert (change.id, change.origin, change.verdict) == ("g1", "gold", "worse")
    assert change.before.text == "Provlokalen ligger i Angered."
    assert change.after.text == "Provlokalen ligger i Frölunda."
    assert compared.unchanged == 1
    assert compared.first == ()
    assert heard[-1][0] == heard[-1][1] > 0
    assert "Angered" in said(in_angered)


def test_nothing_is_published_while_a_change_is_undecided_or_rejected(in_angered: App) -> None:
    compared = drafted(in_angered, lokal("Frölunda"))
    before = in_angered.store.guidance.corpus_version()
    for decided, refused in (
        (Decided("Flyttat"), Undecided),
        (Decided("Flyttat", {"g1": "reject"}), Rejected),
        (replace(accepted(compared), reason=" "), NoReason),
    ):
        with pytest.raises(refused):
            publish_batch(in_angered, BO, compared, decided)
    assert in_angered.store.guidance.corpus_version() == before
    assert in_angered.store.gold.list() == ()
    assert "Angered" in said(in_angered)


def test_an_accepted_answer_is_gold_from_the_same_moment(in_angered: App) -> None:
    compared = drafted(in_angered, lokal("Frölunda"))
    assert publish_batch(in_angered, BO, compared, accepted(compared)) == (("prov-lokal", 2),)
    assert "Frölunda" in said(in_angered)
    (born,) = in_angered.store.gold.list()
    assert (born.question, born.expected) == (ASKED, {"source": "S2", "replaces": "g1"})
    assert [each.id for each in all_gold(in_angered.store)] == ["g2", f"d{born.id}"]
    # What gold now knows as right stays as it is when only the words change again.
    (change,) = drafted(in_angered, lokal("Majorna")).changes
    assert (change.id, change.verdict, change.right) == (f"d{born.id}", "other", True)
    (entry,) = in_angered.store.audit.list()
    assert (entry.actor, entry.facts["reason"], entry.facts["gold"]) == ("bo", "Flyttat", 1)


def test_a_publication_that_fails_half_way_changes_nothing(
    in_angered: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = drafted(in_angered, lokal("Frölunda"))
    before = in_angered.store.guidance.corpus_version()

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(accepting, "_expected", fail)
    with pytest.raises(RuntimeError):
        publish_batch(in_angered, BO, compared, accepted(compared))
    assert in_angered.store.guidance.corpus_version() == before
    assert in_angered.store.audit.list() == ()
    assert "Angered" in said(in_angered)


def test_a_question_that_is_not_replayed_would_have_been_answered_the_same(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = load_gold()
    near = [each for each in every if "bruttolista" in each.question.casefold()]
    monkeypatch.setattr("bot.guidance.thresholds.load_gold", lambda: [*near[:15], *every[::60]])
    gone = Batch(retire=("bruttolistan-villkor", "bruttolistan-vad-ar-det"))
    replayed: list[str] = []
    ask = Replay.ask

    def counted(self: Replay, question: str) -> object:
        replayed.append(question)
        return ask(self, question)

    monkeypatch.setattr(Replay, "ask", counted)
    compared = compare(app, EVA, gone)
    fewer = len(replayed)
    monkeypatch.setattr(answer_diff, "touched", lambda _i, _g, _n, asked: [True] * len(asked))
    assert compare(app, EVA, gone).changes == compared.changes != ()
    assert fewer < len(replayed) - fewer


def test_real_questions_are_asked_again(in_angered: App) -> None:
    real = "Vet du var provlokalen ligger någonstans?"
    said(in_angered, real)
    changes = {each.question: each for each in drafted(in_angered, lokal("Frölunda")).changes}
    assert set(changes) == {ASKED, real}
    assert changes[real].origin == "asked"
    assert changes[real].id.startswith("S-")
    own = replace(EVA, units=frozenset({"higab"}))
    assert {each.question for each in drafted(in_angered, lokal("Frölunda"), own).changes} == {
        ASKED
    }


def test_a_first_publication_is_warned_about_and_not_held_up(app: App) -> None:
    compared = drafted(app, lokal("Angered"))
    assert (compared.first, compared.to_decide) == (("prov-lokal",), ())
    assert compared.changes
    publish_batch(app, BO, compared, Decided("Ny text"))
    assert "Angered" in said(app)


def test_what_was_published_meanwhile_asks_for_another_comparison(in_angered: App) -> None:
    compared = drafted(in_angered, lokal("Frölunda"))
    in_angered.store.guidance.publish_documents([lokal("Majorna")], NOON)
    with pytest.raises(Outrun):
        publish_batch(in_angered, BO, compared, accepted(compared))
    assert "Majorna" in said(in_angered)


def test_who_may_not_publish_does_not(in_angered: App) -> None:
    compared = drafted(in_angered, lokal("Frölunda"))
    reader = Actor("r", frozenset({"revisor"}))
    with pytest.raises(Forbidden):
        compare(in_angered, reader, compared.batch)
    for act in (
        lambda: publish_batch(in_angered, EVA, compared, accepted(compared)),
        lambda: retire(in_angered, EVA, "prov-lokal", "x"),
        lambda: roll_back(in_angered, EVA, "prov-lokal", "x"),
        lambda: approve(in_angered, EVA, "bruttolistan-villkor", "x"),
    ):
        with pytest.raises(Forbidden):
            act()


def test_two_persons_publish_where_there_are_two_and_a_wrong_contact_waits_for_nobody(
    in_angered: App,
) -> None:
    app = in_angered

    def grant(person: str) -> None:
        app.store.grants.save(Grant(person, ("kb_godkannare",), None, "oidc", NOON))

    grant("anna")
    assert not two_persons(app)
    grant("bo")
    compared = drafted(app, lokal("Frölunda"), by=ANNA)
    with pytest.raises(NeedsAnother):
        publish_batch(app, ANNA, compared, accepted(compared))
    publish_batch(app, BO, compared, accepted(compared))

    text = lokal("Frölunda")
    mended = replace(text, body=text.body.replace("lokal@", "prov@"))
    compared = drafted(app, mended, by=ANNA)
    assert compared.contacts_only
    publish_batch(app, ANNA, compared, Decided("Fel adress"))
    assert "prov@example.org" in said(app)


def test_a_suspect_text_waits_until_somebody_has_looked(in_angered: App) -> None:
    stuffed = lokal("Angered", body="bruttolistan " * 80)
    compared = drafted(in_angered, stuffed)
    with pytest.raises(Held):
        publish_batch(in_angered, BO, compared, accepted(compared))


def test_a_text_published_ahead_leaves_the_former_in_force_until_its_day(
    in_angered: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = NOON.date() + timedelta(2)
    compared = drafted(in_angered, lokal("Frölunda", valid_from=first.isoformat()))
    assert compared.changes[0].after.text == "Provlokalen ligger i Frölunda."
    publish_batch(in_angered, BO, compared, accepted(compared))
    assert "Angered" in said(in_angered)
    monkeypatch.setattr(in_angered, "now", lambda: NOON + timedelta(2))
    monkeypatch.setattr(in_angered.corpus, "_today", lambda: first)
    answer = said(in_angered)
    assert "Frölunda" in answer
    assert f"Gäller från och med {first.isoformat()}." in answer


def test_a_batch_can_take_a_text_out_and_the_change_is_shown(in_angered: App) -> None:
    compared = compare(in_angered, EVA, Batch(retire=("prov-lokal",)))
    assert [(each.id, each.verdict) for each in compared.changes] == [("g1", "worse")]
    publish_batch(in_angered, BO, compared, accepted(compared, "Stängd"))
    assert "Angered" not in said(in_angered)


def test_retired_text_is_in_no_answer_no_index_and_no_cache(in_angered: App) -> None:
    app = in_angered
    secret = lokal("Angered", body="Zebrafinkar ruvar i källaren.\n\nUndulater bor i tornet.")
    app.store.guidance.publish_documents([secret], NOON)
    assert "Zebrafinkar" in said(app, "Var ruvar zebrafinkar?")
    retire(app, BO, "prov-lokal", "Fel")
    index = app.corpus.retriever().index
    held = [str(passage) for passage in index.passages] + list(index.speller.counts)
    held += [term for field in index.lexical.values() for s in field.segments for term in s.terms]
    cached = [file.read_bytes() for file in index_folder(app.configuration).iterdir()]
    for sentence in ("Zebrafinkar ruvar i källaren.", "Undulater bor i tornet."):
        word = sentence.split()[0]
        assert not any(word.lower() in each.lower() for each in held)
        assert not any(word.lower().encode() in each.lower() for each in cached)
    panel = [q for _, passage in index.live() for q in passage.questions][:200]
    for question in (*panel, "Var ruvar zebrafinkar?", "Var bor undulater?"):
        found = app.corpus.retriever().search(question)
        assert all(hit.passage.document_id != "prov-lokal" for hit in found.hits)
    assert roll_back(app, BO, "prov-lokal", "Rätt ändå") == (2, 3)
    assert "Zebrafinkar" in said(app, "Var ruvar zebrafinkar?")


def test_a_draft_is_not_gone_back_to_past_the_comparison(in_angered: App) -> None:
    version = in_angered.store.guidance.save_draft(lokal("Frölunda"), NOON, "eva")
    with pytest.raises(NothingToDo):
        roll_back(in_angered, BO, "prov-lokal", "x", version)


def test_nothing_is_done_twice(in_angered: App) -> None:
    approve(in_angered, BO, "prov-lokal", "Läst")
    assert "Granskad av stödfunktionen" in said(in_angered)
    with pytest.raises(NothingToDo):
        approve(in_angered, BO, "prov-lokal", "Läst igen")
    retire(in_angered, BO, "prov-lokal", "Stängd")
    with pytest.raises(NothingToDo):
        retire(in_angered, BO, "prov-lokal", "Stängd")
