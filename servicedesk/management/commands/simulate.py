"""What two versions of a policy would have done (docs/simulator.md). Nobody is contacted, nothing is changed."""

import json
import time
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from escalation.shipped import POLICIES
from escalation.simulator import logged, synthetic
from escalation.simulator.compare import Comparison, compare
from escalation.simulator.report import lines
from ledger import clock

SHIPPED = {shape["key"]: shape for shape in POLICIES}


class Command(BaseCommand):
    """`manage.py simulate POLICY [--a WHICH] [--b WHICH] [--set CODE=SECONDS] [--log F | --synthetic N] [--json]`."""

    help = "Run two versions of a policy over stored tickets, a log file or made-up input, and say what differs."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which versions, over what."""
        which = "a number, current, draft, shipped, or a JSON file of a shape"
        parser.add_argument("policy", help="key of the policy, e.g. fault_handling")
        parser.add_argument("--a", default="current", help=f"the version to compare with: {which}")
        parser.add_argument("--b", default="", help=f"the version to try: {which}; as --a without it")
        parser.add_argument("--set", action="append", default=[], metavar="CODE=SECONDS",
                            help="change the wait of a rule in --b; again for more rules")  # fmt: skip
        source = parser.add_mutually_exclusive_group()
        source.add_argument("--log", type=Path, help="an incident log instead of stored tickets")
        source.add_argument("--synthetic", choices=sorted(synthetic.ARRIVALS), help="made-up input instead")
        parser.add_argument("--days", type=int, default=90, help="stored tickets of so many days")
        parser.add_argument("--cases", type=int, default=500, help="how many made-up cases; newest N of a log")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare and print."""
        began = time.process_time()
        old = self._shape(options["policy"], options["a"])
        new = self._shape(options["policy"], options["b"] or options["a"])
        new = changed(new, options["set"])
        found = self._compare(old, new, options)
        if options["json"]:
            self.stdout.write(json.dumps(found.as_dict(), ensure_ascii=False))
            return
        for line in lines(found, old, new):
            self.stdout.write(line)
        self.stdout.write(f"Took {time.process_time() - began:.1f} s of one processor.")

    def _shape(self, key: str, which: str) -> dict[str, Any]:
        if which == "shipped":
            if key not in SHIPPED:
                raise CommandError(f"No policy is shipped as {key}: choose one of {', '.join(sorted(SHIPPED))}.")
            return SHIPPED[key]
        if which.endswith(".json"):
            try:
                return dict(json.loads(Path(which).read_text()))
            except (OSError, ValueError) as error:
                raise CommandError(f"{which} holds no shape of a policy: {error}") from error
        from escalation.simulator.stored import shape_named

        shape = shape_named(key, which)
        if shape is None:
            raise CommandError(f"There is no {which} version of {key}.")
        return shape

    def _compare(self, old: dict[str, Any], new: dict[str, Any], options: dict[str, Any]) -> Comparison:
        subject = new["subject"]
        if options["log"]:
            if not options["log"].is_file():
                raise CommandError(f"There is no file {options['log']}.")
            if subject != "ticket":
                raise CommandError("A log tells of tickets: choose a policy for tickets.")
            limit = options["cases"] if options["cases"] != 500 else None
            cases = logged.log_cases(options["log"], limit=limit)
            return compare(old, new, cases, rosters=logged.centre(), calendars=logged.office_hours())
        if subject not in {"ticket", "escalation"}:
            raise CommandError("Only policies for tickets and escalations are simulated.")
        if options["synthetic"]:
            name = options["synthetic"]
            cases = synthetic.made_up(name, subject, cases=options["cases"], seed=options["seed"])
            return compare(old, new, cases, rosters=synthetic.people(name), calendars=synthetic.calendars())
        from escalation.simulator.stored import compare_stored

        now = clock.now()
        return compare_stored(old, new, first=now - timedelta(days=options["days"]), last=now)


def changed(shape: dict[str, Any], sets: list[str]) -> dict[str, Any]:
    """Return the shape with other waits, said as "T-1D=900". Raises CommandError for a rule it does not have."""
    waits: dict[str, int] = {}
    for said in sets:
        code, _, seconds = said.partition("=")
        if not seconds.isdigit() or all(rule["code"] != code for rule in shape["rules"]):
            raise CommandError(f"{said}: name a rule of the policy and whole seconds, as T-1D=900.")
        waits[code] = int(seconds)
    rules = [{**rule, "offset_s": waits.get(rule["code"], rule["offset_s"])} for rule in shape["rules"]]
    return {**shape, "rules": rules}
