"""What every command on a sheet asks first: which sheet, may they, does it still take what they bring."""

from django.utils.translation import gettext_lazy as _

from escalation.models import Handover
from escalation.rosters.rules import LEADS
from ledger.actor import Actor
from ledger.errors import Refused


def may_keep(actor: Actor) -> bool:
    """Whether the actor drafts and notes: leads, and tokens of no one customer with "handovers:write"."""
    token = actor.kind == "integration" and "handovers:write" in actor.scopes and actor.organisation_ids is None
    return token or actor.kind == "system" or (actor.is_staff and actor.has_role(*LEADS))


def require_keeper(actor: Actor) -> None:
    """Raise Refused("not_allowed") for everybody but supervisors and duty managers."""
    if not may_keep(actor):
        raise Refused("not_allowed", _("A supervisor or duty manager hands over."))


def require_signer(actor: Actor) -> int:
    """Return the key of the person who signs. Raises Refused: not_allowed, and no_person for a token."""
    require_keeper(actor)
    if not actor.is_staff or actor.user_id is None:
        raise Refused("no_person", _("A person signs, signed in by name. A token cannot."))
    return actor.user_id


def locked(handover_id: int, actor: Actor, version: int | None = None) -> Handover:
    """Return a sheet, locked. Raises Refused("unknown_handover"), and Refused("stale", version=current) if `version`
    is given and the sheet was drafted anew or signed since it was read."""
    rows = Handover.objects.visible_to(actor).select_for_update(no_key=True, of=("self",))
    handover = rows.select_related("outgoing_shift", "incoming_shift").filter(pk=handover_id).first()
    if handover is None:
        raise Refused("unknown_handover", _("There is no such handover."))
    if version is not None and version != handover.version:
        message = _("The sheet changed while you read it. Look at it again, then sign.")
        raise Refused("stale", message, version=handover.version)
    return handover


def require_draft(handover: Handover) -> None:
    """Raise Refused("signed") once the giver has signed: then only remarks are added."""
    if handover.state != Handover.State.DRAFT:
        raise Refused("signed", _("The sheet is signed. Write a remark instead."))
