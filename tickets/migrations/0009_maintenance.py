"""Planned maintenance (C-29, V-21)."""

from django.db import migrations


class Migration(migrations.Migration):
    """Planned maintenance (C-29, V-21)."""

    dependencies = [("tickets", "0008_major_incidents")]

    operations: list[object] = []
