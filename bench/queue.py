"""How long a page of the queue takes at 100,000 tickets: `python -m bench.queue`, in a database of its own.

Fills the database DATABASE_URL names with made-up rows when it holds fewer, then asks pages as agent and supervisor
would and prints the 50th and 95th percentile. Refused in production and in a database with other tickets.
"""

import os
import random
import statistics
import sys
import time

ROWS = int(os.environ.get("BENCH_ROWS", "100000"))
_FILL = """
INSERT INTO tickets_ticket (number, uuid, kind, state, version, run_no, organisation_id, caller_name,
  caller_organisation, caller_email, caller_phone, callback_number, prospect, channel, title, description,
  problem_what, problem_since, problem_where, problem_impact, problem_changed, no_service_reason, category, issue_type,
  scope, impact, urgency, priority, critical, urgent, restricted, tags, team_id, tier, reached_l2, dispatch_no,
  received_at, verified_at, next_due_at, next_due_code, closed_at, resolution_code, cause_code, cause, resolution,
  confirmed_how, knowledge_decision, follow_up_decision, end_reason)
SELECT 'BQ-' || n, gen_random_uuid(), 'fault', CASE WHEN n %% 5 = 0 THEN (ARRAY['l1','l2','l3'])[1 + n %% 3]
  ELSE 'closed' END, 1, 1, (%(organisations)s::bigint[])[1 + n %% %(many)s], '', '', '', '', '', false, 'call',
  'Ticket ' || n, '', '', '', '', '', '', '', 'cloud', '', '', 'medium', 'medium',
  (ARRAY['P1','P2','P3','P4'])[1 + n %% 4], false, false, false, '{}', (%(teams)s::bigint[])[1 + n %% 3],
  (ARRAY['l1','l2','l3'])[1 + n %% 3], false, 1, now() - n * interval '1 minute', now(),
  CASE WHEN n %% 5 = 0 AND n %% 7 > 0 THEN now() + n * interval '1 second' END, '', now(), 'fixed', 'power', 'x', 'x',
  '', '', '', '' FROM generate_series(1, %(rows)s) n
"""


def main() -> int:
    """Fill, ask, print; 1 when the 95th percentile passes 100 ms."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings")
    import django

    django.setup()
    from django.conf import settings

    if settings.ENV == "production":
        print("refused in production", file=sys.stderr)
        return 2
    actors, uuids = _filled()
    for name, actor in actors.items():
        times = sorted(_pages(actor, uuids))
        p95 = times[int(len(times) * 0.95)]
        print(f"{name}: {ROWS} tickets, {len(times)} pages, p50 {statistics.median(times):.1f} ms, p95 {p95:.1f} ms")
        if p95 > 100:
            return 1
    return 0


def _filled():
    from django.db import connection

    from accounts.models import Organisation
    from tests.factories.cast import make_cast
    from tickets.models import Ticket

    if Organisation.objects.exists():
        print("refused: this database holds data; give the bench one of its own", file=sys.stderr)
        raise SystemExit(2)
    cast = make_cast()
    organisations = [cast.northgate.pk, cast.other.pk]
    teams = [cast.l1.pk, cast.l2.pk, cast.l3.pk]
    said = {"organisations": organisations, "many": len(organisations), "teams": teams, "rows": ROWS}
    with connection.cursor() as cursor:
        cursor.execute(_FILL, said)
        cursor.execute("ANALYZE")
    assert Ticket.objects.count() == ROWS
    actors = {"agent": cast.bo_actor, "supervisor": cast.cy_actor, "customer": cast.ada_actor}
    return actors, {"team": str(cast.l1.uuid), "organisation": str(cast.northgate.uuid)}


def _pages(actor, uuids):
    from ledger.clock import now
    from tickets.queries import queue

    pick = random.Random(7)
    filters = [{}, {"priority": "P1"}, {"team": uuids["team"]}, {"organisation": uuids["organisation"]},
               {"state": "l2", "segment": "premium"}, {"region": "au"}, {"due": "hour"}]  # fmt: skip
    cursor = ""
    for n in range(300):
        chosen, view = filters[n % len(filters)], pick.choice(["open", "team", "unassigned", "all"])
        began = time.perf_counter()
        page = queue(actor, view=view, filters=chosen, limit=50, at=now(), cursor=cursor if n % 3 else "")
        yield (time.perf_counter() - began) * 1000
        cursor = page.next_cursor


if __name__ == "__main__":
    raise SystemExit(main())
