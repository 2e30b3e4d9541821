"""Planned work: pages held back inside a window, and clocks on the window itself (C-29)."""

from django.db import migrations, models

SUBJECTS = [
    ("ticket", "Ticket"), ("escalation", "Escalation"), ("interaction", "Call or other contact"),
    ("message", "Message"), ("commitment", "Promise"), ("work_item", "Step of a plan"),
    ("handover", "Shift handover"), ("major_incident", "Major incident"), ("maintenance", "Planned maintenance"),
    ("canary", "Canary of the engine"),
]  # fmt: skip


class Migration(migrations.Migration):
    """Planned work: pages held back inside a window, and clocks on the window itself (C-29)."""

    dependencies = [("escalation", "0015_approvals")]

    operations = [
        migrations.AddField("clock", "muted_until", models.DateTimeField(null=True)),
        migrations.AlterField("policy", "subject", models.CharField(choices=SUBJECTS, max_length=16)),
    ]
