"""The queue narrowed by priority or team reads an index in its order; built beside the writers of a live desk."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

OPEN = models.Q(
    state__in=["intake", "auth", "triage", "l1", "l2", "l3", "suspended", "closure", "survey"]
)


class Migration(migrations.Migration):

    atomic = False

    dependencies = [("tickets", "0002_queue_index")]

    operations = [
        # Building beside writers waits for their transactions, however long those take.
        migrations.RunSQL("SET lock_timeout = 0", "SET lock_timeout = 0"),
        AddIndexConcurrently(
            "ticket",
            models.Index(fields=["priority", "next_due_at", "id"], name="ticket_open_priority", condition=OPEN),
        ),
        AddIndexConcurrently(
            "ticket", models.Index(fields=["team", "next_due_at", "id"], name="ticket_open_team", condition=OPEN)
        ),
        migrations.RunSQL("RESET lock_timeout", "RESET lock_timeout"),
    ]
