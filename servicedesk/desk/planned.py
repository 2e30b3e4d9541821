"""What the page of planned work shows: its customers, approvals and notices, what comes next, what it collides with.

Everything is narrowed to the customers the reader may learn of.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from ledger.actor import Actor
from ledger.models import Entry
from servicedesk.desk.planned_words import FACTS, TOLD
from tickets import planned
from tickets.models import Maintenance, MaintenanceApproval, MaintenanceImpact

State = Maintenance.State
SHOWN, LOG = 6, 40
OUTCOME = timedelta(days=2)


@dataclass(slots=True)
class Customer:
    """One customer the work touches. told_at None = not told yet."""

    organisation: Organisation
    services: list[MaintenanceImpact]

    @property
    def key(self) -> bool:
        """Whether a function of its own reviews what happens to it (C-29)."""
        return self.organisation.segment == planned.KEY_SEGMENT

    @property
    def told_at(self) -> datetime | None:
        return min((row.told_at for row in self.services if row.told_at), default=None)


@dataclass(frozen=True, slots=True)
class Step:
    """What must happen by when, and who does it."""

    title: str
    due_at: datetime
    who: str = ""
    act: str = ""


class Page:
    """One window for one reader; every property asks the database once."""

    def __init__(self, window: Maintenance, actor: Actor, at: datetime) -> None:
        self.window, self.actor, self.at = window, actor, at

    @cached_property
    def impacts(self) -> list[MaintenanceImpact]:
        """Rows of customers the reader may learn of."""
        rows = self.window.impacts.filter(organisation__in=Organisation.objects.visible_to(self.actor))
        return list(
            rows.select_related("service", "organisation").order_by("organisation__name", "service__service_id")
        )

    @cached_property
    def customers(self) -> list[Customer]:
        """Those touched, key customers first."""
        found: dict[int, Customer] = {}
        for row in self.impacts:
            if not row.left_out:
                found.setdefault(row.organisation_id, Customer(row.organisation, [])).services.append(row)
        return sorted(found.values(), key=lambda each: (not each.key, each.organisation.name))

    @property
    def left_out(self) -> list[MaintenanceImpact]:
        """What was computed and taken out by hand."""
        return [row for row in self.impacts if row.left_out]

    @property
    def by_hand(self) -> int:
        """How many services were added by hand."""
        return sum(row.cause == MaintenanceImpact.Cause.HAND and not row.left_out for row in self.impacts)

    @property
    def services(self) -> int:
        """How many services are touched."""
        return sum(not row.left_out for row in self.impacts)

    @property
    def key_customers(self) -> int:
        """How many key customers are touched."""
        return sum(each.key for each in self.customers)

    @cached_property
    def approvals(self) -> list[tuple[Any, MaintenanceApproval | None]]:
        """Each function of this round with its decision."""
        rows = self.window.approvals.filter(round_no=self.window.round_no).select_related("person")
        made = {row.function: row for row in rows}
        names = self.window.needed or planned.needed(
            (each.organisation.segment for each in self.customers), international=self.window.international
        )
        return [(planned.FUNCTIONS[name], made.get(name)) for name in names]

    @property
    def approved(self) -> int:
        """How many functions have approved."""
        return sum(row is not None and row.approved for _name, row in self.approvals)

    @cached_property
    def steps(self) -> list[Step]:
        """What comes next, the nearest first."""
        window, before = self.window, self.window.notice_by or self.window.starts_at
        left = ", ".join(str(name) for name, row in self.approvals if row is None)
        every = {
            State.DRAFT: Step(_("Ask for approval"), before, window.owner.name, "request"),
            State.REQUESTED: Step(_("Approve the work"), before, left),
            State.APPROVED: Step(_("Tell the customers"), before, window.owner.name, "notice"),
            State.NOTICED: Step(_("Start the work"), window.starts_at, window.owner.name, "start"),
            State.RUNNING: Step(_("Say how it ended"), window.ends_at, window.owner.name, "finish"),
        }
        order = list(every)
        return [every[state] for state in order[order.index(window.state) :]] if window.state in every else []

    @cached_property
    def collisions(self) -> list[Maintenance]:
        """Other windows at the same time on the same services."""
        window = self.window
        if window.over:
            return []
        rows = Maintenance.objects.visible_to(self.actor).exclude(pk=window.pk).exclude(state__in=Maintenance.OVER)
        rows = rows.filter(starts_at__lt=window.ends_at, ends_at__gt=window.starts_at, impacts__left_out=False)
        return list(rows.filter(impacts__service__in=[row.service_id for row in self.impacts]).distinct()[:SHOWN])

    @cached_property
    def others(self) -> list[Maintenance]:
        """What else is planned."""
        rows = Maintenance.objects.visible_to(self.actor).exclude(pk=self.window.pk).exclude(state__in=Maintenance.OVER)
        return list(rows.filter(ends_at__gt=self.at).order_by("starts_at", "pk")[:SHOWN])

    @cached_property
    def log(self) -> list[tuple[Entry, str, str]]:
        """What happened: fact, words, who. Letters of customers the reader may not learn of are left out. 2 queries."""
        seen = {str(each.organisation.uuid): each.organisation.name for each in self.customers}
        rows = list(Entry.objects.filter(chain=self.window.chain).order_by("-seq")[:LOG])
        refs = [entry.actor_ref for entry in rows if entry.actor_kind == "staff"]
        names = {str(uuid): name for uuid, name in User.objects.filter(uuid__in=refs).values_list("uuid", "name")}
        return [(entry, words, names.get(entry.actor_ref, "")) for entry in rows if (words := _words(entry, seen))]


def _words(entry: Entry, seen: dict[str, str]) -> str:
    if entry.name != "maintenance.customer_told":
        return str(FACTS.get(entry.name, ""))
    name = seen.get(entry.data.get("organisation", ""))
    said = TOLD.get(entry.data.get("what", ""))
    count = len(entry.data.get("contacts", []))
    return _("%(name)s: %(what)s, %(count)d contacts") % {"name": name, "what": said, "count": count} if name else ""
