"""The logs of everything that has clocks on a ticket: its own, one for each escalation, promise and step of it."""

from escalation.models import Escalation
from escalation.simulator.affairs import PROMISE, STEP
from escalation.simulator.checking import Log
from escalation.simulator.story import Story
from tickets.models import Commitment, Ticket, WorkItem

ON_TICKETS = ("ticket", "escalation", PROMISE, STEP)


def logs_of(ticket: Ticket, story: Story) -> list[Log]:
    """Return the logs of a ticket's story. At most 3 queries."""
    found = [Log("ticket", ticket.pk, ticket.number, [story.events])]
    if story.escalations:
        for uuid, pk in Escalation.objects.filter(ticket=ticket).values_list("uuid", "pk"):
            if events := story.escalations.get(str(uuid)):
                found.append(Log("escalation", pk, ticket.number, [events]))
    affairs = story.affairs.known
    for kind, model in ((PROMISE, Commitment), (STEP, WorkItem)):
        if not any(key[0] == kind for key in affairs):
            continue
        for uuid, pk in model.objects.filter(ticket=ticket).values_list("uuid", "pk"):
            if affair := affairs.get((kind, str(uuid))):
                found.append(Log(kind, pk, ticket.number, [affair.events]))
    return found
