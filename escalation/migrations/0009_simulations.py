"""Kept results of the simulator and of the nightly audit, and the alarm a difference raises."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import ledger.ids

KINDS = [
    ("no_recipient", "Nobody to page"), ("timer_failed", "A timer could not fire"),
    ("clock_jump", "The database's clock jumped"), ("audit", "The audit found a difference"),
]  # fmt: skip
STATES = [("waiting", "Waiting"), ("running", "Running"), ("done", "Done"), ("failed", "Failed")]


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("escalation", "0008_watch"),
    ]
    operations = [
        migrations.AlterField("alarm", "kind", models.CharField(choices=KINDS, max_length=16)),
        migrations.CreateModel(
            name="Audit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField(unique=True)),
                ("audited_at", models.DateTimeField()),
                ("tickets", models.PositiveIntegerField()),
                ("firings", models.PositiveIntegerField()),
                ("found", models.PositiveIntegerField()),
                ("differences", models.JSONField(default=list)),
                ("took_ms", models.PositiveIntegerField(default=0)),
            ],
            options={"db_table": "esc_audit", "ordering": ["-on"]},
        ),
        migrations.CreateModel(
            name="Simulation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                ("old_name", models.CharField(max_length=12)),
                ("new_name", models.CharField(max_length=12)),
                ("old_shape", models.JSONField(null=True)),
                ("new_shape", models.JSONField()),
                ("source", models.JSONField()),
                ("requested_at", models.DateTimeField()),
                ("state", models.CharField(choices=STATES, default="waiting", max_length=8)),
                ("done", models.PositiveIntegerField(default=0)),
                ("found", models.JSONField(null=True)),
                ("took_ms", models.PositiveIntegerField(default=0)),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="simulations",
                        to="escalation.policy",
                    ),  # fmt: skip
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"db_table": "esc_simulation", "ordering": ["-requested_at"]},
        ),
        migrations.AddIndex(
            "simulation", models.Index(fields=["policy", "-requested_at"], name="simulation_policy")
        ),
    ]
