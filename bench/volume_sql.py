"""Statements that fill a desk in sets: contacts, tickets oldest first, their notes, texts and hashed chains.

Everything about row n, k follows from n and k, so that two sessions can write tables that name each other.
"""

HELP = """
CREATE FUNCTION pg_temp.chance(text) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT hashtext($1) & 1073741823 $$;
CREATE FUNCTION pg_temp.pick(text[], text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT $1[1 + mod(hashtext($2) & 1073741823, array_length($1, 1))] $$;
CREATE FUNCTION pg_temp.id7(timestamptz, text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT (lpad(to_hex((extract(epoch FROM $1) * 1000)::bigint), 12, '0') || '7' || substr(md5($2), 1, 3) || 'a'
    || substr(md5($2), 4, 15))::uuid $$;
CREATE FUNCTION pg_temp.number(bigint) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT 'SD-' || CASE WHEN $1 < 1000000 THEN lpad($1::text, 6, '0') ELSE $1::text END $$;
CREATE FUNCTION pg_temp.iso(timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
  $$ SELECT to_char($1 AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US+00:00') $$
"""

ROOM_FOR_THE_CAST = """
UPDATE accounts_organisation SET account_number = 'B' || account_number
  WHERE account_number IN ('A-100001', 'A-207751');
UPDATE catalogue_service SET service_id = 'B' || service_id WHERE service_id IN ('EPL-30112', 'EPL-30277')
"""

# The newest ticket came in just now, the oldest three years ago.
_RECEIVED = "%(now)s::timestamptz - (%(tickets)s - n) * (interval '3 years' / %(tickets)s)"

