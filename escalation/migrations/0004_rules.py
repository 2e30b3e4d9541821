"""Every rule as data: working days, what begins a wait anew, silence by acknowledgement, subjects without a ticket."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

SUBJECTS = [
    ("ticket", "Ticket"), ("escalation", "Escalation"), ("interaction", "Call or other contact"),
    ("message", "Message"), ("commitment", "Promise"), ("work_item", "Step of a plan"),
    ("handover", "Shift handover"), ("major_incident", "Major incident"),
]  # fmt: skip
OUTCOMES = [
    ("paged", "Paged"), ("no_recipient", "Nobody to page"), ("collapsed", "Missed, in one page"),
    ("moot", "Stopped before it fired"), ("shown", "Shown on the board"),
]  # fmt: skip
EMPTY = models.Value({}, models.JSONField())
# What the code did for T-3 until now, written into the versions already published: the column is new, they are not.
RESTART = """
ALTER TABLE esc_rule DISABLE TRIGGER esc_rule_rows;
UPDATE esc_rule SET restart_on = '{progress}' WHERE code = 'T-3';
ALTER TABLE esc_rule ENABLE TRIGGER esc_rule_rows;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("escalation", "0003_engine_depth"),
    ]
    operations = [
        migrations.AlterField("policy", "subject", models.CharField(choices=SUBJECTS, max_length=16)),
        migrations.AlterField("firing", "outcome", models.CharField(choices=OUTCOMES, max_length=12)),
        migrations.AddField("policyversion", "enforce_from", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("policyversion", "ack_silence_s", models.PositiveIntegerField(blank=True, null=True)),
        migrations.AddField("policyversion", "note", models.TextField(blank=True, db_default="", default="")),
        migrations.AddField("policyversion", "diff", models.JSONField(blank=True, db_default=EMPTY, default=dict)),
        migrations.AddField(
            "rule",
            "unit",
            models.CharField(
                choices=[("s", "Seconds on the clock"), ("work_day", "Working days")],
                db_default="s",
                default="s",
                max_length=8,
            ),
        ),
        migrations.AddField("rule", "end_of_day", models.BooleanField(db_default=False, default=False)),
        migrations.AddField(
            "rule",
            "restart_on",
            django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40), blank=True, db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField("rule", "silenced_by_ack", models.BooleanField(db_default=False, default=False)),
        migrations.AddField("clock", "chain", models.CharField(blank=True, db_default="", default="", max_length=80)),
        migrations.AddField("clock", "people", models.JSONField(blank=True, db_default=EMPTY, default=dict)),
        migrations.AddField("clock", "silenced_until", models.DateTimeField(null=True)),
        migrations.AddField(
            "clock",
            "organisation",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organisation",
            ),
        ),
        migrations.AlterField("clock", "subject_kind", models.CharField(max_length=16)),
        migrations.RunSQL(RESTART, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "rule",
            models.CheckConstraint(
                condition=~models.Q(code__in=("F-2", "T-4", "T-5")) | models.Q(silenced_by_ack=False),
                name="rule_never_silenced",
            ),
        ),
        migrations.AddConstraint(
            "rule",
            models.CheckConstraint(
                condition=~models.Q(unit="work_day") | models.Q(repeat_s=None, pausable=False, latest_s=None),
                name="rule_work_day_is_whole",
            ),
        ),
    ]
