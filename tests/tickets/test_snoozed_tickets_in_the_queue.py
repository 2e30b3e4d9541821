"""A snoozed ticket leaves one person's lists until then, and no longer than until something falls due."""

from datetime import timedelta

from ledger import clock
from tickets.commands.snooze import snooze_ticket
from tickets.models import Ticket
from tickets.queries import tickets_of


def test_it_is_out_of_my_lists_alone_and_back_when_it_falls_due_or_the_time_comes(path):
    ticket = path.signed()
    until = path.now + timedelta(hours=2)
    Ticket.objects.filter(pk=ticket.pk).update(next_due_at=until + timedelta(minutes=5))
    snooze_ticket(ticket_id=ticket.pk, until=until, actor=path.cast.bo_actor, at=path.tick())

    def seen(view, actor, at):
        clock.set_demo(demo_now=at, speed=0.001)
        return tickets_of(view, actor).exists()

    bo, cy = path.cast.bo_actor, path.cast.cy_actor
    assert [seen(view, bo, path.now) for view in ("due", "mine", "snoozed", "all")] == [False, False, True, True]
    assert seen("due", cy, path.now) and not seen("snoozed", cy, path.now)
    assert [seen(view, bo, until) for view in ("due", "mine", "snoozed")] == [True, True, False]
    Ticket.objects.filter(pk=ticket.pk).update(next_due_at=path.now)
    assert seen("mine", bo, path.now + timedelta(minutes=1))
