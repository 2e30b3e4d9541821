"""Who may change people."""

from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused


def need(actor: Actor, *roles: str) -> None:
    """Raise Refused("not_allowed") unless the desk itself or staff with one of `roles` acts."""
    if actor.kind != "system" and not (actor.is_staff and actor.has_role(*roles)):
        raise Refused("not_allowed", _("You may not change people. Ask an administrator."))
