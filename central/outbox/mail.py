"""E-mail by SMTP: SIGAP_SMTP_URL and its companions.

| variable | meaning | default |
|---|---|---|
| SIGAP_SMTP_URL | smtps://HOST (TLS), smtp+starttls://HOST, or smtp://HOST (loopback only) | none: no e-mail |
| SIGAP_SMTP_CA | PEM file of the authority of the server's certificate | the system's |
| SIGAP_SMTP_USER, SIGAP_SMTP_PASSWORD, …_FILE | login, where the server wants one | none |
| SIGAP_MAIL_FROM | the sender's address | sigap@ the machine's name |
"""

import os
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from urllib.parse import urlsplit

from central.outbox.carriers import Message, NotNow, Undeliverable
from central.security import secrets
from central.security.loopback import is_loopback

TIMEOUT_S = 20.0
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


class MailError(ValueError):
    """The mail server's settings do not hold; the text says what to change."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mail is handed in, and as whom."""

    scheme: str
    host: str
    port: int
    sender: str
    ca: str | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"

    def deliver(self, message: Message) -> None:
        """One connection a message: reminders are few.

        Raises:
            Undeliverable: the server refuses this recipient or this message for good.
            NotNow: it cannot be reached, is busy, or refuses us.
        """
        letter = self._letter(message)
        try:
            with self._connected() as server:
                server.send_message(letter)
        except smtplib.SMTPRecipientsRefused as error:
            code, reason = error.recipients[message.address]
            raise _refusal(code, reason) from error
        except smtplib.SMTPDataError as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPResponseException as error:  # our login or sender: settings, not the message
            raise NotNow(f"{self}: {error.smtp_code} {_text(error.smtp_error)}") from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotNow(f"{self}: {error}") from error

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context(cafile=self.ca)
        if self.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_S, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_S)
        try:
            if self.scheme == "smtp+starttls":
                server.starttls(context=context)  # raises when the server has none: never in the clear instead
            if self.user is not None:
                server.login(self.user, self.password or "")
        except BaseException:
            server.close()
            raise
        return server

    def _letter(self, message: Message) -> EmailMessage:
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = self.sender, message.address, message.content["subject"]
        letter["Date"] = formatdate(usegmt=True)
        letter["Message-ID"] = f"<{message.id}@{parseaddr(self.sender)[1].rpartition('@')[2]}>"
        letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
        for name, value in message.content.get("headers", {}).items():
            letter[name] = value
        letter.set_content(message.content["text"])
        return letter


def from_environment() -> MailServer | None:
    """Reads the variables above; None when no server is named.

    Raises:
        MailError: not a mail server's address, or plain SMTP to another machine.
    """
    url = os.environ.get("SIGAP_SMTP_URL")
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise MailError(f"SIGAP_SMTP_URL: expected smtps://HOST or smtp+starttls://HOST, got scheme {parts.scheme!r}")
    if parts.username or parts.password:
        raise MailError("SIGAP_SMTP_URL: no login in the address; use SIGAP_SMTP_USER and SIGAP_SMTP_PASSWORD_FILE")
    if parts.scheme == "smtp" and not is_loopback(parts.hostname):
        raise MailError(f"SIGAP_SMTP_URL: plain SMTP to {parts.hostname} can be read on the way; use smtps://")
    sender = os.environ.get("SIGAP_MAIL_FROM", f"sigap@{socket.getfqdn()}")
    if "@" not in parseaddr(sender)[1]:
        raise MailError(f"SIGAP_MAIL_FROM: {sender!r} is no address")
    return MailServer(
        scheme=parts.scheme,
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        sender=sender,
        ca=os.environ.get("SIGAP_SMTP_CA"),
        user=os.environ.get("SIGAP_SMTP_USER"),
        password=secrets.from_environment("SIGAP_SMTP_PASSWORD"),
    )


def _refusal(code: int, reason: bytes | str) -> Exception:
    kind = Undeliverable if 500 <= code < 600 else NotNow
    return kind(f"{code} {_text(reason)}")


def _text(reason: bytes | str) -> str:
    return reason.decode(errors="replace") if isinstance(reason, bytes) else reason
