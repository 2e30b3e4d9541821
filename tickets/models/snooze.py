"""A ticket out of one person's sight for a while."""

from django.db import models


class Snooze(models.Model):
    """`user` does not see `ticket` in their own lists before `until`; everybody else does, and what falls due wins."""

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="snoozes")
    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    until = models.DateTimeField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "ticket"], name="snooze_once")]

    def __str__(self) -> str:
        return f"{self.ticket_id} until {self.until:%Y-%m-%d %H:%M}"
