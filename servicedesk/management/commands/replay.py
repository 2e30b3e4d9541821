"""Run a historical incident log through our commands (docs/replay.md)."""

import json
from argparse import SUPPRESS, ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from psycopg2 import Error

from escalation.shipped import POLICIES
from ledger.apart import is_apart, set_apart
from servicedesk.demo.replay import report
from servicedesk.demo.replay.centre import seed
from servicedesk.demo.replay.child import Child
from servicedesk.demo.replay.database import Neighbour
from servicedesk.demo.replay.log import planned
from servicedesk.demo.replay.run import COUNTED, Replay, Tally

TICK_SECONDS = 1800


class Command(BaseCommand):
    """`manage.py replay FILE [--policy KEY] [--limit N] [--jobs N] [--tick S] [--keep] [--json]`."""

    help = "Replay an incident log in databases of its own; refused in production. Refusals are findings, not errors."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, how much of it, and what to do with the databases."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--policy", choices=[p["key"] for p in POLICIES], help="run only this policy's clocks")
        parser.add_argument("--limit", type=int, help="only the newest N cases")
        parser.add_argument("--jobs", type=int, default=1, help="play the cases in N databases side by side")
        parser.add_argument("--tick", type=int, default=TICK_SECONDS,
                            help="the engine looks once in S historical seconds; 0 = at every due instant")  # fmt: skip
        parser.add_argument("--keep", action="store_true", help="keep the databases")
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")
        parser.add_argument("--part", help=SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the databases, play in child processes, add up, drop."""
        if settings.ENV not in {"demo", "test"}:
            raise CommandError("A replay is refused outside DESK_ENV=demo and test.")
        if not options["file"].is_file():
            raise CommandError(f"There is no file {options['file']}.")
        if options["part"]:
            return self._part(options)
        if options["jobs"] < 1 or options["tick"] < 0 or (options["limit"] or 1) < 1:
            raise CommandError("--jobs and --limit are at least 1, --tick at least 0.")
        neighbour = Neighbour()
        names = [neighbour.name(number) for number in range(options["jobs"])]
        try:
            tally = self._beside(neighbour, names, options)
        except Error as error:
            raise CommandError(f"The replay's database cannot be made: {str(error).strip()}") from error
        finally:
            if not options["keep"]:
                for name in names:
                    neighbour.drop(name)
        if options["json"]:
            self.stdout.write(json.dumps(tally.as_json()))
            return None
        for line in report.lines(tally, jobs=options["jobs"], tick=options["tick"]):
            self.stdout.write(line)
        return None

    def _beside(self, neighbour: Neighbour, names: list[str], options: dict[str, Any]) -> Tally:
        """Prepare one database, copy it for the other parts, play all parts at once."""
        neighbour.make(names[0])
        self._child(neighbour.url(names[0]), "prepare", options).wait_well()
        for name in names[1:]:
            neighbour.make(name, template=names[0])
        playing = [self._child(neighbour.url(name), f"{n}/{len(names)}", options) for n, name in enumerate(names)]
        total = Tally()
        for child in playing:
            total.add(_tally(child.wait_well()))
        return total

    def _child(self, url: str, part: str, options: dict[str, Any]) -> Child:
        words = ["--part", part, "--tick", str(options["tick"])]
        words += ["--limit", str(options["limit"])] if options["limit"] else []
        words += ["--policy", options["policy"]] if options["policy"] else []
        return Child(["replay", str(options["file"]), *words], url)

    def _part(self, options: dict[str, Any]) -> None:
        """Inside a child: prepare the database, or play a share of the cases in it."""
        path, limit = options["file"], options["limit"]
        if options["part"] == "prepare":
            set_apart("replay")
            call_command("migrate", interactive=False, verbosity=0)
            seed(planned(path, limit=limit), options["policy"])
            tally = Tally()
        else:
            set_apart("replay")
            if not is_apart():
                raise CommandError("This database is not set apart.")
            number, parts = map(int, options["part"].split("/"))
            tally = Replay(options["tick"]).play(planned(path, limit=limit, share=(number, parts)))
        self.stdout.write(json.dumps(tally.as_json()))


def _tally(found: dict[str, Any]) -> Tally:
    return Tally(**{name: Counter(value) if name in COUNTED else value for name, value in found.items()})
