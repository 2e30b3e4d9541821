"""A desk with many tickets: the cast of the tests, thirty agents, bulk rows, and live tickets made by the commands."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from accounts.actors import actor_for
from accounts.models import Contact, RoleGrant, Team, TeamMembership, User
from ledger import clock

AGENTS = 30
_CUSTOMERS = """
INSERT INTO accounts_organisation (uuid, name, account_number, service_category, segment, region, time_zone, language,
    production, status, created_at)
  SELECT gen_random_uuid(), 'Customer ' || i, 'B-' || (100000 + i), 'enterprise', 'general',
    (ARRAY['au','eu','us'])[1 + i %% 3], 'UTC', 'en', false, 'active', now() FROM generate_series(1, 400) i;
INSERT INTO accounts_contact (uuid, organisation_id, name, job_title, email, preferred_channel, language, may_report,
    may_change, may_approve, may_escalate, pin_hash, active, created_at)
  SELECT gen_random_uuid(), o.id, 'Contact ' || o.id || '-' || k, '', 'c' || k || '@' || o.id || '.example', 'email',
    'en', true, false, false, false, '', true, now() FROM accounts_organisation o, generate_series(1, 5) k;
"""
_TICKETS = """
WITH o AS (SELECT array_agg(id ORDER BY id) ids FROM accounts_organisation),
     c AS (SELECT array_agg(id ORDER BY id) ids FROM accounts_contact)
INSERT INTO tickets_ticket (number, uuid, kind, state, version, run_no, organisation_id, reporter_id, caller_name,
  caller_organisation, caller_email, caller_phone, callback_number, prospect, channel, title, description,
  problem_what, problem_since, problem_where, problem_impact, problem_changed, no_service_reason, category, issue_type,
  scope, impact, urgency, priority, critical, urgent, restricted, tags, team_id, owner_id, tier, reached_l2,
  dispatch_no, received_at, verified_at, dispatched_at, next_due_at, next_due_code, closed_at, resolution_code,
  cause_code, cause, resolution, confirmed_how, knowledge_decision, follow_up_decision, end_reason)
SELECT 'BQ-' || lpad(n::text, 6, '0'), gen_random_uuid(), (ARRAY['fault','request','inquiry'])[1 + n %% 3],
  CASE WHEN n %% 20 = 0 THEN (ARRAY['l1','l2','l3'])[1 + n %% 3] ELSE 'closed' END, 1 + n %% 9, 1,
  o.ids[1 + (n * 7) %% array_length(o.ids, 1)], c.ids[1 + (n * 13) %% array_length(c.ids, 1)], 'Caller ' || n, '',
  'caller' || n || '@example', '', '', false, (ARRAY['call','email','portal'])[1 + n %% 3],
  (ARRAY['Packet loss','Line down','Calls fail','Slow uploads','Invoice wrong'])[1 + n %% 5] || ' at site ' || n %% 977,
  repeat('What the customer wrote, as long as such texts are. ', 8), 'Loss of 8 %%', 'Since nine', 'Site',
  'Work stops', '', '', (ARRAY['network_degradation','cloud','voice'])[1 + n %% 2], '', 'single', 'medium', 'medium',
  (ARRAY['P1','P2','P3','P3','P4'])[1 + n %% 5], false, false, n %% 200 = 0, '{}', (%(teams)s::bigint[])[1 + n %% 3],
  CASE WHEN n %% 40 = 0 THEN (%(owners)s::bigint[])[1 + n %% array_length(%(owners)s::bigint[], 1)] END,
  (ARRAY['l1','l2','l3'])[1 + n %% 3], n %% 3 > 0, 1, now() - n * interval '5 minutes', now(), now(),
  CASE WHEN n %% 20 = 0 THEN now() + n * interval '1 second' END, CASE WHEN n %% 20 = 0 THEN 'T-3' ELSE '' END,
  CASE WHEN n %% 20 > 0 THEN now() END, 'fixed', 'hardware', 'Worn fibre', 'Fibre replaced', '', '', '', ''
FROM generate_series(1, %(rows)s) n, o, c
"""


@dataclass(slots=True)
class Desk:
    """What a benchmark acts on. `numbers`: live tickets, one list per agent."""

    cast: Any
    agents: list[User]
    numbers: list[list[str]]


def fill(tickets: int, live: int) -> Desk:
    """Fill an empty migrated database: `tickets` bulk rows, and `live` dispatched ones for each agent."""
    from escalation.seed import seed_policies
    from tests.factories.cast import make_cast
    from tickets.seed import seed_configuration

    cast, at = make_cast(), clock.now()
    seed_configuration()
    seed_policies(at=at)
    agents = [agent_of(n, cast.l1) for n in range(AGENTS)]
    with connection.cursor() as cursor:
        cursor.execute(_CUSTOMERS, {})
        owners, teams = [user.pk for user in agents], [cast.l1.pk, cast.l2.pk, cast.l3.pk]
        cursor.execute(_TICKETS, {"rows": tickets, "teams": teams, "owners": owners})
    numbers = [[dispatched(cast, n, k) for k in range(live)] for n in range(AGENTS)]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Desk(cast, agents, numbers)


def agent_of(n: int, team: Team) -> User:
    """Make agent number `n` of a team."""
    user = User.objects.create_user(f"agent{n}@desk.example", None, name=f"Agent {n}", kind="staff", time_zone="UTC")
    RoleGrant.objects.create(user=user, role="agent")
    TeamMembership.objects.create(user=user, team=team)
    return user


def dispatched(cast: Any, n: int, k: int) -> str:
    """Log, pass the gate as staff may, route: clocks and timers and letters as in earnest."""
    from tickets.commands import log, triage, verify

    actor, at = actor_for(User.objects.get(pk=cast.cy.pk)), clock.now()
    said = log.LogTicket(
        channel="api", title=f"Alarm {n}-{k}", description="Ping lost", organisation_id=cast.northgate.pk,
        contact_id=Contact.objects.get(pk=cast.ada.pk).pk, service_id=cast.service.pk,
    )  # fmt: skip
    ticket = log.log_ticket(said, actor=actor, at=at)
    log.begin_verification(ticket_id=ticket.pk, actor=actor, at=at)
    verify.verify_without_caller(ticket_id=ticket.pk, method="internal", actor=actor, at=at)
    facts = triage.Triage(
        kind="fault", category="network_interruption", impact="medium", urgency="medium", scope="single",
        service_id=cast.service.pk, team_id=cast.l1.pk, tier="l1",
    )  # fmt: skip
    return triage.triage(ticket_id=ticket.pk, triage=facts, actor=actor, at=at).number


def cookie_of(user: User) -> str:
    """Sign a user in and return the Cookie header, with a CSRF token `CSRF` in it."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store["desk_started"] = store["desk_seen"] = clock.real_now().timestamp()
    store.create()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}; {settings.CSRF_COOKIE_NAME}={CSRF}"


CSRF = "benchbenchbenchbenchbenchbench12"
