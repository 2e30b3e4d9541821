"""Clocks, timers, firings: every deadline is a row with an absolute `due_at` (escalation-engine.md, "Tables")."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from ledger.ids import uuid7


class Clock(models.Model):
    """One policy running on one subject. `calendar` None = elapsed time, any hour (I12).

    ticket          None for a subject without one (a ringing call, a handover); `organisation` then says whose it is.
    chain           ledger chain of such a subject ("interaction:<uuid>"); empty = the ticket's.
    people          {"owner": user id, …}: who answers for a word of `targets` on this subject before any roster.
    accrued_us      clock time counted before `running_since`, microseconds.
    running_since   None while paused or stopped.
    silenced_until  an acknowledgement holds back the rules that allow it until then; None = none does.
    muted_until     planned work holds back every page of it until then; None = none does. Neither moves a deadline.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        PAUSED = "paused", _("Paused")
        STOPPED = "stopped", _("Stopped")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    subject_kind = models.CharField(max_length=16)
    subject_id = models.BigIntegerField()
    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, null=True, related_name="clocks")
    organisation = models.ForeignKey(
        "accounts.Organisation", models.PROTECT, null=True, db_index=False, related_name="+"
    )
    chain = models.CharField(max_length=80, blank=True, default="", db_default="")
    people = models.JSONField(default=dict, db_default=Value({}, models.JSONField()), blank=True)
    kind = models.CharField(max_length=40)
    run_no = models.PositiveSmallIntegerField(default=1)
    version = models.ForeignKey("escalation.PolicyVersion", models.PROTECT, related_name="+")
    calendar = models.ForeignKey("catalogue.Calendar", models.PROTECT, null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    started_at = models.DateTimeField()
    accrued_us = models.BigIntegerField(default=0)
    running_since = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stop_reason = models.CharField(max_length=40, blank=True)
    epoch = models.PositiveIntegerField(default=0)
    silenced_until = models.DateTimeField(null=True)
    muted_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "esc_clock"
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "kind", "run_no"], name="clock_once_per_run"),
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "kind"], condition=~Q(state="stopped"), name="clock_one_live"
            ),
            models.CheckConstraint(
                name="clock_running_has_since",
                condition=Q(state="running", running_since__isnull=False)
                | (~Q(state="running") & Q(running_since=None)),
            ),
        ]
        indexes = [models.Index(fields=["ticket", "kind"], name="clock_ticket")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"


class Segment(models.Model):
    """A stretch a clock ran or was paused; append-only but for its open end. Sum of running = accrued (I15).

    calendar  what it counted on; None = any hour (and stretches written before it was kept).
    """

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="segments")
    seq = models.PositiveIntegerField()
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)
    running = models.BooleanField()
    why = models.CharField(max_length=40)
    counted_us = models.BigIntegerField(default=0)
    suspension = models.ForeignKey("tickets.Suspension", models.PROTECT, null=True, related_name="+")
    calendar = models.ForeignKey("catalogue.Calendar", models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        db_table = "esc_segment"
        ordering = ["seq"]
        constraints = [
            models.UniqueConstraint(fields=["clock", "seq"], name="segment_once"),
            ExclusionConstraint(
                name="segment_no_overlap",
                expressions=[
                    ("clock", RangeOperators.EQUAL),
                    (Func(F("from_at"), F("to_at"), function="tstzrange"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clock_id}#{self.seq}"


class Timer(models.Model):
    """One rule's next due instant on a clock.

    at_us       clock time (accrued) at which it is due; what `due_at` is computed from while pausable.
    rule        no foreign key in the database (nor on a firing): a rule can be neither changed nor deleted, and every
                firing of a storm would lock the same row of it (docs/adr/0009).
    nominal_at  due instant in force when armed; wake_at = due_at until a failure or an acknowledgement pushes it.
    promised    public id of the promise that moved it before it was due (C-10); None = it has the rule's own time.
    """

    class State(models.TextChoices):
        ARMED = "armed", _("Armed")
        HELD = "held", _("Held")
        FIRED = "fired", _("Fired")
        CANCELLED = "cancelled", _("Cancelled")

    clock = models.ForeignKey(Clock, models.PROTECT, db_index=False, related_name="timers")
    rule = models.ForeignKey("escalation.Rule", models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    rule_code = models.CharField(max_length=12)
    occurrence = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=9, choices=State.choices, default=State.ARMED)
    at_us = models.BigIntegerField()
    nominal_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    wake_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=40, blank=True)
    promised = models.UUIDField(null=True)

    class Meta:
        db_table = "esc_timer"
        constraints = [
            models.UniqueConstraint(fields=["clock", "rule_code", "occurrence"], name="timer_once"),
            models.CheckConstraint(
                name="timer_armed_is_due",
                condition=~Q(state="armed") | (Q(due_at__isnull=False) & Q(wake_at__gte=F("due_at"))),
            ),
        ]
        indexes = [
            models.Index(fields=["wake_at", "id"], name="esc_timer_wake", condition=Q(state="armed")),
            models.Index(fields=["clock"], name="timer_live", condition=Q(state__in=["armed", "held"])),
        ]

    def __str__(self) -> str:
        return f"{self.rule_code}/{self.occurrence} {self.state}"


class Firing(models.Model):
    """That a rule fired: when it was due, when it did. Insert-only; sealed into the ledger afterwards (T8)."""

    class Outcome(models.TextChoices):
        PAGED = "paged", _("Paged")
        NO_RECIPIENT = "no_recipient", _("Nobody to page")
        COLLAPSED = "collapsed", _("Missed, in one page")
        MOOT = "moot", _("Stopped before it fired")
        SHOWN = "shown", _("Shown on the board")

    timer = models.OneToOneField(Timer, models.PROTECT, primary_key=True, related_name="firing")
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    clock = models.ForeignKey(Clock, models.PROTECT, db_index=False, db_constraint=False, related_name="firings")
    rule = models.ForeignKey("escalation.Rule", models.PROTECT, db_index=False, db_constraint=False, related_name="+")
    rule_code = models.CharField(max_length=12)
    occurrence = models.PositiveIntegerField()
    due_at = models.DateTimeField()
    fired_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    cause = models.CharField(max_length=8, help_text="due | catchup | manual")
    engine_id = models.CharField(max_length=60)
    collapsed = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "esc_firing"
        ordering = ["fired_at"]
        constraints = [
            models.UniqueConstraint(fields=["clock", "rule_code", "occurrence"], name="firing_once"),
            models.CheckConstraint(name="firing_never_early", condition=Q(fired_at__gte=F("due_at"))),
        ]
        indexes = [models.Index(fields=["fired_at"], name="firing_fired_at")]

    def __str__(self) -> str:
        return f"{self.rule_code}/{self.occurrence} {self.fired_at:%H:%M:%S}"


class Sealed(models.Model):
    """Marks a firing whose ledger entry is written (T8): the firing row itself never changes."""

    firing = models.OneToOneField(Firing, models.PROTECT, primary_key=True, related_name="sealed")
    entry = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+")

    class Meta:
        db_table = "esc_sealed"

    def __str__(self) -> str:
        return f"firing {self.firing_id}"


class Unsealed(models.Model):
    """A firing that waits for its ledger entry: written with the firing, deleted by T8. The only mutable mark."""

    firing = models.OneToOneField(
        Firing, models.PROTECT, primary_key=True, db_constraint=False, related_name="unsealed"
    )

    class Meta:
        db_table = "esc_unsealed"

    def __str__(self) -> str:
        return f"firing {self.firing_id}"


class Alarm(models.Model):
    """What only an operator can mend: nobody to page (I9), a timer that raises (I13), a jump of the database's clock.

    `settled_at` None = open. `timer` None = it is about no one timer. `told_at` None = no operator was written to yet.
    """

    class Kind(models.TextChoices):
        NO_RECIPIENT = "no_recipient", _("Nobody to page")
        TIMER_FAILED = "timer_failed", _("A timer could not fire")
        CLOCK_JUMP = "clock_jump", _("The database's clock jumped")
        AUDIT = "audit", _("The audit found a difference")
        LATE = "late", _("Timers fire late")
        PAGES_LATE = "pages_late", _("Pages are not sent")
        DRIVER_SILENT = "driver_silent", _("A driver of the engine is silent")
        SNAPSHOT = "snapshot", _("A session holds an old snapshot")
        CANARY = "canary", _("The canary was not heard")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    timer = models.ForeignKey(Timer, models.PROTECT, null=True, related_name="alarms")
    detail = models.TextField(blank=True)
    raised_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "esc_alarm"
        ordering = ["-raised_at"]
        indexes = [models.Index(fields=["-raised_at"], name="alarm_open", condition=Q(settled_at=None))]

    def __str__(self) -> str:
        return f"{self.kind} {self.timer_id}"
