"""A supervisor lets an agent verify again before the lock runs out, and says why (V-04; decisions 15)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.counters import hold, is_locked
from accounts.models import User
from accounts.models.staff import Role
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record


@transaction.atomic
def release_agent(*, user_id: int, reason: str, actor: Actor, at: datetime) -> User:
    """End the lock of a member of staff who failed five verifications, and forget those failures.

    reason  kept beside the fact; for whoever looks at the lock later.

    Raises Refused: not_allowed (only a supervisor), own_lock (nobody releases themselves), unknown_person,
    no_reason, not_locked. Contacts stay locked: their fifteen minutes protect the customer.
    """
    if not (actor.is_staff and actor.has_role(Role.SUPERVISOR)):
        raise Refused("not_allowed", _("Only a supervisor releases an agent. Ask the one on shift."))
    if user_id == actor.user_id:
        raise Refused("own_lock", _("You cannot release yourself. Ask another supervisor."), field="user")
    person = User.objects.filter(pk=user_id, kind="staff", is_active=True).first()
    if person is None:
        raise Refused("unknown_person", _("We do not know that colleague. Choose another."), field="user")
    if not reason.strip():
        raise Refused("no_reason", _("Say why the agent may verify again."), field="reason")
    counter = hold("agent", person.pk)
    if not is_locked(counter, at):
        raise Refused("not_locked", _("This agent is not locked. Nothing needs to be released."), field="user")
    counter.failures, counter.first_at, counter.locked_until = 0, None, None
    counter.save()
    record(
        "verification.agent_released", chain=f"staff:{person.uuid}", actor=actor, at=at, about=person,
        texts={"reason": reason.strip()}, agent=str(person.uuid),
    )  # fmt: skip
    return person
