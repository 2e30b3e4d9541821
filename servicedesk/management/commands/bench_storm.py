"""The storm benchmark: N timers due at one instant, real engine processes, figures from rows only."""

import json
import os
import subprocess
import sys
import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from ledger import clock
from servicedesk.management.storm import figures, fill

LEAD = timedelta(seconds=6)


class Command(BaseCommand):
    help = "Fires a storm in a database of its own and prints lateness, rate, losses and doubles."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--armed", type=int, default=10_000, help="armed timers in all")
        parser.add_argument("--due", type=int, default=10_000, help="of them due at one instant")
        parser.add_argument("--engines", type=int, default=1)
        parser.add_argument("--limit", type=int, default=300, help="give up after so many seconds")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IS_PRODUCTION:
            raise CommandError("Refused in production: run it under DESK_ENV=test.")
        if options["due"] > options["armed"]:
            raise CommandError("--due cannot be more than --armed.")
        settings.DATABASES["default"]["TEST"]["NAME"] = f"bench_storm_{os.getpid()}"
        connection.settings_dict["TEST"]["NAME"] = f"bench_storm_{os.getpid()}"
        plain = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            seen = self._storm(options)
        finally:
            connection.creation.destroy_test_db(plain, verbosity=0)
        self._print(seen, as_json=options["json"])

    def _storm(self, options: dict[str, Any]) -> dict[str, Any]:
        due_at = fill(armed=options["armed"], due=options["due"], lead=LEAD)
        engines = [self._engine(number) for number in range(options["engines"])]
        try:
            self._until(f"SELECT 1 FROM esc_timer WHERE state='armed' AND due_at='{due_at.isoformat()}'", options)
            load, fired_at = os.getloadavg()[0], clock.real_now()
            self._until("SELECT 1 FROM esc_unsealed", options)
            sealing_s = (clock.real_now() - fired_at).total_seconds()
        finally:
            for engine in engines:
                engine.terminate()
            for engine in engines:
                engine.wait(timeout=20)
        seen = figures(due_at, options["due"])
        return {
            **seen, "armed": options["armed"], "engines": options["engines"], "load": load,
            "sealed_after_s": round(sealing_s, 1),
        }  # fmt: skip

    def _until(self, some: str, options: dict[str, Any]) -> None:
        """Wait until the query finds nothing, or the limit is over."""
        began = time.monotonic()
        while time.monotonic() - began < options["limit"]:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT EXISTS ({some})")
                if not cursor.fetchone()[0]:
                    return
            time.sleep(0.25)

    def _engine(self, number: int) -> subprocess.Popen:
        name = connection.settings_dict["NAME"]
        base = connection.settings_dict
        url = f"postgres://{base['USER']}:{base['PASSWORD']}@{base['HOST']}:{base['PORT']}/{name}"
        environment = {
            **os.environ,
            "DATABASE_URL": url,
            "DATABASE_OWNER_URL": url,
            "DESK_APP": f"bench-engine-{number}",
        }
        command = [sys.executable, "manage.py", "escalation_engine", "--no-send", "--id", f"bench-{number}"]
        return subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL)

    def _print(self, seen: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(seen))
            return
        for name, value in seen.items():
            self.stdout.write(f"{name:32} {value}")
