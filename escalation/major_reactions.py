"""What facts about major incidents start, move or stop: the wait for the next news, the review, the steps (V-19)."""

from datetime import datetime
from typing import Any

from escalation.commands.adjust import move_to
from escalation.locks import lock_clocks
from escalation.models import Clock
from escalation.subjects import start_subject, stop_subject, tell_subject
from ledger.actor import Actor
from ledger.models import Entry
from tickets.models import WorkItem

MAJOR, STEP = "major_incident", "work_item"
NEWS = "updated"


def on_major_fact(entry: Entry, *, about: Any, actor: Actor) -> None:
    """Declared: updates by cadence, each begins the wait anew; after restoration only the review is due (V-19).

    `next_due` in the fact is when customers were promised the next news: the wait ends then, whatever the policy says.
    """
    event = entry.name.partition(".")[2]
    if event == "declared":
        commander = entry.data.get("commander")
        start_subject(
            MAJOR, about.pk, facts={"severity": entry.data.get("severity"), "region": entry.data.get("region", "")},
            started_at=entry.at, at=entry.at, chain=entry.chain, people={"commander": commander} if commander else {},
        )  # fmt: skip
    elif event == "reviewed":
        stop_subject(MAJOR, about.pk, event, at=entry.at)
    elif event == "commander_changed":
        _command(about.pk, entry.data["commander"])
    elif event != "cadence_changed":
        tell_subject(MAJOR, about.pk, event, at=entry.at)
    if entry.data.get("next_due"):
        _promise(about.pk, datetime.fromisoformat(entry.data["next_due"]), entry.at)


def on_step_fact(entry: Entry, *, about: Any, actor: Actor) -> None:
    """A step with a due time is warned of and falls due (A-08); done or left out, it is silent."""
    item = WorkItem.objects.filter(uuid=entry.data.get("item")).first()
    if item is None:
        return
    if entry.name != "major.step_added":
        stop_subject(STEP, item.pk, entry.name.rpartition("_")[2], at=entry.at)
    elif item.due_at is not None:
        start_subject(
            STEP, item.pk, started_at=entry.at, at=entry.at, chain=entry.chain,
            people={"owner": item.owner_user_id} if item.owner_user_id else {},
            facts={"source": item.source, "mandatory": item.mandatory, "public": item.public, "due_at": item.due_at},
        )  # fmt: skip


def _command(incident_id: int, user_id: int) -> None:
    """Pages go to the new commander from now on."""
    for clock in lock_clocks(subject_kind=MAJOR, subject_id=incident_id):
        if clock.state != Clock.State.STOPPED:
            clock.people = {**clock.people, "commander": user_id}
            clock.save(update_fields=["people"])


def _promise(incident_id: int, due_at: datetime, at: datetime) -> None:
    """Every rule that an update begins anew waits until the time promised."""
    for clock in lock_clocks(subject_kind=MAJOR, subject_id=incident_id):
        if clock.state != Clock.State.STOPPED:
            move_to(clock, restarts_on=NEWS, due_at=due_at, at=at)
