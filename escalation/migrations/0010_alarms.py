"""What the watch over the engine raises, whom it told, and the canary it sends through."""

from django.db import migrations, models

SUBJECTS = [
    ("ticket", "Ticket"), ("escalation", "Escalation"), ("interaction", "Call or other contact"),
    ("message", "Message"), ("commitment", "Promise"), ("work_item", "Step of a plan"),
    ("handover", "Shift handover"), ("major_incident", "Major incident"), ("canary", "Canary of the engine"),
]  # fmt: skip
KINDS = [
    ("no_recipient", "Nobody to page"), ("timer_failed", "A timer could not fire"),
    ("clock_jump", "The database's clock jumped"), ("audit", "The audit found a difference"),
    ("late", "Timers fire late"), ("pages_late", "Pages are not sent"),
    ("driver_silent", "A driver of the engine is silent"), ("snapshot", "A session holds an old snapshot"),
    ("canary", "The canary was not heard"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("escalation", "0009_simulations")]
    operations = [
        migrations.AlterField("policy", "subject", models.CharField(choices=SUBJECTS, max_length=16)),
        migrations.AlterField("alarm", "kind", models.CharField(choices=KINDS, max_length=16)),
        migrations.AddField("alarm", "told_at", models.DateTimeField(null=True)),
    ]
