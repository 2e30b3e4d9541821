"""Shifts and handovers (A-04, A-05)."""

from django.db import migrations


class Migration(migrations.Migration):
    """Shifts and handovers (A-04, A-05)."""

    dependencies = [("escalation", "0013_second_reader")]

    operations: list[object] = []
