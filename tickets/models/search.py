"""The words of a ticket and its notes, as the index holds them."""

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models


class TicketWords(models.Model):
    """What a ticket can be found by: its own texts and its notes. Kept by triggers (migration 0005), read by search.

    A word stands as "slice~word" where customers may read it and as "slice!word" where only we may; the slice is the
    ticket's number by ten thousands, so that a common word costs a slice and not the whole table (docs/search.md).
    """

    ticket = models.OneToOneField("tickets.Ticket", models.CASCADE, primary_key=True, related_name="found")
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="ticket_words")]

    def __str__(self) -> str:
        return f"words of {self.ticket_id}"
