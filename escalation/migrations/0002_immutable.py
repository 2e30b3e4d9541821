"""Policy versions, rules and firings never change; the timer table is tuned for its churn."""

from django.db import migrations

TABLES = ("esc_policy_version", "esc_rule", "esc_firing", "esc_sealed")
SQL = "".join(
    f"""
CREATE TRIGGER {table}_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION desk_refuse_change();
CREATE TRIGGER {table}_table BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse_change();
"""
    for table in TABLES
)
UNDO = "".join(f"DROP TRIGGER {table}_rows ON {table}; DROP TRIGGER {table}_table ON {table};" for table in TABLES)
TUNE = """
ALTER TABLE esc_timer SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000,
  autovacuum_vacuum_cost_delay = 0);
ALTER TABLE esc_notification SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01,
  autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
"""


class Migration(migrations.Migration):
    dependencies = [("escalation", "0001_initial"), ("ledger", "0002_database")]

    operations = [migrations.RunSQL(SQL, UNDO), migrations.RunSQL(TUNE, migrations.RunSQL.noop)]
