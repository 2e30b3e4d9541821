"""One thing a customer asked of us, from intake to survey (domain.md, "Ticket")."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, FSMModelMixin

from ledger.actor import Actor
from ledger.ids import uuid7
from tickets import words
from tickets.models.transitions import TicketTransitions

IS_OPEN = Q(state__in=[state.value for state in words.OPEN])
IS_CRITICAL = IS_OPEN & Q(critical=True)
OPEN_FACTS = (
    "state", "tier", "priority", "kind", "category", "channel", "scope", "impact", "urgency", "critical", "urgent",
    "restricted", "prospect", "run_no", "team", "owner", "organisation", "service", "caller_organisation", "signed_at",
    "received_at", "last_public_at",
)  # fmt: skip  # what the queue filters and groups by, read from the index alone
IS_UNSIGNED = Q(state__in=[state.value for state in words.TIERS], signed_at=None)


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, actor: Actor) -> Self:
        """The tickets whose existence `actor` may learn of. Every door starts here (decisions 10)."""
        from tickets.access import visible

        return self.filter(visible(actor))

    def open(self) -> Self:
        """Not closed, rejected or cancelled."""
        return self.filter(state__in=words.OPEN)


class Ticket(TicketTransitions, FSMModelMixin, models.Model):
    """One thing a customer asked of us. Times are UTC; `number` is what people say aloud.

    `organisation` is None until the caller is identified; then `caller_*` (P-03) say who it is said to be.
    `tier` is kept while suspended or in closure, so that the ticket comes back where it was.
    `run_no` counts runs of the clocks; only `reopen` starts a new one.
    """

    number = models.CharField(max_length=16, unique=True, editable=False)
    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=12, choices=words.Kind.choices, default=words.Kind.FAULT)
    state = FSMField(choices=words.State.choices, default=words.State.INTAKE, protected=True)
    version = models.PositiveIntegerField(default=1)
    run_no = models.PositiveSmallIntegerField(default=1)

    organisation = models.ForeignKey("accounts.Organisation", models.PROTECT, null=True, related_name="tickets")
    reporter = models.ForeignKey("accounts.Contact", models.PROTECT, null=True, related_name="tickets")
    caller_name = models.CharField(max_length=120, blank=True)
    caller_organisation = models.CharField(max_length=160, blank=True)
    caller_email = models.CharField(max_length=254, blank=True)
    caller_phone = models.CharField(max_length=20, blank=True)
    callback_number = models.CharField(max_length=20, blank=True)
    callback_confirmed_at = models.DateTimeField(null=True)
    prospect = models.BooleanField(default=False)
    verification = models.ForeignKey("accounts.Verification", models.PROTECT, null=True, related_name="opened")
    channel = models.CharField(max_length=12, choices=words.Channel.choices)

    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    problem_what = models.TextField(blank=True)
    problem_since = models.CharField(max_length=200, blank=True)
    problem_where = models.CharField(max_length=200, blank=True)
    problem_impact = models.TextField(blank=True)
    problem_changed = models.CharField(max_length=400, blank=True)

    service = models.ForeignKey("catalogue.Service", models.PROTECT, null=True, related_name="tickets")
    no_service_reason = models.CharField(max_length=200, blank=True)
    also_affected = models.ManyToManyField("catalogue.Service", related_name="+", blank=True)
    site = models.ForeignKey("catalogue.Site", models.PROTECT, null=True, related_name="+")
    category = models.CharField(max_length=24, choices=words.Category.choices, blank=True)
    issue_type = models.CharField(max_length=60, blank=True)
    scope = models.CharField(max_length=12, choices=words.Scope.choices, blank=True)
    impact = models.CharField(max_length=8, choices=words.Level.choices, blank=True)
    urgency = models.CharField(max_length=8, choices=words.Level.choices, blank=True)
    priority = models.CharField(max_length=2, choices=words.Priority.choices, default=words.Priority.P3)
    critical = models.BooleanField(default=False)
    urgent = models.BooleanField(default=False, help_text=_("The customer flagged it urgent (C-08)"))
    restricted = models.BooleanField(default=False)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, related_name="tickets")
    owner = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="owned_tickets")
    tier = models.CharField(max_length=2, choices=words.Tier.choices, blank=True)
    reached_l2 = models.BooleanField(default=False)
    dispatch_no = models.PositiveSmallIntegerField(default=0)
    need_to_know = models.ManyToManyField("accounts.User", related_name="+", blank=True)
    watchers = models.ManyToManyField("accounts.User", related_name="watched_tickets", blank=True)

    received_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    first_dispatched_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    contacted_at = models.DateTimeField(null=True)
    last_progress_at = models.DateTimeField(null=True)
    last_public_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(null=True, help_text="Earliest armed timer; kept by escalation for the queue")
    next_due_code = models.CharField(max_length=12, blank=True)
    resolved_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    resolution_code = models.CharField(max_length=16, choices=words.Resolution.choices, blank=True)
    cause_code = models.CharField(max_length=20, choices=words.Cause.choices, blank=True)
    cause = models.TextField(blank=True)
    resolution = models.TextField(blank=True)
    confirmed_how = models.CharField(max_length=20, blank=True)
    knowledge_decision = models.CharField(max_length=16, blank=True, help_text="none | draft | linked (V-15)")
    follow_up_decision = models.CharField(max_length=16, blank=True, help_text="none | planned (V-15)")
    follow_up_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=40, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")

    objects = TicketQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="ticket_state_known", condition=Q(state__in=words.State.values)),
            models.CheckConstraint(name="ticket_priority_known", condition=Q(priority__in=words.Priority.values)),
            models.CheckConstraint(name="ticket_kind_known", condition=Q(kind__in=words.Kind.values)),
            models.CheckConstraint(
                name="ticket_past_the_gate_is_verified",
                condition=Q(state__in=["intake", "auth", "rejected", "cancelled"]) | Q(verified_at__isnull=False),
            ),
            models.CheckConstraint(
                name="ticket_working_has_team_and_tier",
                condition=~Q(state__in=words.WORKING) | (Q(team__isnull=False) & ~Q(tier="")),
            ),
            models.CheckConstraint(
                name="ticket_resolved_has_its_facts",
                condition=~Q(state__in=["closure", "survey"])
                | (Q(resolved_at__isnull=False) & ~Q(resolution_code="") & ~Q(cause_code="") & ~Q(resolution="")),
            ),
            models.CheckConstraint(
                name="ticket_closed_has_a_time", condition=~Q(state="closed") | Q(closed_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["state", "next_due_at", "id"], name="ticket_queue_due"),
            models.Index(fields=["team", "state", "next_due_at"], name="ticket_team_due"),
            models.Index(fields=["owner", "state", "next_due_at"], name="ticket_owner_due"),
            models.Index(fields=["next_due_at", "id"], include=OPEN_FACTS, name="ticket_open_facts", condition=IS_OPEN),
            models.Index(fields=["owner", "next_due_at", "id"], name="ticket_open_owner", condition=IS_OPEN),
            models.Index(OpClass(Upper("title"), name="text_pattern_ops"), name="ticket_open_title", condition=IS_OPEN),
            GinIndex(fields=["tags"], name="ticket_open_tags", condition=IS_OPEN & ~Q(tags=[])),
            models.Index(fields=["priority", "next_due_at", "id"], name="ticket_open_priority", condition=IS_OPEN),
            models.Index(fields=["team", "next_due_at", "id"], name="ticket_open_team", condition=IS_OPEN),
            models.Index(fields=["next_due_at", "id"], name="ticket_unsigned_due", condition=IS_UNSIGNED),
            models.Index(fields=["next_due_at", "id"], name="ticket_critical_due", condition=IS_CRITICAL),
            models.Index(fields=["organisation"], name="ticket_open_customer", condition=IS_OPEN),
            models.Index(fields=["organisation", "-id"], name="ticket_organisation"),
            models.Index(fields=["service", "state"], name="ticket_service"),
            models.Index(fields=["-received_at", "-id"], name="ticket_received"),
            GinIndex(fields=["tags"], name="ticket_tags", condition=~Q(tags=[])),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def chain(self) -> str:
        """The ledger chain of this ticket."""
        return f"ticket:{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether work on it can still go on."""
        return self.state in words.OPEN


