"""Replies as Teams messages: text with AI label, citations and feedback; a card for the rest.

learn.microsoft.com/microsoftteams/platform/bots/how-to/bot-messages-ai-generated-content
"""

from __future__ import annotations

import re
from typing import Any, TypeGuard

from bot.channels.buttons import for_room
from bot.channels.plain_text import Words
from bot.channels.teams.cards import attachment, to_card
from bot.messages import Choices, File, Form, Part, Reply, Source, Sources, Text

#: Characters of a citation's abstract and name (the page above).
MOST_ABSTRACT = 160
MOST_NAME = 80
#: Bytes a whole message may have beside its card.
LONGEST_TEXT = 8_000
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~])")

Activity = dict[str, Any]


def to_activity(reply: Reply, words: Words, *, shared: bool) -> Activity:
    """One message; in a shared room without the buttons that are for the asker alone."""
    parts = for_room(reply.parts) if shared else reply.parts
    said = tuple(part for part in parts if isinstance(part, Text))
    rest = tuple(part for part in parts if not isinstance(part, Text) and not is_vote(part))
    activity: Activity = {"type": "message", "textFormat": "markdown", "locale": reply.language}
    if _needs_card(rest) and not any(map(_outlives_its_buttons, parts)):
        activity["attachments"] = [attachment(to_card((*said, *rest), words))]
        activity["summary"] = plain(said)[:MOST_NAME]
        return activity
    sources = _sources(parts)
    text = to_markdown(said, cited=bool(sources))[:LONGEST_TEXT]
    activity["text"] = text or ("" if rest else words("nothing"))
    if rest:
        activity["attachments"] = [attachment(to_card(rest, words))]
    if sources:
        activity["entities"] = [label(sources)]
    if any(map(is_vote, parts)):
        activity["channelData"] = {"feedbackLoop": {"type": "default"}}
    return activity


def label(sources: tuple[Source, ...]) -> dict[str, Any]:
    """The native label "AI-generated" and the passages behind [1], [2] …"""
    return {
        "type": "https://schema.org/Message",
        "@type": "Message",
        "@context": "https://schema.org",
        "additionalType": ["AIGeneratedContent"],
        "citation": [_citation(number, source) for number, source in enumerate(sources, 1)],
    }


def to_markdown(said: tuple[Text, ...], *, cited: bool) -> str:
    """The words with markdown's own characters escaped; the answer points to its passage."""
    paragraphs = []
    for text in said:
        escaped = _MARKDOWN.sub(r"\\\1", text.text).replace("\n", "\n\n")
        mark = " [1]" if cited and text.role == "answer" else ""
        paragraphs.append(f"_{escaped}_" if text.role == "note" else f"{escaped}{mark}")
    return "\n\n".join(paragraphs)


def plain(said: tuple[Text, ...]) -> str:
    """The words alone, for notifications."""
    return " ".join(text.text for text in said)


def _citation(number: int, source: Source) -> dict[str, Any]:
    appearance = {
        "@type": "DigitalDocument",
        "name": f"{source.document}, {source.locator}"[:MOST_NAME],
        "abstract": source.text[:MOST_ABSTRACT],
    }
    if source.url.startswith(("https://", "http://")):
        appearance["url"] = source.url
    return {"@type": "Claim", "position": number, "appearance": appearance}


def _sources(parts: tuple[Part, ...]) -> tuple[Source, ...]:
    return tuple(source for part in parts if isinstance(part, Sources) for source in part.sources)


def is_vote(part: Part) -> TypeGuard[Choices]:
    """Does the part ask whether an answer helped? Teams has its own buttons for that alone."""
    if not isinstance(part, Choices) or part.role != "feedback":
        return False
    return not part.interaction.startswith("letter:")


def _outlives_its_buttons(part: Part) -> bool:
    """Is the part shown with words that must not go when a button replaces the card?"""
    return isinstance(part, Sources) or (isinstance(part, Choices) and part.role == "feedback")


def _needs_card(rest: tuple[Part, ...]) -> bool:
    return any(isinstance(part, Choices | Form | File) for part in rest)
