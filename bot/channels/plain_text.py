"""A reply as plain text with marked options, for channels that show nothing but text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from string import ascii_lowercase
from typing import Any

from bot.messages import (
    Choices,
    Chose,
    ConversationKey,
    File,
    Form,
    Language,
    Option,
    Reply,
    Source,
    Sources,
    Text,
)
from bot.port import App

#: (key, values) -> sentence in the reader's language.
Words = Callable[..., str]


@dataclass(slots=True)
class Screen:
    """What a reply looks like in a terminal, and what can be picked on it."""

    #: One block of text each, to be shown with an empty line between.
    paragraphs: list[str] = field(default_factory=list)
    #: "1" or "a", or an option's label in lower case -> the button it stands for.
    picks: dict[str, Chose] = field(default_factory=dict)
    #: "1", "2" ... -> the file offered under it.
    files: dict[str, File] = field(default_factory=dict)
    #: The form to fill in, if there is one.
    form: Form | None = None


def to_screen(reply: Reply, words: Words) -> Screen:
    """Lays out the reply; dialog options get numbers, offers and feedback get letters.

    Two series, because a bare number must go on meaning the answer to the question asked.
    """
    screen = Screen()
    letters = iter(ascii_lowercase)
    for part in reply.parts:
        match part:
            case Text():
                screen.paragraphs.append(part.text)
            case Sources():
                screen.paragraphs.extend(_sources(part, words))
            case Choices():
                marks = _numbers() if part.role == "dialog" else letters
                _add_choices(screen, part, marks, words)
            case File():
                _add_file(screen, part, words)
            case Form():
                screen.form = part
                screen.paragraphs.append(part.title)
    return screen


def _numbers() -> Iterator[str]:
    number = 1
    while True:
        yield str(number)
        number += 1


def _add_choices(screen: Screen, choices: Choices, marks: Iterator[str], words: Words) -> None:
    lines = [choices.prompt] if choices.prompt else []
    for option, mark in zip(choices.options, marks, strict=False):
        pressed = Chose(choices.interaction, option.value)
        screen.picks[mark] = pressed
        screen.picks[option.label.casefold()] = pressed
        lines.append(option_line(mark, option, words))
    screen.paragraphs.append("\n".join(lines))


def option_line(mark: str, option: Option, words: Words) -> str:
    """One option as people see it: "1) Ja"."""
    return words("option_label", mark=mark, label=option.label)


def _add_file(screen: Screen, file: File, words: Words) -> None:
    mark = str(len(screen.files) + 1)
    screen.files[mark] = file
    screen.paragraphs.append(words("file", mark=mark, label=file.label, name=file.name))


def _sources(part: Sources, words: Words) -> Iterator[str]:
    if not part.sources:
        return
    yield _source(part.sources[0], words)
    if len(part.sources) > 1:
        lines = [f"- {_heading(source, words)} {source.url}".strip() for source in part.sources[1:]]
        yield "\n".join([words("further"), *lines])


def _source(source: Source, words: Words) -> str:
    lines = [words("about", about=source.about)] if source.about else []
    lines += [f"”{source.text}”", f"– {_heading(source, words)}", source.url, source.note]
    if source.twins:
        lines.append(words("twins", twins=", ".join(source.twins)))
    return "\n".join(line for line in lines if line)


def _heading(source: Source, words: Words) -> str:
    return f"{place_of(source)} ({date_of(source, words)})"


def place_of(source: Source) -> str:
    """Where a quote stands: the document, and the place in it unless that is the whole."""
    named = () if source.locator == source.document else (source.locator,)
    return ", ".join((source.document, *named))


def date_of(source: Source, words: Words) -> str:
    """The date of the document, or that it has none."""
    dated = source.date[:1].isdigit()
    return words("dated", date=source.date) if dated else words("undated")


def words_of(app: App, channel: str, language: Language) -> Words:
    """The channel's own sentences."""

    def words(key: str, **values: Any) -> str:
        return app.texts.render(f"{channel}.{key}", language, **values)

    return words


def words_for(app: App, key: ConversationKey, locale: Callable[[], str]) -> Words:
    """The channel's own sentences for somebody, in the language they are answered in.

    Whoever has no answer yet is met in the language of their platform, such as "en-GB".
    """
    turns = app.turns(key, 1)
    if turns:
        return words_of(app, key.channel, turns[-1].reply.language)
    return words_of(app, key.channel, "en" if locale().lower().startswith("en") else "sv")
