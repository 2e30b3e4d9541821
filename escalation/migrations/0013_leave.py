"""Absences with their dates."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("escalation", "0012_simulation_runs")]

    operations = []
