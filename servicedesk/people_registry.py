"""What rooms above `accounts` hold of a person: handed to its commands when somebody leaves or is erased."""

from datetime import datetime

from django.contrib.admin.models import LogEntry

from accounts.commands.deactivate import Holding
from accounts.models import Contact, User
from escalation.commands.roster_leave import hand_over_turns, turns_held
from escalation.ladder_words import target_words
from escalation.models import Duty
from ledger.actor import SYSTEM, Actor
from ledger.clock import now
from ledger.errors import Refused
from tickets.commands.major_people import change_commander
from tickets.commands.work import assign
from tickets.models import Commitment, Interaction, MajorIncident, Note, Ticket, WorkItem

ENDED = ("closed", "rejected", "cancelled")


def _tickets(user: User) -> list[str]:
    return list(Ticket.objects.filter(owner=user).exclude(state__in=ENDED).values_list("number", flat=True))


def _hand_over_tickets(user: User, to: User, actor: Actor, at: datetime) -> None:
    """Assign each to the successor, or put it back into its team's queue if the successor may not work it.

    The desk itself acts, as an administrator works no tickets; the leaver's own entry says who decided.
    """
    for ticket in Ticket.objects.filter(owner=user).exclude(state__in=ENDED).order_by("pk"):
        reason = f"{user.name} left"
        try:
            assign(ticket_id=ticket.pk, user_id=to.pk, reason=reason, actor=SYSTEM, at=at)
        except Refused:
            assign(ticket_id=ticket.pk, user_id=None, reason=reason, actor=SYSTEM, at=at)


def _work_items(user: User) -> list[str]:
    items = WorkItem.objects.filter(owner_user=user, state="open").select_related("ticket", "major")
    return [f"{about.number}: {item.shown}" for item in items if (about := item.ticket or item.major)]


def _hand_over_work_items(user: User, to: User, actor: Actor, at: datetime) -> None:
    WorkItem.objects.filter(owner_user=user, state="open").update(owner_user=to)


def _commitments(user: User) -> list[str]:
    rows = Commitment.objects.filter(made_by=user, state="open").select_related("ticket")
    return [f"{row.ticket.number}: {row}" for row in rows]


def _hand_over_commitments(user: User, to: User, actor: Actor, at: datetime) -> None:
    Commitment.objects.filter(made_by=user, state="open").update(made_by=to)


def _duties(user: User) -> list[str]:
    rows = Duty.objects.filter(person=user, confirmed_at=None).order_by("told_at", "pk")
    named = rows.values_list("escalation__ticket__number", "role")
    return [f"{number}: {target_words(role)}" for number, role in named]


def _hand_over_duties(user: User, to: User, actor: Actor, at: datetime) -> None:
    Duty.objects.filter(person=user, confirmed_at=None).update(person=to, why="successor")


def _majors(user: User) -> list[str]:
    rows = MajorIncident.objects.filter(commander=user).exclude(state=MajorIncident.State.CLOSED)
    return list(rows.values_list("number", flat=True))


def _hand_over_majors(user: User, to: User, actor: Actor, at: datetime) -> None:
    rows = MajorIncident.objects.filter(commander=user).exclude(state=MajorIncident.State.CLOSED).order_by("pk")
    for incident in rows:
        change_commander(incident_id=incident.pk, user_id=to.pk, actor=SYSTEM, at=at)


def _rosters(user: User) -> list[str]:
    return turns_held(user, now())


HOLDINGS = (
    Holding(kind="tickets", refs=_tickets, hand_over=_hand_over_tickets),
    Holding(kind="work_items", refs=_work_items, hand_over=_hand_over_work_items),
    Holding(kind="commitments", refs=_commitments, hand_over=_hand_over_commitments),
    Holding(kind="duties", refs=_duties, hand_over=_hand_over_duties),
    Holding(kind="major_incidents", refs=_majors, hand_over=_hand_over_majors),
    Holding(kind="rosters", refs=_rosters, hand_over=hand_over_turns),
)


def erase_in_tickets(contact: Contact, marks: list[str], at: datetime) -> list[str]:
    """Pseudonymise what tickets, interactions and notes hold of a contact; return ids of its own notes' texts."""
    nobody = "Erased person"
    Ticket.objects.filter(reporter=contact).update(
        caller_name=nobody, caller_email="", caller_phone="", callback_number=""
    )
    if contact.email:
        Ticket.objects.filter(caller_email__iexact=contact.email).update(
            caller_name=nobody, caller_email="", caller_phone=""
        )
    Interaction.objects.filter(contact=contact).update(caller_number="")
    own = Note.objects.filter(author_contact=contact)
    own.update(author_name=nobody)
    LogEntry.objects.filter(object_repr=contact.name).update(object_repr=nobody)
    return [str(pk) for pk in own.values_list("text_id", flat=True)]


ERASERS = (erase_in_tickets,)
