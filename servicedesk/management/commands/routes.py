"""`manage.py routes [--json]`: every URL pattern, its methods, parameters and who may."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from servicedesk.web.routes import as_json, routes


class Command(BaseCommand):
    """Prints the routes as a table, or as JSON."""

    help = "List every URL pattern: name, methods, parameters, who may."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --json."""
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print them."""
        found = routes()
        if options["json"]:
            self.stdout.write(json.dumps([as_json(route) for route in found], indent=1))
            return
        for route in found:
            self.stdout.write(f"{','.join(route.methods):10} {route.pattern:60} {route.who or '?'}")
