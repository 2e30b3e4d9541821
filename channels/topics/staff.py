"""What our own people are told besides pages: that a team is engaged (P-04)."""

from typing import Any

from django.utils.translation import gettext_lazy

from accounts.models import Team, TeamMembership, User
from channels.outbound.letter import Draft, Receiver
from channels.topics.about import as_uuid, desk_url, fact, of_user, said, ticket_of
from escalation.commands.after_hours import CALLED_OUT
from escalation.commands.engage import JOIN
from ledger.models import OutboxMessage
from tickets.models import Ticket


def _engaged(message: OutboxMessage) -> tuple[Ticket | None, Team | None, dict]:
    ticket = ticket_of(message)
    team = Team.objects.filter(uuid=as_uuid(fact(message, "team"))).first()
    context = {"team": team, "asked": _asked(said(message, "text"))}
    if ticket is not None:
        context |= {"action_url": desk_url(ticket), "action": gettext_lazy("Open the ticket")}
    return ticket, team, context


def _asked(text: str) -> Any:
    """Our own wording in the receiver's language; what a person wrote stays as it is."""
    return gettext_lazy(text) if text in {JOIN, CALLED_OUT} else text


def team_engaged(message: OutboxMessage) -> list[Draft]:
    """To the team's mailbox, else to each member, with the ticket number; to the person called in as well (P-04)."""
    ticket, team, context = _engaged(message)
    if ticket is None or team is None:
        return []
    to = [Receiver(team.email, team.name)] if team.email else _members(team)
    person = of_user(User.objects.filter(uuid=as_uuid(fact(message, "person"))).first())
    everyone = {r.address.lower(): r for r in [*to, *([person] if person else [])]}
    return [Draft(receiver, "team_engaged", context, ticket) for receiver in everyone.values()]


def team_engaged_chat(message: OutboxMessage) -> list[Draft]:
    """The same into the team's chat, if it has one."""
    ticket, team, context = _engaged(message)
    if ticket is None or team is None or not team.chat_url:
        return []
    return [Draft(Receiver("", team.name), "team_engaged", context, ticket, chat_url=team.chat_url)]


def _members(team: Team) -> list[Receiver]:
    rows = TeamMembership.objects.filter(team=team, user__is_active=True).select_related("user")
    return [receiver for receiver in (of_user(row.user) for row in rows) if receiver is not None]


def team_test(message: OutboxMessage) -> list[Draft]:
    """A test of a team's mailbox or of its chat, by the topic."""
    team = Team.objects.filter(uuid=as_uuid(message.payload.get("team")), active=True).first()
    by_chat = message.topic.startswith("chat.")
    if team is None or not (team.chat_url if by_chat else team.email):
        return []
    to, url = Receiver("" if by_chat else team.email, team.name), team.chat_url if by_chat else ""
    return [Draft(to, "team_test", {"team": team}, chat_url=url)]
