"""What is known of the subjects of many clocks: facts for conditions, when their events came, which stops came."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from catalogue.models import Calendar
from escalation import policy
from escalation.management_clocks import facts_of_escalation
from escalation.models import Clock, Duty, Escalation, Firing, Timer
from escalation.moving import Known
from escalation.promises import calendar_for, facts_of, zone_of
from tickets.models import Commitment, Ticket, WorkItem

STOPS = {"verified": "verified_at", "acknowledged": "acknowledged_at", "answered": "answered_at",
         "signed_for": "signed_at", "contact_recorded": "contacted_at", "resolved": "resolved_at"}  # fmt: skip
ANCHORS = {"dispatched": "dispatched_at", "specialists_dispatched": "signed_at", "resolved": "resolved_at"}
PROMISED: dict[str, Any] = {"commitment": Commitment, "work_item": WorkItem}


class Subjects:
    """Everything `known` needs of a batch of clocks. Cost: at most 6 queries and one for each customer's calendar."""

    def __init__(self, clocks: Sequence[Clock], at: datetime) -> None:
        self.at = at
        self.calendars: dict[int | None, Calendar | None] = {}
        tickets = {clock.ticket_id for clock in clocks if clock.ticket_id}
        self.tickets = Ticket.objects.select_related("organisation").in_bulk(tickets)
        formal = [clock.subject_id for clock in clocks if clock.subject_kind == "escalation"]
        self.escalations = Escalation.objects.select_related("ticket__organisation").in_bulk(formal)
        self.unconfirmed: dict[int, list[str]] = defaultdict(list)
        for escalation_id, role in Duty.objects.filter(
            escalation_id__in=formal, stage=1, confirmed_at=None
        ).values_list("escalation_id", "role"):
            self.unconfirmed[escalation_id].append(role)
        self.due = {
            kind: dict(model.objects.filter(pk__in=[c.subject_id for c in clocks if c.subject_kind == kind])
                       .values_list("pk", "due_at"))
            for kind, model in PROMISED.items() if any(clock.subject_kind == kind for clock in clocks)
        }  # fmt: skip
        self.fired: dict[int, dict[str, datetime]] = defaultdict(dict)
        rows = Firing.objects.filter(clock__in=clocks).exclude(outcome__in=["moot", "collapsed"]).order_by("-due_at")
        for clock_id, code, due in rows.values_list("clock_id", "rule_code", "due_at"):
            self.fired[clock_id][code] = due

    def calendar(self, ticket: Ticket) -> Calendar | None:
        """Return the calendar of the ticket's customer, read once."""
        if ticket.organisation_id not in self.calendars:
            self.calendars[ticket.organisation_id] = calendar_for(ticket.organisation_id, self.at)
        return self.calendars[ticket.organisation_id]

    def known(self, clock: Clock, timers: Sequence[Timer]) -> Known:
        """Return what is known of one clock's subject."""
        anchors = {"start": clock.started_at}
        anchors |= {f"fired:{code}": due for code, due in self.fired[clock.pk].items()}
        stopped = {timer.cancel_reason for timer in timers if timer.cancel_reason}
        ticket = self.tickets.get(clock.ticket_id or 0)
        if clock.subject_kind == "ticket" and ticket is not None:
            return self._of_ticket(clock, ticket, anchors, stopped)
        if clock.subject_kind == "escalation":
            return self._of_escalation(self.escalations[clock.subject_id], anchors, stopped)
        due = self.due.get(clock.subject_kind, {}).get(clock.subject_id)
        anchors |= {"due": due, "before_due": due} if due is not None else {}
        return Known(facts=None, anchors=anchors, stopped=stopped)

    def _of_ticket(self, clock: Clock, ticket: Ticket, anchors: dict[str, datetime], stopped: set[str]) -> Known:
        facts = facts_of(ticket, self.calendar(ticket)) | policy.wall(clock.started_at, zone_of(ticket.organisation))
        if clock.started_at == ticket.received_at:
            anchors["received"] = clock.started_at
        for name, column in ANCHORS.items():
            came = getattr(ticket, column)
            anchors |= {name: came} if came is not None else {}
        stopped |= {name for name, column in STOPS.items() if getattr(ticket, column) is not None}
        return Known(facts=facts, anchors=anchors, stopped=stopped)

    def _of_escalation(self, escalation: Escalation, anchors: dict[str, datetime], stopped: set[str]) -> Known:
        came = {"stage_two": escalation.stage_two_at, "customer_contacted": escalation.contacted_at}
        anchors |= {name: instant for name, instant in came.items() if instant is not None}
        if escalation.reviewed_at and escalation.contacted_at:
            stopped.add("reviewed_and_contacted")
        if escalation.plan_agreed_at:
            stopped.add("plan_agreed")
        open_roles = self.unconfirmed[escalation.pk]
        if not open_roles:
            stopped.add("duties_confirmed")
        if "duty_manager" not in open_roles:
            stopped.add("duty_manager_confirmed")
        return Known(facts=facts_of_escalation(escalation), anchors=anchors, stopped=stopped)
