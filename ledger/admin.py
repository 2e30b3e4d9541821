"""Configuration pages: two kinds of page for every room, and the ledger's own, which can only be read."""

from typing import Any

from django.contrib import admin, messages
from django.utils.translation import gettext_lazy as _

from ledger.clock import now
from ledger.errors import Refused
from ledger.models import Anchor, Entry, OutboxMessage
from ledger.record import record

admin.site.site_header = _("Service desk configuration")
admin.site.site_title = _("Configuration")


class ReadOnlyAdmin(admin.ModelAdmin):
    """Pages that show and never change."""

    actions = None

    def has_add_permission(self, request: Any) -> bool:
        """Never."""
        return False

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        """Never."""
        return False

    def has_delete_permission(self, request: Any, obj: Any = None) -> bool:
        """Never."""
        return False


class RecordedAdmin(admin.ModelAdmin):
    """Pages whose every change is a fact on `configuration:<model>`: which row, which fields; values stay out."""

    actions = None

    def save_model(self, request: Any, obj: Any, form: Any, change: bool) -> None:
        """Save and record."""
        super().save_model(request, obj, form, change)
        self._tell(request, obj, "changed" if change else "added", sorted(form.changed_data))

    def save_related(self, request: Any, form: Any, formsets: Any, change: bool) -> None:
        """Save inlines and record those that changed."""
        super().save_related(request, form, formsets, change)
        for formset in formsets:
            if formset.has_changed():
                self._tell(request, form.instance, "changed", [formset.model._meta.model_name])

    def delete_model(self, request: Any, obj: Any) -> None:
        """Record and delete."""
        self._tell(request, obj, "removed", [])
        super().delete_model(request, obj)

    def _tell(self, request: Any, obj: Any, verb: str, fields: list[str]) -> None:
        record(
            f"configuration.{verb}",
            chain=f"configuration:{obj._meta.label_lower}",
            actor=request.actor,
            at=now(),
            row=str(getattr(obj, "uuid", obj.pk)),
            fields=fields,
        )


class CommandAdmin(admin.ModelAdmin):
    """Pages that add and remove through commands: a refusal becomes a message, and nothing is written."""

    actions = None

    def has_change_permission(self, request: Any, obj: Any = None) -> bool:
        """Add and remove only."""
        return False

    def add_view(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Add, or say why not."""
        return self._or_say_why(request, super().add_view, *args, **kwargs)

    def delete_view(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Remove, or say why not."""
        return self._or_say_why(request, super().delete_view, *args, **kwargs)

    def _or_say_why(self, request: Any, view: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return view(request, *args, **kwargs)
        except Refused as refusal:
            self.message_user(request, str(refusal.message), messages.ERROR)
            return self.response_post_save_add(request, None)


@admin.register(Entry)
class EntryAdmin(ReadOnlyAdmin):
    """Facts, newest first. Side texts are shown where they belong, not here."""

    list_display = ("at", "name", "chain", "seq", "actor_kind", "actor_ref")
    list_filter = ("name",)
    search_fields = ("chain",)
    ordering = ("-pk",)
    show_full_result_count = False


@admin.register(Anchor)
class AnchorAdmin(ReadOnlyAdmin):
    """Daily anchors."""

    list_display = ("at", "chains", "entries", "hash")
    ordering = ("-at",)


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    """What waits, was sent or died. Payloads may hold personal data and are not shown."""

    list_display = ("due_at", "topic", "state", "attempts", "last_error")
    list_filter = ("state", "topic")
    exclude = ("payload", "lease_token")
    ordering = ("-due_at",)
