"""The chain of proof of every message to a person: meant, rendered, handed over, receipt, seen (X-04, X-09)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from escalation.models import Escalation, Notification
from escalation.oncall import explain

State = Notification.State


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """One step of a chain. `at` None = it has not happened; state: met, breached (refused) or armed (ahead)."""

    label: str
    at: datetime | None
    state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """One message by one channel to one person, with every instant there is.

    said  in what state it is: "Held by bundling since then", "Failed: …"; "" where the steps tell it all.
    """

    to: str
    channel: str
    rule: str
    links: Sequence[Link]
    said: str
    state: str


def proofs(escalation: Escalation) -> dict[int, list[Proof]]:
    """Return the chain of every message of every duty, oldest first, by the duty's key. 1 query."""
    found: dict[int, list[Proof]] = defaultdict(list)
    rows = Notification.objects.filter(duty__escalation=escalation).select_related("user", "firing", "held_by")
    for row in rows.order_by("created_at", "pk"):
        found[row.duty_id or 0].append(proof_of(row))
    return found


def proof_of(row: Notification) -> Proof:
    """Return the chain of one message; user, firing and held_by must be loaded."""
    name = row.user.name if row.user is not None else row.address
    why = explain(row.why) if row.why else ""
    return Proof(
        to=f"{name} ({why})" if row.why and row.firing_id is None else name,
        channel=str(row.get_channel_display()),
        rule=f"{row.firing.rule_code} #{row.firing.occurrence}" if row.firing is not None else why,
        links=_links(row),
        said=_said(row),
        state=_state(row),
    )


def _links(row: Notification) -> list[Link]:
    """The steps in their order; a screen has no rendering and no provider."""
    screen = row.channel in {Notification.Channel.WEB, Notification.Channel.PUSH}
    receipt = str(row.get_receipt_display()) if row.receipt else _("Receipt")
    steps: list[tuple[str, datetime | None]] = [(_("Meant"), row.created_at)]
    if not screen:
        steps.append((_("Rendered"), row.rendered_at))
    steps.append((_("On screen") if screen else _("Handed over"), row.sent_at))
    if not screen:
        steps.append((receipt, row.receipt_at))
    steps.append((_("Seen"), row.seen_at))
    links = [Link(label=label, at=at, state="met" if at else "armed") for label, at in steps]
    if row.receipt == Notification.Receipt.UNDELIVERED:
        links = [
            link if link.label != receipt else Link(label=link.label, at=link.at, state="breached") for link in links
        ]
    return links


def _said(row: Notification) -> str:
    if row.state == State.BUNDLED:
        return _("Held by bundling, told in one digest")
    if row.state == State.PENDING and row.held_at is not None:
        return _("Held by bundling, waits for the digest")
    if row.state == State.FAILED:
        return _("Failed, so passed on: %(error)s") % {"error": row.last_error[:120]}
    if row.state == State.SUPERSEDED:
        return _("Not sent: no longer needed")
    if row.state == State.PENDING and row.attempts:
        return _("Tried %(n)d times, waits: %(error)s") % {"n": row.attempts, "error": row.last_error[:120]}
    return ""


def _state(row: Notification) -> str:
    return {State.FAILED: "breached", State.SUPERSEDED: "cancelled", State.PENDING: "soon"}.get(
        State(row.state), "paused" if row.held_at is not None else "met"
    )
