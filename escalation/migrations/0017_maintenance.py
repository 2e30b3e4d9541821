"""Planned work: pages held back inside a window, and clocks on the window itself (C-29)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Planned work: pages held back inside a window, and clocks on the window itself (C-29)."""

    dependencies = [("escalation", "0016_major")]

    operations = [migrations.AddField("clock", "muted_until", models.DateTimeField(null=True))]
