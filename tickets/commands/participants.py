"""Everyone who took part is recorded (C-24): gathered by the commands, no fact of its own."""

from datetime import datetime
from typing import Any

from tickets.models import Participant, Ticket


def take_part(
    ticket: Ticket,
    part: str,
    *,
    at: datetime,
    user_id: int | None = None,
    contact_id: int | None = None,
    team_id: int | None = None,
    label: str = "",
) -> None:
    """Note one participant, once per part; somebody there already stays as first noted. 1 query."""
    who: dict[str, Any] = {"user_id": user_id, "contact_id": contact_id, "team_id": team_id, "label": label}
    Participant.objects.bulk_create([Participant(ticket=ticket, part=part, **who, since=at)], ignore_conflicts=True)
