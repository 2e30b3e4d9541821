"""Configuration of time: who is on call and the shifts can change; policies are versions that never do (I11)."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.models.staff import LadderRole, Role
from escalation.models import Policy, PolicyVersion, RosterSlot, Rule, Shift
from ledger.admin import ReadOnlyAdmin, RecordedAdmin


class SlotForm(forms.ModelForm):
    """A turn of the base or of the rotation. An override needs a reason and is a command (A-04)."""

    class Meta:
        model = RosterSlot
        fields = ("role", "scope", "slot", "layer", "user", "during")

    def clean_role(self) -> str:
        """A mistyped role would page nobody: only roles that exist and teams that exist."""
        role = self.cleaned_data["role"]
        kind, _colon, uuid = role.partition(":")
        team = kind == "team" and any(str(known) == uuid for known in Team.objects.values_list("uuid", flat=True))
        if not team and role not in {*Role.values, *LadderRole.values}:
            raise forms.ValidationError(_("Name a role, or team: and the id of a team."), code="unknown_role")
        return role

    def clean_user(self) -> User:
        """Only staff who are still here can be on call."""
        user: User = self.cleaned_data["user"]
        if user.kind != User.Kind.STAFF or not user.is_active:
            raise forms.ValidationError(_("Choose a member of staff."), code="not_staff")
        return user

    def clean_layer(self) -> int:
        """Overrides have their own page, with a reason."""
        layer: int = self.cleaned_data["layer"]
        if layer == RosterSlot.Layer.OVERRIDE:
            raise forms.ValidationError(_("Make an override on the on-call page; it needs a reason."), code="override")
        return layer


@admin.register(RosterSlot)
class RosterSlotAdmin(RecordedAdmin):
    """Who is on call, for which role and scope (A-04). Two people cannot hold one slot at once."""

    form = SlotForm
    list_display = ("role", "scope", "slot", "layer", "user", "during")
    list_filter = ("layer", "role")
    raw_id_fields = ("user",)


class ShiftForm(forms.ModelForm):
    """A shift of a zone that exists; its days are digits."""

    class Meta:
        model = Shift
        fields = (
            "name", "time_zone", "starts", "ends", "weekdays", "entitled_weekend", "region", "team", "roster",
            "hands_over",
        )  # fmt: skip

    def clean_time_zone(self) -> str:
        """A mistyped zone would stop every sheet."""
        zone: str = self.cleaned_data["time_zone"]
        if zone not in available_timezones():
            raise forms.ValidationError(_("Choose a time zone, such as Europe/Dublin."), code="unknown_zone")
        return zone


@admin.register(Shift)
class ShiftAdmin(RecordedAdmin):
    """The shifts of the centre: those of one region and team hand over to each other (A-04, A-05)."""

    form = ShiftForm
    list_display = ("name", "starts", "ends", "time_zone", "region", "team", "hands_over")


class VersionInline(admin.TabularInline):
    """Published versions, newest first."""

    model = PolicyVersion
    fk_name = "policy"
    fields = readonly_fields = ("n", "published_at", "published_by", "sha256")
    ordering = ("-n",)
    can_delete = False
    max_num = 0


@admin.register(Policy)
class PolicyAdmin(ReadOnlyAdmin):
    """Sets of rules by name, and the version in force."""

    list_display = ("name", "key", "subject", "current")
    inlines = (VersionInline,)


@admin.register(PolicyVersion)
class PolicyVersionAdmin(ReadOnlyAdmin):
    """What was published, when and by whom."""

    list_display = ("policy", "n", "published_at", "published_by")
    list_filter = ("policy",)


@admin.register(Rule)
class RuleAdmin(ReadOnlyAdmin):
    """Every rule of every version."""

    list_display = ("code", "label", "version", "anchor", "offset_s", "repeat_s", "breach")
    list_filter = ("version__policy",)
    search_fields = ("code", "label")

    def get_queryset(self, request: Any) -> Any:
        """With the names of the versions, in one query."""
        return super().get_queryset(request).select_related("version__policy")
