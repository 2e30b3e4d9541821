"""Weekly hours, holidays, zone; 24×7 is a calendar too (V-21)."""

from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalogue.hours import WorkingHours, always
from ledger.ids import uuid7


class Calendar(models.Model):
    """A named calendar. `round_the_clock` needs no opening hours."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=80, unique=True)
    time_zone = models.CharField(max_length=64)
    round_the_clock = models.BooleanField(default=False)
    holiday_region = models.CharField(
        max_length=12, blank=True, help_text=_("Code of the holidays library, e.g. AU-VIC")
    )

    def __str__(self) -> str:
        return self.name

    def hours(self) -> WorkingHours:
        """Return the pure form. 2 queries unless prefetched (`openings`, `holidays`)."""
        zone = ZoneInfo(self.time_zone)
        if self.round_the_clock:
            return always(zone)
        week: list[list[tuple]] = [[] for _ in range(7)]
        for opening in self.openings.all():
            week[opening.weekday].append((opening.opens, opening.closes))
        closed = frozenset(holiday.on for holiday in self.holidays.all())
        return WorkingHours(zone=zone, weekly=tuple(tuple(sorted(day)) for day in week), closed=closed)


class OpeningHours(models.Model):
    """One opening on a weekday (0 = Monday), local wall time; closes 00:00 = midnight at its end."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="openings")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.CheckConstraint(name="opening_weekday", condition=Q(weekday__lte=6)),
            models.CheckConstraint(
                name="opening_ends_after_start", condition=Q(closes__gt=F("opens")) | Q(closes="00:00")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens}–{self.closes}"


class Holiday(models.Model):
    """A closed day, frozen in the table so that a library update cannot move a deadline."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="holidays")
    on = models.DateField()
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["on"]
        constraints = [models.UniqueConstraint(fields=["calendar", "on"], name="holiday_once")]

    def __str__(self) -> str:
        return f"{self.on} {self.name}"