TICKETS = f"""
INSERT INTO tickets_ticket (id, number, uuid, kind, state, version, run_no, organisation_id, reporter_id, caller_name,
  caller_organisation, caller_email, caller_phone, callback_number, prospect, channel, title, description, problem_what,
  problem_since, problem_where, problem_impact, problem_changed, service_id, no_service_reason, category, issue_type,
  scope, impact, urgency, priority, critical, urgent, restricted, tags, team_id, owner_id, tier, reached_l2,
  dispatch_no, received_at, verified_at, acknowledged_at, answered_at, first_dispatched_at, dispatched_at, signed_at,
  next_due_at, next_due_code, resolved_at, closed_at, resolution_code, cause_code, cause, resolution, confirmed_how,
  knowledge_decision, follow_up_decision, end_reason)
SELECT n, pg_temp.number(n), pg_temp.id7(received, 't' || n), (ARRAY['fault','fault','fault','request','inquiry',
  'billing'])[1 + mod(c, 6)], state, 1 + mod(c, 9), 1, org, org - 1 + %(orgs)s * (1 + mod(c, 19)), 'Caller ' || n, '',
  'caller' || n || '@example.net', '', '', false, (ARRAY['call','call','call','email','portal','alarm'])[1 + mod(n, 6)],
  title, title || ' since ' || to_char(received, 'HH24:MI') || '. ' || pg_temp.pick(%(sentences)s, 'd' || n)
    || ' Reference CHG-' || mod(c, 99991), title, 'Since ' || to_char(received, 'HH24:MI'),
  pg_temp.pick(%(places)s, 'p' || n), 'Work stops', '',
  CASE WHEN mod(c, 10) < 7 THEN org - 1 + %(orgs)s * (1 + mod(c, 17)) END, '', (ARRAY['network_interruption',
  'network_degradation','cloud','billing','other'])[1 + mod(c, 5)], '', 'single', 'medium', 'medium',
  (ARRAY['P1','P2','P2','P3','P3','P3','P3','P4','P4','P4'])[1 + mod(c, 10)], false, mod(c, 50) = 0, mod(c, 400) = 0,
  CASE WHEN mod(c, 25) = 0 THEN ARRAY['vip'] ELSE ARRAY[]::text[] END,
  CASE WHEN state = 'triage' THEN NULL ELSE (%(teams)s::bigint[])[1 + mod(tier_no, 3)] END,
  CASE WHEN state = 'triage' OR is_open AND mod(c, 3) = 0 THEN NULL
    ELSE (%(owners)s::bigint[])[1 + mod(c, array_length(%(owners)s::bigint[], 1))] END,
  CASE WHEN state = 'triage' THEN '' ELSE (ARRAY['l1','l2','l3'])[1 + mod(tier_no, 3)] END, tier_no > 0, 1, received,
  received + interval '3 minutes', received + interval '4 minutes', received + interval '4 minutes',
  received + interval '9 minutes', received + interval '9 minutes',
  CASE WHEN is_open AND mod(c, 3) = 0 THEN NULL ELSE received + interval '12 minutes' END,
  CASE WHEN is_open AND state <> 'triage' THEN %(now)s::timestamptz + (mod(c, 4320) - 30) * interval '1 minute' END,
  CASE WHEN is_open AND state <> 'triage' THEN 'T-3' ELSE '' END,
  CASE WHEN NOT is_open OR state = 'closure' THEN received + interval '5 hours' END,
  CASE WHEN NOT is_open THEN received + interval '2 days' END, 'fixed', 'hardware', 'Worn fibre', 'Fibre replaced', '',
  '', '', ''
FROM (
  SELECT *, CASE WHEN NOT is_open THEN 'closed' WHEN mod(c, 20) = 0 THEN 'triage' WHEN mod(c, 20) = 1 THEN 'suspended'
      WHEN mod(c, 20) < 4 THEN 'closure' ELSE (ARRAY['l1','l2','l3'])[1 + mod(tier_no, 3)] END AS state
  FROM (
    SELECT n, c, {_RECEIVED} AS received, (ARRAY[0,0,0,0,1,1,2])[1 + mod(c, 7)] AS tier_no,
      1 + floor(%(orgs)s * power(pg_temp.chance('o' || n) / 1073741824.0, 1.7))::int AS org,
      %(tickets)s - n < %(tickets)s * 0.04 AND mod(c, 10) < 9 OR mod(c, 70) = 0 AS is_open,
      pg_temp.pick(%(problems)s, 'w' || n) || ' at ' || pg_temp.pick(%(places)s, 'p' || n) AS title
    FROM (SELECT n::bigint, pg_temp.chance('c' || n) AS c FROM generate_series(1, %(tickets)s) n) one
  ) two
) three ORDER BY n
"""

# Of twenty tickets the last has twenty times the notes of the first: k runs from 1 to the share of n.
_NOTES = f"""
SELECT n, k, pg_temp.number(n) AS number, {_RECEIVED} + k * interval '31 minutes' AS at
FROM (SELECT n::bigint, mod(n - 1, 20)::bigint AS j FROM generate_series(1, %(tickets)s) n) t,
  LATERAL generate_series(1, (%(per_twenty)s * (j + 1) * (j + 1) / 400) - (%(per_twenty)s * j * j / 400)) k
"""
NOTED = f"CREATE UNLOGGED TABLE bench_noted AS {_NOTES}"

