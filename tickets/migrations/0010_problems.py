"""Problems and recurrence (C-28)."""

from django.db import migrations


class Migration(migrations.Migration):
    """Problems and recurrence (C-28)."""

    dependencies = [("tickets", "0009_maintenance")]

    operations: list[object] = []
