"""What the ticket's own page needs: text blocks."""

import django.db.models.deletion
from django.db import migrations, models

import ledger.ids

PLACES = "Places: {number} {title} {customer} {contact} {service} {team} {agent} {due}"


class Migration(migrations.Migration):
    dependencies = [("tickets", "0006_calls"), ("accounts", "0005_ways_to_reach_staff")]

    operations = [
        migrations.CreateModel(
            name="TextBlock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("body", models.TextField(help_text=PLACES, max_length=4000)),
                (
                    "language",
                    models.CharField(choices=[("en", "English"), ("zh-hans", "简体中文")], default="en", max_length=10),
                ),
                (
                    "use",
                    models.CharField(
                        choices=[("public", "Public notes"), ("internal", "Internal notes"), ("both", "Both")],
                        default="public",
                        max_length=8,
                    ),
                ),
                ("active", models.BooleanField(default=True)),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="text_blocks",
                        to="accounts.team",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "language", "team"), name="text_block_once", nulls_distinct=False
                    )
                ],
            },
        ),
    ]
