"""What agents keep of their queue: views of their own and of their team; the indexes its filters ask for."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

import ledger.ids

OPEN = models.Q(
    state__in=["intake", "auth", "triage", "l1", "l2", "l3", "suspended", "closure", "survey"]
)
UNSIGNED = models.Q(state__in=["l1", "l2", "l3"], signed_at=None)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("tickets", "0003_open_by_priority_and_team"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="QueueView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                ("name", models.CharField(max_length=40)),
                ("settings", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="queue_views",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="queue_views",
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "name"), name="queue_view_named_once")
                ],
            },
        ),
        # Building beside writers waits for their transactions, however long those take.
        migrations.RunSQL("SET lock_timeout = 0", "SET lock_timeout = 0"),
        AddIndexConcurrently(
            "ticket", models.Index(fields=["next_due_at", "id"], name="ticket_unsigned_due", condition=UNSIGNED)
        ),
        AddIndexConcurrently(
            "ticket",
            models.Index(fields=["next_due_at", "id"], name="ticket_critical_due", condition=OPEN & models.Q(critical=True)),
        ),
        AddIndexConcurrently(
            "ticket", models.Index(fields=["organisation"], name="ticket_open_customer", condition=OPEN)
        ),
        migrations.RunSQL("RESET lock_timeout", "RESET lock_timeout"),
    ]
