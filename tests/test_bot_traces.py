"""What leaves no trace: survey answers that lead to nobody, and hints of wrongdoing."""

import re
from itertools import chain

from sqlalchemy import select
from talking import NOON, Talk

from bot.app import App
from bot.messages import Chose, Envelope
from bot.thread import Thread, part
from intents.model import State
from storage.model import CaseFilter
from storage.schema import metadata
from tests.scripted_desks import ONE

pytest_plugins = ["app_fixtures"]

#: Names that no hash or word holds.
SURVEYS = {"qxzw": ("2", "1", "1", "blåbär"), "wzxq": ("5", "4", "5", "hallon")}


def answer_survey(talk: Talk) -> Talk:
    talk.say("jag vill svara på enkäten")
    talk.press("buyer")
    understanding, trust, engagement, comment = SURVEYS[talk.person]
    talk.say(understanding)
    talk.press(trust)
    talk.say(engagement)
    talk.say(comment)
    assert comment in talk.text
    talk.say("Vad är bruttolistan?")
    assert comment in talk.text
    assert "utan koppling till dig" in talk.say("ja")
    return talk


def rows(app: App) -> dict[str, list[str]]:
    """Every row of every table as text."""

    def read(connection):  # type: ignore[no-untyped-def]
        return {
            table.name: [str(tuple(row)) for row in connection.execute(select(table))]
            for table in metadata.sorted_tables
        }

    return app.store.database.read(read)


def of_person(stored: dict[str, list[str]], person: str) -> str:
    """All that is stored beside the surveys and names a person; ids and times are made alike."""
    named = chain(*(each for name, each in stored.items() if name != "surveys"))
    text = "\n".join(sorted(row for row in named if person in row))
    text = re.sub(r"datetime\([^)]*\)|[0-9a-f]{16,}|S-\d+(-\d+)?|S-20\d\d-\d+", "…", text)
    return text.replace(person, "person")


def test_no_join_of_all_tables_links_a_survey_answer_to_a_person(app: App) -> None:
    for person in SURVEYS:
        answer_survey(Talk(app, person))
    stored = rows(app)
    assert len(stored["surveys"]) == 2
    first, second = (of_person(stored, person) for person in SURVEYS)
    assert first == second
    for table, found in stored.items():
        if table != "surveys":
            assert not [row for row in found if "blåbär" in row or "hallon" in row], table


def test_a_survey_message_that_comes_again_adds_no_second_answer(app: App) -> None:
    talk = answer_survey(Talk(app, "qxzw"))
    again = Envelope(talk.key, "qxzw-2", NOON, Chose("any", "buyer"))
    assert app.receive(again).parts == ()
    assert len(rows(app)["surveys"]) == 1


def test_a_survey_is_not_among_the_drafts_a_person_has_on_every_channel() -> None:
    states = tuple(State(name, 1, "role") for name in ("deviation", "survey"))
    own, common = part(Thread(states))
    assert [state.dialog for state in own.dialogs] == ["survey"]
    assert [state.dialog for state in common.dialogs] == ["deviation"]


def test_what_was_said_before_the_survey_is_still_there(app: App) -> None:
    talk = Talk(app, "qxzw")
    for question in ("Vad är bruttolistan?", "Vad är ett avsteg?"):
        talk.say(question)
        answer_survey(talk)
    texts = [each.text for each in app.store.inbox.of_conversation(str(talk.key))]
    assert [text for text in texts if text] == ["Vad är bruttolistan?", "Vad är ett avsteg?"]


def test_wrongdoing_is_pointed_to_its_channel_and_nothing_is_kept(app: App) -> None:
    talk = Talk(app, "qxzw")
    said = talk.say("jag tror att vår chef tar mutor av firman Kobolt")
    assert app.configuration.whistleblowing in said
    talk.command("fraga")
    said = talk.say("Hur gör jag när upphandlaren fått mutor av firman Kobolt?")
    assert app.configuration.whistleblowing in said
    assert all("Kobolt" not in row for found in rows(app).values() for row in found)


def test_the_reporter_may_give_and_change_a_work_phone_but_nobody_elses(app: App) -> None:
    talk = Talk(app, "qxzw")
    talk.command("fraga")
    for line in ("Vad gäller för sommarjobb?", "hoppa över", "031-300 00 00"):
        talk.say(line)
    assert "031-300 00 00" in talk.text
    assert "inkop@kommun.example" in talk.say("ändra 3 till inkop@kommun.example")
    assert "08-465 004 00" in talk.say("ändra kontakt till 08-465 004 00")
    assert "031-390 06 10" not in talk.say("ändra 1 till ring 031-390 06 10")


def test_an_example_is_shown_when_its_giver_agrees_and_support_publishes_it(app: App) -> None:
    talk = Talk(app, "qxzw")
    assert "inget publicerat" in talk.say("har ni goda exempel?")
    talk.press("example")
    for line in ("Higab", "fönsterputs", "3", "två fick jobb", "börja tidigt", "ja", "hoppa över"):
        talk.say(line)
    talk.say("ja")
    number = app.store.cases.list(CaseFilter(kinds=("example",)))[0].number
    assert "inget publicerat" in talk.say("visa goda exempel")
    assert app.support.publish(ONE, number)
    assert "fönsterputs (Higab)" in talk.say("visa goda exempel")
    assert not app.support.publish(ONE, number)


def test_whoever_says_avvikelse_chooses_what_was_meant(app: App) -> None:
    talk = Talk(app, "qxzw")
    assert "inte säker" in talk.say("vi har en avvikelse att anmäla")
    assert "betyder avsteg" in talk.press("avvikelse")
    talk.say("vi har en avvikelse att anmäla")
    assert "Bra att du berättar" in talk.press("avsteg")
