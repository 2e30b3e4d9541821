"""What stands around a call: the greeting, whose number it is, calls in hand, where the ticket would go, and when.

Everything here is for the agent's eyes. Before verification it names nobody's account: only the number's holder, so
that the agent knows whom to expect, and the caller says it first (V-01, decisions 16).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.utils.text import slugify

from accounts.models import AccountTeamMember, Contact
from accounts.proofs import normal_name
from accounts.queries import CallerMatch, who_is_calling
from catalogue.models import Service
from catalogue.promised import Promised, begins_at, promised_to
from escalation.queries import answer_target
from escalation.reach import carried
from ledger.errors import Refused
from ledger.idempotency import request_hash
from servicedesk.desk.forecast import Forecast, forecast
from servicedesk.desk.in_hand import InHand, calls_in_hand, rings
from servicedesk.desk.priorities import Proposed, proposed_priority
from servicedesk.desk.room import Room, kept
from servicedesk.desk.speech import AT_ANY_HOUR
from tickets.call_scripts import NAMES, Spoken, script_for
from tickets.models import Maintenance, Playbook, Problem
from tickets.queries_maintenance import around, worked_on
from tickets.queries_problem import known_on
from tickets.routing import Route, route
from tickets.words import Category, Kind, Priority, Scope

SERVICES = 6
WORST_FIRST = {"down": 0, "degraded": 1, "unknown": 2, "up": 3}


@dataclass
class Surroundings:
    """Properties ask the database once each, and only when a template wants them."""

    room: Room

    @cached_property
    def ringing(self) -> bool:
        """Whether this call waits to be answered."""
        return rings(self.room.interaction)

    @cached_property
    def answered_in(self) -> timedelta | None:
        """How long the caller waited; None where no telephone told us when it rang (C-07)."""
        call = self.room.interaction
        if not call.called_queue or call.answered_at is None or call.answered_at <= call.started_at:
            return None
        return call.answered_at - call.started_at

    @cached_property
    def answer_target(self) -> timedelta | None:
        """Within which time it was to be answered, as its clock says (C-07)."""
        return answer_target(self.room.interaction.pk) if self.answered_in is not None else None

    @property
    def answered_late(self) -> bool:
        """Whether the caller waited longer than promised."""
        return bool(self.answered_in and self.answer_target and self.answered_in > self.answer_target)

    @cached_property
    def known(self) -> list[CallerMatch]:
        """Whose number this is, as far as the agent may know; empty once somebody is verified."""
        call = self.room.interaction
        if self.room.verified or not call.caller_number:
            return []
        return who_is_calling(call.caller_number, actor=self.room.actor, limit=3)

    @cached_property
    def script(self) -> Spoken | None:
        """What to say first."""
        contact = self.room.contact
        known = self.known[0].contact_id if len(self.known) == 1 else None
        spoken = contact.language if contact else _language_of(known)
        languages = [one for one in (spoken, translation.get_language() or "") if one]
        values = {"operator": settings.OPERATOR_NAME, "agent": self.room.actor.name}
        hour = timezone.localtime(self.room.at).hour
        queue, actor = self.room.interaction.called_queue, self.room.actor
        key = "call-script:" + request_hash(actor.ref, [queue, *languages, str(hour)])
        return kept(key, lambda: script_for(queue, languages, actor, hour=hour, values=values))

    @cached_property
    def in_hand(self) -> list[InHand]:
        """The agent's calls, where there is more than this one."""
        return calls_in_hand(self.room.actor, self.room.interaction)

    @property
    def texts(self) -> bool:
        """Whether a code can go by text message here."""
        return carried("sms")

    @property
    def other_company(self) -> bool:
        """Whether the caller names another organisation than that of the contact chosen."""
        said, contact = self.room.data.get("caller_organisation", ""), self.room.contact
        if not said or contact is None or self.room.verified:
            return False
        return normal_name(said) != normal_name(contact.organisation.name)

    @cached_property
    def no_customer(self) -> bool:
        """Whether the last attempt failed because the organisation is suspended or gone."""
        last = self.room.last
        return last is not None and last.outcome == "failed" and not last.checks.get("organisation", True)

    @cached_property
    def account_manager(self) -> str:
        """Who answers for the customer, "" nobody."""
        contact, call = self.room.contact, self.room.interaction
        if self.room.verified and hasattr(call, "account_manager"):  # read with the call itself
            return call.account_manager or ""
        rows = AccountTeamMember.objects.filter(organisation_id=contact.organisation_id if contact else 0)
        return rows.filter(role="account_manager").values_list("user__name", flat=True).first() or ""

    @cached_property
    def services(self) -> list[Service]:
        """The customer's services: the chosen one, then those in trouble."""
        chosen = self.room.service
        rows = sorted(self.room.services or [], key=lambda s: (s != chosen, WORST_FIRST[s.state], s.service_id))
        return rows[:SERVICES]

    @cached_property
    def more_services(self) -> int:
        """How many services are not listed."""
        return max(len(self.room.services or []) - SERVICES, 0)

    @cached_property
    def promised(self) -> Promised | None:
        """The customer's entitlement; None before verification."""
        return promised_to(self.room.organisation, self.room.at) if self.room.organisation else None

    @cached_property
    def proposed(self) -> Proposed | None:
        """What impact and urgency propose, and why."""
        return proposed_priority(self.room.data, lambda: self.room.matrix) if self.room.open else None

    @cached_property
    def priority(self) -> str:
        """The priority it would get, "" not known yet."""
        return self.room.data.get("priority") or (self.proposed.value if self.proposed else "")

    @property
    def language(self) -> str:
        """The customer's language in its own name, its code where we have none; "" before verification."""
        organisation = self.room.organisation
        return NAMES.get(organisation.language, organisation.language) if organisation else ""

    @property
    def scopes(self) -> list[tuple[str, Any]]:
        """Scopes to choose from."""
        return list(Scope.choices)

    @property
    def priorities(self) -> list[tuple[str, Any]]:
        """Priorities to choose from."""
        return list(Priority.choices)

    @property
    def proposed_scope(self) -> Any:
        """The scope that alerts and other tickets propose, in words; "" where they say nothing."""
        found = self.room.proposal
        return Scope(found.scope).label if found and found.reasons and found.scope else ""

    @property
    def differs(self) -> bool:
        """Whether the agent chose another scope or priority than proposed, so that a reason is asked for (V-09)."""
        found, proposed = self.room.proposal, self.proposed
        scope = bool(found and found.reasons and self.room.data.get("scope") != found.scope)
        return scope or bool(proposed and self.priority and self.priority != proposed.value)

    @cached_property
    def begins(self) -> datetime | None:
        """When work on it begins, None = at once: P1 and P2 at any hour, the others in the customer's hours (V-21)."""
        found = self.promised.entitlement if self.promised else None
        if found is None or not self.priority or self.priority in AT_ANY_HOUR:
            return None
        return begins_at(found.calendar.hours(), self.room.at)

    @cached_property
    def on_segment(self) -> int:
        """Open faults of other customers on the same network segment: a number, never a name."""
        return self.room.proposal.on_segment if self.room.proposal else 0

    @cached_property
    def planned(self) -> list[Maintenance]:
        """Work on the customer's services that it was told of: running, or within fourteen days (C-29)."""
        return around([service.pk for service in self.room.services or []], self.room.at)

    @cached_property
    def worked_on(self) -> dict[int, str]:
        """The number of the planned work that runs, by service: what marks an alert. No query while none runs."""
        if not any(window.state == window.State.RUNNING for window in self.planned):
            return {}
        return worked_on([alert.service_id for alert in self.room.alerts], self.room.at)

    @cached_property
    def problems(self) -> list[Problem]:
        """Known errors of the customer's services, and causes still looked for (C-28)."""
        return known_on([service.pk for service in self.room.services or []], self.room.actor)

    @cached_property
    def route(self) -> Route | None:
        """Where the ticket would go and why; None while no category is chosen."""
        data = self.room.data
        if not data.get("category") or not self.room.open:
            return None
        contact, organisation = self.room.contact, self.room.organisation
        try:
            return route(
                category=data["category"],
                kind=data.get("kind", ""),
                region=organisation.region if organisation else "",
                language=contact.language if contact and organisation else "",
            )
        except Refused:
            return None

    @cached_property
    def forecast(self) -> Forecast | None:
        """Which clocks logging it now would start; None while priority or route are not known."""
        if not self.priority or self.route is None:
            return None
        found = self.promised.entitlement if self.promised else None
        calendar = found.calendar if found else None
        return forecast(self.room, priority=self.priority, route=self.route, calendar=calendar)

    @cached_property
    def playbook(self) -> Playbook | None:
        """The playbook its category opens (V-08)."""
        category = self.room.data.get("category")
        if not category:
            return None
        rows = Playbook.objects.filter(category=category, active=True).annotate(length=Count("steps"))
        return kept(f"call-playbook:{slugify(category)}", rows.order_by("-version", "pk").first)

    @property
    def new_service(self) -> bool:
        """Whether the four questions of a new service are asked (V-07)."""
        data = self.room.data
        return self.room.open and (data.get("kind") == Kind.INQUIRY or data.get("category") == Category.NEW_SERVICE)


def _language_of(contact_id: int | None) -> Any:
    if contact_id is None:
        return ""
    return Contact.objects.filter(pk=contact_id).values_list("language", flat=True).first() or ""
