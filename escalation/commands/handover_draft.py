"""Open the sheet of a change of shift and draft it from live state, as often as wanted until it is signed (A-05)."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from escalation.locks import lock_clocks
from escalation.models import Handover, HandoverLine
from escalation.shifts.agenda import change_near, people_of
from escalation.shifts.compare import change_of, gone, states_of
from escalation.shifts.live import Found, live
from escalation.shifts.pattern import Change, Window
from escalation.shifts.rules import locked, require_draft, require_keeper
from escalation.subject_reactions import SHIFT
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record


@transaction.atomic
def open_handover(*, shift_id: int, starts_at: datetime, actor: Actor, at: datetime) -> Handover:
    """Draft the sheet handed to the shift that begins at `starts_at`; return the one there is, if there is one.

    `handover.due` arms the clock of the policy: whoever accepts before the shift begins is called by nobody (H-1).
    Raises Refused: not_allowed, unknown_change, nobody_hands (one person manages both shifts).
    """
    require_keeper(actor)
    change = change_near(shift_id, starts_at)
    if change is None or not _within(change, actor):
        raise Refused("unknown_change", _("No shift begins then. Choose a change of shift."), field="starts_at")
    there = Handover.objects.filter(incoming_shift=shift_id, starts_at=change.incoming.begin).first()
    if there is not None:
        return there
    outgoing, incoming = people_of(change, at)
    if outgoing is not None and outgoing == incoming:
        raise Refused("nobody_hands", _("One person manages both shifts: there is nobody to hand to."))
    made, new = Handover.objects.get_or_create(
        incoming_shift=change.incoming.shift, starts_at=change.incoming.begin,
        defaults=_facts(change, outgoing, incoming, at),
    )  # fmt: skip
    if not new:
        return made
    draft(made, change, at)
    record(
        "handover.due", chain=made.chain, actor=actor, at=at, about=made, starts_at=made.starts_at.isoformat(),
        region=made.region, outgoing=made.outgoing_id, incoming=made.incoming_id,
    )  # fmt: skip
    return made


@transaction.atomic
def refresh_handover(*, handover_id: int, version: int | None = None, actor: Actor, at: datetime) -> Handover:
    """Draft a sheet anew from live state. Notes and what was spoken through stay with their lines.

    Raises Refused: not_allowed, unknown_handover, stale, signed.
    """
    require_keeper(actor)
    handover = locked(handover_id, actor, version)
    require_draft(handover)
    begin = Window(handover.outgoing_shift, handover.starts_at, handover.ends_at, False)
    change = change_near(handover.incoming_shift_id, handover.starts_at) or Change(
        begin, Window(handover.incoming_shift, handover.starts_at, handover.until, False)
    )
    handover.outgoing, handover.incoming = people_of(change, at)
    handover.save(update_fields=["outgoing", "incoming"])
    draft(handover, change, at)
    record("handover.refreshed", chain=handover.chain, actor=actor, at=at, about=handover, lines=handover.lines.count())
    _call_them(handover)
    return handover


def _call_them(handover: Handover) -> None:
    """A roster that changed meanwhile: the clock calls who manages now."""
    people = {"outgoing_manager": handover.outgoing_id, "incoming_manager": handover.incoming_id}
    for clock in lock_clocks(subject_kind=SHIFT, subject_id=handover.pk):
        clock.people = {word: key for word, key in people.items() if key}
        clock.save(update_fields=["people"])


def draft(handover: Handover, change: Change, at: datetime) -> None:
    """Write lines, figures and changes of a sheet that is held. What a person wrote on a line stays with it."""
    found = live(change, at=at)
    old = {line.key: line for line in handover.lines.all()}
    previous = _previous(handover)
    before = list(previous.lines.all()) if previous else []
    known = {line.key: line for line in before}
    told = [change_of(line, known) for line in found.lines] if previous else [("", None) for _line in found.lines]
    handover.lines.all().delete()
    lines = [
        _row(handover, line, position, word, old.get(line.key))
        for position, (line, (word, _told)) in enumerate(zip(found.lines, told, strict=True))
    ]
    kept = {line.key for line in found.lines}
    noted = [line for key, line in old.items() if key not in kept and line.note]
    HandoverLine.objects.bulk_create([*lines, *_written(noted, len(lines))])
    handover.previous, handover.figures, handover.drafted_at = previous, found.figures, at
    handover.changes = [said for _word, said in told if said] + gone(before, found.lines, states_of(before))
    handover.version += 1
    handover.save(update_fields=["previous", "figures", "changes", "drafted_at", "version"])


def _row(handover: Handover, line: Found, position: int, change: str, old: HandoverLine | None) -> HandoverLine:
    row = HandoverLine(
        handover=handover, part=line.part, key=line.key[:80], position=position, ticket=line.ticket,
        escalation=line.escalation, title=line.title[:240], due_at=line.due_at, due_code=line.due_code[:12],
        facts=line.facts, change=change,
    )  # fmt: skip
    if old is not None:
        row.uuid, row.note, row.spoken_at, row.spoken_by_id = old.uuid, old.note, old.spoken_at, old.spoken_by_id
    return row


def _written(noted: Sequence[HandoverLine], first: int) -> list[HandoverLine]:
    """Lines that live state no longer holds but somebody wrote on: they stay, marked as over."""
    for position, line in enumerate(noted, start=first):
        line.pk, line.position, line.change = None, position, "over"
    return list(noted)


def _previous(handover: Handover) -> Handover | None:
    signed = Handover.objects.filter(region=handover.region, team=handover.team_id, signed_at__isnull=False)
    return signed.filter(starts_at__lt=handover.starts_at).order_by("-starts_at").first()


def _facts(change: Change, outgoing: User | None, incoming: User | None, at: datetime) -> dict:
    shift = change.incoming.shift
    return {
        "outgoing_shift": change.outgoing.shift, "region": shift.region, "team_id": shift.team_id,
        "ends_at": change.outgoing.end, "until": change.incoming.end, "outgoing": outgoing, "incoming": incoming,
        "opened_at": at, "drafted_at": at,
    }  # fmt: skip


def _within(change: Change, actor: Actor) -> bool:
    return not actor.regions or change.incoming.shift.region in actor.regions
