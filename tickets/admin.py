"""Configuration of triage: priority matrix, routing, playbooks. Tickets are not here: commands alone change them."""

from typing import Any

from django.contrib import admin

from ledger.admin import RecordedAdmin
from tickets.models import (
    ApprovalRule,
    CallScript,
    NoticeLead,
    Playbook,
    PlaybookStep,
    PriorityCell,
    RecurrenceRule,
    RoutingRule,
    TextBlock,
)


@admin.register(PriorityCell)
class PriorityCellAdmin(RecordedAdmin):
    """The priority proposed for an impact and an urgency (C-03): the nine cells change, none comes or goes."""

    list_display = ("impact", "urgency", "priority")
    readonly_fields = ("impact", "urgency")

    def has_add_permission(self, request: Any) -> bool:
        """The matrix is complete from the start."""
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """A matrix with a hole proposes nothing."""
        return False


@admin.register(RoutingRule)
class RoutingRuleAdmin(RecordedAdmin):
    """Which team gets what (V-08); the first active rule that matches wins."""

    list_display = ("position", "category", "kind", "region", "language", "skill", "tier", "team", "active")
    list_filter = ("tier", "active", "category")
    filter_horizontal = ("alternates", "specialists")


class PlaybookStepInline(admin.TabularInline):
    """Steps of a playbook."""

    model = PlaybookStep
    extra = 1


@admin.register(Playbook)
class PlaybookAdmin(RecordedAdmin):
    """Templates of work (V-09 to V-12, C-27). Tickets hold copies of the steps: a change reaches later triages only."""

    list_display = ("name", "key", "version", "category", "active")
    list_filter = ("active", "category")
    inlines = (PlaybookStepInline,)


@admin.register(TextBlock)
class TextBlockAdmin(RecordedAdmin):
    """Sentences agents send again and again. A note already sent keeps its words."""

    list_display = ("name", "language", "use", "team", "active")
    list_filter = ("language", "use", "active")
    search_fields = ("name", "body")


@admin.register(CallScript)
class CallScriptAdmin(RecordedAdmin):
    """What an agent says first, for each queue and language (V-01). The caller says name and company, never we."""

    list_display = ("queue", "language", "greeting", "active")
    list_filter = ("active", "language")


@admin.register(NoticeLead)
class NoticeLeadAdmin(RecordedAdmin):
    """How many working days ahead customers are told of planned work (C-29)."""

    list_display = ("segment", "working_days")


@admin.register(RecurrenceRule)
class RecurrenceRuleAdmin(RecordedAdmin):
    """When faults of one service are a problem (C-28). A problem already open stays."""

    list_display = ("category", "faults", "days", "active")


@admin.register(ApprovalRule)
class ApprovalRuleAdmin(RecordedAdmin):
    """Which functions approve what (C-22). A request that waits keeps the functions it was asked of."""

    list_display = ("kind", "functions", "steps", "active")
