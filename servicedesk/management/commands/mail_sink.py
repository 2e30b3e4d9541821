"""The demonstration's mail server: it delivers nothing and keeps every message as a file."""

import logging
import signal
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from uuid_utils.compat import uuid7


class Keep:
    """Writes each message into `folder` as <UUIDv7>.eml, so that names sort by time; whole or not at all."""

    def __init__(self, folder: Path) -> None:
        """Make the folder."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep one message as it came, under two lines that say whom the envelope named."""
        lines = f"X-Envelope-From: <{envelope.mail_from or ''}>\r\nX-Envelope-To: {', '.join(envelope.rcpt_tos)}\r\n"
        name = str(uuid7())
        draft = self.folder / f".{name}"
        draft.write_bytes(lines.encode() + (envelope.original_content or b""))
        draft.rename(self.folder / f"{name}.eml")
        return "250 Kept, not delivered"


class Command(BaseCommand):
    """`manage.py mail_sink --port N`, on the loopback address only."""

    help = "Take mail on the loopback address and keep it as files in mail/ of the data folder. Demo and test only."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the port."""
        parser.add_argument("--port", type=int, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Listen until terminated."""
        if settings.IS_PRODUCTION:
            raise CommandError("The mail sink delivers nothing: it runs only with DESK_ENV=demo or test.")
        logging.getLogger("mail.log").setLevel(logging.WARNING)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
        sink = Controller(Keep(settings.DATA_DIR / "mail"), hostname="127.0.0.1", port=options["port"])
        sink.start()
        self.stdout.write(f"Keeping mail sent to port {options['port']}.")
        signal.sigwait({signal.SIGTERM, signal.SIGINT})
        sink.stop()
