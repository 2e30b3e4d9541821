"""Answers of customers; they can only be read, and a link's token never."""

from django.contrib import admin

from ledger.admin import ReadOnlyAdmin
from quality.models import Survey


@admin.register(Survey)
class SurveyAdmin(ReadOnlyAdmin):
    """Question rounds: sent, answered, expired. What was written stands on the ticket."""

    list_display = ("sent_at", "answered_at", "rating", "response_rating", "expires_at")
    exclude = ("token_sha256", "comment")
    ordering = ("-sent_at",)
