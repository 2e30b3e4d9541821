"""A stretch of a clock keeps the calendar it counted on, so that any deadline can be explained later; fewer indexes
and no shared row to lock where a storm writes (docs/adr/0009)."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

# The half of a foreign key that matters for who was told: nobody named is deleted. The other half locked, for every
# page of a storm, a row that all pages of it share.
TOLD = """
CREATE FUNCTION esc_refuse_told() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE told boolean;
BEGIN
  EXECUTE format('SELECT EXISTS (SELECT 1 FROM esc_notification WHERE %I = $1)', TG_ARGV[0]) INTO told USING OLD.id;
  IF told THEN
    RAISE EXCEPTION '% % is named by a notification', TG_TABLE_NAME, OLD.id USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER accounts_user_told AFTER DELETE ON accounts_user DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION esc_refuse_told('user_id');
CREATE CONSTRAINT TRIGGER tickets_ticket_told AFTER DELETE ON tickets_ticket DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION esc_refuse_told('ticket_id');
"""
UNTOLD = """
DROP TRIGGER accounts_user_told ON accounts_user; DROP TRIGGER tickets_ticket_told ON tickets_ticket;
DROP FUNCTION esc_refuse_told();
"""


def link(to, name, *, null=False, constraint=True):
    """A foreign key whose rows are found by another index."""
    return models.ForeignKey(
        null=null, on_delete=django.db.models.deletion.PROTECT, related_name=name, to=f"escalation.{to}",
        db_index=False, db_constraint=constraint,
    )  # fmt: skip


class Migration(migrations.Migration):
    atomic = False  # indexes are built beside the running desk
    dependencies = [
        ("accounts", "0001_initial"),
        ("catalogue", "0001_initial"),
        ("tickets", "0001_initial"),
        ("escalation", "0007_policies"),
    ]
    operations = [
        migrations.AddField(
            "segment",
            "calendar",
            models.ForeignKey(
                db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="catalogue.calendar",
            ),  # fmt: skip
        ),
        migrations.AlterField(
            "alarm",
            "kind",
            models.CharField(
                choices=[
                    ("no_recipient", "Nobody to page"), ("timer_failed", "A timer could not fire"),
                    ("clock_jump", "The database's clock jumped"),
                ],
                max_length=16,
            ),  # fmt: skip
        ),
        migrations.AlterField(
            "alarm",
            "timer",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="alarms", to="escalation.timer"
            ),
        ),
        AddIndexConcurrently(
            "timer",
            models.Index(condition=models.Q(("state__in", ["armed", "held"])), fields=["clock"], name="timer_live"),
        ),
        AddIndexConcurrently(
            "notification",
            models.Index(
                condition=models.Q(("escalation__isnull", False)), fields=["escalation"], name="notification_esc"
            ),
        ),
        AddIndexConcurrently(
            "notification",
            models.Index(condition=models.Q(("duty__isnull", False)), fields=["duty"], name="notification_duty"),
        ),
        RemoveIndexConcurrently("timer", "timer_clock"),
        migrations.AlterField("timer", "clock", link("clock", "timers")),
        migrations.AlterField("timer", "rule", link("rule", "+", constraint=False)),
        migrations.AlterField("firing", "clock", link("clock", "firings", constraint=False)),
        migrations.AlterField("firing", "rule", link("rule", "+", constraint=False)),
        migrations.AlterField("notification", "firing", link("firing", "notifications", null=True, constraint=False)),
        migrations.AlterField("notification", "escalation", link("escalation", "notifications", null=True)),
        migrations.AlterField("notification", "duty", link("duty", "notifications", null=True)),
        migrations.AlterField(
            "notification",
            "ticket",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="notifications",
                to="tickets.ticket", db_constraint=False,
            ),  # fmt: skip
        ),
        migrations.AlterField(
            "unsealed",
            "firing",
            models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="unsealed",
                serialize=False, to="escalation.firing", db_constraint=False,
            ),  # fmt: skip
        ),
        migrations.AlterField(
            "notification",
            "user",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="notifications",
                to=settings.AUTH_USER_MODEL, db_constraint=False,
            ),  # fmt: skip
        ),
        migrations.RunSQL(TOLD, UNTOLD),
    ]
