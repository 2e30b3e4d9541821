"""Who is on call, at its source: rosters with layers, overrides and swaps (A-04). Turns: `models.slot`.

Nothing here is edited in place where it says who was on call: a layer ends and another begins, an override ends
early, so that what was true in the past stays true.
"""

from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from ledger.actor import Actor
from ledger.ids import uuid7


class RosterQuerySet(models.QuerySet["Roster"]):
    def visible_to(self, actor: Actor) -> Self:
        """Staff and unbound tokens: every roster but those of customers they may not learn of; customers none."""
        if actor.organisation_ids is not None or actor.is_customer:
            return self.none()
        known = Organisation.objects.visible_to(actor)
        scopes = known.values_list(Concat(Value("customer:"), Cast("pk", models.CharField())))
        return self.filter(~Q(scope__startswith="customer:") | Q(scope__in=scopes))


class Roster(models.Model):
    """Who is on call for a role (or "team:<uuid>") in a scope. No layers yet: only its overrides count.

    scope       "global", "region:<name>" or "customer:<organisation id>".
    time_zone   whose wall its times are written on, unless a layer names its own.
    calendar    hours that must be covered; None = around the clock.
    deputy      who answers when nobody on the roster can.
    most_hours, least_rest  hours a person should be on in any seven days at most, and free between two turns at least;
                None = not watched. Only warned of: `rosters.strain`.
    filled_until  turns are written out from `created_at` until then; None = not yet.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=80)
    role = models.CharField(max_length=60)
    scope = models.CharField(max_length=60, default="global")
    time_zone = models.CharField(max_length=64, default="UTC")
    calendar = models.ForeignKey("catalogue.Calendar", models.PROTECT, null=True, blank=True, related_name="+")
    deputy = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    most_hours = models.PositiveSmallIntegerField(null=True, blank=True)
    least_rest = models.PositiveSmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    filled_until = models.DateTimeField(null=True, blank=True)

    objects = RosterQuerySet.as_manager()

    class Meta:
        db_table = "esc_roster_plan"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["role", "scope"], condition=Q(retired_at=None), name="roster_once")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def chain(self) -> str:
        """The ledger chain of this roster."""
        return f"roster:{self.uuid}"


class RosterLayer(models.Model):
    """One rotation of a roster, true from `from_at` until `to_at` (None = until further notice). Never rewritten.

    position   layers of one position run side by side (shifts that overlap); a higher one hides the lower ones.
    base       the default below every rotation.
    unit       a turn lasts `length` hours, days or weeks of the wall clock; the first begins on `starts_on` at
               `handoff`. `time_zone` is whose wall that is.
    members    keys of the people, in their order.
    windows    [{"weekday": 0–6, "from": "09:00", "to": "17:00"}]; "to" not after "from" = until that time of the
               next day; empty = every hour.
    entitled_weekend  on Saturday and Sunday (of `time_zone`) only for customers whose entitlement covers weekends.
    """

    class Unit(models.TextChoices):
        HOUR = "hour", _("Hours")
        DAY = "day", _("Days")
        WEEK = "week", _("Weeks")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    roster = models.ForeignKey(Roster, models.PROTECT, related_name="layers")
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField(default=1)
    base = models.BooleanField(default=False)
    time_zone = models.CharField(max_length=64)
    unit = models.CharField(max_length=4, choices=Unit.choices, default=Unit.WEEK)
    length = models.PositiveSmallIntegerField(default=1)
    handoff = models.TimeField()
    starts_on = models.DateField()
    members = ArrayField(models.BigIntegerField())
    windows = models.JSONField(default=list, blank=True)
    entitled_weekend = models.BooleanField(default=False)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "esc_roster_layer"
        ordering = ["-position", "name", "from_at"]
        constraints = [
            models.CheckConstraint(name="layer_length", condition=Q(length__gt=0)),
            models.CheckConstraint(name="layer_ends", condition=Q(to_at=None) | Q(to_at__gte=F("from_at"))),
            models.UniqueConstraint(fields=["roster", "name"], condition=Q(to_at=None), name="layer_name_once"),
        ]

    def __str__(self) -> str:
        return f"{self.roster}: {self.name}"


class RosterOverride(models.Model):
    """One person above every layer for a stretch of time. Removed early, it ends then; its past hours stay."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    roster = models.ForeignKey(Roster, models.PROTECT, related_name="overrides")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="roster_overrides")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    swap = models.ForeignKey("escalation.RosterSwap", models.PROTECT, null=True, blank=True, related_name="overrides")
    made_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "esc_roster_override"
        ordering = ["from_at"]
        constraints = [
            models.CheckConstraint(name="override_ends", condition=Q(to_at__gte=F("from_at"))),
            ExclusionConstraint(
                name="override_no_overlap",
                expressions=[
                    ("roster", RangeOperators.EQUAL),
                    (Func(F("from_at"), F("to_at"), function="tstzrange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.roster}: {self.user}"


class RosterSwap(models.Model):
    """One person asks another to take hours of theirs; in return they may take the other's. Both words are kept."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    roster = models.ForeignKey(Roster, models.PROTECT, related_name="swaps")
    asker = models.ForeignKey("accounts.User", models.PROTECT, related_name="swaps_asked")
    other = models.ForeignKey("accounts.User", models.PROTECT, related_name="swaps_offered")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    back_from_at = models.DateTimeField(null=True, blank=True)
    back_to_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "esc_roster_swap"
        ordering = ["from_at"]
        constraints = [
            models.CheckConstraint(name="swap_ends", condition=Q(to_at__gt=F("from_at"))),
            models.CheckConstraint(
                name="swap_back_whole",
                condition=Q(back_from_at=None, back_to_at=None) | Q(back_to_at__gt=F("back_from_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asker} → {self.other}"
