"""The storm benchmark: N timers due at one instant, real engine processes, figures from rows only."""

import json
import os
import statistics
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from bench import floor, storm, storm_web
from servicedesk.management.commands.bench_callers import scratch
from servicedesk.management.commands.bench_desk import become_owner
from servicedesk.management.storm import fill, make_due

CHAT = "json://127.0.0.1:9"
FAR = timedelta(days=1)
SINGLE_SHOTS = 20
COPIES_FILES = 150_000
# figure → what it must not pass, by how many are due
TARGETS = {
    1: {"lateness_p99_s": 0.05},
    10_000: {"lateness_p99_s": 1.0, "lateness_max_s": 1.5, "web_p95_ms": 300},
    100_000: {"lateness_p99_s": 8.0},
    1_000_000: {"drained_s": 150.0},
}
ALWAYS = {"lost": 0, "doubled": 0, "early": 0, "deadlocks": 0, "idle_tick_p50_ms": 1.0}


class Command(BaseCommand):
    """`manage.py bench_storm --armed 10000 --due 10000 [--runs 5] [--engines 2] [--web] [--json]`; 1 on a miss."""

    help = "Fires a storm in a database of its own and prints lateness, rate, losses and doubles beside raw SQL."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How many timers, how many at once, how often, how many engines, whether people use the desk meanwhile."""
        parser.add_argument("--armed", type=int, default=10_000, help="armed timers in all")
        parser.add_argument(
            "--due", type=int, default=10_000, help="of them due at one instant; 1 = twenty single ones"
        )
        parser.add_argument("--engines", type=int, default=2)
        parser.add_argument("--runs", type=int, default=1, help="each on a fresh copy; median and worst are told")
        parser.add_argument("--limit", type=int, default=400, help="give up after so many seconds")
        parser.add_argument("--web", action="store_true", help="people use the web processes during the storm")
        parser.add_argument("--no-floor", action="store_true", help="leave out the raw SQL beside it")
        parser.add_argument("--json", action="store_true", help="one JSON line a run, and one for all of them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill once, run on copies, print; exit 1 when the median misses a target."""
        if settings.IS_PRODUCTION:
            raise CommandError("Refused in production: run it under DESK_ENV=test.")
        if options["due"] > options["armed"]:
            raise CommandError("--due cannot be more than --armed.")
        become_owner()
        with scratch(f"bench_storm_{os.getpid()}"):
            fill(armed=options["armed"], due=0, lead=FAR, chat=CHAT)
            raw = None if options["no_floor"] else self._floor(options)
            seen = []
            for _n in range(options["runs"]):
                with copy(f"bench_storm_run_{os.getpid()}"):
                    seen.append({**self._storm(options), **(raw or {})})
                self._print(seen[-1], as_json=options["json"])
        said = summary(seen)
        self._print(said, as_json=options["json"])
        missed = misses(said, options["due"])
        if missed:
            raise CommandError(f"Missed: {', '.join(missed)}")

    def _storm(self, options: dict[str, Any]) -> dict[str, Any]:
        due, armed = options["due"], options["armed"]
        idle = storm.idle_ms()
        if due == 1:
            found = storm.single(SINGLE_SHOTS, many=options["engines"])
        elif options["web"]:
            with storm_web.people() as crowd:
                found = storm.run(due, many=options["engines"], limit_s=options["limit"])
                found |= crowd.figures(datetime.fromisoformat(found["due_at"]))
        else:
            found = storm.run(due, many=options["engines"], limit_s=options["limit"])
        return {"armed": armed, **found, **idle}

    def _floor(self, options: dict[str, Any]) -> dict[str, Any]:
        """The same work as one raw SQL statement on a copy of the rows."""
        with copy(f"bench_storm_raw_{os.getpid()}"):
            make_due(options["due"], timedelta())
            raw = floor.fire_raw()
        used = None if raw.processor_s is None else round(raw.processor_s / raw.fired * 1e6)
        return {"raw_s": round(raw.seconds, 3), "raw_us": used}

    def _print(self, seen: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(seen))
            return
        for name, value in seen.items():
            self.stdout.write(f"{name:32} {value}")
        self.stdout.write("")


@contextmanager
def copy(name: str) -> Iterator[None]:
    """Work on a copy of the present database, dropped in the end."""
    home = connection.settings_dict["NAME"]
    newer: bool = connection.pg_version >= COPIES_FILES  # type: ignore[attr-defined]
    how = "STRATEGY file_copy" if newer else ""  # not every page through the log
    _ask("postgres", f'CREATE DATABASE "{name}" TEMPLATE "{home}" {how}')
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        _ask("postgres", f'DROP DATABASE "{name}" WITH (FORCE)')
        connection.settings_dict["NAME"] = home


def _ask(database: str, query: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = database
    with connection.cursor() as cursor:
        cursor.execute(query)
    connection.close()


def summary(seen: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the median of every figure over the runs, and the worst of those with a target."""
    said: dict[str, Any] = {"runs": len(seen)}
    for name, first in seen[0].items():
        values = [one[name] for one in seen if one[name] is not None]
        numbers = values and not isinstance(first, str)
        said[name] = round(statistics.median(values), 3) if numbers else first
        if numbers and len(seen) > 1 and name in {*ALWAYS, "lateness_p99_s", "lateness_max_s", "drained_s"}:
            said[f"worst_{name}"] = max(values)
    if said.get("raw_s") and said.get("drained_s"):
        said["ratio"] = round(said["drained_s"] / said["raw_s"], 2)
    if said.get("raw_us") and said.get("server_us") is not None:
        said["processor_ratio"] = round((said["engine_us"] + said["server_us"]) / said["raw_us"], 2)
    return said


def misses(said: dict[str, Any], due: int) -> list[str]:
    """Return the figures beyond their targets."""
    limits = {**ALWAYS, **TARGETS.get(due, {})}
    return [f"{name} {said[name]} > {limit}" for name, limit in limits.items() if said.get(name, 0) > limit]
