"""A staged simulation from outside (make a database, run a child in it, drop it) and from inside (play and judge)."""

import json
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from psycopg2 import Error

from escalation.simulator import synthetic
from escalation.simulator.auditing import audit_between
from ledger.apart import is_apart, set_apart
from servicedesk.demo.replay.child import Child
from servicedesk.demo.replay.database import Neighbour
from servicedesk.demo.replay.log import planned
from servicedesk.demo.staged import centre
from servicedesk.demo.staged.compared import Verdict, judge
from servicedesk.demo.staged.moves import acknowledged, steps_of
from servicedesk.demo.staged.stage import Stage
from tickets.replay_map import Step

CASES = 40
NOBODY = "empty-roster"


def beside(shape: Mapping[str, Any], source: Mapping[str, Any], *, keep: bool) -> dict[str, Any]:
    """Run a stage in a database of its own, and return its verdict as data. source: as `cases_of` takes it.

    Raises CommandError outside demo and test, where the database cannot be made, or where the run fails.
    """
    if settings.ENV not in {"demo", "test"}:
        raise CommandError("A full-stack simulation is refused outside DESK_ENV=demo and test.")
    neighbour = Neighbour("sim")
    name = neighbour.name(0)
    with tempfile.TemporaryDirectory() as folder:
        asked = Path(folder) / "asked.json"
        asked.write_text(json.dumps({"shape": shape, "source": source}))
        try:
            neighbour.make(name)
            words = ["simulate", str(shape["key"]), "--full", "--part", str(asked)]
            return Child(words, neighbour.url(name)).wait_well()
        except Error as error:
            raise CommandError(f"The simulation's database cannot be made: {str(error).strip()}") from error
        finally:
            if not keep:
                neighbour.drop(name)


def inside(asked: Path) -> Verdict:
    """In the child: mark the database, fill it, play and judge. Raises CommandError where it is not set apart."""
    said = json.loads(asked.read_text())
    set_apart("simulation")
    call_command("migrate", interactive=False, verbosity=0)
    if not is_apart():
        raise CommandError("This database is not set apart.")
    return played(said["shape"], said["source"])


def played(shape: dict[str, Any], source: Mapping[str, Any]) -> Verdict:
    """Fill the connected database, which holds no tickets, play the cases in it and judge what fired; then audit it
    as the desk's own night does, promises and steps included."""
    cases, name = cases_of(shape, source), source.get("scenario", "")
    holiday: date | None = synthetic.HOLIDAY if name else None
    centre.seed(cases, shape, holiday=holiday, nobody=name == NOBODY)
    stage = Stage()
    until = stage.stage(cases)
    rosters = centre.rosters(list(settings.BREAK_GLASS), nobody=name == NOBODY)
    hands = stage.hands
    verdict = judge(stage.applied, hands.tickets, until, rosters=rosters, holiday=holiday, calls=hands.calls)
    verdict.refused = dict(stage.tally.refused)
    first = min(step.at_utc for steps in cases.values() for step in steps)
    audited = audit_between(first, until)
    verdict.audited = audited.firings
    verdict.differences += [f"audit: {one.sentence}" for one in audited.findings]
    return verdict


def cases_of(shape: Mapping[str, Any], source: Mapping[str, Any]) -> dict[str, list[Step]]:
    """Return the steps of every case of {"scenario": name, "cases": n, "seed": n} or {"log": path, "cases": n}."""
    if source.get("log"):
        told = planned(Path(source["log"]), limit=source["cases"])
        return {case: acknowledged(steps) for case, steps in told.items()}
    made = synthetic.made_up(source["scenario"], shape["subject"], cases=source["cases"], seed=source.get("seed", 1))
    return {case.name: steps_of(case) for case in made}
