"""Begin the report of a run: drafted from what is on record (C-24, C-26)."""

from datetime import datetime

from django.db import transaction

from ledger.actor import Actor
from quality.reports import people, runs
from quality.reports.commands.base import require_may_write, require_reportable, tell
from quality.reports.models import Edition, FaultReport
from tickets.commands.base import take
from tickets.models import Ticket

TYPED = ("summary", "prevention", "confirmation", "internal", "effect_name", "effect_value", "measures")


@transaction.atomic
def draft_report(*, ticket_id: int, actor: Actor, at: datetime) -> Edition:
    """Return the newest version of the report on the ticket's present run, drafting the first one if there is none.

    Cause, repair, times and people come from the records; words typed for an earlier run that was never filed are kept.
    Raises Refused("unknown_ticket"), ("not_your_ticket"), ("not_a_fault"), ("not_resolved").
    """
    ticket = take(ticket_id, actor)
    require_may_write(ticket, actor)
    require_reportable(ticket)
    newest = Edition.objects.filter(report__ticket=ticket, report__run_no=ticket.run_no).select_related("report")
    found = newest.order_by("-number").first()
    if found is not None:
        return found
    report = FaultReport.objects.create(ticket=ticket, run_no=ticket.run_no, created_at=at)
    edition = _drafted(ticket, report, actor, at)
    edition.save()
    tell("report.drafted", ticket, edition, actor=actor, at=at)
    return edition


def _drafted(ticket: Ticket, report: FaultReport, actor: Actor, at: datetime) -> Edition:
    run = runs.run_of(ticket, report.run_no)
    listed = [person.as_json() for person in people.gathered(ticket, since=run.since)]
    edition = Edition(
        report=report, number=1, title=ticket.title, summary=ticket.problem_what or ticket.description,
        cause=ticket.cause, repair=ticket.resolution, began_at=run.since, ended_at=ticket.resolved_at,
        people=listed, measures=[], written_by_id=actor.user_id, created_at=at, changed_at=at,
    )  # fmt: skip
    unfiled = Edition.objects.filter(report__ticket=ticket, filed_at=None).order_by("-report__run_no").first()
    if unfiled is not None:
        for name in TYPED:
            setattr(edition, name, getattr(unfiled, name) or getattr(edition, name))
    return edition
