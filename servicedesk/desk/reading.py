"""Finding a ticket for a page: by number, only if the reader may know of it."""

from django.db.models import Exists, OuterRef, Subquery, Value
from django.http import Http404

from escalation.models import Escalation
from ledger import clock
from ledger.actor import Actor
from ledger.models import Entry
from tickets.commands.draft import note_key
from tickets.models import Draft, Snooze, Ticket
from tickets.queries_maintenance import mark_of_window

RELATED = ("organisation", "reporter", "service", "site", "team", "owner", "verification", "problem_link__problem")


def ticket_or_404(number: str, actor: Actor) -> Ticket:
    """Return the ticket with everything its page names, in one query (two once it was merged): whether it is
    `escalated`, its problem, the planned work in whose `window` it came in ({number, uuid} or None), and for this
    reader whether they have it `watched` and `snoozed`, and the note they write (`note_draft`).

    404 for absent and foreign alike.
    """
    open_one = Escalation.objects.filter(ticket=OuterRef("pk"), closed_at=None)
    drafts = Draft.objects.filter(user=actor.user_id or 0, key=note_key(number))
    mine = {"ticket": OuterRef("pk"), "user": actor.user_id or 0}
    rows = (
        Ticket.objects.visible_to(actor)
        .select_related(*RELATED)
        .annotate(
            escalated=Exists(open_one),
            window=mark_of_window(),
            reader_id=Value(actor.user_id or 0),
            named=Exists(Ticket.need_to_know.through.objects.filter(**mine)),
            watched=Exists(Ticket.watchers.through.objects.filter(**mine)),
            snoozed=Exists(Snooze.objects.filter(**mine, until__gt=clock.now())),
            note_draft=Subquery(drafts.values("data")[:1]),
        )
    )
    found = rows.filter(number=number).prefetch_related("merged_into").first()
    if found is None:
        raise Http404
    return found


def last_seq(ticket: Ticket) -> int:
    """Return the number of the last fact on the ticket's chain, 0 for none: what a reader has seen."""
    rows = Entry.objects.filter(chain=ticket.chain).order_by("-seq")
    return rows.values_list("seq", flat=True).first() or 0
