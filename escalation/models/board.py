"""What each member of staff narrowed the live board to, kept for their next visit (A-01)."""

from django.db import models


class BoardChoice(models.Model):
    """One person's filters. filters: {"region": "au", …} as the board's address says them; empty = all."""

    user = models.OneToOneField("accounts.User", models.CASCADE, related_name="board_choice")
    filters = models.JSONField(default=dict)
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "esc_board_choice"

    def __str__(self) -> str:
        return f"board of {self.user_id}"
