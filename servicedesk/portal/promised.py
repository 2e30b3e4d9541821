"""Promised times as a customer reads them: the policies' where they have words for customers, and people's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _t

from escalation.queries import ClockView
from servicedesk.portal import words
from tickets.models import Commitment


@dataclass(frozen=True, slots=True)
class Promise:
    """A time we promised. `text` replaces the ticking time once it is settled; `due` None while it stands still.

    why  the explanation of a promise that was moved (C-10), else "". clock, code: what a policy's time is asked by.
    """

    name: str
    state: str
    due: datetime | None
    text: str
    why: str = ""
    clock: UUID | None = None
    code: str = ""


def in_order(clocks: Sequence[ClockView], commitments: Sequence[Commitment], at: datetime) -> list[Promise]:
    """Return open promises first, the next due on top; of promises of one name the next one only."""
    reasons = {c.moved_to_id: c.explanation for c in commitments if c.state == Commitment.State.MOVED}
    kept = [c for c in commitments if c.state != Commitment.State.MOVED]
    made = [_of_clock(c, at) for c in clocks] + [_of_commitment(c, reasons.get(c.pk, "")) for c in kept]
    made.sort(key=lambda p: (bool(p.text), p.due is None, p.due or at))
    return list({promise.name: promise for promise in reversed(made)}.values())[::-1]


def ticks(clock: ClockView) -> bool:
    """Whether the clock still runs to a time."""
    return clock.due_at is not None and clock.state in {"running", "soon", "breached"}


def _of_clock(clock: ClockView, at: datetime) -> Promise:
    name = words.label(clock.customer_label)
    late = clock.state in {"breached", "fired"} or (clock.due_at is not None and clock.due_at <= at)
    if clock.state == "met":
        return Promise(name, "met", None, _t("kept"))
    if clock.state == "paused":
        return Promise(name, "paused", None, _t("stands still"), "", clock.clock, clock.code)
    if clock.state == "fired":
        return Promise(name, "met", None, _t("done"))
    if late:
        return Promise(name, "breached", clock.due_at, "", "", clock.clock, clock.code)
    return Promise(name, clock.state, clock.due_at, "", "", clock.clock, clock.code)


def _of_commitment(promise: Commitment, why: str) -> Promise:
    name = promise.text or str(promise.get_kind_display())
    if promise.state == Commitment.State.KEPT:
        return Promise(name, "met", promise.due_at, _t("kept"), why)
    if promise.state == Commitment.State.BROKEN:
        return Promise(name, "breached", promise.due_at, _t("missed"), why)
    return Promise(name, "running", promise.due_at, "", why)
