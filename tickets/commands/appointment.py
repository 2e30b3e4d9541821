"""Meetings about a ticket: made, moved, cancelled; each time everybody invited gets the calendar file (V-07)."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from ledger.actor import Actor
from ledger.errors import Refused
from tickets import lifecycle
from tickets.commands.base import ref, take, tell
from tickets.models import Appointment, Ticket
from tickets.text import clean_line

SHORTEST, LONGEST = 5, 8 * 60


@transaction.atomic
def make_appointment(
    *,
    ticket_id: int,
    starts_at: datetime,
    minutes: int,
    actor: Actor,
    at: datetime,
    subject: str = "",
    place: str = "",
    host_id: int | None = None,
) -> Appointment:
    """Arrange a meeting; `subject` "" = a technical consultation, `host_id` None = nobody of ours named yet. Additive.

    minutes  its length, 5 to 480. Raises Refused("past_due"), ("bad_length"), ("unknown_person").
    """
    ticket = take(ticket_id, actor)
    lifecycle.require(ticket, "plan", actor)
    ends_at = _end(starts_at, minutes, at)
    made = Appointment.objects.create(
        ticket=ticket,
        subject=clean_line(subject)[:160] or str(_("Technical consultation")),
        starts_at=starts_at,
        ends_at=ends_at,
        place=clean_line(place)[:200],
        host=_host(host_id),
        made_by_id=actor.user_id if actor.is_staff else None,
        made_at=at,
    )
    _tell("appointment.made", made, ticket, actor=actor, at=at)
    return made


@transaction.atomic
def move_appointment(
    *, appointment_id: int, starts_at: datetime, minutes: int, actor: Actor, at: datetime, place: str | None = None
) -> Appointment:
    """Set another time, and place where one is given. Raises as `make_appointment`, and ("over") once it is past."""
    found, ticket = _standing(appointment_id, actor, at)
    found.starts_at, found.ends_at = starts_at, _end(starts_at, minutes, at)
    if place is not None:
        found.place = clean_line(place)[:200]
    found.sequence += 1
    found.save(update_fields=["starts_at", "ends_at", "place", "sequence"])
    _tell("appointment.moved", found, ticket, actor=actor, at=at)
    return found


@transaction.atomic
def cancel_appointment(*, appointment_id: int, actor: Actor, at: datetime) -> Appointment:
    """Call it off. Raises Refused("unknown_appointment"), ("over") once it is past or cancelled."""
    found, ticket = _standing(appointment_id, actor, at)
    found.cancelled_at = at
    found.sequence += 1
    found.save(update_fields=["cancelled_at", "sequence"])
    _tell("appointment.cancelled", found, ticket, actor=actor, at=at)
    return found


def _standing(appointment_id: int, actor: Actor, at: datetime) -> tuple[Appointment, Ticket]:
    named = Appointment.objects.visible_to(actor).filter(pk=appointment_id).first()
    if named is None:
        raise Refused("unknown_appointment", _("We do not know that appointment. Load the page again."))
    ticket = take(named.ticket_id, actor)
    lifecycle.require(ticket, "plan", actor)
    found = Appointment.objects.get(pk=named.pk)
    if found.cancelled_at is not None or found.ends_at <= at:
        raise Refused("over", _("This appointment is over or cancelled. Make a new one."))
    return found, ticket


def _end(starts_at: datetime, minutes: int, at: datetime) -> datetime:
    if starts_at <= at:
        raise Refused("past_due", _("That time is gone already. Choose a later one."), "starts_at")
    if not SHORTEST <= minutes <= LONGEST:
        raise Refused("bad_length", _("An appointment takes between 5 minutes and 8 hours."), "minutes")
    return starts_at + timedelta(minutes=minutes)


def _host(host_id: int | None) -> User | None:
    if host_id is None:
        return None
    found = User.objects.filter(pk=host_id, kind="staff", is_active=True).first()
    if found is None:
        raise Refused("unknown_person", _("We do not know that colleague. Choose another."), "host_id")
    return found


def _tell(name: str, made: Appointment, ticket: Ticket, *, actor: Actor, at: datetime) -> None:
    facts: dict[str, Any] = {"appointment": ref(made), "starts_at": made.starts_at, "host": ref(made.host)}
    tell(name, ticket, actor=actor, at=at, **facts)
