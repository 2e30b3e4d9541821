"""Clocks on major incidents, playbooks and maintenance."""

from django.db import migrations


class Migration(migrations.Migration):
    """Clocks on major incidents, playbooks and maintenance."""

    dependencies = [("escalation", "0015_approvals")]

    operations: list[object] = []
