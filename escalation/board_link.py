"""What a one-tap link may say before its POST: number, priority, due time, whether it works (decisions 18)."""

from dataclasses import dataclass
from datetime import datetime

from escalation.commands.confirm import token_hash
from escalation.models import ConfirmLink


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkView:
    """state: open, used, confirmed (by another way), expired or closed. `until` = when the link ends."""

    state: str
    number: str
    priority: str
    due_at: datetime | None
    until: datetime
    language: str
    time_zone: str


def link_view(token: str, at: datetime) -> LinkView | None:
    """Return what may be told of a link; None for one we do not know. Reads only. 1 query."""
    link = (
        ConfirmLink.objects.filter(token_sha256=token_hash(token))
        .select_related("duty__escalation__ticket", "person")
        .first()
    )
    if link is None:
        return None
    duty = link.duty
    return LinkView(
        state=_state(link, at),
        number=duty.escalation.ticket.number,
        priority=duty.escalation.ticket.priority,
        due_at=duty.due_at,
        until=link.expires_at,
        language=link.person.language,
        time_zone=link.person.time_zone,
    )


def _state(link: ConfirmLink, at: datetime) -> str:
    if link.used_at is not None:
        return "used"
    if link.duty.escalation.closed_at is not None:
        return "closed"
    if link.duty.confirmed_at is not None:
        return "confirmed"
    return "expired" if at >= link.expires_at else "open"
