"""What the live board and approvals need."""

from django.db import migrations


class Migration(migrations.Migration):
    """What the live board and approvals need."""

    dependencies = [("escalation", "0014_shifts")]

    operations: list[object] = []
