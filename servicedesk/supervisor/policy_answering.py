"""Who answers now for whom a rule tells, beside its targets."""

from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from accounts.models.staff import LadderRole, Role
from escalation.board_roster import COMPANY
from escalation.oncall import OnCall, Scope

EVERYWHERE = {*(str(role) for role in COMPANY), Role.DUTY_MANAGER.value, Role.SUPERVISOR.value}


def with_names(fields: list[Any], at: datetime) -> list[tuple[Any, str]]:
    """Return the fields of targets, each with who answers for it now where that does not depend on the customer."""
    words = [str(field.value() or "") for field in fields]
    now = answering(at) if any(word in EVERYWHERE for word in words) else {}
    found = []
    for field, word in zip(fields, words, strict=True):
        customers = _("by customer") if word in LadderRole.values else ""
        found.append((field, _("now %(name)s") % {"name": now[word]} if now.get(word) else customers))
    return found


def answering(at: datetime) -> dict[str, str]:
    """Return who answers everywhere, by role, names only; asked once a minute. 5 queries then, none after."""
    key = f"policy-answering:{at:%Y%m%d%H%M}"
    found: dict[str, str] | None = cache.get(key)
    if found is None:
        on_call, everywhere = OnCall(at, [None]), Scope(organisation_id=None)
        people = {role: on_call.who(role, everywhere).user for role in sorted(EVERYWHERE)}
        found = {role: user.name for role, user in people.items() if user is not None}
        cache.set(key, found, 60)
    return found
