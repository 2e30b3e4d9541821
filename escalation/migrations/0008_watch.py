"""A stretch of a clock keeps the calendar it counted on, so that any deadline can be explained later; fewer indexes
and no shared row to lock where a storm writes (docs/adr/0009)."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


def link(to, name, *, null=False, constraint=True):
    """A foreign key whose rows are found by another index."""
    return models.ForeignKey(
        null=null, on_delete=django.db.models.deletion.PROTECT, related_name=name, to=f"escalation.{to}",
        db_index=False, db_constraint=constraint,
    )  # fmt: skip


class Migration(migrations.Migration):
    atomic = False  # indexes are built beside the running desk
    dependencies = [
        ("catalogue", "0001_initial"),
        ("escalation", "0007_policies"),
    ]
    operations = [
        migrations.AddField(
            "segment",
            "calendar",
            models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="catalogue.calendar",
            ),  # fmt: skip
        ),
        migrations.AlterField(
            "alarm",
            "kind",
            models.CharField(
                choices=[
                    ("no_recipient", "Nobody to page"), ("timer_failed", "A timer could not fire"),
                    ("clock_jump", "The database's clock jumped"),
                ],
                max_length=16,
            ),  # fmt: skip
        ),
        migrations.AlterField(
            "alarm",
            "timer",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="alarms", to="escalation.timer"
            ),
        ),
        AddIndexConcurrently(
            "timer",
            models.Index(condition=models.Q(("state__in", ["armed", "held"])), fields=["clock"], name="timer_live"),
        ),
        AddIndexConcurrently(
            "notification",
            models.Index(
                condition=models.Q(("escalation__isnull", False)), fields=["escalation"], name="notification_esc"
            ),
        ),
        AddIndexConcurrently(
            "notification",
            models.Index(condition=models.Q(("duty__isnull", False)), fields=["duty"], name="notification_duty"),
        ),
        RemoveIndexConcurrently("timer", "timer_clock"),
        migrations.AlterField("timer", "clock", link("clock", "timers")),
        migrations.AlterField("timer", "rule", link("rule", "+", constraint=False)),
        migrations.AlterField("firing", "clock", link("clock", "firings", constraint=False)),
        migrations.AlterField("firing", "rule", link("rule", "+", constraint=False)),
        migrations.AlterField("notification", "firing", link("firing", "notifications", null=True)),
        migrations.AlterField("notification", "escalation", link("escalation", "notifications", null=True)),
        migrations.AlterField("notification", "duty", link("duty", "notifications", null=True)),
        migrations.AlterField(
            "notification",
            "ticket",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="notifications",
                to="tickets.ticket", db_constraint=False,
            ),  # fmt: skip
        ),
        migrations.AlterField(
            "unsealed",
            "firing",
            models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="unsealed",
                serialize=False, to="escalation.firing", db_constraint=False,
            ),  # fmt: skip
        ),
    ]
