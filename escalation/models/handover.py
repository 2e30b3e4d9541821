"""The sheet one shift's manager hands to the next: drafted from live state, signed by both, kept (A-05)."""

from typing import Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.models.organisation import DESK_ROLES
from ledger.actor import Actor
from ledger.ids import uuid7


class Part(models.TextChoices):
    """The four parts of a sheet, in their order (A-05)."""

    HOT = "hot", _("Hot issues")
    ACTIVE = "active", _("Active cases to be worked")
    TOP = "top", _("Committed top-tier work")
    RISK = "risk", _("Shift risks")


class HandoverQuerySet(models.QuerySet["Handover"]):
    def visible_to(self, actor: Actor) -> Self:
        """Staff of the desk and unbound tokens; who is bound to regions sees those regions' sheets. Customers none."""
        if actor.kind == "system":
            return self
        token = actor.kind == "integration" and actor.organisation_ids is None
        desk = actor.is_staff and (actor.has_role(*DESK_ROLES) or actor.company_wide)
        if not token and not desk:
            return self.none()
        return self.filter(region__in=actor.regions) if actor.regions else self


class Handover(models.Model):
    """One change of shift. Its lines and notes change while it is a draft; signed, only remarks are added.

    starts_at    the incoming shift begins; ends_at the outgoing one ends (later: they overlap); until  the incoming
                 one ends.
    outgoing, incoming  who manages by the roster as it was drafted; giver, taker: who signed.
    previous     the signed sheet before this one of the same region and team; changes says what differs.
    figures, changes, notes  as `escalation.handover.live`, `.compare` make them; notes by part.
    expired_at   nobody accepted in time: the giver's acknowledgements ended then.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SIGNED = "signed", _("Signed")
        ACCEPTED = "accepted", _("Accepted")
        LAPSED = "lapsed", _("Never accepted")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    region = models.CharField(max_length=32, blank=True, default="")
    team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, related_name="+")
    outgoing_shift = models.ForeignKey("escalation.Shift", models.PROTECT, related_name="handovers_given")
    incoming_shift = models.ForeignKey("escalation.Shift", models.PROTECT, related_name="handovers_taken")
    ends_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    until = models.DateTimeField()
    outgoing = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    incoming = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    drafted_at = models.DateTimeField()
    giver = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    taker = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    expired_at = models.DateTimeField(null=True)
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="following")
    figures = models.JSONField(default=dict)
    changes = models.JSONField(default=list)
    notes = models.JSONField(default=dict)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        db_table = "esc_handover"
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["incoming_shift", "starts_at"], name="handover_once"),
            models.CheckConstraint(name="handover_two_people", condition=Q(taker=None) | ~Q(taker=F("giver"))),
            models.CheckConstraint(
                name="handover_signed_has_its_facts",
                condition=Q(state__in=["draft", "lapsed"]) | Q(giver__isnull=False, signed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="handover_accepted_has_its_facts",
                condition=~Q(state="accepted") | Q(taker__isnull=False, accepted_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["-starts_at", "-id"], name="handover_latest"),
            models.Index(fields=["starts_at"], name="handover_open", condition=Q(state__in=["draft", "signed"])),
        ]

    def __str__(self) -> str:
        return f"{self.outgoing_shift_id} to {self.incoming_shift_id} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def chain(self) -> str:
        """The ledger chain of this sheet."""
        return f"handover:{self.uuid}"

    @property
    def giving(self) -> User | None:
        """Who signed as the giver, or ought to."""
        return self.giver or self.outgoing

    @property
    def taking(self) -> User | None:
        """Who accepted, or ought to."""
        return self.taker or self.incoming

    @property
    def overlaps(self) -> bool:
        """Whether both are on for a while, so that lines are spoken through, not only read."""
        return self.ends_at > self.starts_at

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to sign."""
        return self.state in {self.State.DRAFT, self.State.SIGNED}


class HandoverLine(models.Model):
    """One line of a sheet, frozen with it. `key` is the same on every sheet for the same thing.

    due_code  what falls due then: a rule's code, "promise", "item", "resume"; "" = nothing has a time.
    facts     what the line says beside its title, as plain values: words come with the reader's language.
    change    "new" or "changed" against the sheet before; "" = as it was.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    handover = models.ForeignKey(Handover, models.CASCADE, related_name="lines")
    part = models.CharField(max_length=8, choices=Part.choices)
    key = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField()
    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, null=True, related_name="handover_lines")
    escalation = models.ForeignKey("escalation.Escalation", models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=240)
    due_at = models.DateTimeField(null=True)
    due_code = models.CharField(max_length=12, blank=True)
    facts = models.JSONField(default=dict)
    change = models.CharField(max_length=8, blank=True)
    note = models.TextField(blank=True)
    spoken_at = models.DateTimeField(null=True)
    spoken_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "esc_handover_line"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["handover", "key"], name="handover_line_once")]
        indexes = [
            GinIndex(OpClass(Upper("title"), name="gin_trgm_ops"), name="handover_title_trgm"),
            GinIndex(OpClass(Upper("note"), name="gin_trgm_ops"), name="handover_note_trgm"),
        ]

    def __str__(self) -> str:
        return self.title


class HandoverRemark(models.Model):
    """What is said after a signature: a correction, a question. Never changed, never taken back."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    handover = models.ForeignKey(Handover, models.PROTECT, related_name="remarks")
    line = models.ForeignKey(HandoverLine, models.PROTECT, null=True, related_name="remarks")
    text = models.TextField()
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "esc_handover_remark"
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:40]


class HandoverPass(models.Model):
    """One thing of the giver's that went to the taker, or ended because nobody accepted (`to` None)."""

    class Kind(models.TextChoices):
        PROMISE = "promise", _("Promise")
        ACKNOWLEDGEMENT = "ack", _("Acknowledgement")
        ESCALATION = "escalation", _("Escalation")

    handover = models.ForeignKey(Handover, models.PROTECT, related_name="passes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    ref = models.CharField(max_length=40)
    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, null=True, db_index=False, related_name="+")
    giver = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    to = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        db_table = "esc_handover_pass"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["handover", "kind", "ref"], name="handover_pass_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"
