"""The demonstration world (decisions 5)."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ledger import clock
from servicedesk.demo import sheet, world
from tickets.models import Ticket


class Command(BaseCommand):
    """`manage.py demo_data`: load the demonstration once; refused in production."""

    help = "Load the demonstration centre, its customers and tickets. Does nothing where they are there already."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, write the sign-ins for the launcher, say what was done."""
        if settings.ENV not in {"demo", "test"}:
            raise CommandError("Demonstration data is refused outside DESK_ENV=demo and test.")
        if world.is_there():
            sheet.write_sign_ins()
            self.stdout.write("The demonstration data is there.")
            return
        began = time.monotonic()
        fired = world.build(clock.now())
        sheet.write_sign_ins()
        took = time.monotonic() - began
        self.stdout.write(f"Demonstration data: {Ticket.objects.count()} tickets, {fired} timers fired, {took:.1f} s.")
