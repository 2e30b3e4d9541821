"""The shifts of the centre, which follow each other around the day, and the breaks of the people on them (A-04)."""

from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import DESK_ROLES
from ledger.actor import Actor
from ledger.ids import uuid7

EVERY_DAY = "0123456"


class ShiftQuerySet(models.QuerySet["Shift"]):
    def visible_to(self, actor: Actor) -> Self:
        """Staff of the desk and unbound tokens; who is bound to regions knows those and what is for everywhere."""
        if actor.kind == "system" or (actor.kind == "integration" and actor.organisation_ids is None):
            return self
        if not actor.is_staff or not (actor.has_role(*DESK_ROLES) or actor.company_wide):
            return self.none()
        return self.filter(region__in={"", *actor.regions}) if actor.regions else self


class Shift(models.Model):
    """A working shift: a region or team, hours of the wall clock, and the roster that says who manages it.

    starts, ends      on the wall of `time_zone`; an end not after the start = on the next day.
    weekdays          digits of the days it begins on, 0 = Monday.
    entitled_weekend  on Saturday and Sunday it works only for customers whose entitlement covers weekends.
    roster            whose turns say who manages it; None = that of the duty managers of its region.
    hands_over        a sheet is drafted before it begins. Shifts of one region and team follow each other.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=60, unique=True)
    time_zone = models.CharField(max_length=64)
    starts = models.TimeField()
    ends = models.TimeField()
    region = models.CharField(max_length=32, blank=True, default="", db_default="")
    team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, blank=True, related_name="shifts")
    weekdays = models.CharField(
        max_length=7, default=EVERY_DAY, db_default=EVERY_DAY, validators=[RegexValidator(r"^[0-6]+$")],
        help_text=_("Days it begins on: 0 is Monday, 6 is Sunday"),
    )  # fmt: skip
    entitled_weekend = models.BooleanField(default=False, db_default=False)
    roster = models.ForeignKey("escalation.Roster", models.SET_NULL, null=True, blank=True, related_name="shifts")
    hands_over = models.BooleanField(default=True, db_default=True)

    objects = ShiftQuerySet.as_manager()

    class Meta:
        db_table = "esc_shift"

    def __str__(self) -> str:
        return self.name


class Break(models.Model):
    """Somebody on shift pauses. Open while `to_at` is None; at most one is open. Nobody's pages wait for it."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="breaks")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "esc_break"
        ordering = ["-from_at"]
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(to_at=None), name="break_one_open"),
            models.CheckConstraint(name="break_ends", condition=Q(to_at=None) | Q(to_at__gte=F("from_at"))),
        ]

    def __str__(self) -> str:
        return f"break of {self.user_id}"
