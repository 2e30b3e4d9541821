"""The last three handovers, drafted, noted, signed and accepted in their time, and the next one as a draft (A-05)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from accounts.actors import actor_for
from accounts.models import User
from escalation.commands.handover_draft import open_handover, refresh_handover
from escalation.commands.handover_notes import mark_spoken, note_line, note_part, remark
from escalation.commands.handover_sign import accept_handover, sign_handover
from escalation.models import Handover
from escalation.shifts.agenda import coming
from escalation.shifts.pattern import Change
from servicedesk.demo.director import Script

DAYS = timedelta(days=2)
MINUTE = timedelta(minutes=1)
KEPT = 3
LEAD = "Karin Holt"
NOTES = (
    "Wants one voice: call her yourself, do not let L2 call.", "Give it to Omar, he knows the gateway.",
    "The splice crew rings you, not the desk.",
)  # fmt: skip
RISK = "Storm warning for the coast tonight."


def scripts(at: datetime) -> Iterator[Script]:
    """Yield one script for each sheet that is not there yet."""
    there = set(Handover.objects.values_list("incoming_shift_id", "starts_at"))
    wanted = [one for one in coming(at - DAYS, at + DAYS) if (one.incoming.shift.pk, one.incoming.begin) not in there]
    before = [one for one in wanted if one.incoming.begin < at]
    for number, change in enumerate(before[-KEPT:] if not there else ()):
        yield _kept(change, number)
    later = [one for one in wanted if one.incoming.begin >= at]
    if later and not there:
        yield _draft(later[0], at)


def _kept(change: Change, number: int) -> Script:
    """Opened forty minutes ahead, drafted anew and signed, gone through, accepted before the shift begins."""
    lead = actor_for(User.objects.get(name=LEAD))
    first = change.first
    yield first - 40 * MINUTE
    opened = {"shift_id": change.incoming.shift.pk, "starts_at": change.incoming.begin}
    sheet = open_handover(**opened, actor=lead, at=first - 40 * MINUTE)
    giver, taker = (actor_for(user) if user else lead for user in (sheet.outgoing, sheet.incoming))
    yield first - 12 * MINUTE
    refresh_handover(handover_id=sheet.pk, actor=giver, at=first - 12 * MINUTE)
    line = sheet.lines.order_by("position").first()
    if line is not None:
        text = NOTES[number % len(NOTES)]
        note_line(handover_id=sheet.pk, line=line.uuid, text=text, actor=giver, at=first - 11 * MINUTE)
    note_part(handover_id=sheet.pk, part="risk", text=RISK, actor=giver, at=first - 10 * MINUTE)
    sign_handover(handover_id=sheet.pk, actor=giver, at=first - 9 * MINUTE)
    yield first - 4 * MINUTE
    mark_spoken(handover_id=sheet.pk, actor=taker, at=first - 4 * MINUTE)
    accept_handover(handover_id=sheet.pk, actor=taker, at=first - 2 * MINUTE)
    if number == 1:
        words = "It is the Sunbury site, not Sunshine."
        remark(handover_id=sheet.pk, text=words, actor=giver, at=first - MINUTE)


def _draft(change: Change, at: datetime) -> Script:
    yield at - MINUTE
    opened = {"shift_id": change.incoming.shift.pk, "starts_at": change.incoming.begin}
    open_handover(**opened, actor=actor_for(User.objects.get(name=LEAD)), at=at - MINUTE)
