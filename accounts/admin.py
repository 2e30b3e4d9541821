"""Configuration of people. Roles and teams go through their commands; secrets are never shown."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.commands.staff import grant_role, join_team, leave_team, revoke_role
from accounts.models import (
    AccountTeamMember,
    Contact,
    ContactPhone,
    FailureCounter,
    Organisation,
    RoleGrant,
    ServiceAccount,
    Team,
    TeamMembership,
    User,
    Verification,
)
from ledger.admin import CommandAdmin, ReadOnlyAdmin, RecordedAdmin
from ledger.clock import now


@admin.register(User)
class UserAdmin(RecordedAdmin):
    """People who sign in. A new one sets the password through "Forgot your password?"; leaving is a command."""

    list_display = ("name", "email", "kind", "is_active", "last_login")
    list_filter = ("kind", "is_active")
    search_fields = ("name", "email")
    fields = (
        "name", "email", "kind", "phone", "chat_url", "time_zone", "language", "languages", "skills", "shift",
        "available", "manager", "is_active", "last_login",
    )  # fmt: skip
    raw_id_fields = ("manager",)

    def get_readonly_fields(self, request: Any, obj: User | None = None) -> tuple[str, ...]:
        """Kind and activity are decided once, elsewhere."""
        return ("is_active", "last_login") if obj is None else ("kind", "is_active", "last_login")

    def save_model(self, request: Any, obj: User, form: Any, change: bool) -> None:
        """A new person has no usable password."""
        obj.email = obj.email.strip().lower()
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """People are deactivated, never deleted."""
        return False


@admin.register(RoleGrant)
class RoleGrantAdmin(CommandAdmin):
    """Roles: granted and revoked by the commands, on the record."""

    list_display = ("user", "role", "region")
    list_filter = ("role",)
    raw_id_fields = ("user",)

    def save_model(self, request: Any, obj: RoleGrant, form: Any, change: bool) -> None:
        """Grant."""
        made = grant_role(user_id=obj.user_id, role=obj.role, region=obj.region, actor=request.actor, at=now())
        obj.pk, obj._state.adding = made.pk, False

    def delete_model(self, request: Any, obj: RoleGrant) -> None:
        """Revoke."""
        revoke_role(user_id=obj.user_id, role=obj.role, region=obj.region, actor=request.actor, at=now())


@admin.register(TeamMembership)
class TeamMembershipAdmin(CommandAdmin):
    """Who works in which team."""

    list_display = ("user", "team")
    list_filter = ("team",)
    raw_id_fields = ("user",)

    def save_model(self, request: Any, obj: TeamMembership, form: Any, change: bool) -> None:
        """Join."""
        made = join_team(user_id=obj.user_id, team_id=obj.team_id, actor=request.actor, at=now())
        obj.pk, obj._state.adding = made.pk, False

    def delete_model(self, request: Any, obj: TeamMembership) -> None:
        """Leave."""
        leave_team(user_id=obj.user_id, team_id=obj.team_id, actor=request.actor, at=now())


@admin.register(Team)
class TeamAdmin(RecordedAdmin):
    """Teams."""

    list_display = ("name", "tier", "function", "region", "queue_order")
    list_filter = ("tier",)


@admin.register(AccountTeamMember)
class AccountTeamMemberAdmin(RecordedAdmin):
    """Who holds which rung for which customer; no customer = company-wide (V-14)."""

    list_display = ("role", "organisation", "user", "deputy")
    list_filter = ("role",)
    raw_id_fields = ("organisation", "user", "deputy")


@admin.register(ServiceAccount)
class ServiceAccountAdmin(RecordedAdmin):
    """What integrations may do. Tokens are not shown."""

    list_display = ("user", "organisation", "scopes")
    raw_id_fields = ("user", "organisation")


@admin.register(Organisation)
class OrganisationAdmin(RecordedAdmin):
    """Customers."""

    list_display = ("name", "account_number", "service_category", "segment", "region", "production", "status")
    list_filter = ("service_category", "segment", "status", "production", "region")
    search_fields = ("name", "account_number")

    def save_model(self, request: Any, obj: Organisation, form: Any, change: bool) -> None:
        """A new one is dated."""
        obj.created_at = obj.created_at or now()
        super().save_model(request, obj, form, change)

    def get_exclude(self, request: Any, obj: Any = None) -> tuple[str, ...]:
        """The date is ours."""
        return ("created_at",)


class PhoneInline(admin.TabularInline):
    """Stored numbers in E.164."""

    model = ContactPhone
    extra = 1


@admin.register(Contact)
class ContactAdmin(RecordedAdmin):
    """Contacts, their numbers and authorities. PINs and answers are not here: only the person sets them."""

    list_display = (
        "name",
        "organisation",
        "email",
        "may_report",
        "may_change",
        "may_approve",
        "may_escalate",
        "active",
    )
    list_filter = ("active",)
    search_fields = ("name", "email")
    exclude = ("pin_hash", "created_at", "user")
    raw_id_fields = ("organisation",)
    inlines = (PhoneInline,)

    def save_model(self, request: Any, obj: Contact, form: Any, change: bool) -> None:
        """A new one is dated."""
        obj.created_at = obj.created_at or now()
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """People are erased by their command, never deleted."""
        return False


@admin.register(Verification)
class VerificationAdmin(ReadOnlyAdmin):
    """Every attempt to prove who a caller is."""

    list_display = ("at", "outcome", "proof", "organisation", "contact", "by")
    list_filter = ("outcome", "proof")
    ordering = ("-pk",)


@admin.register(FailureCounter)
class FailureCounterAdmin(ReadOnlyAdmin):
    """Who is locked, and until when."""

    list_display = ("kind", "subject", "failures", "locked_until")

    @admin.display(description=_("Subject"))
    def subject(self, counter: FailureCounter) -> str:
        """The person counted."""
        model: Any = Contact if counter.kind == "contact" else User
        return str(model.objects.filter(pk=counter.subject_id).first() or "—")
