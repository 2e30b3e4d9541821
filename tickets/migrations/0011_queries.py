"""Indexes of the desk's lists: what the queue filters and groups by stands in the index of the open tickets, so that
fifty thousand of them are read from a few hundred pages; built beside the writers of a live desk."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Upper

OPEN = models.Q(
    state__in=["intake", "auth", "triage", "l1", "l2", "l3", "suspended", "closure", "survey"]
)
FACTS = [
    "state", "tier", "priority", "kind", "category", "channel", "scope", "impact", "urgency", "critical", "urgent",
    "restricted", "prospect", "run_no", "team", "owner", "organisation", "service", "caller_organisation", "signed_at",
    "received_at", "last_public_at",
]  # fmt: skip


class Migration(migrations.Migration):
    """Indexes of the desk's lists."""

    atomic = False

    dependencies = [("tickets", "0010_problems")]

    operations = [
        # Building beside writers waits for their transactions, however long those take.
        migrations.RunSQL("SET lock_timeout = 0", "SET lock_timeout = 0"),
        AddIndexConcurrently(
            "ticket",
            models.Index(fields=["next_due_at", "id"], include=FACTS, name="ticket_open_facts", condition=OPEN),
        ),
        RemoveIndexConcurrently("ticket", "ticket_open_due"),
        AddIndexConcurrently(
            "ticket", models.Index(fields=["owner", "next_due_at", "id"], name="ticket_open_owner", condition=OPEN)
        ),
        AddIndexConcurrently(
            "ticket",
            models.Index(OpClass(Upper("title"), name="text_pattern_ops"), name="ticket_open_title", condition=OPEN),
        ),
        AddIndexConcurrently(
            "ticket", GinIndex(fields=["tags"], name="ticket_open_tags", condition=OPEN & ~models.Q(tags=[]))
        ),
        migrations.RunSQL("RESET lock_timeout", "RESET lock_timeout"),
    ]
