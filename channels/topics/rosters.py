"""What people are told of rosters: gaps to fill, a swap that is asked for or answered (A-04)."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy

from accounts.models import RoleGrant, User
from channels.outbound.letter import Draft
from channels.topics.about import as_uuid, fact, of_user, said
from escalation.models import Roster
from ledger.models import OutboxMessage

LEADS = ("supervisor", "duty_manager")


def gaps(message: OutboxMessage) -> list[Draft]:
    """To every supervisor and duty manager whose region a roster with gaps serves; nothing where there are none."""
    rows = fact(message, "gaps") or []
    rosters = {str(r.uuid): r for r in Roster.objects.filter(uuid__in=[as_uuid(row["roster"]) for row in rows])}
    told: list[dict[str, Any]] = [
        {"roster": rosters[row["roster"]], **{key: datetime.fromisoformat(row[key]) for key in ("from_at", "to_at")}}
        for row in rows
        if row["roster"] in rosters
    ]
    drafts = []
    for user, regions in _leads().items():
        mine = [gap for gap in told if _serves(gap["roster"].scope, regions)]
        to = of_user(user)
        if mine and to is not None:
            drafts.append(Draft(to, "roster_gaps", {"gaps": mine, **_link(gettext_lazy("Fill the gaps"))}))
    return drafts


def swap(message: OutboxMessage) -> list[Draft]:
    """A question goes to who is asked, an answer to who asked; names and hours, nothing of tickets."""
    people = {str(u.uuid): u for u in User.objects.filter(
        uuid__in=[as_uuid(fact(message, "asker")), as_uuid(fact(message, "other"))]
    )}  # fmt: skip
    roster = Roster.objects.filter(uuid=as_uuid(fact(message, "roster"))).first()
    asker, other = people.get(str(fact(message, "asker"))), people.get(str(fact(message, "other")))
    name = message.entry.name if message.entry else ""
    to = of_user(other if name in {"roster.swap_asked", "roster.swap_withdrawn"} else asker)
    if to is None or roster is None:
        return []
    hours = {key: datetime.fromisoformat(at) for key in ("from_at", "to_at") if (at := fact(message, key))}
    back = {key: datetime.fromisoformat(at) for key in ("back_from_at", "back_to_at") if (at := fact(message, key))}
    context = {"roster": roster, "asker": asker, "other": other, "fact": name, "reason": said(message, "reason")}
    link = {"action_url": f"{settings.BASE_URL}/desk/on-call/", "action": gettext_lazy("Open my on-call")}
    return [Draft(to, "roster_swap", {**context, **hours, **back, **link})]


def absence(message: OutboxMessage) -> list[Draft]:
    """To whoever is away, where somebody else entered or ended it; nobody is told what they did themselves."""
    user = User.objects.filter(uuid=as_uuid(fact(message, "person"))).first()
    to = of_user(user)
    if to is None or message.entry is None or message.entry.actor_ref == str(fact(message, "person")):
        return []
    context = {
        "fact": message.entry.name, "by": _name(message.entry.actor_ref), "reason": said(message, "reason"),
        "turns": fact(message, "turns", 0), "from_at": datetime.fromisoformat(fact(message, "from_at")),
        "to_at": datetime.fromisoformat(fact(message, "to_at")),
        "action_url": f"{settings.BASE_URL}/desk/absences/", "action": gettext_lazy("Open my absences"),
    }  # fmt: skip
    return [Draft(to, "absence", context)]


def _name(ref: str) -> str:
    return User.objects.filter(uuid=as_uuid(ref)).values_list("name", flat=True).first() or ""


def _leads() -> dict[User, set[str]]:
    found: dict[User, set[str]] = {}
    for grant in RoleGrant.objects.filter(role__in=LEADS, user__is_active=True).select_related("user").order_by("pk"):
        found.setdefault(grant.user, set()).add(grant.region)
    return found


def _serves(scope: str, regions: set[str]) -> bool:
    kind, _colon, value = scope.partition(":")
    return "" in regions or kind == "global" or (kind == "region" and value in regions)


def _link(words) -> dict:
    return {"action_url": f"{settings.BASE_URL}/supervisor/rosters/#gaps", "action": words}
