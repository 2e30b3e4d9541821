"""Turns written out from rosters, and the addresses of people's calendars (A-04). Shifts: `models.shift`."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ledger.ids import uuid7


class RosterFeed(models.Model):
    """The secret address of one person's calendar of turns. Only the digest is kept; at most one is alive."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="roster_feeds")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "esc_roster_feed"
        constraints = [models.UniqueConstraint(fields=["user"], condition=Q(revoked_at=None), name="roster_feed_once")]

    def __str__(self) -> str:
        return str(self.user)


class RosterSlot(models.Model):
    """A turn written out: a person on call for a role (or "team:<uuid>") in a scope, for a stretch of time.

    scope   "global", "region:<name>" or "customer:<organisation id>".
    slot    1 answers first; 2 and more are on beside them (shifts that overlap).
    roster  what it was written out from; None = entered by hand.
    entitled  only for customers whose entitlement covers weekends.
    """

    class Layer(models.IntegerChoices):
        BASE = 0, _("Base")
        ROTATION = 1, _("Rotation")
        OVERRIDE = 2, _("Override")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    role = models.CharField(max_length=60)
    scope = models.CharField(max_length=60, default="global")
    slot = models.PositiveSmallIntegerField(default=1)
    layer = models.PositiveSmallIntegerField(choices=Layer.choices, default=Layer.ROTATION)
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="roster_slots")
    roster = models.ForeignKey(
        "escalation.Roster", models.PROTECT, null=True, blank=True, editable=False, related_name="slots"
    )
    entitled = models.BooleanField(default=False, db_default=False)
    during = DateTimeRangeField()

    class Meta:
        db_table = "esc_roster"
        constraints = [
            ExclusionConstraint(
                name="roster_no_overlap",
                expressions=[
                    ("role", RangeOperators.EQUAL),
                    ("scope", RangeOperators.EQUAL),
                    ("slot", RangeOperators.EQUAL),
                    ("layer", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            )
        ]
        indexes = [GistIndex(fields=["during"], name="roster_during")]

    def __str__(self) -> str:
        return f"{self.role} {self.scope}: {self.user}"
