"""Everything the page of one ticket shows, gathered in a known number of queries."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject

from escalation.queries import clocks_of
from ledger.actor import Actor
from servicedesk.desk.forms.notes import NoteForm
from servicedesk.desk.standing import Button, Read, buttons, refusals
from servicedesk.web.times import state_of
from tickets import queries, words
from tickets.commands.draft import Writing, writing_of
from tickets.commands.inquiry import asks_for_service
from tickets.lifecycle import LIVE_CHANNELS
from tickets.models import (
    Appointment,
    Commitment,
    Interaction,
    MajorIncident,
    SalesInquiry,
    Suspension,
    SuspensionApproval,
    Ticket,
    TicketLink,
)
from tickets.queries_major import majors_around

HEAD: dict[str, tuple[str, ...]] = {
    "intake": ("intake", "begin", "reject"),
    "auth": ("verify", "prospect", "no-caller", "reject"),
    "triage": ("triage", "cancel"),
    "l1": ("escalate", "tier-up", "suspend", "resolve"),
    "l2": ("escalate", "tier-up", "suspend", "resolve"),
    "l3": ("escalate", "tier-down", "suspend", "resolve"),
    "suspended": ("escalate", "resume"),
    "closure": ("contact", "dispute", "confirm"),
    "survey": ("close",),
    "closed": ("reopen",),
    "rejected": (),
    "cancelled": ("undo-merge",),
}
MORE = ("sign-for", "contact", "assign", "transfer", "tier-up", "tier-down", "promise", "reclassify", "reprioritise",
        "ask-priority", "critical", "correct-customer", "tag", "watch", "unwatch", "snooze", "wake", "participant",
        "engage", "link", "merge", "split", "restrict", "share", "lift", "reopen", "ask-reopen", "cancel")  # fmt: skip
NEXT = {"begin_verification": "begin", "verify": "verify", "triage": "triage", "resume": "resume", "confirm": "confirm",
        "close": "close", "record_consent": "consent", "decide_suspension": "decide", "sign_for": "sign-for",
        "record_contact": "contact"}  # fmt: skip
DUE = {"begin_verification": "verified", "verify": "verified", "sign_for": "signed_for",
       "record_contact": "contact_recorded"}  # fmt: skip
PROGRESS = "T-3"
TICKING = ("running", "soon", "breached")
TABS = ("all", "customer", "internal", "clocks", "calls")


@dataclass
class Workspace:
    """One ticket as one reader sees it now."""

    ticket: Ticket
    actor: Actor
    at: datetime
    tab: str = "all"

    @cached_property
    def contacts(self) -> list[Interaction]:
        """Calls and other contacts, newest first."""
        return queries.contacts_of(self.ticket)

    @cached_property
    def pauses(self) -> list[Suspension]:
        """The open request and the pause, newest first, each with what was decided on it."""
        decided = SuspensionApproval.objects.filter(suspension_id=OuterRef("pk")).order_by("pk")
        said = JSONObject(function="function", approved="approved", person="person__name")
        rows = self.ticket.suspensions.filter(state__in=["requested", "approved"]).select_related("requested_by")
        return list(rows.annotate(decided=ArraySubquery(decided.values(said=said))))

    @cached_property
    def refusals(self) -> dict[str, Any]:
        """Why each step is closed to the reader, from what the page reads anyway."""
        mine = [c for c in self.contacts if c.agent_id == self.actor.user_id and c.ended_at is None]
        live = any(c.direction == "in" and c.channel in LIVE_CHANNELS and not c.verified for c in mine)
        holds = {
            "suspension_open": all(pause.state != "requested" for pause in self.pauses),
            "open_work": not any(item.state == "open" and item.mandatory for item in self.plan),
        }
        return refusals(self.ticket, self.actor, Read(live, holds))

    @cached_property
    def buttons(self) -> dict[str, Button]:
        """Every command, on or off."""
        return buttons(self.refusals)

    @property
    def head(self) -> list[Button]:
        return [self.buttons[slug] for slug in HEAD[self.ticket.state]]

    @property
    def apart(self) -> tuple[str, ...]:
        """Of two commands that undo each other the one without an effect now."""
        watched, snoozed = getattr(self.ticket, "watched", False), getattr(self.ticket, "snoozed", False)
        closed = ("restrict",) if self.ticket.restricted else ("share", "lift")
        return (*closed, "watch" if watched else "unwatch", "snooze" if snoozed else "wake")

    @property
    def more(self) -> list[Button]:
        return [self.buttons[slug] for slug in MORE if slug not in (*HEAD[self.ticket.state], *self.apart)]

    @cached_property
    def clocks(self) -> list:
        return clocks_of(self.ticket, self.at)

    @cached_property
    def timeline(self) -> list:
        """Newest first; every kind, the tabs choose from it."""
        return queries.timeline(self.ticket, self.actor, contacts=self.contacts)

    @property
    def shown(self) -> list:
        """The items of the tab."""
        return [item for item in self.timeline if self.tab == "all" or self.tab in tabs_of(item)]

    @property
    def counted(self) -> dict[str, int]:
        return {tab: sum(tab == "all" or tab in tabs_of(i) for i in self.timeline) for tab in TABS}

    @cached_property
    def next(self) -> Any:
        """The one step the ticket waits for, with its own deadline; None once it has ended."""
        step = queries.what_next(self.ticket, self.actor, self.at, pauses=self.pauses, refused=self.refusals)
        if step is None or step.step == "resume":  # a pause ends when it was agreed to
            return step
        due, rule = min(self._deadlines(step.step), default=(None, ""))
        return replace(step, due_at=due, rule=rule, late=due is not None and due < self.at)

    def _deadlines(self, step: str) -> list[tuple[datetime, str]]:
        """Return (due, rule) of what the step itself ends: clocks, and for news to the customer what was promised."""
        ticking = [c for c in self.clocks if c.state in TICKING and c.due_at]
        if step == "add_progress":
            told = [(p.due_at, "") for p in self.promises if p.kind == Commitment.Kind.NEXT_UPDATE]
            return told + [(c.due_at, c.code) for c in ticking if c.code == PROGRESS]
        return [(c.due_at, c.code) for c in ticking if DUE.get(step) in c.ends_on]

    @property
    def next_state(self) -> str:
        return state_of(self.next.due_at, self.at) if self.next.due_at else "running"

    @property
    def next_button(self) -> Button | None:
        """The command of the next step where it may be taken here."""
        button = self.buttons.get(NEXT.get(self.next.step, ""))
        return button if button and not button.off else None

    @property
    def next_item(self) -> Any:
        return (
            self.suspension.uuid
            if self.suspension and self.next.step in ("record_consent", "decide_suspension")
            else ""
        )

    @property
    def following(self) -> list:
        """The three clocks after the next step; what is over stands among the clocks."""
        ahead = [c for c in self.clocks if c.state in TICKING and c.due_at and c.due_at >= self.at]
        later = [c for c in ahead if c.due_at != self.next.due_at]
        return sorted(later, key=lambda c: c.due_at)[:3]

    @cached_property
    def _majors(self) -> list[tuple[bool, MajorIncident]]:
        return majors_around(self.ticket, self.actor)

    @property
    def major(self) -> MajorIncident | None:
        """The major incident the ticket is part of."""
        return next((incident for own, incident in self._majors if own), None)

    @property
    def may_join(self) -> list[MajorIncident]:
        """Running ones it could be part of: they affect its service, or it is critical and they affect its customer."""
        ticket = self.ticket
        if not ticket.is_open or ticket.restricted or ticket.verified_at is None:
            return []
        return [incident for own, incident in self._majors if not own]

    @property
    def may_declare(self) -> bool:
        """Whether the page asks if it is a major incident (V-09)."""
        ticket = self.ticket
        open_to = ticket.critical and ticket.is_open and not ticket.restricted and ticket.verified_at is not None
        return open_to and self.actor.has_role("agent", "supervisor", "duty_manager")

    @cached_property
    def plan(self) -> list:
        rows = self.ticket.work_items.select_related("owner_user", "owner_team", "owner_contact")
        return list(rows)

    @cached_property
    def promises(self) -> list:
        return list(self.ticket.commitments.filter(state="open").select_related("made_by"))

    @cached_property
    def links(self) -> list[TicketLink]:
        """Relations from and to this ticket, to tickets the reader may know of."""
        rows = TicketLink.objects.filter(Q(ticket=self.ticket) | Q(other=self.ticket)).select_related("ticket", "other")
        known = Ticket.objects.visible_to(self.actor)
        return list(rows.filter(ticket__in=known, other__in=known))

    @cached_property
    def participants(self) -> list:
        return list(self.ticket.participants.select_related("user", "contact", "team").order_by("since", "pk"))

    @property
    def asks_for_service(self) -> bool:
        """Whether it is about a service the customer does not have yet (V-07)."""
        return asks_for_service(self.ticket)

    @cached_property
    def inquiry(self) -> SalesInquiry | None:
        """What was answered about the new service."""
        return SalesInquiry.objects.filter(ticket=self.ticket).first()

    @cached_property
    def appointments(self) -> list[Appointment]:
        """Consultations that stand, next first."""
        return list(self.ticket.appointments.filter(cancelled_at=None).select_related("host"))

    @property
    def suspension(self) -> Suspension | None:
        """The open request or pause."""
        return self.pauses[0] if self.pauses else None

    @cached_property
    def decisions(self) -> list[tuple[SuspensionApproval, str]]:
        """Who approved or declined the pause: the decision and the name."""
        found = getattr(self.suspension, "decided", ())
        return [(SuspensionApproval(function=d["function"], approved=d["approved"]), d["person"]) for d in found]

    @property
    def live_call(self) -> Interaction | None:
        """The reader's own call on this ticket that has not ended."""
        return next((c for c in self.contacts if c.agent_id == self.actor.user_id and c.ended_at is None), None)

    @property
    def gate(self) -> Any:
        """Why everything is closed, None where it is not."""
        off = self.buttons["note"].off
        return off if off is not None and off.code == "not_verified" else None

    @property
    def foreign(self) -> bool:
        """Whether another team has it, so that the reader may look, escalate and take calls only."""
        off = self.buttons["note"].off
        return off is not None and off.code == "not_your_ticket"

    @property
    def composer(self) -> NoteForm:
        return NoteForm(
            initial={"visibility": "public"}, auto_id="note-%s", ticket=self.ticket, actor=self.actor, at=self.at
        )

    @property
    def writing(self) -> Writing:
        """The note the reader writes here, kept from any browser."""
        return writing_of(getattr(self.ticket, "note_draft", None))

    @property
    def in_tier(self) -> bool:
        return self.ticket.state in words.TIERS


def tabs_of(item: Any) -> set[str]:
    """Return the tabs an item of the timeline stands under."""
    by_kind = {"public": {"customer"}, "internal": {"internal"}, "call": {"calls"}, "clock": {"clocks"}}
    return by_kind.get(item.kind, set())
