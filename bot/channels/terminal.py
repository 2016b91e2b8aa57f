"""The terminal: a conversation over plain lines, by a person or through a pipe."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from shutil import get_terminal_size
from typing import Any, TextIO
from uuid import uuid4

import structlog

from bot.channels.cleaning import clean, printable
from bot.channels.form_filling import FormFilling
from bot.channels.plain_text import Screen, to_screen
from bot.errors import Busy
from bot.files.attachments import LARGEST_FILE
from bot.messages import (
    Command,
    Content,
    ConversationKey,
    Envelope,
    Language,
    Opened,
    Said,
    Uploaded,
)
from bot.port import App, Turn
from storage.errors import StorageError

log = structlog.get_logger()

KEY = ConversationKey("terminal", "", "terminal", "", "local")
#: Turns looked through for news.
NEWS = 20
#: UTF-8 bytes of one message; the same cap as the web's.
LARGEST_MESSAGE = 256 * 1024
#: Command that sends a file of this machine.
ATTACH = "/bifoga "
QUIT = ("/avsluta", "/quit", "/exit")


@dataclass(slots=True)
class Console:
    """The two streams and how wide the reader's window is."""

    stdin: TextIO
    stdout: TextIO
    #: Is a person typing? A pipe gets neither prompts nor wrapping.
    interactive: bool
    width: int

    def read(self, prompt: str) -> str | None:
        """The next line; None at the end. Bytes that are no UTF-8 raise ``UnicodeDecodeError``."""
        if self.interactive:
            return self._ask(prompt)
        source = getattr(self.stdin, "buffer", None)
        line = source.readline().decode("utf-8") if source else self.stdin.readline()
        return line.rstrip("\r\n") if line else None

    def _ask(self, prompt: str) -> str | None:
        try:
            return input(prompt)
        except EOFError:
            return None

    def write(self, paragraphs: list[str]) -> None:
        """Show the blocks with an empty line after each, without anything a terminal obeys."""
        for paragraph in paragraphs:
            lines = printable(paragraph).split("\n")
            self.stdout.write("\n".join(self._wrapped(line) for line in lines) + "\n\n")
        self.stdout.flush()

    def _wrapped(self, line: str) -> str:
        if not self.interactive or len(line) <= self.width:
            return line
        return textwrap.fill(
            line, self.width, break_long_words=False, break_on_hyphens=False, subsequent_indent="  "
        )