class Participant(models.Model):
    """Somebody who took part: duty staff, contractor, helper, leader informed, customer's people (C-24)."""

    class Part(models.TextChoices):
        REPORTER = "reporter", _("Reporter")
        OWNER = "owner", _("Owner")
        WORKED = "worked", _("Worked on it")
        CONTRACTOR = "contractor", _("Contractor")
        ENGAGED = "engaged", _("Engaged team")
        INFORMED = "informed", _("Informed")
        CUSTOMER = "customer", _("Customer's people")
        APPROVER = "approver", _("Approver")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="participants")
    part = models.CharField(max_length=12, choices=Part.choices)
    user = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    contact = models.ForeignKey("accounts.Contact", models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, related_name="+")
    label = models.CharField(max_length=120, blank=True)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "part", "user", "contact", "team", "label"],
                name="participant_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"{self.part} of {self.ticket_id}"


class TicketLink(models.Model):
    """A relation between two tickets, read from `ticket` to `other`."""

    class Relation(models.TextChoices):
        PARENT = "parent", _("Parent of")
        DUPLICATE = "duplicate", _("Duplicate of")
        RELATED = "related", _("Related to")
        PROBLEM = "problem", _("Caused by problem")
        FOLLOWS = "follows", _("Follows")
        SPLIT = "split", _("Split from")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="links")
    other = models.ForeignKey(Ticket, models.PROTECT, related_name="linked_from")
    relation = models.CharField(max_length=12, choices=Relation.choices)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "other", "relation"], name="ticket_link_once"),
            models.CheckConstraint(name="ticket_link_to_another", condition=~Q(ticket=models.F("other"))),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.relation} {self.other_id}"
