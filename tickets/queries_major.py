"""Major incidents as a page of staff shows them, each read in a known number of queries."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _t

from accounts.models import Organisation
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.models import Entry, EntryText
from tickets.major_access import require_leads
from tickets.major_audience import audience, language_of_reader
from tickets.major_words import QUIET, sentence
from tickets.models import (
    MajorIncident,
    MajorOrganisation,
    MajorRole,
    MajorService,
    MajorTicket,
    MajorUpdate,
    Ticket,
    WorkItem,
)
from tickets.names import names_of


@dataclass(frozen=True, slots=True)
class Affected:
    """One customer. services: all affected; down, up: those known not to work, or to work; the rest is not watched."""

    organisation: Organisation
    by_hand: bool
    reason: str
    services: int
    down: int
    up: int
    tickets: int


@dataclass(frozen=True, slots=True)
class Logged:
    """One thing that happened. update set = news that went to customers."""

    at: datetime
    name: str
    icon: str
    text: str
    who: str
    words: str = ""
    update: MajorUpdate | None = None
    contacts: int = 0


@dataclass
class Room:
    """One incident as one reader sees it now. 11 queries."""

    incident: MajorIncident
    actor: Actor
    at: datetime

    @cached_property
    def leads(self) -> bool:
        """Whether the reader leads it."""
        try:
            require_leads(self.incident, self.actor)
        except Refused:
            return False
        return True

    @cached_property
    def mine(self) -> set[str]:
        """The reader's parts in the response."""
        return {role.part for role in self.roles if role.user_id == self.actor.user_id}

    @property
    def writes(self) -> bool:
        """Whether the reader speaks to customers."""
        return self.leads or bool(self.mine & {"communications", "customers"})

    @property
    def helps(self) -> bool:
        """Whether the reader writes into the log."""
        return self.leads or bool(self.mine)

    @cached_property
    def roles(self) -> list[MajorRole]:
        return list(self.incident.roles.filter(left_at=None).select_related("user"))

    @cached_property
    def affected(self) -> list[Affected]:
        """Customers affected now, worst first; of other regions only for whoever leads. 3 queries."""
        rows = self.incident.organisations.filter(removed_at=None).select_related("organisation")
        if not self.leads:
            rows = rows.filter(organisation__in=Organisation.objects.visible_to(self.actor))
        live = self.incident.services.filter(removed_at=None).values("organisation_id")
        down, up = Q(service__state__in=["down", "degraded"]), Q(service__state="up")
        counted = live.annotate(n=Count("id"), down=Count("id", filter=down), up=Count("id", filter=up)).order_by()
        services = {row["organisation_id"]: (row["n"], row["down"], row["up"]) for row in counted}
        tickets = Counter(ticket.organisation_id for ticket in self.children)
        made = [
            Affected(row.organisation, row.by_hand, row.reason, *services.get(row.organisation_id, (0, 0, 0)),
                     tickets[row.organisation_id])
            for row in rows
        ]  # fmt: skip
        return sorted(made, key=lambda row: (-row.down, row.organisation.name))

    @property
    def services(self) -> int:
        """Affected services of the customers shown."""
        return sum(row.services for row in self.affected)

    @cached_property
    def children(self) -> list[Ticket]:
        """Attached tickets the reader may know of, worst first."""
        attached = self.incident.children.filter(detached_at=None).values("ticket_id")
        rows = Ticket.objects.visible_to(self.actor).filter(pk__in=attached)
        return list(rows.select_related("organisation", "team", "owner").order_by("priority", "number"))

    @cached_property
    def updates(self) -> list[MajorUpdate]:
        """News, the draft among them, newest first, each with `reached` = contacts."""
        return list(self.incident.updates.select_related("author").annotate(reached=Count("recipients")))

    @property
    def draft(self) -> MajorUpdate | None:
        """What is being written."""
        return next((update for update in self.updates if update.sent_at is None), None)

    @property
    def reach(self) -> int:
        """How many contacts would get the next news."""
        return sum(self.readers.values())

    @property
    def sent(self) -> list[MajorUpdate]:
        """What went out."""
        return [update for update in self.updates if update.sent_at is not None]

    @cached_property
    def readers(self) -> Counter[str]:
        """Contacts that would get the next news, by language."""
        return Counter(language_of_reader(contact) for contact in audience(self.incident).only("language"))

    @cached_property
    def items(self) -> list[WorkItem]:
        return list(self.incident.work_items.select_related("owner_user", "owner_team"))

    @property
    def steps(self) -> list[WorkItem]:
        """Steps of protocols."""
        return [item for item in self.items if item.source == WorkItem.Source.PLAYBOOK]

    @property
    def prevention(self) -> list[WorkItem]:
        """What keeps it from returning."""
        return [item for item in self.items if item.source != WorkItem.Source.PLAYBOOK]

    @cached_property
    def log(self) -> list[Logged]:
        """What happened, newest first; tickets the reader may not know of are left out. 4 queries."""
        entries = list(Entry.objects.filter(chain=self.incident.chain).exclude(name__in=QUIET).order_by("-seq"))
        numbers = {entry.data["ticket"] for entry in entries if entry.data.get("ticket")}
        seen = set(
            Ticket.objects.visible_to(self.actor).filter(number__in=numbers).values_list("number", flat=True)
        ) if numbers else set()  # fmt: skip
        names = {**names_of(entries), **{str(row.organisation.uuid): row.organisation.name for row in self.affected}}
        ids = [held["id"] for entry in entries for held in entry.data.get("texts", {}).values()]
        said = {str(pk): body for pk, body in EntryText.objects.filter(pk__in=ids).values_list("pk", "body")}
        updates = {str(update.uuid): update for update in self.updates}
        shown = [entry for entry in entries if entry.data.get("ticket") is None or entry.data["ticket"] in seen]
        return [
            self._together(run, names) if len(run) > 1 else self._logged(run[0], names, said, updates)
            for run in _runs(shown)
        ]

    def _together(self, run: list[Entry], names: dict[str, str]) -> Logged:
        """Tickets attached one after the other by one person are one line."""
        numbers = ", ".join(sorted(entry.data["ticket"] for entry in run))
        return Logged(
            at=run[0].at, name=run[0].name, icon="link", who=names.get(run[0].actor_ref, ""), words=numbers,
            text=_t("%(n)d tickets attached") % {"n": len(run)},
        )  # fmt: skip

    def _logged(self, entry: Entry, names: dict[str, str], said: dict[str, str], updates: dict[str, Any]) -> Logged:
        icon, text = sentence(entry, names)
        words = " ".join(said.get(held["id"], "") for held in entry.data.get("texts", {}).values())
        update = updates.get(entry.data.get("update", "")) if entry.name == "major.updated" else None
        return Logged(
            at=entry.at, name=entry.name, icon=icon, text=text, who=names.get(entry.actor_ref, ""),
            words="" if entry.name == "major.declared" else words, update=update,
            contacts=entry.data.get("contacts", 0),
        )  # fmt: skip


