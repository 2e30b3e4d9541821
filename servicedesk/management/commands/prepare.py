"""Everything a database needs before the desk serves, in one process: the launcher's shortest way to a ready desk."""

import os
from typing import Any

import dj_database_url
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from escalation.seed import seed_policies
from ledger import clock
from tickets.seed import seed_configuration


def become_app() -> None:
    """Go on as the app role: demonstration data must come in by the door the product uses."""
    app = dj_database_url.parse(os.environ["DATABASE_URL"])
    connection.close()
    for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME"):
        connection.settings_dict[name] = app[name]


class Command(BaseCommand):
    """`manage.py prepare`: migrate and grant as the owner; then, as the app, the shipped policies, calendars, priority
    matrix and playbooks, and in a demonstration its data."""

    help = "Migrate, grant, seed the shipped policies and (demo only) the demonstration data. May be repeated."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the steps in order; each may be repeated."""
        call_command("migrate", interactive=False, verbosity=0)
        call_command("grants")
        become_app()
        seed_configuration()
        seed_policies(at=clock.database_now())
        if settings.ENV == "demo":
            call_command("demo_data")
        self.stdout.write("Prepared.")
