"""What may go wrong in the coming shift: people, weekend, approvals, calls (A-05, "shift risks")."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.functions import Greatest

from accounts.models import Absence
from escalation.models import RosterSlot
from escalation.rosters.gaps import all_gaps
from escalation.rosters.read import alive
from escalation.rosters.shapes import Plan
from escalation.shifts.beside import covered
from escalation.shifts.pattern import Change
from tickets.models import Commitment, MaintenanceImpact, Suspension, Ticket

Risk = dict[str, Any]
MOST = 20


def risks(change: Change, base: QuerySet[Ticket], *, calls: int, at: datetime) -> Iterator[Risk]:
    """Yield the risks of the coming shift as fields of a line: title, key, ticket, due_at, facts. At most 12 queries.

    base  the tickets of the sheet.   calls  unfinished ones, as counted above it.
    """
    begin, end = change.incoming.begin, change.incoming.end
    region = change.incoming.shift.region
    shared = [plan for plan in alive(at) if not plan.scope.startswith("customer:")]
    plans = [plan for plan in shared if not region or plan.scope in {"global", f"region:{region}"}]
    yield from _gaps(plans, max(at, begin), end)
    yield from _away(plans, begin, end)
    yield from _leaving(base, at, end)
    yield from _weekend(change, base, at)
    yield from _windows(region, begin, end)
    asked = Suspension.objects.filter(state="requested", ticket__in=base).count()
    if asked:
        yield {"key": "approvals", "title": "", "facts": {"kind": "approvals", "n": asked}}
    if calls:
        yield {"key": "calls", "title": "", "facts": {"kind": "calls", "n": calls}}


def _gaps(plans: list[Plan], begin: datetime, end: datetime) -> Iterator[Risk]:
    """Hours in which a roster has nobody."""
    for gap in all_gaps([plan for plan in plans if ":" not in plan.scope or plan.scope[:6] == "region"], begin, end)[
        :MOST
    ]:
        facts = {"kind": "gap", "roster": str(gap.plan.uuid), "until": gap.to_at.isoformat()}
        key = f"gap:{gap.plan.uuid}:{gap.from_at:%Y%m%dT%H%M}"
        yield {"key": key, "title": gap.plan.name, "due_at": gap.from_at, "facts": facts}


def _away(plans: list[Plan], begin: datetime, end: datetime) -> Iterator[Risk]:
    """People of the rosters who are away in the shift; why is their own affair."""
    people = {pk for plan in plans for layer in plan.layers if layer.to_at is None for pk in layer.members}
    rows = Absence.objects.filter(user__in=people, from_at__lt=end, to_at__gt=Greatest(begin, F("from_at")))
    for absence in rows.select_related("user").order_by("from_at")[:MOST]:
        facts = {"kind": "away", "until": absence.to_at.isoformat()}
        yield {"key": f"away:{absence.uuid}", "title": absence.user.name, "due_at": absence.from_at, "facts": facts}


def _leaving(base: QuerySet[Ticket], at: datetime, end: datetime) -> Iterator[Risk]:
    """Promises of the coming hours whose holder goes home before they are due."""
    rows = Commitment.objects.filter(ticket__in=base, state="open", due_at__lt=end, due_at__gt=at)
    promises = list(rows.select_related("ticket__owner", "made_by").order_by("due_at")[:200])
    holders = {row.pk: row.ticket.owner or row.made_by for row in promises}
    slots: dict[int, list[RosterSlot]] = defaultdict(list)
    keys = {holder.pk for holder in holders.values() if holder}
    for slot in RosterSlot.objects.filter(user__in=keys, during__overlap=(at, end)):
        slots[slot.user_id].append(slot)
    for row in promises:
        holder = holders[row.pk]
        mine = slots[holder.pk] if holder else []
        now = [slot.during.upper for slot in mine if at in slot.during]
        if holder and now and None not in now and not any(row.due_at in slot.during for slot in mine):
            facts = {"kind": "leaving", "number": row.ticket.number, "holder": holder.name, "promise": row.kind,
                     "text": row.text, "leaves_at": max(now).isoformat()}  # fmt: skip
            yield {"key": f"leaving:{row.uuid}", "title": row.ticket.title, "ticket": row.ticket,
                   "due_at": row.due_at, "due_code": "promise", "facts": facts}  # fmt: skip


def _windows(region: str, begin: datetime, end: datetime) -> Iterator[Risk]:
    """Planned work in the shift, with how many services it touches (C-29)."""
    rows = MaintenanceImpact.objects.filter(left_out=False, maintenance__state__in=["approved", "noticed", "running"])
    rows = rows.filter(maintenance__starts_at__lt=end, maintenance__ends_at__gt=begin)
    touched = rows.filter(organisation__region=region) if region else rows
    names = ("number", "uuid", "title", "starts_at", "ends_at")
    counted = touched.values(*(f"maintenance__{name}" for name in names)).annotate(n=Count("pk"))
    for row in counted.order_by("maintenance__starts_at")[:MOST]:
        number, uuid, title, starts_at, ends_at = (row[f"maintenance__{name}"] for name in names)
        facts = {"kind": "window", "number": number, "of": str(uuid), "n": row["n"], "until": ends_at.isoformat()}
        yield {"key": f"window:{number}", "title": title, "due_at": starts_at, "facts": facts}


def _weekend(change: Change, base: QuerySet[Ticket], at: datetime) -> Iterator[Risk]:
    """On a weekend that is by entitlement: how many cases of customers without it wait until it is over (A-04)."""
    run = change.incoming
    if not (run.weekend and run.shift.entitled_weekend):
        return
    owned = list(base.filter(organisation__isnull=False).values_list("organisation_id", flat=True))
    bought = covered(set(owned), at)
    waiting = sum(organisation not in bought for organisation in owned)
    if waiting:
        yield {"key": "weekend", "title": "", "facts": {"kind": "weekend", "n": waiting}}