@dataclass(slots=True)
class Terminal:
    """One conversation; remembers only what stands on the screen."""

    app: App
    console: Console
    key: ConversationKey = KEY
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    new_id: Callable[[], str] = lambda: uuid4().hex
    folder: Path = field(default_factory=Path)
    language: Language = "sv"
    screen: Screen = field(default_factory=Screen)
    filling: FormFilling | None = None
    #: Number of the last turn looked at for what came by itself.
    seen: int = 0

    def words(self, key: str, **values: Any) -> str:
        """The terminal's own text in the language of the conversation."""
        return self.app.texts.render(f"terminal.{key}", self.language, **values)

    def run(self) -> None:
        """Talk until the input ends, the person leaves or presses Ctrl-C."""
        if self.console.interactive:
            self.seen = max((turn.number for turn in self._latest() if turn.said), default=0)
            self._deliver(Opened())
            self.console.write([self.words("start")])
        for line in self._lines():
            self.take(line)

    def _lines(self) -> Iterator[str]:
        while True:
            if self.console.interactive and self.filling is None:
                self.show_news()
            try:
                line = self.console.read(self.words("prompt"))
            except UnicodeDecodeError:
                self.console.write([self.words("unreadable")])
                continue
            if line is None or line.strip().casefold() in QUIT:
                return
            yield line

    def take(self, line: str) -> None:
        """Handle one line as the person typed it."""
        if len(line.encode("utf-8", "surrogatepass")) > LARGEST_MESSAGE:
            self.console.write([self.words("too_long")])
            return
        text = clean(line)
        if self.filling:
            self._fill(text)
        elif text.casefold().startswith("fil ") and text[4:].strip() in self.screen.files:
            self._save_file(text[4:].strip())
        elif text.casefold().startswith(ATTACH):
            self._attach(text[len(ATTACH) :].strip().strip("\"'"))
        elif text:
            self._deliver(self._content(text))

    def show_news(self) -> None:
        """What came by itself, such as an answer from the support function."""
        for turn in self._latest():
            by_itself = not turn.said and turn.reply.facts.get("outcome") == "letter"
            if by_itself and turn.number > self.seen:
                self._show(to_screen(turn.reply, self.words))
            self.seen = max(self.seen, turn.number)

    def _latest(self) -> tuple[Turn, ...]:
        try:
            return self.app.turns(self.key, NEWS)
        except (Busy, StorageError):
            return ()

    def _attach(self, name: str) -> None:
        path = Path(name).expanduser()
        try:
            # One byte past the limit is enough to see that it is too large.
            with path.open("rb") as file:
                content = file.read(LARGEST_FILE + 1)
        except OSError:
            self.console.write([self.words("file_unreadable", name=name)])
        else:
            self._deliver(Uploaded(path.name, content))

    def _content(self, text: str) -> Content:
        mark = text.casefold().removesuffix(")")
        if mark in self.screen.picks:
            return self.screen.picks[mark]
        if text.startswith("/"):
            name, _, argument = text[1:].partition(" ")
            return Command(name, argument.strip())
        return Said(text)

    def _fill(self, text: str) -> None:
        assert self.filling is not None
        said, done = self.filling.take(text)
        if done or self.filling.cancelled:
            self.filling = None
        self.console.write(said)
        if done:
            self._deliver(done)

    def _deliver(self, content: Content) -> None:
        envelope = Envelope(self.key, self.new_id(), self.now(), content)
        try:
            reply = self.app.receive(envelope)
        except Busy:
            self.console.write([self.words("busy")])
        except StorageError:
            self.console.write([self.words("storage")])
        except Exception as error:
            # No traceback: it could show what was written, and the talk can go on.
            log.error("terminal fault", error=type(error).__name__)
            self.console.write([self.words("fault")])
        else:
            self.language = reply.language
            self._show(to_screen(reply, self.words))

    def _show(self, screen: Screen) -> None:
        self.screen = screen
        self.console.write(screen.paragraphs)
        if screen.form:
            self.filling = FormFilling(screen.form, self.words)
            self.console.write(self.filling.question())

    def _save_file(self, mark: str) -> None:
        opened = self.app.open_file(self.screen.files[mark].reference, self.key)
        if opened is None:
            self.console.write([self.words("file_missing")])
            return
        try:
            name = _save(self.folder, Path(opened.name).name, opened.content)
        except OSError:
            self.console.write([self.words("file_unwritable")])
        else:
            self.console.write([self.words("file_saved", name=name)])


def _save(folder: Path, name: str, content: bytes) -> str:
    """Writes under a name no file has yet, and returns it."""
    path = folder / name
    for number in range(1, 1000):
        try:
            with path.open("xb") as file:
                file.write(content)
        except FileExistsError:
            path = (folder / name).with_stem(f"{Path(name).stem}-{number}")
        else:
            return path.name
    raise FileExistsError(name)


def run_terminal(
    app: App,
    stdin: TextIO,
    stdout: TextIO,
    *,
    interactive: bool | None = None,
    width: int | None = None,
) -> int:
    """Talk over the streams until they end; returns the exit code of the command.

    A pipe (``stdin`` is no terminal) is read one message a line, in UTF-8.
    """
    typing = stdin.isatty() if interactive is None else interactive
    columns = width or max(40, min(get_terminal_size().columns - 1, 100))
    _forgive_encoding(stdout)
    terminal = Terminal(app, Console(stdin, stdout, typing, columns))
    try:
        terminal.run()
        if typing:
            terminal.console.write([terminal.words("bye")])
    except KeyboardInterrupt:
        terminal.console.write(["", terminal.words("bye")])
    except BrokenPipeError:
        # The reader is gone; without this Python would complain again while closing stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stdout.fileno())
    return 0


def _forgive_encoding(stdout: TextIO) -> None:
    """A window that cannot show a letter shows a question mark instead of stopping."""
    reconfigure = getattr(stdout, "reconfigure", None)
    if reconfigure:
        reconfigure(errors="replace")
