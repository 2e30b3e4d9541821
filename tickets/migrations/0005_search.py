"""Words of tickets and notes, found by an index; who put a ticket out of their own sight; the calls of an agent's day.

Triggers keep them, so that no way of writing goes around them and what is blanked or taken back cannot be found: a
note adds its words; a changed text, a retraction and a redaction build the ticket's words anew. Safe beside the
writers of a live desk: new tickets are kept from the first moment, old ones follow in small transactions, the index
is built at the end without a lock.
"""

import django.contrib.postgres.search
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import connection, migrations, models

# Chinese and Japanese have no spaces: each pair of neighbours is a word, by two passes one character apart.
CJK = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
FUNCTIONS = rf"""
CREATE FUNCTION desk_pairs(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT regexp_replace(apart, '([{CJK}][{CJK}])', ' \1 ', 'g') || ' ' ||
    regexp_replace(regexp_replace(apart, ' ([{CJK}])', ' \1 ', 'g'), '([{CJK}][{CJK}])', ' \1 ', 'g')
  FROM (SELECT regexp_replace(regexp_replace(normalize($1, NFKC), '[\u2000-\u206f\u3000-\u303f]', ' ', 'g'),
    '([{CJK}]+)', ' \1 ', 'g') AS apart) made
$$;
CREATE FUNCTION desk_tokens(text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $$
  SELECT tsvector_to_array(to_tsvector('pg_catalog.simple', translate(
    CASE WHEN octet_length($1) = length($1) THEN left($1, 120000) ELSE desk_pairs(left($1, 30000)) END,
    '-_./@:+&<\~', repeat(' ', 11))))
$$;
CREATE FUNCTION desk_slice(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT (coalesce(substring($1 FROM '-([0-9]{{1,18}})$')::bigint, 0) / 10000)::text
$$;
CREATE FUNCTION desk_lexemes(slice text, reach text, said text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_to_tsvector(ARRAY(SELECT slice || reach || left(w, 60) FROM unnest(desk_tokens(said)) w))
$$;
CREATE FUNCTION desk_ticket_words(wanted bigint) RETURNS tsvector LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT desk_lexemes(desk_slice(t.number), '~', concat_ws(' ', t.title, t.description, t.problem_what, t.problem_since,
      t.problem_where, t.problem_impact, t.problem_changed, t.issue_type, t.resolution, noted.outside))
    || desk_lexemes(desk_slice(t.number), '!', concat_ws(' ', t.caller_name, t.caller_organisation, t.cause,
      noted.inside))
  FROM tickets_ticket t, LATERAL (
    SELECT string_agg(x.body, ' ' ORDER BY n.id DESC) FILTER (WHERE n.public) AS outside,
      string_agg(x.body, ' ' ORDER BY n.id DESC) FILTER (WHERE NOT n.public) AS inside
    FROM tickets_note n JOIN ledger_entrytext x ON x.id = n.text_id
    WHERE n.ticket_id = t.id AND n.retracted_at IS NULL
  ) noted WHERE t.id = wanted
$$;
CREATE FUNCTION desk_keep_words(wanted bigint) RETURNS void LANGUAGE sql AS $$
  INSERT INTO tickets_ticketwords (ticket_id, words)
  SELECT id, desk_ticket_words(id) FROM tickets_ticket WHERE id = wanted
  ON CONFLICT (ticket_id) DO UPDATE SET words = excluded.words
$$;
"""
DROP_FUNCTIONS = """
DROP FUNCTION desk_keep_words(bigint); DROP FUNCTION desk_ticket_words(bigint);
DROP FUNCTION desk_lexemes(text, text, text); DROP FUNCTION desk_slice(text); DROP FUNCTION desk_tokens(text);
DROP FUNCTION desk_pairs(text)
"""
_TEXTS = (
    "title", "description", "problem_what", "problem_since", "problem_where", "problem_impact", "problem_changed",
    "issue_type", "resolution", "caller_name", "caller_organisation", "cause",
)  # fmt: skip
_OLD, _NEW = (", ".join(f"{row}.{name}" for name in _TEXTS) for row in ("OLD", "NEW"))
TRIGGERS = f"""
CREATE FUNCTION desk_ticket_said() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM desk_keep_words(NEW.id); RETURN NULL; END $$;
CREATE TRIGGER ticket_words_new AFTER INSERT ON tickets_ticket
  FOR EACH ROW EXECUTE FUNCTION desk_ticket_said();
CREATE TRIGGER ticket_words_changed AFTER UPDATE ON tickets_ticket
  FOR EACH ROW WHEN (({_OLD}) IS DISTINCT FROM ({_NEW})) EXECUTE FUNCTION desk_ticket_said();

CREATE FUNCTION desk_note_said() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    UPDATE tickets_ticketwords w SET words = w.words || desk_lexemes(
      (SELECT desk_slice(number) FROM tickets_ticket WHERE id = NEW.ticket_id),
      CASE WHEN NEW.public THEN '~' ELSE '!' END, (SELECT body FROM ledger_entrytext WHERE id = NEW.text_id))
    WHERE w.ticket_id = NEW.ticket_id AND length(w.words) < 10000;
    IF FOUND THEN RETURN NULL; END IF;
  END IF;
  PERFORM desk_keep_words(NEW.ticket_id);
  RETURN NULL;
END $$;
CREATE TRIGGER note_words_new AFTER INSERT ON tickets_note
  FOR EACH ROW EXECUTE FUNCTION desk_note_said();
CREATE TRIGGER note_words_changed AFTER UPDATE ON tickets_note
  FOR EACH ROW WHEN ((OLD.retracted_at, OLD.public, OLD.ticket_id, OLD.text_id)
    IS DISTINCT FROM (NEW.retracted_at, NEW.public, NEW.ticket_id, NEW.text_id)) EXECUTE FUNCTION desk_note_said();

CREATE FUNCTION desk_text_blanked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM desk_keep_words(n.ticket_id) FROM tickets_note n WHERE n.text_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER text_words_blanked AFTER UPDATE ON ledger_entrytext
  FOR EACH ROW WHEN (OLD.body IS DISTINCT FROM NEW.body) EXECUTE FUNCTION desk_text_blanked();
"""
DROP_TRIGGERS = """
DROP TRIGGER ticket_words_new ON tickets_ticket; DROP TRIGGER ticket_words_changed ON tickets_ticket;
DROP TRIGGER note_words_new ON tickets_note; DROP TRIGGER note_words_changed ON tickets_note;
DROP TRIGGER text_words_blanked ON ledger_entrytext;
DROP FUNCTION desk_ticket_said(); DROP FUNCTION desk_note_said(); DROP FUNCTION desk_text_blanked()
"""
STEP = 2000
_OLDER = """
INSERT INTO tickets_ticketwords (ticket_id, words)
SELECT id, desk_ticket_words(id) FROM tickets_ticket WHERE id BETWEEN %s AND %s FOR NO KEY UPDATE
ON CONFLICT (ticket_id) DO NOTHING
"""


