"""Playbooks with versions, guard periods (C-30, C-31, C-34)."""

from django.db import migrations


class Migration(migrations.Migration):
    """Playbooks with versions, guard periods (C-30, C-31, C-34)."""

    dependencies = [("tickets", "0010_problems")]

    operations: list[object] = []
