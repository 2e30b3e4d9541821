"""What two versions of a policy would have done (docs/simulator.md). Nobody is contacted, nothing is changed."""

import json
import time
from argparse import SUPPRESS, ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from escalation.shipped import POLICIES
from escalation.simulator import logged, synthetic
from escalation.simulator.compare import Comparison, compare
from escalation.simulator.report import lines
from ledger import clock
from servicedesk.demo.staged import run

SHOWN = 30
DRIVEN = frozenset({"ticket", "escalation", "interaction", "commitment", "work_item"})
SHIPPED = {shape["key"]: shape for shape in POLICIES}


class Command(BaseCommand):
    """`manage.py simulate POLICY [--a WHICH] [--b WHICH] [--set CODE=SECONDS] [--log F | --scenario N] [--full]`."""

    help = (
        "Run two versions of a policy over stored tickets, a log file or a scenario, and say what differs. With --full "
        "drive the real engine with --b in a database of its own, and fail where it fires otherwise than planned."
    )
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
        source.add_argument("--scenario", "--synthetic", dest="scenario", choices=sorted(synthetic.ARRIVALS),
                            help="made-up input instead")  # fmt: skip
        source.add_argument("--ticket", default="", help="one stored ticket, by its number")
        parser.add_argument("--days", type=int, default=90, help="stored tickets of so many days")
        parser.add_argument("--cases", type=int, help="made-up cases, 500 or with --full 40; newest N of a log")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--full", action="store_true", help="drive the real engine in a database of its own")
        parser.add_argument("--keep", action="store_true", help="keep the database of --full")
        parser.add_argument("--part", help=SUPPRESS)
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Compare and print."""
        if options["part"]:
            self.stdout.write(json.dumps(run.inside(Path(options["part"])).as_json()))
            return
        began = time.process_time()
        old = self._shape(options["policy"], options["a"])
        new = self._shape(options["policy"], options["b"] or options["a"])
        new = changed(new, options["set"])
        if options["full"]:
            self._full(new, options)
            return
        found = self._compare(old, new, options)
        if options["json"]:
            self.stdout.write(json.dumps(found.as_dict(), ensure_ascii=False))
            return
        for line in lines(found, old, new):
            self.stdout.write(line)
        self.stdout.write(f"Took {time.process_time() - began:.1f} s of one processor.")

    def _full(self, shape: dict[str, Any], options: dict[str, Any]) -> None:
        """Drive the engine beside the desk; raise CommandError for any difference."""
        if not (options["scenario"] or options["log"]):
            raise CommandError("Say what to drive the engine with: --scenario or --log.")
        self._require(shape, options)
        if any(rule.get("calendar") for rule in shape["rules"]):
            raise CommandError("A rule counts on a calendar of its own, which that database does not have.")
        source = {"scenario": options["scenario"], "seed": options["seed"], "cases": options["cases"] or run.CASES}
        if options["log"]:
            source = {"log": str(options["log"].resolve()), "cases": options["cases"]}
        found = run.beside(shape, source, keep=options["keep"])
        if options["json"]:
            self.stdout.write(json.dumps(found))
        else:
            self.stdout.write(f"{found['cases']:,} cases played, {found['firings']:,} firings compared with the plan.")
            for name, number in sorted(found["refused"].items()):
                self.stdout.write(f"  {number:>6,}  refused: {name}")
            for line in found["differences"][:SHOWN]:
                self.stdout.write(f"  {line}")
        if found["differences"]:
            raise CommandError(f"{len(found['differences']):,} firings differ from the plan.")

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

    def _require(self, shape: dict[str, Any], options: dict[str, Any]) -> None:
        """Refuse a file that is not there, and a subject nobody simulates."""
        if options["log"] and not options["log"].is_file():
            raise CommandError(f"There is no file {options['log']}.")
        if options["log"] and shape["subject"] != "ticket":
            raise CommandError("A log tells of tickets: choose a policy for tickets.")
        if options["ticket"] and shape["subject"] in {"interaction", "handover", "major_incident", "maintenance"}:
            raise CommandError("These clocks run beside tickets: choose a stretch of days.")
        if options["full"] and shape["subject"] not in DRIVEN:
            raise CommandError("The engine is driven by tickets, escalations, calls, promises and steps of plans only.")

    def _compare(self, old: dict[str, Any], new: dict[str, Any], options: dict[str, Any]) -> Comparison:
        self._require(new, options)
        if options["log"]:
            cases = logged.log_cases(options["log"], limit=options["cases"])
            return compare(old, new, cases, rosters=logged.centre(), calendars=logged.office_hours())
        if name := options["scenario"]:
            made = synthetic.made_up(name, new["subject"], cases=options["cases"] or 500, seed=options["seed"])
            return compare(old, new, made, rosters=synthetic.people(name), calendars=synthetic.calendars())
        return self._stored(old, new, options)

    def _stored(self, old: dict[str, Any], new: dict[str, Any], options: dict[str, Any]) -> Comparison:
        from escalation.simulator.stored import compare_stored
        from tickets.models import Ticket

        now = clock.now()
        if not options["ticket"]:
            return compare_stored(old, new, first=now - timedelta(days=options["days"]), last=now)
        one = Ticket.objects.filter(number=options["ticket"].upper())
        received = one.values_list("received_at", flat=True).first()
        if received is None:
            raise CommandError(f"There is no ticket {options['ticket']}.")
        return compare_stored(old, new, first=received, last=now, tickets=one)


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
