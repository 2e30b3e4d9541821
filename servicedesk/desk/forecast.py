"""What logging a call now would start: deadlines of the team, news to the customer, calls to management."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from catalogue.models import Calendar
from escalation.ticket_clocks import TicketClocks
from escalation.upcoming import Upcoming, after_signing, upcoming
from servicedesk.desk.room import Room
from tickets.lifecycle import LIVE_CHANNELS
from tickets.models import Ticket
from tickets.routing import Route

NEWS = "progress"


@dataclass(frozen=True)
class Forecast:
    """The rules that would be armed, next due first. contact_within None = no rule counts from signing for it."""

    rules: Sequence[Upcoming]
    contact_within: timedelta | None = None

    @cached_property
    def owed(self) -> list[Upcoming]:
        """What the team owes by when, and what the customer may be told."""
        return [one for one in self.rules if one.breach and (one.customer_label or "signed_for" in one.ends_on)]

    @cached_property
    def calls(self) -> list[Upcoming]:
        """Whom it calls if it is not solved by then."""
        return [one for one in self.rules if one not in self.owed and set(one.ends_on) == {"resolved"}]

    @cached_property
    def news_by(self) -> datetime | None:
        """By when the customer hears next, None where nothing says so."""
        told = [one.due_at for one in self.rules if one.customer_label and set(one.ends_on) == {"resolved"}]
        return min(told, default=None)

    @cached_property
    def solved_by(self) -> datetime | None:
        """By when it is to be solved: the last of the customer's times; None where there is but one."""
        told = sorted({one.due_at for one in self.rules if one.customer_label and set(one.ends_on) == {"resolved"}})
        return told[-1] if len(told) > 1 else None


def forecast(room: Room, *, priority: str, route: Route, calendar: Calendar | None) -> Forecast:
    """Return what would start if the call were logged and dispatched now. 1 query."""
    data, call = room.data, room.interaction
    logged = {"kind": data.get("kind") or "fault", "channel": call.channel, "organisation": room.organisation,
              "prospect": room.prospect, "received_at": call.started_at}  # fmt: skip
    ended = {"state": route.tier, "tier": route.tier, "priority": priority, "category": data.get("category", ""),
             "critical": bool(data.get("critical")), "verified_at": room.at}  # fmt: skip
    before = TicketClocks(Ticket(**logged), at=call.started_at)
    after = TicketClocks(Ticket(**logged, **ended), at=room.at)
    before.calendar = after.calendar = calendar
    over = {"verified"} | ({"acknowledged"} if call.channel in LIVE_CHANNELS else set())
    return Forecast(upcoming(before, after, over=over), after_signing(after))
