"""What facts about planned work start and stop: the wait for approvals and notices, the wait for the outcome (C-29)."""

from datetime import datetime
from typing import Any

from escalation.subjects import start_subject, stop_subject, tell_subject
from ledger.actor import Actor
from ledger.models import Entry
from tickets.models import Maintenance

WINDOW = "maintenance"
OVER = frozenset({"ended", "moved", "cancelled", "declined"})


def on_maintenance_fact(entry: Entry, *, about: Any, actor: Actor) -> None:
    """Requested: the clock counts towards the moment by which customers are told (`due_at`); told before, it is silent.
    Begun: the outcome is owed. Ended, moved, declined or given up: it stops; a new request begins anew.
    """
    if not isinstance(about, Maintenance):
        return
    event = entry.name.partition(".")[2]
    if event == "requested":
        due_at = datetime.fromisoformat(entry.data["due_at"])
        start_subject(
            WINDOW, about.pk, facts={"due_at": due_at}, started_at=entry.at, at=entry.at, chain=entry.chain,
            people={"owner": about.owner_id},
        )  # fmt: skip
    elif event in OVER:
        stop_subject(WINDOW, about.pk, event, at=entry.at)
    else:
        tell_subject(WINDOW, about.pk, "begun" if event == "started" else event, at=entry.at)
