"""The filters of a search as conditions on tickets; customers only as the asker may know them."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import Organisation, Team, User
from ledger.actor import Actor
from ledger.errors import Refused
from tickets import words
from tickets.models import Snooze
from tickets.searching import Filter, moment

NAMED = 50
COLUMNS = {"due": "next_due_at", "received": "received_at", "closed": "closed_at"}
CHOICES = {"state": words.State, "prio": words.Priority, "kind": words.Kind, "cat": words.Category}
FIELDS = {"state": "state", "prio": "priority", "kind": "kind", "cat": "category"}
_SHORT = {"1": "P1", "2": "P2", "3": "P3", "4": "P4"}


def condition(one: Filter, actor: Actor, at: datetime) -> Q:
    """Return the condition of one filter. Raises Refused with a sentence, field q, for a value nobody can mean.

    At most 1 query (org, team, owner).
    """
    found = _positive(one, actor, at)
    return ~found if one.out else found


def _positive(one: Filter, actor: Actor, at: datetime) -> Q:
    if one.name in COLUMNS:
        return _time(one, actor, at)
    if one.name in CHOICES:
        return Q(**{f"{FIELDS[one.name]}__in": [_choice(one.name, value) for value in one.values]})
    return BY_NAME[one.name](one.values, actor, at)


def _time(one: Filter, actor: Actor, at: datetime) -> Q:
    column, (begin, end) = COLUMNS[one.name], moment(one.values[0], at, actor.time_zone)
    if one.sign == "<":
        return Q(**{f"{column}__lt": begin})
    if one.sign == ">":
        return Q(**{f"{column}__gte": end})
    if begin == end:
        raise Refused("bad_time", _("Write “%(name)s<” or “%(name)s>” before an hour.") % {"name": one.name}, "q")
    return Q(**{f"{column}__gte": begin, f"{column}__lt": end})


def _choice(name: str, value: str) -> str:
    known = CHOICES[name].choices
    said = _SHORT.get(value, value).lower()
    for code, label in known:
        if said in (str(code).lower(), str(label).lower()):
            return str(code)
    raise _not_one(name, value, [str(code) for code, _label in known])


def _not_one(name: str, value: str, known: list[str]) -> Refused:
    said = _("“%(value)s” is no value of “%(name)s:”. Use one of %(known)s.")
    return Refused("bad_value", said % {"value": value[:40], "name": name, "known": ", ".join(known)}, "q")


def _nobody(said: str, value: str) -> Refused:
    return Refused("bad_value", said % {"value": value[:40]}, "q")


def _org(values: tuple[str, ...], actor: Actor, at: datetime) -> Q:
    """By account number, or by a part of the name."""
    wanted = Q()
    for value in values:
        wanted |= Q(account_number__iexact=value) | Q(name__icontains=value)
    found = list(Organisation.objects.visible_to(actor).filter(wanted).values_list("pk", flat=True)[:NAMED])
    if not found:
        raise _nobody(_("No customer you may see is called “%(value)s”."), ",".join(values))
    return Q(organisation_id__in=found)


def _team(values: tuple[str, ...], actor: Actor, at: datetime) -> Q:
    if "mine" in values:
        return Q(team_id__in=actor.team_ids)
    if "none" in values:
        return Q(team=None)
    wanted = Q()
    for value in values:
        wanted |= Q(name__icontains=value)
    found = list(Team.objects.filter(wanted).values_list("pk", flat=True)[:NAMED])
    if not found:
        raise _nobody(_("No team is called “%(value)s”."), ",".join(values))
    return Q(team_id__in=found)


def _owner(values: tuple[str, ...], actor: Actor, at: datetime) -> Q:
    known, wanted = Q(pk__in=[]), Q()
    for value in values:
        if value.lower() == "me":
            known |= Q(owner_id=actor.user_id or 0)
        elif value.lower() == "none":
            known |= Q(owner=None)
        else:
            wanted |= Q(name__icontains=value) | Q(email__iexact=value)
    if wanted and not actor.is_customer:
        people = User.objects.filter(wanted, kind="staff").values_list("pk", flat=True)[:NAMED]
        known |= Q(owner_id__in=list(people))
    return known


def _is(values: tuple[str, ...], actor: Actor, at: datetime) -> Q:
    known = {
        "open": Q(state__in=words.OPEN),
        "closed": Q(state__in=words.ENDED),
        "mine": Q(owner_id=actor.user_id or 0),
        "unassigned": Q(owner=None),
        "late": Q(next_due_at__lt=at),
        "critical": Q(critical=True),
        "urgent": Q(urgent=True),
        "restricted": Q(restricted=True),
        "suspended": Q(state=words.State.SUSPENDED),
        "snoozed": Q(pk__in=Snooze.objects.filter(user_id=actor.user_id or 0, until__gt=at).values("ticket_id")),
    }
    found = Q()
    for value in values:
        if value.lower() not in known:
            raise _not_one("is", value, list(known))
        found &= known[value.lower()]
    return found


def _service(values: tuple[str, ...], actor: Actor, at: datetime) -> Q:
    found = Q()
    for value in values:
        found |= Q(service__service_id__istartswith=value)
    return found


def _tag(values: tuple[str, ...], actor: Actor, at: datetime) -> Q:
    return Q(tags__overlap=[value.lower() for value in values]) & ~Q(tags=[])


BY_NAME: dict[str, Callable[[tuple[str, ...], Actor, datetime], Q]] = {
    "org": _org, "team": _team, "owner": _owner, "is": _is, "service": _service, "tag": _tag,
}  # fmt: skip
