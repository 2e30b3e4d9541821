"""What somebody must approve before it happens: which functions, who asked, who decided, to whom it was handed."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.ids import uuid7
from tickets import words


class ApprovalRule(models.Model):
    """Which functions decide on one kind of request, and from when it needs any decision; policy data.

    functions  all of them must approve, each by another person.
    steps      priority: so many steps above what impact and urgency propose need no approval.
    active     False = nobody need approve (a suspension always needs approval: C-22).
    """

    class Kind(models.TextChoices):
        SUSPENSION = "suspension", _("Suspension")
        PRIORITY = "priority", _("Priority above the proposal")
        REOPEN = "reopen", _("Reopening after the set time")

    kind = models.CharField(max_length=12, choices=Kind.choices, unique=True)
    functions = ArrayField(models.CharField(max_length=20))
    steps = models.PositiveSmallIntegerField(default=1)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["kind"]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    def clean(self) -> None:
        """Refuse functions nobody holds, and a suspension without approval."""
        from tickets.approving import ROLES_OF

        unknown = sorted(set(self.functions or ()) - set(ROLES_OF))
        if unknown or not self.functions:
            known = ", ".join(ROLES_OF)
            raise ValidationError({"functions": _("Name functions of this list: %(known)s.") % {"known": known}})
        if self.kind == self.Kind.SUSPENSION and not self.active:
            raise ValidationError({"active": _("A suspension always needs approval (C-22).")})


class ApprovalQuerySet(models.QuerySet["Approval"]):
    def visible_to(self, actor: Actor) -> Self:
        """Requests on visible tickets."""
        from tickets.access import visible

        return self.filter(visible(actor, prefix="ticket__"))


class Approval(models.Model):
    """One request to raise a priority or to open a ticket again late. wanted, before: the priorities, else empty."""

    class Kind(models.TextChoices):
        PRIORITY = "priority", _("Priority above the proposal")
        REOPEN = "reopen", _("Reopening after the set time")

    class State(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        APPROVED = "approved", _("Approved")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, related_name="approvals")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    before = models.CharField(max_length=2, blank=True, choices=words.Priority.choices)
    wanted = models.CharField(max_length=2, blank=True, choices=words.Priority.choices)
    reason = models.TextField()
    needed = models.JSONField(default=list)
    requested_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = ApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["requested_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "kind"], condition=Q(state="requested"), name="approval_one_open")
        ]
        indexes = [models.Index(fields=["requested_at", "id"], name="approval_open", condition=Q(state="requested"))]

    def __str__(self) -> str:
        return f"{self.kind} of {self.ticket_id}"


class ApprovalDecision(models.Model):
    """One function's decision, by one person, with their reason."""

    approval = models.ForeignKey(Approval, models.PROTECT, related_name="decisions")
    function = models.CharField(max_length=20)
    person = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    approved = models.BooleanField()
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["approval", "function"], name="decision_once_per_function"),
            models.UniqueConstraint(fields=["approval", "person"], name="decision_once_per_person"),
        ]

    def __str__(self) -> str:
        return f"{self.function}: {self.approved}"


class ApprovalHandover(models.Model):
    """One decision handed to a named person of the same function until a time; the latest of a function counts.

    subject  public id of the suspension or request.   Nothing is ever removed: taking it back is a row that ends it.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    subject = models.UUIDField()
    function = models.CharField(max_length=20)
    giver = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    taker = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    until = models.DateTimeField()
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["subject", "-id"], name="approval_handed")]

    def __str__(self) -> str:
        return f"{self.function} of {self.subject}"


def handed(subjects: Any, at: Any) -> dict[tuple[Any, str], ApprovalHandover]:
    """Return who holds which decision at `at`: (subject, function) → the latest handover that still runs. 1 query."""
    found: dict[tuple[Any, str], ApprovalHandover] = {}
    for row in ApprovalHandover.objects.filter(subject__in=list(subjects)).select_related("giver", "taker"):
        found.setdefault((row.subject, row.function), row)
    return {key: row for key, row in found.items() if row.until > at}
