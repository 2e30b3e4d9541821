"""E-mail over SMTP (`settings.EMAIL_URL`), through Django's EmailMultiAlternatives."""

import contextlib
import smtplib
import socket
from email.errors import MessageError
from email.headerregistry import Address
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from channels.failures import SendFailed
from channels.outbound.letter import Letter

BACKEND = "django.core.mail.backends.smtp.EmailBackend"
PORTS = {"smtp": 25, "smtps": 465, "smtp+tls": 587}


def options(url: str) -> dict[str, Any]:
    """Return the SMTP backend's arguments for smtp://, smtp+tls:// (STARTTLS) or smtps:// user:password@host:port.

    Raises ValueError for any other scheme or a missing host.
    """
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("EMAIL_URL must be smtp://, smtp+tls:// or smtps:// with a host")
    asked = parse_qs(parts.query)
    return {
        "host": parts.hostname,
        "port": parts.port or PORTS[parts.scheme],
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_ssl": parts.scheme == "smtps",
        "use_tls": parts.scheme == "smtp+tls" or asked.get("tls") == ["1"],
        "timeout": settings.EMAIL_TIMEOUT,
    }


def mailbox(name: str, address: str) -> str:
    """Return `"Name" <address>` that can never become two receivers. Raises SendFailed(final) for a bad address."""
    try:
        clean = " ".join(name.split())
        return str(Address(display_name=clean, addr_spec=address.strip())) if clean else _bare(address)
    except (ValueError, IndexError, MessageError) as error:
        raise SendFailed(f"bad address: {error}"[:300], final=True) from error


def _bare(address: str) -> str:
    return Address(addr_spec=address.strip()).addr_spec


class Mailer:
    """One SMTP connection, opened at the first letter and kept for the batch. Not shared between threads."""

    def __init__(self) -> None:
        self._connection: Any = None

    def send(self, letter: Letter) -> str:
        """Hand one letter over; returns the reference kept with the attempt.

        Raises SendFailed: final for a permanent answer (5xx) about this letter, else for a fault that may pass.
        """
        message = mime(letter)
        try:
            if self._connection is None:
                self._connection = get_connection(BACKEND, fail_silently=False, **options(settings.EMAIL_URL))
                self._connection.open()
            message.connection = self._connection
            message.send()
        except (smtplib.SMTPException, OSError, ValueError) as error:
            self.close()
            raise SendFailed(_said(error), final=_is_final(error)) from error
        return letter.message_id

    def abort(self) -> None:
        """Cut the line from another thread: what waits on it fails at once."""
        held = getattr(self._connection, "connection", None)
        sock = getattr(held, "sock", None)
        if sock is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End the connection; one that is already gone is no trouble."""
        gone, self._connection = self._connection, None
        if gone is not None:
            with contextlib.suppress(Exception):
                gone.close()


def mime(letter: Letter) -> EmailMultiAlternatives:
    """Return the letter as Django sends it, with the headers that stop loops. Raises SendFailed for a bad address."""
    headers = {
        "Message-ID": letter.message_id,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if letter.references:
        headers["References"] = letter.references
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=mailbox(settings.OPERATOR_NAME, settings.DEFAULT_FROM_EMAIL),
        to=[mailbox(letter.to.name, letter.to.address)],
        reply_to=[settings.DEFAULT_FROM_EMAIL],
        headers=headers,
    )
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    for paper in letter.papers:
        message.attach(paper.name, paper.body, paper.kind)
    return message


def _is_final(error: Exception) -> bool:
    """A 5xx about the receiver, the sender or the text is final; wrong credentials and lost lines are not."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    if isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError | smtplib.SMTPHeloError):
        return False
    return isinstance(error, smtplib.SMTPDataError | smtplib.SMTPSenderRefused) and error.smtp_code >= 500


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {text!r}" for code, text in error.recipients.values())[:500]
    return f"{type(error).__name__}: {error}"[:500]
