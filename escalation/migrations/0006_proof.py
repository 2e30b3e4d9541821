"""The chain of proof of a notification: rendered, receipt, held by which digest; more channels."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("escalation", "0005_rosters")]
    operations = [
        migrations.AddField(
            model_name="notification", name="rendered_at", field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="notification", name="receipt_at", field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="notification",
            name="receipt",
            field=models.CharField(
                blank=True,
                choices=[
                    ("delivered", "Delivered"), ("answered", "Answered"), ("read", "Read"),
                    ("undelivered", "Not delivered"),
                ],
                db_default="", default="", max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="notification",
            name="provider_ref",
            field=models.CharField(blank=True, db_default="", default="", max_length=200),
        ),
        migrations.AddField(
            model_name="notification", name="held_at", field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="notification",
            name="held_by",
            field=models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="escalation.notification",
            ),
        ),
        migrations.AlterField(
            model_name="notification",
            name="address",
            field=models.CharField(
                blank=True, help_text="Break-glass address where nobody was found", max_length=400
            ),
        ),
        migrations.AlterField(
            model_name="notification",
            name="channel",
            field=models.CharField(
                choices=[
                    ("email", "E-mail"), ("chat", "Chat"), ("web", "On screen"), ("sms", "SMS"),
                    ("voice", "Voice call"), ("push", "Desktop notification"), ("webhook", "Webhook"),
                ],
                max_length=8,
            ),
        ),
    ]  # fmt: skip
