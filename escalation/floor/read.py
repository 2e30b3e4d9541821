"""The floor as one permission scope sees it."""

from dataclasses import replace
from datetime import datetime

from accounts.models.organisation import DESK_ROLES
from escalation.board_filters import Filters
from escalation.floor.calls import calls
from escalation.floor.people import people
from escalation.floor.shapes import Floor
from escalation.floor.tickets import breaching, quiet
from ledger.actor import Actor

NOBODY = 0


def floor(actor: Actor, *, at: datetime, filters: Filters | None = None) -> Floor:
    """Return what everybody of the reader's scope may see, and nothing that is one person's alone. 8 queries.

    Calls and people are the desk's: who only stands on a customer's ladder learns neither, not even how many.
    """
    chosen = filters or Filters()
    anyone = replace(actor, user_id=NOBODY)
    on_the_desk = actor.has_role(*DESK_ROLES) or actor.company_wide
    silent, unheard = quiet(anyone, chosen, at)
    return Floor(
        breaching=breaching(anyone, chosen, at),
        silent=silent,
        unheard=unheard,
        calls=calls(anyone, chosen, at) if on_the_desk else None,
        people=people(anyone, chosen, at) if on_the_desk else None,
    )
