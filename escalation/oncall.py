"""Who answers for a role at an instant: override > rotation > base > account team or role > deputy > manager > duty
manager > break-glass list. An empty rung, or one whose people are away, means the next one at once; how a person was
found is kept as a code."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.absences import away_at
from accounts.models import AccountTeamMember, RoleGrant, User
from catalogue.models import Entitlement
from escalation.models import Roster, RosterSlot
from escalation.rosters.far import computed
from tickets.models import Ticket

Candidate = tuple[User | None, str]
DUTY_MANAGER = "duty_manager"
GRANTED = ("supervisor", DUTY_MANAGER, "quality_reviewer", "security_lead")
LAYERS = {0: "base", 1: "rotation", 2: "override"}
WHY = {
    "override": _("On call by an override"), "rotation": _("On call"), "base": _("On call by default"),
    "account_team": _("Account team"), "company": _("Holds the role"), "role": _("Holds the role"),
    "owner": _("Owner of the ticket"), "deputy": _("Deputy, as the holder is away"),
    "handed": _("Deputy, as the holder handed it over"),
    "manager": _("Manager, as nobody else was found"), "fallback": _("Duty manager, as nobody holds the role"),
    "break_glass": _("Emergency address, as nobody holds the role"), "nobody": _("Nobody was found"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person to be told, or only an address (break-glass), or nobody (both empty)."""

    user: User | None
    address: str
    why: str

    @property
    def found(self) -> bool:
        """Whether anybody is told at all."""
        return self.user is not None or bool(self.address)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """What a role is looked up for. `region` empty = none."""

    organisation_id: int | None
    region: str = ""
    team_id: int | None = None
    owner: User | None = None


def explain(why: str) -> str:
    """Return the words for a `why` code."""
    return str(WHY.get(why, why))


def present(user: User | None, away: Collection[int] = ()) -> bool:
    """Whether somebody can be told; away: keys of those who are away then (`away_at`)."""
    return user is not None and user.is_active and user.available and user.pk not in away


