"""Comparisons of drafts worked out beside the desk, and the promise that moved a timer."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ledger.ids

STATES = [
    ("waiting", "Waiting"), ("running", "Running"), ("done", "Done"), ("failed", "Failed"), ("stopped", "Stopped"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("escalation", "0010_alarms"),
    ]

    operations = [
        migrations.AddField("timer", "promised", models.UUIDField(null=True)),
        migrations.CreateModel(
            name="PolicyComparison",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                ("draft", models.UUIDField()),
                ("sha256", models.CharField(max_length=64)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField()),
                ("state", models.CharField(choices=STATES, default="waiting", max_length=8)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("requested_at", models.DateTimeField()),
                ("touched_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="comparisons",
                        to="escalation.policy",
                    ),  # fmt: skip
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),  # fmt: skip
                ),
            ],
            options={"db_table": "esc_policy_comparison", "ordering": ["-requested_at", "-pk"]},
        ),
        migrations.AddIndex(
            "policycomparison", models.Index(fields=["policy", "-requested_at"], name="policy_comparison_last")
        ),
        migrations.AddConstraint(
            "policycomparison",
            models.UniqueConstraint(
                condition=models.Q(("state__in", ["waiting", "running"])), fields=("policy",),
                name="policy_one_comparison_at_a_time",
            ),  # fmt: skip
        ),
    ]
