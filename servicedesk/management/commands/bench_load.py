"""Thirty agents at the real web process, then three hundred requests at once."""

from collections.abc import Iterator
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from bench import agents, crowd, web
from bench.report import Figure
from bench.rows import Desk


def load(desk: Desk, seconds: int) -> Iterator[Figure]:
    """Start web and engine on the present database and yield the figures."""
    with web.desk("engine") as running:
        yield from agents.measure(desk, running, seconds)
        yield from crowd.measure(desk, running.port)


class Command(BaseCommand):
    """`manage.py bench_load [--tickets N] [--seconds N]`: `bench_desk load` by itself."""

    help = "Run the load benchmarks alone, in a database of their own. Refused in production."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many tickets lie in the database, how long the agents work."""
        parser.add_argument("--tickets", type=int, default=100_000)
        parser.add_argument("--seconds", type=int, default=30)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run and print."""
        wanted = {name: options[name] for name in ("tickets", "seconds")}
        call_command("bench_desk", "load", **wanted, stdout=self.stdout, stderr=self.stderr)
