"""A cause behind several tickets of one service (C-28)."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalogue.models.service import TenantQuerySet
from ledger.actor import Actor
from ledger.ids import uuid7
from tickets import words


class ProblemQuerySet(TenantQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """Problems of the organisations staff may learn of; customers and their tokens see none."""
        if actor.is_customer or actor.organisation_ids is not None:
            return self.none()
        return super().visible_to(actor)


class Problem(models.Model):
    """Why a service fails again and again, what helps meanwhile, and whether it is gone.

    reason      what opened it, in words of the desk's language at that time; by_rule tells who: recurrence or a person.
    workaround  what an agent does on a ticket of the same service until the cause is gone; shown from known error on.
    """

    class State(models.TextChoices):
        OPEN = "open", _("Cause unknown")
        KNOWN = "known", _("Known error")
        SOLVED = "solved", _("Solved")
        CLOSED = "closed", _("Closed")

    LIVE = (State.OPEN, State.KNOWN)

    number = models.CharField(max_length=16, unique=True, editable=False)
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    version = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=200)
    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="problems")
    service = models.ForeignKey("catalogue.Service", models.PROTECT, related_name="problems")
    owner = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    by_rule = models.BooleanField(default=False)
    faults = models.PositiveSmallIntegerField(default=0, help_text=_("Faults the rule counted"))
    days = models.PositiveSmallIntegerField(default=0, help_text=_("Within so many days"))
    root_cause = models.TextField(max_length=4000, blank=True)
    known_error = models.TextField(max_length=4000, blank=True)
    workaround = models.TextField(max_length=4000, blank=True)
    solution = models.TextField(max_length=4000, blank=True)
    opened_at = models.DateTimeField()
    known_at = models.DateTimeField(null=True)
    solved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["service"], condition=Q(state__in=["open", "known"]), name="problem_one_live_a_service"
            ),
            models.CheckConstraint(
                name="problem_state_known", condition=Q(state__in=["open", "known", "solved", "closed"])
            ),
            models.CheckConstraint(name="problem_known_says_what", condition=~Q(state="known") | ~Q(known_error="")),
            models.CheckConstraint(
                name="problem_solved_says_how",
                condition=~Q(state__in=["solved", "closed"]) | (~Q(solution="") & Q(solved_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="problem_by_state"),
            models.Index(fields=["organisation", "-id"], name="problem_by_customer"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def chain(self) -> str:
        """The ledger chain of this problem."""
        return f"problem:{self.number}"

    @property
    def live(self) -> bool:
        """Whether its cause is still there."""
        return self.state in self.LIVE


class ProblemTicket(models.Model):
    """One ticket of a problem. A ticket has one problem at a time."""

    class Held(models.TextChoices):
        UNTRIED = "", _("not tried")
        HELPED = "helped", _("helped")
        FAILED = "failed", _("did not help")

    problem = models.ForeignKey(Problem, models.PROTECT, related_name="linked")
    ticket = models.OneToOneField("tickets.Ticket", models.PROTECT, related_name="problem_link")
    by_rule = models.BooleanField(default=False)
    workaround = models.CharField(max_length=8, choices=Held.choices, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-ticket_id"]

    def __str__(self) -> str:
        return f"{self.ticket_id} of {self.problem_id}"


class RecurrenceRule(models.Model):
    """So many faults of one service within so many days open a problem. Empty category = any; the narrower one wins."""

    category = models.CharField(max_length=24, choices=words.Category.choices, blank=True, unique=True)
    faults = models.PositiveSmallIntegerField(help_text=_("2 or more"))
    days = models.PositiveSmallIntegerField()
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["category"]
        constraints = [
            models.CheckConstraint(name="recurrence_is_several", condition=Q(faults__gte=2) & Q(days__gte=1))
        ]

    def __str__(self) -> str:
        return f"{self.category or '*'}: {self.faults} in {self.days} days"