def keep_older(apps, schema_editor):
    """The words of what was there before, a little at a time. A ticket is locked while its words are built, as a
    command locks it: no note comes in between. May be run again."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(min(id), 1), coalesce(max(id), 0) FROM tickets_ticket")
        first, last = cursor.fetchone()
        for begin in range(first, last + 1, STEP):
            cursor.execute(_OLDER, [begin, begin + STEP - 1])


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ("tickets", "0004_views"),
        ("ledger", "0002_database"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TicketWords",
            fields=[
                (
                    "ticket",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="found",
                        serialize=False,
                        to="tickets.ticket",
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
        ),
        migrations.CreateModel(
            name="Snooze",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("until", models.DateTimeField()),
                ("made_at", models.DateTimeField()),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="snoozes", to="tickets.ticket"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "ticket"), name="snooze_once")],
            },
        ),
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        migrations.RunSQL(TRIGGERS, DROP_TRIGGERS),
        migrations.RunSQL("SET lock_timeout = 0; SET statement_timeout = 0", "SET lock_timeout = 0"),
        migrations.RunPython(keep_older, migrations.RunPython.noop),
        AddIndexConcurrently("ticketwords", GinIndex(fields=["words"], name="ticket_words")),
        AddIndexConcurrently(
            "ticket",
            GinIndex(fields=["tags"], name="ticket_tags", condition=~models.Q(tags=[])),
        ),
        AddIndexConcurrently("interaction", models.Index(fields=["agent", "-started_at"], name="interaction_agent")),
        migrations.RunSQL("RESET lock_timeout; RESET statement_timeout", "RESET lock_timeout"),
    ]
