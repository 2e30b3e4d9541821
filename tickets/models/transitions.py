"""The state machine of a ticket (django-fsm): which step leads where. What a step demands stands in `lifecycle`."""

from typing import Any

from django_fsm import RETURN_VALUE, transition

from tickets.words import OPEN, TIERS, State


class TicketTransitions:
    """Transitions only set what is true of the new state. No save, no clock, no guard: the command does those."""

    tier: Any
    reached_l2: Any

    @transition("state", source=State.INTAKE, target=State.AUTH)
    def begin_verification(self) -> None:
        """The caller's four fields and a description are there (P-03)."""

    @transition("state", source=State.AUTH, target=State.TRIAGE)
    def verify(self) -> None:
        """The caller is confirmed as authorised (P-02)."""

    @transition("state", source=[State.INTAKE, State.AUTH], target=State.REJECTED)
    def reject(self) -> None:
        """Nobody acts on it."""

    @transition("state", source=State.TRIAGE, target=RETURN_VALUE(*TIERS))
    def triage(self, *, tier: str) -> str:
        """Classified and routed to `tier`."""
        self.tier = tier
        return tier

    @transition("state", source=list(TIERS), target=RETURN_VALUE(*TIERS))
    def change_tier(self, *, tier: str) -> str:
        """Moved one tier up or down."""
        self.tier = tier
        self.reached_l2 = self.reached_l2 or tier in {State.L2, State.L3}
        return tier

    @transition("state", source=list(TIERS), target=State.SUSPENDED)
    def suspend(self) -> None:
        """Paused after the last approval (C-22)."""

    @transition("state", source=State.SUSPENDED, target=RETURN_VALUE(*TIERS))
    def resume(self) -> str:
        """Back to the tier it was in."""
        return self.tier

    @transition("state", source=list(TIERS), target=State.CLOSURE)
    def resolve(self) -> None:
        """Solved; the customer is asked to confirm."""

    @transition("state", source=State.CLOSURE, target=State.SURVEY)
    def confirm(self) -> None:
        """The customer, or evidence, confirmed (C-25)."""

    @transition("state", source=State.CLOSURE, target=RETURN_VALUE(*TIERS))
    def dispute(self) -> str:
        """Not solved after all: back to the tier it was in."""
        return self.tier

    @transition("state", source=State.SURVEY, target=State.CLOSED)
    def close(self) -> None:
        """Survey answered or expired, all decided (V-15)."""

    @transition("state", source=State.CLOSED, target=State.TRIAGE)
    def reopen(self) -> None:
        """Open again, in a new run of the clocks."""

    @transition("state", source=[s for s in OPEN if s not in (State.CLOSURE, State.SURVEY)], target=State.CANCELLED)
    def cancel(self) -> None:
        """No longer wanted, or a duplicate."""

    @transition("state", source=State.CANCELLED, target=RETURN_VALUE(*OPEN))
    def undo_merge(self, *, back_to: str) -> str:
        """Undo of a merge: back to the state it was merged from."""
        return back_to
