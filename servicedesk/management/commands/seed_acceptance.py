"""One of everything, twice: what tests from outside and scanners work on."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ledger import clock
from servicedesk.demo.acceptance.document import document
from servicedesk.demo.acceptance.world import build


class Command(BaseCommand):
    """`manage.py seed_acceptance [--json]`: two organisations with every kind of object; refused in production."""

    help = "Load organisations A and B with one of everything; --json prints ids, sign-ins, passwords and tokens."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        """Add --json."""
        parser.add_argument("--json", action="store_true", help="print the whole document")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load once, then print what there is."""
        if settings.ENV not in {"demo", "test"}:
            raise CommandError("Acceptance data is refused outside DESK_ENV=demo and test.")
        made = build(clock.now())
        found = document()
        if options["json"]:
            self.stdout.write(json.dumps(found, indent=1))
            return
        counted = ", ".join(f"{key}: {len(org['tickets'])} tickets" for key, org in found["organisations"].items())
        self.stdout.write(f"The acceptance data is {'loaded' if made else 'there'}. {counted}.")
