"""Roles, teams, account teams and service accounts (V-13, V-14, C-17)."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.ids import uuid7


class Role(models.TextChoices):
    """What a member of staff may do; `LADDER_ROLES` are those a rule can call."""

    AGENT = "agent", _("Agent")
    SUPERVISOR = "supervisor", _("Supervisor")
    DUTY_MANAGER = "duty_manager", _("Duty manager")
    APPROVER_MONITORING = "approver_monitoring", _("Approver, monitoring")
    APPROVER_SERVICE = "approver_service", _("Approver, customer service")
    QUALITY = "quality_reviewer", _("Quality reviewer")
    SECURITY = "security_lead", _("Security lead")
    ADMINISTRATOR = "administrator", _("Administrator")


class LadderRole(models.TextChoices):
    """Rungs of the management ladder; company-wide ones have no organisation (domain.md, "Account team")."""

    ACCOUNT_MANAGER = "account_manager", _("Account manager")
    SERVICE_DELIVERY = "service_delivery_manager", _("Service delivery manager")
    TECHNICAL_ACCOUNT = "technical_account_manager", _("Technical account manager")
    REGIONAL = "regional_manager", _("Regional manager")
    EXECUTIVE = "executive_support", _("Executive support")
    DIRECTOR_SUPPORT = "director_support", _("Director of customer support")
    VP_CX = "vp_customer_experience", _("VP customer experience")
    CEO = "ceo", _("CEO")
    CENTRE_DIRECTOR = "centre_director", _("Director of the response centre")
    DEPUTY_GM = "deputy_gm", _("Deputy general manager, operations")


class TeamQuerySet(models.QuerySet["Team"]):
    def visible_to(self, actor: Actor) -> Self:
        """Every member of staff and every unbound token may know every team; customers none."""
        if actor.organisation_ids is not None or actor.is_customer:
            return self.none()
        return self


class Team(models.Model):
    """A group that works tickets at one tier, or serves one function that is engaged."""

    class Tier(models.TextChoices):
        L1 = "l1", _("L1")
        L2 = "l2", _("L2")
        L3 = "l3", _("L3")
        FUNCTION = "function", _("Function")

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=80, unique=True)
    tier = models.CharField(max_length=8, choices=Tier.choices)
    function = models.CharField(max_length=40, blank=True, help_text=_("network_operations, platform_engineering, …"))
    region = models.CharField(max_length=32, blank=True)
    email = models.EmailField(blank=True)
    chat_url = models.CharField(max_length=400, blank=True)
    languages = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    queue_order = models.PositiveSmallIntegerField(default=100)
    active = models.BooleanField(default=True)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["queue_order", "name"]
        constraints = [
            models.CheckConstraint(name="team_tier_known", condition=models.Q(tier__in=["l1", "l2", "l3", "function"]))
        ]

    def __str__(self) -> str:
        return self.name


class TeamMembership(models.Model):
    """A member of staff in a team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="memberships")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="team_member_once")]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}"


class RoleGrant(models.Model):
    """A role of a member of staff. `region` empty = every region."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=24, choices=Role.choices)
    region = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "role", "region"], name="role_granted_once")]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


class AccountTeamMember(models.Model):
    """Who holds a ladder role for an organisation; organisation empty = company-wide (V-14)."""

    organisation = models.ForeignKey(
        "accounts.Organisation", models.CASCADE, null=True, blank=True, related_name="account_team"
    )
    role = models.CharField(max_length=32, choices=LadderRole.choices)
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="ladder_roles")
    deputy = models.ForeignKey("accounts.User", models.SET_NULL, null=True, blank=True, related_name="deputy_roles")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "role"], name="ladder_role_once", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.user}"


class ServiceAccount(models.Model):
    """What an integration's tokens may do. `organisation` empty = every organisation."""

    user = models.OneToOneField("accounts.User", models.CASCADE, related_name="service_account")
    organisation = models.ForeignKey("accounts.Organisation", models.CASCADE, null=True, blank=True)
    scopes = ArrayField(models.CharField(max_length=40), default=list)

    def __str__(self) -> str:
        return str(self.user)
