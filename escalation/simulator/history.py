"""The desk's own tables in the auditor's words: versions, calendars, rosters, and cases of stored tickets."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from accounts.absences import away_between
from accounts.models import AccountTeamMember, RoleGrant, User
from catalogue.models import Calendar, Entitlement
from escalation.models import PolicyVersion, Roster, RosterSlot, Rule
from escalation.shapes import normal, rule_shape
from escalation.simulator.affairs import Affairs, Step
from escalation.simulator.people import Grant, Member, Rosters, Slot
from escalation.simulator.shapes import Case, Version, version_of
from escalation.simulator.story import Row, Story
from escalation.simulator.windows import ALWAYS, Windows, table, us
from escalation.simulator.windows import Calendar as Table
from ledger.models import Entry
from tickets.models import Ticket, WorkItem

CHUNK = 500
AHEAD = timedelta(days=800)
_BEFORE = {"triage", "intake", "auth"}


def versions_by_policy(*subjects: str) -> dict[str, list[Version]]:
    """Return the published versions of every policy for these subjects (none named = for all), by its key, ascending.

    2 queries however many there are.
    """
    rows = PolicyVersion.objects.select_related("policy").order_by("policy_id", "n")
    rules: dict[int, list[dict[str, Any]]] = defaultdict(list)
    wanted = rows.filter(policy__subject__in=subjects) if subjects else rows
    for rule in Rule.objects.filter(version__in=wanted).select_related("calendar").order_by("position", "code"):
        rules[rule.version_id].append(rule_shape(rule))
    found: dict[str, list[Version]] = defaultdict(list)
    for row in wanted:
        policy = row.policy
        shape = normal({
            "key": policy.key, "name": policy.name, "subject": policy.subject, "conditions": row.conditions,
            "on_entitlement_calendar": row.on_entitlement_calendar, "ack_silence_s": row.ack_silence_s,
            "rules": rules[row.pk],
        })  # fmt: skip
        enforced = shape | {"enforce_from": row.enforce_from}
        found[policy.key].append(version_of(enforced, n=row.n, from_us=us(row.published_at)))
    return found


def calendars_between(first: datetime, last: datetime) -> dict[str, Table]:
    """Return every calendar by public id, as tables that reach 800 days past `last`. 3 queries."""
    begin, end = (first - timedelta(days=40)).date(), (last + AHEAD).date()
    found: dict[str, Table] = {}
    for row in Calendar.objects.prefetch_related("openings", "holidays"):
        found[str(row.uuid)] = _table(row, begin, end)
    return found


def _table(row: Calendar, begin: date, end: date) -> Table:
    if row.round_the_clock:
        return ALWAYS
    week: list[list[tuple]] = [[] for _ in range(7)]
    for opening in row.openings.all():
        week[opening.weekday].append((opening.opens, opening.closes))
    closed = {holiday.on for holiday in row.holidays.all()}
    return Windows(row.time_zone, [sorted(day) for day in week], closed, begin, end)


def rosters_between(first: datetime, last: datetime) -> Rosters:
    """Return who was on call in a stretch of time, people by public id. 8 queries."""
    slots = RosterSlot.objects.filter(during__overlap=(first, last)).select_related("user")
    members = AccountTeamMember.objects.select_related("user__manager", "deputy").order_by("pk")
    grants = RoleGrant.objects.select_related("user").annotate(teams=ArrayAgg("user__memberships__team__uuid"))
    deputies = Roster.objects.filter(retired_at=None, deputy__isnull=False).select_related("deputy")
    staff = User.objects.filter(kind=User.Kind.STAFF)
    covered = Entitlement.objects.filter(weekend_cover=True).values_list("organisation_id", flat=True)
    return Rosters(
        [Slot(s.role, s.scope, s.slot, s.layer, str(s.user.uuid), _begin(s), _end(s), s.entitled) for s in slots],
        [
            Member(m.role, m.organisation_id, str(m.user.uuid), str(m.deputy.uuid) if m.deputy else None)
            for m in members
        ],
        [
            Grant(g.role, str(g.user.uuid), g.region, frozenset(str(t) for t in g.teams if t))
            for g in grants.order_by("pk")
        ],
        settings.BREAK_GLASS,
        {str(pk) for pk in staff.exclude(is_active=True, available=True).values_list("uuid", flat=True)},
        {str(a): str(b) for a, b in staff.exclude(manager=None).values_list("uuid", "manager__uuid")},
        {(r.role, r.scope): str(r.deputy.uuid) for r in deputies if r.deputy},
        set(covered), _absent(first, last),
    )  # fmt: skip


def _absent(first: datetime, last: datetime) -> dict[str, list[tuple[int, int]]]:
    spans = away_between(first, last)
    names = dict(User.objects.filter(pk__in=spans).values_list("pk", "uuid")) if spans else {}
    return {str(names[pk]): [(us(a), us(b)) for a, b in some] for pk, some in spans.items()}


def _begin(slot: RosterSlot) -> int:
    return us(slot.during.lower) if slot.during.lower else 0


def _end(slot: RosterSlot) -> int:
    return us(slot.during.upper) if slot.during.upper else 1 << 62


def stories(tickets: Iterable[Ticket], tables: Mapping[str, Table]) -> Iterator[tuple[Ticket, Story]]:
    """Yield each ticket with its story, read in chunks: 3 queries for each 500 tickets.

    tables  every calendar by public id, from the first of the tickets on.
    """
    chunk: list[Ticket] = []
    for ticket in tickets:
        chunk.append(ticket)
        if len(chunk) == CHUNK:
            yield from _stories(chunk, tables)
            chunk = []
    if chunk:
        yield from _stories(chunk, tables)


def _stories(tickets: Sequence[Ticket], tables: Mapping[str, Table]) -> Iterator[tuple[Ticket, Story]]:
    chains = [ticket.chain for ticket in tickets]
    rows: dict[str, list[Row]] = defaultdict(list)
    entries = Entry.objects.filter(chain__in=chains).exclude(name="timer.fired").order_by("chain", "seq")
    for chain, name, at, data, actor in entries.values_list("chain", "name", "at", "data", "actor_ref"):
        rows[chain].append(Row(name, us(at), data, actor))
    calendars = _entitled({ticket.organisation_id for ticket in tickets})
    steps: dict[int, dict[str, Step]] = defaultdict(dict)
    for step in WorkItem.objects.filter(ticket__in=tickets, due_at__isnull=False):
        due, made = us(step.due_at) if step.due_at else None, us(step.created_at)
        steps[step.ticket_id or 0][str(step.uuid)] = Step(step.source, due, made, step.mandatory, step.public)
    for ticket in tickets:
        affairs = Affairs(steps.get(ticket.pk))
        story = Story(_first_facts(ticket, calendars, tables), received=us(ticket.received_at), affairs=affairs)
        yield ticket, story.read(rows[ticket.chain])


def _entitled(organisations: set[int | None]) -> dict[int, list[Entitlement]]:
    found: dict[int, list[Entitlement]] = defaultdict(list)
    rows = Entitlement.objects.filter(organisation_id__in=[pk for pk in organisations if pk]).select_related("calendar")
    for row in rows.order_by("-valid_from"):
        found[row.organisation_id].append(row)
    return found


def _first_facts(ticket: Ticket, entitled: dict[int, list[Entitlement]], tables: Mapping[str, Table]) -> dict[str, Any]:
    """What was known of a ticket when it was logged; later entries say what it became."""
    org, on = ticket.organisation, ticket.received_at.date()
    rows = entitled.get(ticket.organisation_id or 0, [])
    valid = next((row for row in rows if row.valid_from <= on and (row.valid_to is None or row.valid_to >= on)), None)
    calendar = valid.calendar if valid else None
    zone = org.time_zone if org else "UTC"
    return {
        "kind": ticket.kind, "priority": Ticket._meta.get_field("priority").get_default(), "channel": ticket.channel,
        "category": ticket.category, "critical": False, "flagged": ticket.urgent, "urgent": ticket.urgent,
        "complex": False, "verified": False, "dispatched": False, "acknowledged": False, "answered": False,
        "segment": org.segment if org else "", "service_category": org.service_category if org else "",
        "region": org.region if org else "", "production": bool(org and org.production),
        "organisation": ticket.organisation_id, "zone": zone, "state": "intake", "owner": None, "team": None,
        "calendar": str(calendar.uuid) if calendar else "", "working_day": _working_day(ticket, calendar, zone, tables),
    }  # fmt: skip


def _working_day(ticket: Ticket, calendar: Calendar | None, zone: str, tables: Mapping[str, Table]) -> bool:
    hours = tables[str(calendar.uuid)] if calendar else None
    at = us(ticket.received_at)
    if isinstance(hours, Windows):
        return hours.opens_on(hours.zone.wall(at).date())
    return hours is not None or table(zone).wall(at).weekday() < 5


def cases(tickets: Iterable[Ticket], subject: str, *, until: datetime, tables: Mapping[str, Table]) -> Iterator[Case]:
    """Yield the cases of stored tickets for a policy's subject: one per ticket, or one per formal escalation, promise
    or step of it. tables: as of `stories`."""
    end = us(until)
    for ticket, story in stories(tickets, tables):
        name, zone = ticket.number, story.facts.get("zone", "UTC")
        note = ticket.organisation.name if ticket.organisation and not ticket.restricted else ""
        affairs = [affair.events for (kind, _key), affair in story.affairs.known.items() if kind == subject]
        logs = {"ticket": [story.events], "escalation": list(story.escalations.values())}.get(subject, affairs)
        for number, events in enumerate(logs, start=1):
            said = name if number == 1 else f"{name} ({number})"
            yield Case(name=said, events=events, until=end, note=note, link=f"/desk/tickets/{name}/", zone=zone)


def between(first: datetime, last: datetime) -> Any:
    """Return the tickets received in [first, last), or still open in it, oldest first."""
    here = Q(received_at__gte=first) | Q(closed_at__gte=first) | Q(closed_at=None)
    rows = Ticket.objects.filter(here, received_at__lt=last).select_related("organisation")
    return rows.order_by("received_at", "pk")