TEXTS = """
INSERT INTO ledger_entrytext (id, chain, kind, body, salt, sha256)
SELECT id, 'ticket:' || number, 'body', body, salt, encode(sha256(convert_to(salt || E'\\n' || body, 'UTF8')), 'hex')
FROM (
  SELECT pg_temp.id7(at, 'x' || n || '-' || k) AS id, number, md5('s' || n || '-' || k) AS salt,
    pg_temp.pick(%(sentences)s, 'a' || n || '-' || k) || ' ' || pg_temp.pick(%(sentences)s, 'b' || n || '-' || k)
    || ' Port ge-' || mod(n, 7) || '/' || mod(k, 4) || '/' || mod(n, 47) || ', reference CHG-' || mod(n * 7 + k, 99991)
    || CASE WHEN pg_temp.chance('r' || n || '-' || k) < 107374 THEN ' ' || pg_temp.pick(%(rare)s, 'q' || n) ELSE '' END
    || '.' AS body
  FROM bench_noted
) made
"""
NOTES = """
INSERT INTO tickets_note (uuid, ticket_id, text_id, public, progress, author_user_id, author_name, channel, at)
SELECT pg_temp.id7(at, 'u' || n || '-' || k), n, pg_temp.id7(at, 'x' || n || '-' || k), mod(n + k, 3) = 0,
  mod(k, 2) = 0, (%(owners)s::bigint[])[1 + mod(n, array_length(%(owners)s::bigint[], 1))],
  'Agent ' || mod(n, array_length(%(owners)s::bigint[], 1)), 'internal', at
FROM bench_noted
"""

LOGGED = f"""
CREATE UNLOGGED TABLE bench_level AS
SELECT n, 1 AS seq, 'ticket:' || pg_temp.number(n) AS chain, 'ticket.logged' AS name, {_RECEIVED} AS at,
  '{{"channel":"call","kind":"fault"}}' AS data, %(system)s AS kind, %(system_ref)s AS ref, repeat('0', 64) AS prev
FROM generate_series(1, %(tickets)s) n
"""
NEXT = """
CREATE UNLOGGED TABLE bench_next AS
SELECT b.n, b.k + 1 AS seq, 'ticket:' || b.number AS chain, 'note.added' AS name, b.at,
  '{"author":"staff","files":0,"first_answer":false,"note":"' || pg_temp.id7(b.at, 'u' || b.n || '-' || b.k)
    || '","progress":' || (mod(b.k, 2) = 0)::text || ',"public":' || (mod(b.n + b.k, 3) = 0)::text
    || ',"state":"l1","texts":{"body":{"id":"' || x.id || '","sha256":"' || x.sha256 || '"}},"wakes":null}' AS data,
  'staff' AS kind, (%(owner_refs)s::text[])[1 + mod(b.n, array_length(%(owner_refs)s::text[], 1))] AS ref,
  h.hash AS prev
FROM bench_noted b
  JOIN bench_hashed h ON h.n = b.n
  JOIN ledger_entrytext x ON x.id = pg_temp.id7(b.at, 'x' || b.n || '-' || b.k)
WHERE b.k = %(level)s
"""
HASHED = """
CREATE UNLOGGED TABLE bench_hashed AS
SELECT n, encode(sha256(convert_to('["' || chain || '",' || seq || ',"' || name || '","' || pg_temp.iso(at) || '","'
  || kind || '","' || ref || '",' || data || ',"' || prev || '"]', 'UTF8')), 'hex') AS hash
FROM bench_level
"""
ENTRIES = """
INSERT INTO ledger_entry (chain, seq, name, at, actor_kind, actor_ref, data, prev_hash, hash)
SELECT chain, seq, name, at, kind, ref, data::jsonb, prev, hash FROM bench_level JOIN bench_hashed USING (n)
"""

CALLS = """
INSERT INTO tickets_interaction (uuid, channel, direction, caller_number, called_queue, started_at, answered_at,
  ended_at, agent_id, organisation_id, contact_id, ticket_id, disposition, recording_ref, verified)
SELECT pg_temp.id7(received_at, 'i' || id), 'call', 'in', '+6135' || lpad(reporter_id::text, 7, '0'), 'support',
  received_at, received_at + interval '8 seconds', received_at + interval '6 minutes', owner_id, organisation_id,
  reporter_id, id, '', '', true
FROM tickets_ticket WHERE channel = 'call'
"""

WORDS = """
INSERT INTO tickets_ticketwords (ticket_id, words)
SELECT id, desk_ticket_words(id) FROM tickets_ticket WHERE id BETWEEN %s AND %s
"""
