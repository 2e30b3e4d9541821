"""Absences reach rosters; a roster may name how many hours a person should be on, and rest, at most and at least."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("escalation", "0011_policy_conditions"), ("accounts", "0006_absences")]

    operations = [
        migrations.AddField("roster", "most_hours", models.PositiveSmallIntegerField(blank=True, null=True)),
        migrations.AddField("roster", "least_rest", models.PositiveSmallIntegerField(blank=True, null=True)),
    ]
