"""Demonstration time: watch a ladder of 180 minutes in three (decisions 7)."""

import re
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ledger import clock

UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
FASTEST = 3600.0


def span(text: str) -> timedelta:
    """Return "90s", "10m", "3h" or "1d" as a time span. Raises CommandError for anything else."""
    found = re.fullmatch(r"(\d{1,4})([smhd])", text.strip().lower())
    if found is None:
        raise CommandError(f"{text!r} is no time span. Write 90s, 10m, 3h or 1d.")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


class Command(BaseCommand):
    """`manage.py demo_clock [--speed 60] [--advance 10m] [--reset]`; without options it tells the time."""

    help = "Move the desk's demonstration clock: every process follows. Refused outside demo and test."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        """How fast, how far, or back to the machine's time."""
        parser.add_argument("--speed", type=float, help="desk seconds in one real second, for example 60")
        parser.add_argument("--advance", help="jump forward by 90s, 10m, 3h or 1d")
        parser.add_argument("--reset", action="store_true", help="go back to the machine's time")

    def handle(self, *args: Any, **options: Any) -> None:
        """Set what is asked and print the desk's time and speed."""
        if settings.ENV not in {"demo", "test"}:
            raise CommandError("Demonstration time is refused outside DESK_ENV=demo and test.")
        clock.forget()
        if options["reset"]:
            clock.clear_demo()
        if (speed := options["speed"]) is not None:
            if not 0 < speed <= FASTEST:
                raise CommandError(f"The speed is more than 0 and at most {FASTEST:.0f}.")
            clock.set_demo(demo_now=clock.now(), speed=speed)
        if options["advance"]:
            clock.advance(span(options["advance"]))
        self.stdout.write(told(clock.now(), clock.speed()))


def told(now: datetime, speed: float) -> str:
    """Return the line that says what time the desk has."""
    ahead = (now - clock.real_now()).total_seconds()
    shown = f"{now:%Y-%m-%d %H:%M:%S} UTC, {round(ahead):+d} s from the machine's"
    return f"The desk's time is {shown}, at speed {speed:g}."
