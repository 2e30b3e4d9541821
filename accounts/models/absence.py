"""When a member of staff is away, with its dates: leave, illness, training (A-04)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from ledger.ids import uuid7


class Absence(models.Model):
    """One person cannot be called in [from_at, to_at). Ended early it ends then; what was true stays true.

    reason    for the person and those who keep rosters; colleagues see only the dates.
    made_by   who entered it; None = no longer known.
    ended_at  when it was ended before its time; ended before it began, it has no length.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="absences")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    reason = models.CharField(max_length=200)
    made_by = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["from_at", "pk"]
        indexes = [models.Index(fields=["to_at"], name="absence_until")]
        constraints = [
            models.CheckConstraint(name="absence_ends", condition=Q(to_at__gte=F("from_at"))),
            ExclusionConstraint(
                name="absence_no_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (Func(F("from_at"), F("to_at"), function="tstzrange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.from_at:%Y-%m-%d %H:%M}"
