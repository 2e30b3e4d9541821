"""A second reader before a policy is published."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

import ledger.ids

PROTECT = django.db.models.deletion.PROTECT
STATES = [("asked", "Asked"), ("read", "Read"), ("declined", "Declined"), ("withdrawn", "Withdrawn")]
ANSWERED = Q(state__in=["asked", "withdrawn"]) | Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(word="")


def person(*, null: bool = True) -> models.ForeignKey:
    """Return a field that names one of ours."""
    return models.ForeignKey(null=null, on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)


class Migration(migrations.Migration):
    """A second reader before a policy is published."""

    dependencies = [("escalation", "0012_leave")]

    operations = [
        migrations.AddField(
            "policydraft", "writers",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.BigIntegerField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField("policyversion", "read_by", person()),
        migrations.AddField("policyversion", "read_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "policyversion", "read_word", models.CharField(blank=True, db_default="", default="", max_length=400)
        ),
        migrations.CreateModel(
            name="PolicyReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=ledger.ids.uuid7, editable=False, unique=True)),
                ("draft", models.UUIDField()),
                ("sha256", models.CharField(max_length=64)),
                ("state", models.CharField(choices=STATES, default="asked", max_length=9)),
                ("asked_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("word", models.CharField(blank=True, default="", max_length=400)),
                ("answered_by", person()),
                ("asked_by", person()),
                (
                    "policy",
                    models.ForeignKey(on_delete=PROTECT, related_name="readings", to="escalation.policy"),
                ),
                ("reader", person(null=False)),
            ],
            options={"db_table": "esc_policy_reading", "ordering": ["-asked_at", "-pk"]},
        ),
        migrations.AddIndex(
            "policyreading", models.Index(fields=["policy", "-asked_at"], name="policy_reading_last")
        ),
        migrations.AddConstraint(
            "policyreading",
            models.UniqueConstraint(condition=Q(state="asked"), fields=("policy",), name="policy_one_reading_at_a_time"),
        ),
        migrations.AddConstraint(
            "policyreading", models.CheckConstraint(condition=ANSWERED, name="policy_reading_answered")
        ),
    ]  # fmt: skip