class OnCall:
    """Everything needed to answer `who` for many subjects at one instant, past or future. None to ask, to load: 5
    queries, one more where weekends need an entitlement, two more beyond the sixty days that are written out."""

    def __init__(self, at: datetime, organisation_ids: Iterable[int | None]) -> None:
        self._known: dict[tuple, Recipient] = {}
        wanted = {pk for pk in organisation_ids if pk}
        self.away = away_at(at)
        self.slots: dict[tuple[str, str], list[RosterSlot]] = defaultdict(list)
        on_now = RosterSlot.objects.filter(during__contains=at).select_related("user__manager")
        rosters = list(Roster.objects.filter(_alive(at)).select_related("deputy__manager"))
        self.deputies = {(r.role, r.scope): r.deputy for r in rosters}
        beyond = any(r.filled_until is None or r.filled_until <= at for r in rosters)
        for slot in sorted([*on_now, *(computed(at) if beyond else ())], key=lambda slot: (-slot.layer, slot.slot)):
            self.slots[slot.role, slot.scope].append(slot)
        rows = AccountTeamMember.objects.filter(Q(organisation_id__in=wanted) | Q(organisation=None))
        self.team = {
            (m.role, m.organisation_id): m for m in rows.select_related("user__manager", "deputy").order_by("pk")
        }
        grants = RoleGrant.objects.filter(role__in=GRANTED, user__is_active=True, user__available=True)
        teams = ArrayAgg("user__memberships__team_id")
        self.grants = list(grants.select_related("user").annotate(team_ids=teams).order_by("pk"))
        entitled = wanted and any(slot.entitled for slots in self.slots.values() for slot in slots)
        self.weekends = _weekends(wanted, at) if entitled else frozenset()

    def who(self, role: str, scope: Scope) -> Recipient:
        """Return who answers for `role`: a ladder or granted role, "owner", "agent" or "team:<uuid>"."""
        if role in {"owner", "agent"}:
            return Recipient(scope.owner, "", "owner") if self.here(scope.owner) else self.who("supervisor", scope)
        key = (role, scope.organisation_id, scope.region, scope.team_id)
        if key not in self._known:
            found = (r for r in self._candidates(role, scope) if self.here(r.user))
            self._known[key] = next(found, None) or self.last_resort(scope)
        return self._known[key]

    def second(self, role: str, scope: Scope, *, instead_of: int | None) -> Recipient:
        """Return who is asked when the person of `role` was not reached: deputy, manager, duty manager, break-glass."""
        member = self._member(role, scope)
        for user, why in [*self._deputies(role, scope, member), *self._managers(role, scope, member)]:
            if user is not None and self.here(user) and user.pk != instead_of:
                return Recipient(user, "", why)
        return self.last_resort(scope, instead_of=instead_of)

    def last_resort(self, scope: Scope, *, instead_of: int | None = None) -> Recipient:
        """Return the duty manager, else the break-glass list by its first address, else nobody."""
        for recipient in self._candidates(DUTY_MANAGER, scope):
            user = recipient.user
            if user is not None and self.here(user) and user.pk != instead_of:
                return Recipient(user, "", "fallback")
        if settings.BREAK_GLASS:
            return Recipient(None, settings.BREAK_GLASS[0], "break_glass")
        return Recipient(None, "", "nobody")

    def here(self, user: User | None) -> bool:
        """Whether somebody can be told at that instant."""
        return present(user, self.away)

    def _candidates(self, role: str, scope: Scope) -> Iterable[Recipient]:
        for slot in self._slots(role, scope):
            yield Recipient(slot.user, "", LAYERS[slot.layer])
        member = self._member(role, scope)
        if member:
            yield Recipient(member.user, "", "account_team" if member.organisation_id else "company")
        yield from (Recipient(user, "", why) for user, why in self._deputies(role, scope, member))
        yield from (Recipient(user, "", "role") for user in self._granted(role, scope))
        yield from (Recipient(user, "", why) for user, why in self._managers(role, scope, member))

    def _slots(self, role: str, scope: Scope) -> Iterable[RosterSlot]:
        """Turns that are on, narrowest place first; those of a weekend only for who bought it."""
        for name in _scopes(scope):
            for slot in self.slots.get((role, name), ()):
                if not slot.entitled or scope.organisation_id is None or scope.organisation_id in self.weekends:
                    yield slot

    def _deputies(self, role: str, scope: Scope, member: AccountTeamMember | None) -> Iterable[Candidate]:
        yield from ((self.deputies.get((role, name)), "deputy") for name in _scopes(scope))
        yield (member.deputy if member else None), "deputy"

    def _managers(self, role: str, scope: Scope, member: AccountTeamMember | None) -> Iterable[Candidate]:
        yield (member.user.manager if member else None), "manager"
        yield from ((slot.user.manager, "manager") for slot in self._slots(role, scope))

    def _member(self, role: str, scope: Scope) -> AccountTeamMember | None:
        return self.team.get((role, scope.organisation_id)) or self.team.get((role, None))

    def _granted(self, role: str, scope: Scope) -> list[User]:
        """Holders of the role in the region, members of the ticket's team first."""
        fits = [g for g in self.grants if g.role == role and g.region in {"", scope.region}]
        return [g.user for g in sorted(fits, key=lambda g: scope.team_id is None or scope.team_id not in g.team_ids)]


def _alive(at: datetime) -> Q:
    return Q(created_at__lte=at) & (Q(retired_at=None) | Q(retired_at__gt=at))


def _weekends(organisation_ids: Collection[int], at: datetime) -> frozenset[int]:
    """Return which organisations' entitlement in force covers weekends. 1 query."""
    day = at.date()
    rows = Entitlement.objects.filter(
        Q(valid_to=None) | Q(valid_to__gte=day),
        organisation_id__in=organisation_ids, weekend_cover=True, valid_from__lte=day,
    )  # fmt: skip
    return frozenset(rows.values_list("organisation_id", flat=True))


def _scopes(scope: Scope) -> list[str]:
    names = [f"customer:{scope.organisation_id}"] if scope.organisation_id else []
    return [*names, *([f"region:{scope.region}"] if scope.region else []), "global"]


def who(
    role: str, *, at: datetime, organisation_id: int | None, region: str = "", ticket: Ticket | None = None
) -> Recipient:
    """Return who answers for `role` at `at`. Past and future instants are answered the same way. As `OnCall`."""
    scope = Scope(
        organisation_id=organisation_id,
        region=region,
        team_id=ticket.team_id if ticket else None,
        owner=ticket.owner if ticket else None,
    )
    return OnCall(at, [organisation_id]).who(role, scope)


def on_duty_manager(at: datetime, organisation_id: int | None = None, region: str = "") -> Recipient:
    """Return the duty manager on shift at `at`."""
    return who(DUTY_MANAGER, at=at, organisation_id=organisation_id, region=region)
