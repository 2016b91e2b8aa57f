"""Socket Mode: Slack's events over a connection we open; acknowledged after the commit."""

from __future__ import annotations

from threading import Event

import structlog
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web import WebClient

from bot.channels.connections import Delivery, Response, Unreadable
from bot.channels.slack.client import API, SECONDS
from bot.channels.slack.reading import Reader
from bot.errors import Busy
from bot.messages import Reply
from bot.port import App
from storage.errors import StorageError

log = structlog.get_logger()


class SocketMode:
    """Listens until told to stop; the library reconnects by itself."""

    def __init__(self, app: App, reader: Reader, app_token: str, api_url: str = API) -> None:
        self._app = app
        self._reader = reader
        self._app_token = app_token
        self._api_url = api_url

    def run(self, stopping: Event) -> None:
        """Holds the connection; raises what the library raises when there is none to be had."""
        web = WebClient(base_url=self._api_url, timeout=SECONDS)
        client = SocketModeClient(self._app_token, web_client=web)
        client.socket_mode_request_listeners.append(self.take)
        try:
            client.connect()
            stopping.wait()
        finally:
            client.close()

    def take(self, client: BaseSocketModeClient, request: SocketModeRequest) -> None:
        """One envelope. Without an acknowledgement Slack sends an event once more."""
        try:
            response = self._turn(self._reader.read(request.payload))
        except Unreadable as error:
            # Acknowledged, or it would come again for ever.
            log.error("slack envelope parked", kind=request.type, reason=str(error))
            response = Response()
        except (Busy, StorageError) as error:
            log.error("slack envelope put off", error=type(error).__name__)
            return
        body = response.body or None
        client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload=body))

    def _turn(self, delivery: Delivery) -> Response:
        delivery.prepare()
        if delivery.envelope is None:
            return delivery.answer(Reply(()))
        return delivery.answer(self._app.receive(delivery.envelope))
