"""One message, one transaction: what a person notices of it."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Callable

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from talking import NOON, Talk

from bot.app import App
from bot.messages import Choices, Command, Envelope, Opened, Said, Text
from bot.serialise import reply_from_json, reply_to_json
from storage.model import CaseFilter

pytest_plugins = ["app_fixtures"]


def test_a_repeated_message_gets_the_very_reply_it_got_before(talk: Talk) -> None:
    first = talk.send(Said("Vad är bruttolistan?"), "m1")
    again = talk.send(Said("Vad är bruttolistan?"), "m1")
    assert again == first


def test_a_double_click_on_send_makes_one_case_with_one_receipt(talk: Talk, app: App) -> None:
    talk.command("fraga")
    talk.say("Vad gäller för sommarjobb?")
    talk.say("hoppa över")
    talk.say("hoppa över")
    first = talk.send(Said("ja"), "send")
    again = talk.send(Said("ja"), "send")
    assert again == first
    assert len(app.store.cases.list(CaseFilter())) == 1


def test_two_tabs_saying_yes_at_once_make_one_case(talk: Talk, app: App) -> None:
    talk.command("fraga")
    for line in ("Vad gäller för sommarjobb?", "hoppa över", "hoppa över"):
        talk.say(line)
    envelopes = [Envelope(talk.key, f"tab{n}", NOON, Said("ja")) for n in range(4)]
    threads = [threading.Thread(target=app.receive, args=(each,)) for each in envelopes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(app.store.cases.list(CaseFilter())) == 1


def test_a_half_finished_question_is_there_after_the_process_is_gone(
    talk: Talk, reopened: Callable[[], App]
) -> None:
    talk.command("fraga")
    talk.say("Vad gäller för sommarjobb?")
    later = dataclasses.replace(talk, app=reopened())
    later.send(Opened(), "next-day")
    assert "förvaltning" in later.text


def test_a_question_in_mid_dialog_is_answered_and_the_dialog_goes_on(talk: Talk) -> None:
    talk.command("fraga")
    talk.say("Vad gäller för sommarjobb?")
    pending = talk.text
    said = talk.say("Vad är bruttolistan?")
    assert "fyra månader" in said
    assert said.endswith(pending.splitlines()[-1])


def test_personal_data_is_masked_before_anything_is_stored(talk: Talk, app: App) -> None:
    said = talk.say("Kandidaten har personnummer 850512-1239, hur gör jag?")
    assert "personuppgifter" in said
    stored = app.store.inbox.of_conversation(str(talk.key))
    assert all("850512" not in item.text + item.reply_json for item in stored)


def test_odd_messages_get_a_friendly_answer(talk: Talk) -> None:
    odd = ["", "   ", "🙂🙂🙂", "\x00\x07", "a" * 100_000, "<script>alert(1)</script>"]
    odd += ["{{7*7}} {0} %s", "<!channel> @all", "?" * 500, "\u202eemos"]
    for text in odd:
        assert talk.say(text)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
def test_no_text_whatsoever_breaks_a_turn(talk: Talk, text: str) -> None:
    assert talk.send(Said(text)).parts


def test_every_reply_survives_its_way_through_the_database(talk: Talk) -> None:
    for text in ("Vad är bruttolistan?", "4 mån, 2 pers", "hej", "rapportera ett avsteg"):
        reply = talk.send(Said(text))
        assert reply_from_json(reply_to_json(reply)) == reply


def test_a_stale_button_says_so_and_changes_nothing(talk: Talk) -> None:
    talk.command("fraga")
    talk.say("Vad gäller för sommarjobb?")
    old = next(part for part in talk.reply.parts if isinstance(part, Choices))
    talk.say("hoppa över")
    talk.send(dataclasses.replace(Command("x"), name="summary"))
    said = talk.send(_press(old))
    assert any(isinstance(part, Text) and "tidigare fråga" in part.text for part in said.parts)


def _press(choices: Choices):  # type: ignore[no-untyped-def]
    from bot.messages import Chose

    return Chose(choices.interaction, choices.options[0].value)


def test_english_gets_an_english_frame_around_the_swedish_passage(talk: Talk) -> None:
    said = talk.say("Which two conditions put a procurement on the gross list?")
    assert talk.reply.language == "en"
    assert said


def test_feedback_is_stored_and_can_be_changed(talk: Talk, app: App) -> None:
    talk.say("Vad är bruttolistan?")
    question = talk.reply
    number = str(question.facts["answer"])
    talk.press("yes")
    talk.reply = question
    talk.press("no")
    answer = app.store.answers.find(number)
    assert answer is not None
    assert answer.feedback is not None
    assert answer.feedback.vote == "no"


def test_the_record_for_the_file_quotes_word_for_word_with_version_and_time(
    talk: Talk, app: App
) -> None:
    talk.say("Vad är bruttolistan?")
    opened = app.open_file(talk.files[0].reference, talk.key)
    assert opened is not None
    text = opened.content.decode()
    assert "version 1" in text
    assert "Vad är bruttolistan?" in text
    assert "2026-11-20" in text


def test_nobody_else_can_open_the_record(talk: Talk, app: App) -> None:
    talk.say("Vad är bruttolistan?")
    other = dataclasses.replace(talk, person="bengt")
    assert app.open_file(talk.files[0].reference, other.key) is None


def test_a_story_told_while_a_button_waits_begins_its_own_report(talk: Talk) -> None:
    talk.say("lokalvård i ett år med fyra städare, hamnar den på listan?")
    talk.say("vi på Egnahemsbolaget kom överens med målaren om två lärlingsplatser i går utan er")
    assert talk.reply.facts["dialog"] == "deviation"
    assert "Egnahemsbolaget" in talk.text


def test_a_report_is_filled_from_a_story_and_filed_only_after_a_yes(talk: Talk, app: App) -> None:
    talk.say("vi på Egnahemsbolaget kom överens med målaren om två lärlingsplatser i går utan er")
    assert "två lärlingsplatser" in talk.text
    assert not app.store.cases.list(CaseFilter())
