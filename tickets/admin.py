"""Configuration of triage: priority matrix, routing, playbooks. Tickets are not here: commands alone change them."""

from typing import Any

from django.contrib import admin

from ledger.admin import RecordedAdmin
from tickets.models import Playbook, PlaybookStep, PriorityCell, RoutingRule, WorkItem


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

    list_display = ("position", "category", "kind", "region", "tier", "team", "active")
    list_filter = ("tier", "active", "category")
    filter_horizontal = ("specialists",)


class PlaybookStepInline(admin.TabularInline):
    """Steps of a playbook."""

    model = PlaybookStep
    extra = 1

    def has_change_permission(self, request: Any, obj: Playbook | None = None) -> bool:
        """Steps of a version that tickets follow stay as they are."""
        return not _followed(obj)

    has_add_permission = has_change_permission
    has_delete_permission = has_change_permission


@admin.register(Playbook)
class PlaybookAdmin(RecordedAdmin):
    """Templates of work (V-09 to V-12, C-27). Once a ticket follows a version, only its name and activity change."""

    list_display = ("name", "key", "version", "category", "active")
    list_filter = ("active", "category")
    inlines = (PlaybookStepInline,)

    def get_readonly_fields(self, request: Any, obj: Playbook | None = None) -> tuple[str, ...]:
        """A running playbook keeps its version."""
        return ("key", "version", "category") if _followed(obj) else ()

    def has_delete_permission(self, request: Any, obj: Playbook | None = None) -> bool:
        """A version that tickets follow is made inactive instead."""
        return not _followed(obj)


def _followed(book: Playbook | None) -> bool:
    return book is not None and WorkItem.objects.filter(step__playbook=book).exists()
