"""What screens read of tickets: frozen shapes, no model instances to follow lazily. One import for the doors."""

from tickets.queries_next import NextStep, what_next
from tickets.queries_portal import PortalNote, PortalTicket, portal_ticket
from tickets.queries_queue import QueuePage, QueueRow, counts, queue
from tickets.queries_similar import Proposal, Similar, duplicates, proposal
from tickets.queries_timeline import TimelineItem, contacts_of, timeline

__all__ = [
    "NextStep",
    "PortalNote",
    "PortalTicket",
    "Proposal",
    "QueuePage",
    "QueueRow",
    "Similar",
    "TimelineItem",
    "contacts_of",
    "counts",
    "duplicates",
    "portal_ticket",
    "proposal",
    "queue",
    "timeline",
    "what_next",
]
