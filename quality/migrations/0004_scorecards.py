"""Scorecards and the response-time check (V-17, C-11)."""

from django.db import migrations


class Migration(migrations.Migration):
    """Scorecards and the response-time check (V-17, C-11)."""

    dependencies = [("quality", "0003_fault_reports")]

    operations: list[object] = []
