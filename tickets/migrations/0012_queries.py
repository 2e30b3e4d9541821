"""Indexes and words for the desk's lists."""

from django.db import migrations


class Migration(migrations.Migration):
    """Indexes and words for the desk's lists."""

    dependencies = [("tickets", "0011_playbooks")]

    operations: list[object] = []
