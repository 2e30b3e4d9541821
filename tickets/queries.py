"""What screens read of tickets: frozen shapes, no model instances to follow lazily. One import for the doors."""

from tickets.queries_next import NextStep, what_next
from tickets.queries_queue import (
    COUNT_TO,
    VIEWS,
    QueuePage,
    QueueRow,
    counted,
    counts,
    every_row,
    listed,
    queue,
    rows_of,
    tickets_of,
    totals,
    view_counts,
)
from tickets.queries_similar import (
    MOST_OPEN,
    Proposal,
    Similar,
    alike,
    duplicates,
    noise_around,
    open_of,
    proposal,
    proposal_for,
)
from tickets.queries_timeline import TimelineItem, contacts_of, timeline
from tickets.queue_filters import narrowed

__all__ = [
    "COUNT_TO",
    "MOST_OPEN",
    "VIEWS",
    "NextStep",
    "Proposal",
    "QueuePage",
    "QueueRow",
    "Similar",
    "TimelineItem",
    "alike",
    "contacts_of",
    "counted",
    "counts",
    "duplicates",
    "every_row",
    "listed",
    "narrowed",
    "noise_around",
    "open_of",
    "proposal",
    "proposal_for",
    "queue",
    "rows_of",
    "tickets_of",
    "timeline",
    "totals",
    "view_counts",
    "what_next",
]
