"""Keep what somebody narrowed the live board to."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from escalation.board_filters import Filters
from escalation.models import BoardChoice
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record

KNOWN = {one.name for one in fields(Filters)}


@transaction.atomic
def keep_board(*, filters: Mapping[str, str], actor: Actor, at: datetime) -> BoardChoice:
    """Keep one's own filters, empty ones left out; the same again writes nothing new but its time.

    Raises Refused: not_allowed, bad_field.
    """
    if not actor.is_staff or actor.user_id is None:
        raise Refused("not_allowed", _("Only members of staff keep views."))
    if unknown := set(filters) - KNOWN:
        raise Refused("bad_field", _("The board is not narrowed by that."), min(unknown))
    chosen = {name: str(value) for name, value in sorted(filters.items()) if value}
    kept, new = BoardChoice.objects.select_for_update().get_or_create(
        user_id=actor.user_id, defaults={"filters": chosen, "changed_at": at}
    )
    if new or kept.filters != chosen:
        kept.filters, kept.changed_at = chosen, at
        kept.save()
        record("view.board_kept", chain=f"staff:{actor.ref}", actor=actor, at=at, narrowed=sorted(chosen))
    return kept
