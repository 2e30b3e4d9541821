"""A verification is never changed and never deleted."""

from django.db import migrations

SQL = """
CREATE TRIGGER verification_rows BEFORE UPDATE OR DELETE ON accounts_verification
  FOR EACH ROW EXECUTE FUNCTION desk_refuse_change();
CREATE TRIGGER verification_table BEFORE TRUNCATE ON accounts_verification
  FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_initial"), ("ledger", "0002_database")]

    operations = [
        migrations.RunSQL(
            SQL,
            "DROP TRIGGER verification_rows ON accounts_verification; DROP TRIGGER verification_table ON accounts_verification",
        )
    ]
