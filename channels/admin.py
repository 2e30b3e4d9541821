"""What was tried to reach people; it can only be read."""

from django.contrib import admin

from channels.models import DeliveryAttempt
from ledger.admin import ReadOnlyAdmin


@admin.register(DeliveryAttempt)
class DeliveryAttemptAdmin(ReadOnlyAdmin):
    """Every try to hand one message to a provider, newest first."""

    list_display = ("started_at", "recipient", "n", "outcome", "provider_ref")
    list_filter = ("outcome",)
    search_fields = ("recipient",)
    ordering = ("-pk",)
    raw_id_fields = ("outbox", "notification")
    show_full_result_count = False
