"""Planned work and a problem of the demonstration, by the real commands (C-28, C-29)."""

from datetime import datetime, timedelta

from servicedesk.demo.desk import Desk
from tickets.commands import maintenance_approve, maintenance_notice, maintenance_plan, problem, problem_solve
from tickets.models import Maintenance, Problem, ProblemTicket, Ticket

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ZONE = "Australia/Melbourne"
LINE = "EPL-30112"
APPROVERS = {"technical": "Hana Sato", "key_customers": "Diego Marin", "cutover": "Sofia Lindqvist",
             "international": "Grace Muir"}  # fmt: skip


def make_planned(desk: Desk) -> None:
    """Make one window that is approved and announced, one that waits for approval, and a problem with three tickets."""
    if not Maintenance.objects.exists():
        _announced(desk)
        _requested(desk)
    if not Problem.objects.filter(service__service_id=LINE).exclude(known_error="").exists():
        _recurrence(desk)


def _announced(desk: Desk) -> None:
    at = desk.ago(DAY / timedelta(minutes=1) * 2)
    window = _plan(
        desk, at, "Replace line card in core router Docklands", _night(desk.now, 14), 1.5, ["VT-88120", "EPL-30340"],
        words="We replace a part of our core in Docklands. The services named are down for up to 8 minutes.",
        down_minutes=8, way_back="The old card, ten minutes, tried on a spare chassis",
    )  # fmt: skip
    _request(desk, window, at)
    window.refresh_from_db()
    for function in window.needed:
        approver = desk.staff(APPROVERS[function])
        maintenance_approve.decide_maintenance(
            maintenance_id=window.pk, function=function, approved=True, actor=approver, at=at + HOUR
        )
    owner = desk.staff("Tom Okafor")
    maintenance_notice.send_notices(maintenance_id=window.pk, actor=owner, at=at + 2 * HOUR, lead_reason=LATE)


def _requested(desk: Desk) -> None:
    at = desk.ago(300)
    window = _plan(
        desk, at, "Move the Perth–Singapore line to the second cable", _night(desk.now, 21), 3, ["EPL-91006"],
        words="Your international line moves to the second cable.", down_minutes=15, international=True,
        way_back="Back to the first cable, five minutes",
    )  # fmt: skip
    _request(desk, window, at)


LATE = "Announced as soon as the card had been proved faulty"


def _plan(
    desk: Desk, at: datetime, title: str, starts_at: datetime, hours: float, services: list[str], **more
) -> Maintenance:
    plan = maintenance_plan.Plan(
        title=title, starts_at=starts_at, ends_at=starts_at + hours * HOUR, time_zone=ZONE,
        service_ids=[desk.services[ident].pk for ident in services], **more,
    )  # fmt: skip
    return maintenance_plan.plan_maintenance(plan=plan, actor=desk.staff("Tom Okafor"), at=at)


def _request(desk: Desk, window: Maintenance, at: datetime) -> None:
    reason = "The carrier's people come only at that hour"
    maintenance_approve.request_maintenance(
        maintenance_id=window.pk, off_peak_reason=reason, lead_reason=LATE, actor=desk.staff("Tom Okafor"), at=at
    )


def _night(now: datetime, days: int) -> datetime:
    """The hour that is midnight in Melbourne's winter, so many days from `now`."""
    return (now + days * DAY).replace(hour=14, minute=0, second=0, microsecond=0)


def _recurrence(desk: Desk) -> None:
    at, owner = desk.ago(20), desk.staff("Tom Okafor")
    service = desk.services[LINE]
    found = Problem.objects.filter(service=service, state__in=Problem.LIVE).first()
    if found is None:
        title = "Packet loss on the Sunbury line, again and again"
        found = problem.open_problem(service_id=service.pk, title=title, actor=owner, at=at)
    rows = Ticket.objects.filter(organisation_id=service.organisation_id, verified_at__isnull=False, restricted=False)
    rows = rows.filter(problem_link=None, kind="fault", merged_into=None, verification__isnull=False).order_by("pk")
    near = [*rows.filter(service=service), *rows.exclude(service=service)]
    for ticket in near[: 3 - found.linked.count()]:
        problem.link_ticket(problem_id=found.pk, ticket_id=ticket.pk, actor=owner, at=at)
    problem_solve.describe_problem(
        problem_id=found.pk, actor=owner, at=at,
        root_cause="The copper run shares a riser with the lift motor; its shield is broken at floor 1.",
        known_error="Loss on the Sunbury line whenever the lift runs most, 11:00 to 15:00.",
        workaround="Patch to spare pair 4 in the riser; first line may do it remotely, ten minutes.",
    )  # fmt: skip
    first = ProblemTicket.objects.filter(problem=found).earliest("pk")
    problem.mark_workaround(problem_id=found.pk, ticket_id=first.ticket_id, helped="helped", actor=owner, at=at)
