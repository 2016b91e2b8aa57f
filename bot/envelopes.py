"""What an envelope says: its language, its words, and which buttons it answered."""

from __future__ import annotations

import re

from bot.messages import (
    Chose,
    Command,
    Due,
    Envelope,
    Language,
    Opened,
    Said,
    Submitted,
    Uploaded,
)
from intents.language import detect_language, tokenize
from intents.spoken_commands import read_command

# Shorter messages ("4 mån", "ok") do not show a language: the conversation's goes on.
WORDS_THAT_SHOW_A_LANGUAGE = 3
#: The "A" of a receipt number is no English word.
#: Placeholders and code say nothing of a person's language.
_CODE = re.compile(r"\{+[^{}]*\}+|<[^<>]*>|https?://\S+|\w+_\w+")
_RECEIPT = re.compile(r"\b[A-ZÅÄÖ]{1,3}-\d{4}-\d+\b")


def language_of(envelope: Envelope, before: str) -> Language:
    """The language to reply in: the message's, or the conversation's for a few words."""
    if isinstance(envelope.content, Said):
        text = envelope.content.text
        command = read_command(text)
        if command is not None and command.name in {"swedish", "english"}:
            return "en" if command.name == "english" else "sv"
        spoken = _CODE.sub(" ", _RECEIPT.sub(" ", text))
        detected = detect_language(spoken)
        words = [token for token in tokenize(spoken) if not token.folded.isdecimal()]
        shows = len(words) >= WORDS_THAT_SHOW_A_LANGUAGE or not before
        if detected != "other" and shows:
            return detected
    return "en" if before == "en" else "sv"


def answered(envelope: Envelope) -> dict[str, object]:
    """Which buttons or form the message answered, for showing the conversation again."""
    match envelope.content:
        case Chose(interaction, value):
            return {"answered": interaction, "chose": value}
        case Submitted(interaction, _):
            return {"answered": interaction}
    return {}


def words_of(envelope: Envelope) -> str:
    """What stands in the conversation as said by the person."""
    match envelope.content:
        case Said(text):
            return text
        case Chose(_, value):
            return value
        case Submitted(_, values):
            return "\n".join(text for text in values.values() if text)
        case Command(name, argument):
            return f"/{name} {argument}".strip()
        case Uploaded(name):
            return name
        case Opened() | Due():
            return ""
