"""A stretch of a clock keeps the calendar it counted on, so that any deadline can be explained later."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
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
    ]
