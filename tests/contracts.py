"""What every channel must do, whatever its platform looks like.

A channel's test module makes a ``Driver`` and a class that inherits ``ChannelContract`` with a
fixture ``driver``; the rules are then tested as they stand here.
"""

from __future__ import annotations

from typing import Protocol

import pytest

from bot.messages import Chose, Content, Envelope, Said
from tests.fakes import QUOTE, ScriptedApp

LONG = "a" * 100_000
INJECTIONS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<!channel> <@U123> <https://evil.example|klicka>",
    "@all @everyone @channel",
    "*fet* _kursiv_ `kod` [länk](javascript:alert(1))",
    "&lt;b&gt; &amp; &#60;",
    "</textarea></form>",
)
TEMPLATES = ("{{ 7 * 7 }}", "{% raw %}", "${7*7}", "{0} {name} %s", "#{7*7}", "{key.__class__}")


class Driver(Protocol):
    """A person at the channel, and the platform's bad habits."""

    app: ScriptedApp

    def say(self, text: str) -> str:
        """Write ``text``; returns what the person then sees that is new, as plain text."""
        ...

    def press(self, label: str) -> str:
        """Press the button with this label among those shown last."""
        ...

    def press_again(self, label: str) -> str:
        """Press that same button as it stood before, though the conversation has moved on."""
        ...

    def redeliver(self) -> str:
        """The platform delivers the last message once more; returns what is then shown for it."""
        ...

    def save(self, label: str) -> bytes:
        """Fetch the file offered under this label."""
        ...


class ChannelContract:
    """The rules; ``driver`` is the channel under test."""

    @pytest.fixture
    def driver(self) -> Driver:
        raise NotImplementedError

    def test_a_question_is_answered_with_quote_document_place_date_and_link(
        self, driver: Driver
    ) -> None:
        seen = driver.say("Får vi ställa sociala krav?")
        for expected in (
            "Ja, det får ni.", QUOTE, "Lag om offentlig upphandling", "LOU 17 kap. 1 §",
            "2026-01-01", "Särskilda kontraktsvillkor", "LUF 16 kap. 1 §", "Riktlinje för inköp",
        ):  # fmt: skip
            assert expected in seen
        assert contents(driver) == [Said("Får vi ställa sociala krav?")]

    def test_a_button_says_which_question_it_answers(self, driver: Driver) -> None:
        assert "Vad gäller avsteget?" in driver.say("avsteg")
        assert "Du valde annual." in driver.press("Ett helt år")
        assert contents(driver)[-1] == Chose("steg-1", "annual")

    def test_a_stale_button_gets_an_explanation_and_changes_nothing(self, driver: Driver) -> None:
        driver.say("avsteg")
        driver.press("Ett helt år")
        driver.say("något annat")
        assert "redan besvarad" in driver.press_again("Ett helt år")

    def test_a_repeated_delivery_gets_the_stored_reply_and_one_record(self, driver: Driver) -> None:
        first = driver.say("hej på dig")
        before = len(driver.app.received)
        assert "Du skrev: hej på dig" in first
        assert "Du skrev: hej på dig" in driver.redeliver()
        assert len(driver.app.received) == before

    @pytest.mark.parametrize("nothing", ["", "   ", "\t", "\u200b", "\x00\x07"])
    def test_an_empty_message_is_not_a_message(self, driver: Driver, nothing: str) -> None:
        driver.say(nothing)
        assert contents(driver) == []
        assert "Du skrev: hej" in driver.say("hej")

    def test_a_message_of_100_000_characters_arrives_whole(self, driver: Driver) -> None:
        driver.say(LONG)
        assert contents(driver) == [Said(LONG)]

    def test_a_message_of_only_emoji_arrives_whole(self, driver: Driver) -> None:
        assert "Du skrev: 👩‍👩‍👧🎉👍🏽" in driver.say("👩‍👩‍👧🎉👍🏽")

    def test_control_and_hidden_characters_never_reach_anybody(self, driver: Driver) -> None:
        seen = driver.say("fel\x1b[2Jfärg\x00 \u202eomvänt\u202c\x9b31m")
        assert "Du skrev: fel[2Jfärg omvänt31m" in seen
        assert not set(seen) & set("\x00\x1b\x9b\u202e")

    @pytest.mark.parametrize("markup", INJECTIONS)
    def test_markup_and_mentions_are_shown_as_they_were_written(
        self, driver: Driver, markup: str
    ) -> None:
        assert f"Du skrev: {markup}" in driver.say(markup)

    @pytest.mark.parametrize("fragment", TEMPLATES)
    def test_template_fragments_are_plain_text(self, driver: Driver, fragment: str) -> None:
        assert f"Du skrev: {fragment}" in driver.say(fragment)

    def test_an_offered_file_can_be_fetched(self, driver: Driver) -> None:
        assert "Spara till akten" in driver.say("Får vi?")
        assert driver.save("Spara till akten") == "Fråga: …".encode()


def contents(driver: Driver) -> list[Content]:
    """What people have said so far; opening the conversation does not count."""
    return [envelope.content for envelope in spoken(driver.app)]


def spoken(app: ScriptedApp) -> list[Envelope]:
    """The handled messages but for the opening ones."""
    return [item for item in app.received if type(item.content).__name__ != "Opened"]
