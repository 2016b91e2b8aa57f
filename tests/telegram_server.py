"""An API server of Telegram's for tests: strict where the real one is, and it remembers.

python-telegram-bot parses every answer, so the wire format is checked by somebody else.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

TOKEN = "4711:" + "x" * 35
BOT = {"id": 4711, "is_bot": True, "first_name": "Hänsyn", "username": "hansyn_bot"}
TAGS = {"b", "i", "u", "s", "a", "code", "pre", "blockquote"}
Answer = tuple[int, dict[str, Any]]


@dataclass
class TelegramServer:
    """What was sent, what is to be fetched, and what fails next."""

    url: str = ""
    #: Every message sent: chat, text as people see it, keyboard rows of (label, data).
    messages: list[dict[str, Any]] = field(default_factory=list)
    documents: list[tuple[str, bytes]] = field(default_factory=list)
    #: The chat each of them went to.
    document_chats: list[int] = field(default_factory=list)
    #: Updates not yet confirmed by an offset.
    updates: list[dict[str, Any]] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    #: Answers given instead of the real ones, in order.
    faults: list[Answer] = field(default_factory=list)
    webhook: str = ""
    secret: str = ""

    def answer(self, method: str, fields: dict[str, Any]) -> Answer:
        if self.faults:
            return self.faults.pop(0)
        handle = getattr(self, f"on_{method.lower()}", None)
        if handle is None:
            return 404, {"ok": False, "error_code": 404, "description": "Not Found"}
        return handle(fields)  # type: ignore[no-any-return]

    def on_getme(self, fields: dict[str, Any]) -> Answer:
        return good(BOT)

    def on_getwebhookinfo(self, fields: dict[str, Any]) -> Answer:
        info = {"url": self.webhook, "has_custom_certificate": False, "pending_update_count": 0}
        return good(info)

    def on_setwebhook(self, fields: dict[str, Any]) -> Answer:
        self.webhook, self.secret = fields["url"], fields["secret_token"]
        return good(True)

    def on_deletewebhook(self, fields: dict[str, Any]) -> Answer:
        self.webhook = ""
        return good(True)

    def on_getupdates(self, fields: dict[str, Any]) -> Answer:
        offset = int(fields.get("offset", 0))
        self.offsets.append(offset)
        self.updates = [each for each in self.updates if each["update_id"] >= offset]
        if not self.updates:
            time.sleep(0.02)
        return good(self.updates[:100])

    def on_answercallbackquery(self, fields: dict[str, Any]) -> Answer:
        return good(True)

    def on_sendmessage(self, fields: dict[str, Any]) -> Answer:
        shown = Seen()
        if fields.get("parse_mode") == "HTML":
            shown.feed(fields["text"])
            if shown.faults or shown.open:
                return bad("Bad Request: can't parse entities")
            text = "".join(shown.text)
        else:
            text = fields["text"]
        if not 0 < len(text.encode("utf-16-le")) // 2 <= 4096:
            return bad("Bad Request: message is too long")
        markup = json.loads(fields.get("reply_markup") or '{"inline_keyboard": []}')
        rows = markup["inline_keyboard"]
        buttons = [button for row in rows for button in row]
        if any(not 1 <= len(button["callback_data"].encode()) <= 64 for button in buttons):
            return bad("Bad Request: BUTTON_DATA_INVALID")
        named = {button["text"]: button["callback_data"] for button in buttons}
        place = {"id": len(self.messages) + 1, "chat": int(fields["chat_id"])}
        message = {**place, "text": text, "buttons": named}
        self.messages.append(message)
        return good(self.wire(message))

    def on_editmessagereplymarkup(self, fields: dict[str, Any]) -> Answer:
        message = self.messages[int(fields["message_id"]) - 1]
        message["buttons"] = {}
        return good(self.wire(message))

    def on_senddocument(self, fields: dict[str, Any]) -> Answer:
        self.documents.append(fields["document"])
        self.document_chats.append(int(fields["chat_id"]))
        message = {"id": len(self.messages) + 1, "chat": int(fields["chat_id"]), "text": ""}
        return good(self.wire(message))

    @staticmethod
    def wire(message: dict[str, Any]) -> dict[str, Any]:
        chat = {"id": message["chat"], "type": "private"}
        return {"message_id": message["id"], "date": 1, "chat": chat, "text": message["text"]}


def good(result: Any) -> Answer:
    return 200, {"ok": True, "result": result}


def bad(description: str) -> Answer:
    return 400, {"ok": False, "error_code": 400, "description": description}


class Seen(HTMLParser):
    """Text as people see it; notes tags Telegram would refuse."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.open: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        if tag not in TAGS:
            self.faults.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _fields(body: bytes, kind: str) -> dict[str, Any]:
    if kind.startswith("multipart/"):
        parsed: Message = BytesParser(policy=HTTP).parsebytes(
            f"Content-Type: {kind}\r\n\r\n".encode() + body
        )
        found: dict[str, Any] = {}
        for part in parsed.get_payload():
            name, file = part.get_param("name", header="content-disposition"), part.get_filename()
            content = part.get_payload(decode=True)
            found[name] = (file, content) if file else content.decode()
        return found
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


@contextmanager
def telegram_server() -> Iterator[TelegramServer]:
    """The server on a loopback port."""
    state = TelegramServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            token, _, method = self.path.removeprefix("/bot").partition("/")
            fields = _fields(body, self.headers.get("content-type", ""))
            status, answer = (
                state.answer(method, fields) if token == TOKEN else (401, {"ok": False})
            )
            content = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: object) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
