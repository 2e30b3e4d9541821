"""A person who was told says so: the page is not repeated, and by policy flag the chain is silent for a while."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from escalation.acknowledgements import silence
from escalation.board_ack import ack_view
from escalation.locks import lock_clocks, lock_timers
from escalation.models import Ack, Clock, Firing, Notification, Timer
from escalation.timers import end_or_moot
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record
from tickets.models import Ticket

MAY = ("supervisor", "duty_manager")


@transaction.atomic
def acknowledge(*, firing_id: int, how: str = "desk", browser: str = "", actor: Actor, at: datetime) -> Ack:
    """Acknowledge one firing (`firing_id`: its timer's key), once per person. Never stops a clock or moves a due time.

    how  desk, link, api, keypad or reply.   browser  address and browser of who tapped a link.
    A re-page of the same step ends; rules that the policy lets an acknowledgement silence are held back for its
    `ack_silence_s`, and progress begins that anew. F-2, T-4 and T-5 never are.

    Raises Refused: unknown_firing, not_yours, already_acknowledged, stopped.
    """
    firing = Firing.objects.select_related("clock__ticket", "rule").filter(pk=firing_id).first()
    if firing is None or actor.user_id is None or not _may_see(firing, actor):
        raise Refused("unknown_firing", _("There is no such page."))
    _require_told(firing, actor)
    if firing.clock.ticket_id:
        Ticket.objects.select_for_update(no_key=True, of=("self",)).get(pk=firing.clock.ticket_id)
    if Ack.objects.filter(firing=firing, user_id=actor.user_id).exists():
        raise Refused("already_acknowledged", _("You have acknowledged this already."))
    ack = Ack(clock_id=firing.clock_id, firing=firing, user_id=actor.user_id, kind=how[:16], at=at)
    clock = firing.clock
    record(
        "timer.acknowledged", chain=clock.ticket.chain if clock.ticket else clock.chain, actor=actor, at=at,
        about=clock.ticket, rule=firing.rule_code, occurrence=firing.occurrence, clock=str(clock.uuid), how=how,
        texts={"browser": browser[:200]},
    )  # fmt: skip
    (held,) = lock_clocks(pk=clock.pk)
    if held.state == Clock.State.STOPPED:
        raise Refused("stopped", _("This is over. Nothing more is called."))
    ack.save()
    _end_repages(held, firing, at)
    silence(held, at=at)
    return ack


def acknowledge_by_link(*, token: str, ip: str | None, user_agent: str, at: datetime) -> Ack:
    """Acknowledge as the holder of a page's signed link; once, however many POSTs arrive (decisions 18).

    Raises Refused: unknown_link, link_expired, and as `acknowledge`.
    """
    view = ack_view(token, at)
    if view is None or view.notification.user is None or view.notification.firing_id is None:
        raise Refused("unknown_link", _("We do not know this link."))
    if view.state == "expired":
        raise Refused("link_expired", _("This link has expired."))
    person = view.notification.user
    holder = Actor(kind="link", ref=str(person.uuid), name=person.name, user_id=person.pk, via="link")
    browser = f"{ip or ''} {user_agent}".strip()
    return acknowledge(firing_id=view.notification.firing_id, how="link", browser=browser, actor=holder, at=at)


def _may_see(firing: Firing, actor: Actor) -> bool:
    """A person who was told may answer, whatever tickets they may otherwise see."""
    ticket = firing.clock.ticket
    if _told(firing, actor):
        return True
    return actor.is_staff and (ticket is None or Ticket.objects.visible_to(actor).filter(pk=ticket.pk).exists())


def _require_told(firing: Firing, actor: Actor) -> None:
    if not _told(firing, actor) and not actor.has_role(*MAY):
        raise Refused("not_yours", _("Only somebody who was told acknowledges it, or a supervisor or duty manager."))


def _told(firing: Firing, actor: Actor) -> bool:
    return Notification.objects.filter(firing=firing, user_id=actor.user_id or 0).exists()


def _end_repages(clock: Clock, firing: Firing, at: datetime) -> None:
    """End further pages of the same step. Those of contact duties end by confirming the duty instead (X-04)."""
    if firing.rule.max_occurrences is None or clock.subject_kind == "escalation":
        return
    again = [t for t in lock_timers(clock, Timer.State.ARMED) if t.rule_code == firing.rule_code]
    end_or_moot(again, reason="acknowledged", at=at)
