"""Alerts by e-mail (SMTP, RFC 5321); one message per outbox row, recognisable when repeated."""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import format_datetime

from bot.outbox import Refused, Unreachable
from bot.settings import Settings
from bot.texts import Texts
from storage.model import OutboxRow

TIMEOUT_SECONDS = 15.0


class MailSender:
    """Sends alerts to the address after "mail:" in a row's destination."""

    def __init__(self, configured: Callable[[], Settings], texts: Texts) -> None:
        self._configured = configured
        self._texts = texts

    def send(self, row: OutboxRow) -> None:
        """Returns when the mail server has taken the message; raises ``Refused``, and
        ``Unreachable`` when the server takes none.
        """
        message = self.to_message(row)
        settings, sending = self._configured(), False
        try:
            with smtplib.SMTP(
                settings.smtp_host, settings.smtp_port, timeout=TIMEOUT_SECONDS
            ) as server:
                if settings.smtp_starttls:
                    server.starttls()
                if settings.smtp_user:
                    server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
                sending = True
                server.send_message(message)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
            raise Refused(type(error).__name__, sure=True) from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(type(error).__name__, sure=not sending) from error

    def to_message(self, row: OutboxRow) -> EmailMessage:
        """The mail; its Message-ID is the same every time, so that a repeat is seen as one."""
        settings = self._configured()
        values = {key: str(value) for key, value in row.payload.items()}
        message = EmailMessage()
        message["Message-ID"] = f"<{row.idem.replace(':', '.')}@hansyn.invalid>"
        message["Date"] = format_datetime(row.created_at)
        message["From"] = settings.smtp_from or settings.support_mailbox
        message["To"] = row.destination.removeprefix("mail:")
        # Own words may have line breaks, which no header has.
        message["Subject"] = " ".join(self._texts.render("alert.subject", "sv", **values).split())
        form = "alert.digest.body" if row.kind == "digest" else "alert.body"
        body = self._texts.render(form, "sv", **values)
        if row.repeated:
            body += "\n\n" + self._texts.render("alert.repeated", "sv", **values)
        message.set_content(body)
        return message