def _runs(entries: list[Entry]) -> list[list[Entry]]:
    """Split into runs: attachments by one person next to each other stay together, all else stands alone."""
    runs: list[list[Entry]] = []
    for entry in entries:
        last = runs[-1][-1] if runs else None
        same = last is not None and (last.name, last.actor_ref) == (entry.name, entry.actor_ref)
        if same and entry.name == "major.ticket_attached":
            runs[-1].append(entry)
        else:
            runs.append([entry])
    return runs


def majors_around(ticket: Ticket, actor: Actor) -> list[tuple[bool, MajorIncident]]:
    """Return (whether the ticket is part of it, incident): its own, else running ones it could join. 1 query.

    Those that affect its service; for a critical ticket also those that affect its customer (V-09).
    """
    if ticket.organisation_id is None:
        return []
    own = MajorTicket.objects.filter(ticket=ticket, detached_at=None)
    on_service = MajorService.objects.filter(service_id=ticket.service_id or 0, removed_at=None)
    whole = MajorOrganisation.objects.filter(organisation_id=ticket.organisation_id, removed_at=None)
    near = Q(pk__in=on_service.values("incident_id"))
    near |= Q(pk__in=whole.values("incident_id")) if ticket.critical else Q()
    rows = MajorIncident.objects.visible_to(actor).annotate(own=Exists(own.filter(incident=OuterRef("pk"))))
    rows = rows.filter(Q(own=True) | (Q(state=MajorIncident.State.DECLARED) & near)).order_by("-own", "-declared_at")
    return [(bool(row.own), row) for row in rows[:3]]


def majors(actor: Actor, view: str) -> Any:
    """Return the incidents of a list: running, review (restored or under review), closed, all; newest first."""
    rows = MajorIncident.objects.visible_to(actor).select_related("commander")
    states = {"running": ["declared"], "review": ["restored", "review"], "closed": ["closed"]}.get(view)
    rows = rows.filter(state__in=states) if states else rows
    affected = Count("organisations", filter=Q(organisations__removed_at=None), distinct=True)
    attached = Count("children", filter=Q(children__detached_at=None), distinct=True)
    return rows.annotate(customers=affected, tickets=attached).order_by("-declared_at", "-pk")
