"""Extensions, the ticket sequence, the desk's clock, and the triggers that make the ledger append-only."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations

CLOCK = """
CREATE FUNCTION desk_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
  SELECT COALESCE(
    (SELECT demo_epoch + (clock_timestamp() - real_epoch) * speed FROM ledger_democlock WHERE id = 1),
    clock_timestamp())
$$;
"""

REFUSE = """
CREATE FUNCTION desk_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER ledger_entry_rows BEFORE UPDATE OR DELETE ON ledger_entry
  FOR EACH ROW EXECUTE FUNCTION desk_refuse_change();
CREATE TRIGGER ledger_entry_table BEFORE TRUNCATE ON ledger_entry
  FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse_change();
CREATE TRIGGER ledger_anchor_rows BEFORE UPDATE OR DELETE ON ledger_anchor
  FOR EACH ROW EXECUTE FUNCTION desk_refuse_change();
CREATE TRIGGER ledger_anchor_table BEFORE TRUNCATE ON ledger_anchor
  FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse_change();
"""

TEXT = """
CREATE FUNCTION ledger_text_only_redaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.redacted_at IS NULL AND NEW.redacted_at IS NOT NULL AND NEW.body = '' AND NEW.salt = ''
     AND (NEW.id, NEW.chain, NEW.kind, NEW.sha256) = (OLD.id, OLD.chain, OLD.kind, OLD.sha256) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'ledger_entrytext: only a redaction may change a text, nothing may delete one'
    USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER ledger_text_rows BEFORE UPDATE OR DELETE ON ledger_entrytext
  FOR EACH ROW EXECUTE FUNCTION ledger_text_only_redaction();
CREATE TRIGGER ledger_text_table BEFORE TRUNCATE ON ledger_entrytext
  FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    run_before = [("accounts", "0001_initial"), ("escalation", "0001_initial")]

    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        migrations.RunSQL("CREATE SEQUENCE ticket_number_seq START 1", "DROP SEQUENCE ticket_number_seq"),
        migrations.RunSQL(CLOCK, "DROP FUNCTION desk_now()"),
        migrations.RunSQL(
            REFUSE,
            "DROP TRIGGER ledger_entry_rows ON ledger_entry; DROP TRIGGER ledger_entry_table ON ledger_entry;"
            "DROP TRIGGER ledger_anchor_rows ON ledger_anchor; DROP TRIGGER ledger_anchor_table ON ledger_anchor;"
            "DROP FUNCTION desk_refuse_change() CASCADE",
        ),
        migrations.RunSQL(
            TEXT,
            "DROP TRIGGER ledger_text_rows ON ledger_entrytext; DROP TRIGGER ledger_text_table ON ledger_entrytext;"
            "DROP FUNCTION ledger_text_only_redaction()",
        ),
    ]
