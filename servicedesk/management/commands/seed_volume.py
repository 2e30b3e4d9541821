"""Fill a database of its own with a million tickets (decisions 7)."""

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from bench.volume import Size, fill
from ledger.apart import set_apart
from servicedesk.demo.replay.database import Neighbour

FULL = Size()
NOTES_A_TICKET = range(1, 101)
CONTACTS = 200


class Command(BaseCommand):
    """`manage.py seed_volume [--tickets N] [--notes N] [--contacts N] [--live N] [--keep] [--remove]`."""

    help = "Fill a database of its own with many tickets, notes and contacts; refused in production."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many of each, and whether the database stays."""
        parser.add_argument("--tickets", type=int, default=FULL.tickets)
        parser.add_argument("--notes", type=int, default=FULL.notes)
        parser.add_argument("--contacts", type=int, default=FULL.contacts)
        parser.add_argument("--live", type=int, default=5, help="tickets made by commands for each of thirty agents")
        parser.add_argument("--keep", action="store_true", help="keep the database; print how to reach it")
        parser.add_argument("--remove", action="store_true", help="only drop one that was kept")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make, mark, fill, count; drop unless it is kept."""
        if settings.ENV not in {"demo", "test"}:
            raise CommandError("A bulk is refused outside DESK_ENV=demo and test.")
        size = Size(tickets=options["tickets"], notes=options["notes"], contacts=options["contacts"])
        if size.tickets < 20 or size.contacts < CONTACTS or size.notes // size.tickets not in NOTES_A_TICKET:
            raise CommandError("Give at least 20 tickets and 200 contacts, and 1 to 100 notes a ticket.")
        neighbour = Neighbour("volume")
        name = neighbour.name(0)
        if options["remove"]:
            neighbour.drop(name)
            self.stdout.write(f"{name} is gone.")
            return
        neighbour.make(name)
        try:
            self._fill(neighbour, name, size, options["live"])
        finally:
            home = neighbour.settings["NAME"]
            connection.close()
            connection.settings_dict["NAME"] = home
            if not options["keep"]:
                neighbour.drop(name)

    def _fill(self, neighbour: Neighbour, name: str, size: Size, live: int) -> None:
        began = time.monotonic()
        connection.close()
        held = {key: neighbour.settings[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
        connection.settings_dict.update({**held, "NAME": name})
        set_apart("volume")
        call_command("migrate", interactive=False, verbosity=0)
        fill(size, live=live, say=self.stdout.write)
        self.stdout.write(f"{name}: {', '.join(_counted())} in {time.monotonic() - began:.0f} s")


def _counted() -> list[str]:
    """What stands there, from the rows."""
    found = []
    with connection.cursor() as cursor:
        for word, table in (
            ("tickets", "tickets_ticket"), ("notes", "tickets_note"), ("facts", "ledger_entry"),
            ("contacts", "accounts_contact"),
        ):  # fmt: skip
            cursor.execute(f"SELECT count(*) FROM {table}")
            found.append(f"{cursor.fetchone()[0]:,} {word}")
        cursor.execute("SELECT pg_size_pretty(pg_database_size(current_database()))")
        return [*found, cursor.fetchone()[0]]
