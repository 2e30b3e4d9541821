"""The benchmarks of the desk: one JSON line per figure, then a table; each in a database of its own."""

import contextlib
import io
import json
import os
import re
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from typing import Any

import dj_database_url
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from bench import board as live_board
from bench import desk as desk_pages
from bench import lists, volume, web
from bench.report import Figure, machine, table
from bench.rows import Desk, fill
from servicedesk.demo.replay.database import Neighbour
from servicedesk.management.commands.bench_callers import scratch, visiting
from tickets.models import Ticket

NAMES = ("callers", "tickets", "load", "board", "storm", "desk")
STORM, FEW = 10_000, 2
CALLERS_LINE = re.compile(r"^(.+?)\s+p50\s+([\d.]+) ms\s+p95\s+([\d.]+) ms", re.MULTILINE)


def become_owner() -> None:
    """Go on as the owner, where the environment names one: only the owner makes databases."""
    if url := os.environ.get("DATABASE_OWNER_URL"):
        owner = dj_database_url.parse(url)
        connection.close()
        connection.settings_dict.update({name: owner[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")})


def callers() -> Iterator[Figure]:
    """Finding a caller at 100,000 contacts: the slowest kind of search."""
    said = io.StringIO()
    try:
        call_command("bench_callers", stdout=said)
    except CommandError as slow:
        said.write(str(slow))
    for kind, p50, p95 in CALLERS_LINE.findall(said.getvalue()):
        name = f"caller by {kind}, 100000 contacts"
        yield Figure(name=name, value=float(p95), unit="ms p95", target=50, note=f"p50 {p50}")


def tickets(desk: Desk, many: int) -> Iterator[Figure]:
    """The lists at many tickets."""
    yield from lists.measure(desk, many)


def storm() -> Iterator[Figure]:
    """Ten thousand timers due at one instant, by two engines, beside the same rows in one raw SQL statement."""
    said = io.StringIO()
    with contextlib.suppress(CommandError):  # its misses are this table's
        call_command("bench_storm", armed=STORM, due=STORM, json=True, stdout=said)
    seen = json.loads(said.getvalue().strip().splitlines()[-1])
    note = ", ".join(f"{key} {seen[key]}" for key in ("notifications", "deadlocks", "fsync", "sealed_after_s"))
    note = f"{seen['firings_per_s']}/s, processor {seen['engine_us']} + {seen['server_us']} µs a firing, {note}"
    yield Figure(name="storm of 10000: drained", value=seen["drained_s"], unit="s", floor=seen["raw_s"], note=note)
    yield Figure(name="storm of 10000: lateness p99", value=seen["lateness_p99_s"], unit="s", target=1.0)
    yield Figure(name="storm of 10000: lateness max", value=seen["lateness_max_s"], unit="s", target=1.5)
    wrong = seen["lost"] + seen["doubled"] + seen["early"]
    yield Figure(name="storm of 10000: lost, doubled, early", value=wrong, unit="firings", target=1)


def board(tickets: int) -> Iterator[Figure]:
    """The live board before 200 open browsers, over the web process and the engine as the launcher starts them."""
    with scratch(f"bench_board_{os.getpid()}"):
        desk = fill(tickets, live=1)
        with web.desk("engine") as running:
            yield from live_board.measure(desk, running.port)


def at_volume(options: dict[str, Any], say: Callable[[str], None]) -> Iterator[Figure]:
    """The agent's desk at full volume, in a bulk made for it or in one that `seed_volume --keep` left (`--kept`)."""
    size = volume.Size(tickets=options["volume"], notes=options["volume"] * 5)
    neighbour = Neighbour("volume")
    if options["kept"]:
        with visiting(neighbour.name(0)):
            call_command("migrate", interactive=False, verbosity=0)
            with connection.cursor() as cursor:
                cursor.execute("VACUUM (ANALYZE) tickets_ticket")
            found = volume.found()
            yield from desk_pages.measure(found, f"{Ticket.objects.count():,} tickets")
        return
    with scratch(f"bench_volume_{os.getpid()}"):
        yield from desk_pages.measure(volume.fill(size, live=2, say=say), f"{size.tickets:,} tickets")


class Command(BaseCommand):
    """`manage.py bench_desk [callers] [tickets] [load] [board] [storm] [desk] [--tickets N] …`; exits 1 on a miss."""

    help = "Run the benchmarks of the desk in databases of their own. Refused in production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which one, how many tickets, how long the agents work."""
        parser.add_argument("names", nargs="*", help=f"of {', '.join(NAMES)}; none = all")
        parser.add_argument("--tickets", type=int, default=100_000)
        parser.add_argument("--volume", type=int, default=volume.Size().tickets, help="tickets of the benchmark desk")
        parser.add_argument("--kept", action="store_true", help="desk: on what seed_volume --keep left")
        parser.add_argument("--seconds", type=int, default=30)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and print."""
        if settings.IS_PRODUCTION:
            raise CommandError("Refused in production: run it under DESK_ENV=test.")
        chosen = options["names"] or list(NAMES)
        if not set(chosen) <= set(NAMES):
            raise CommandError(f"There is no such benchmark. Choose from {', '.join(NAMES)}.")
        become_owner()
        self.stdout.write(json.dumps(machine()))
        figures = []
        for figure in self._figures(chosen, options):
            self.stdout.write(figure.line())
            self.stdout.flush()
            figures.append(figure)
        self.stdout.write(f"\n{table(figures)}")
        missed = [figure.name for figure in figures if not figure.met]
        if missed:
            raise CommandError(f"Missed: {', '.join(missed)}")

    def _figures(self, chosen: list[str], options: dict[str, Any]) -> Iterator[Figure]:
        from servicedesk.management.commands.bench_load import load

        if "callers" in chosen:
            yield from callers()
        if {"tickets", "load"} & set(chosen):
            live = options["seconds"] // 5 + FEW
            with scratch(f"bench_desk_{os.getpid()}"):
                desk = fill(options["tickets"], live)
                if "tickets" in chosen:
                    yield from tickets(desk, options["tickets"])
                if "load" in chosen:
                    yield from load(desk, options["seconds"])
        if "board" in chosen:
            yield from board(options["tickets"])
        if "storm" in chosen:
            yield from storm()
        if "desk" in chosen:
            yield from at_volume(options, self.stdout.write)
